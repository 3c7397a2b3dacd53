"""A parsed keyword query: the terms that a paper must and must not contain."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bots.domain.papers import Paper
from bots.selection.categories import in_category
from bots.selection.words import Page, words_of


class Field(StrEnum):
    """The field in which a term is searched; the values are the names used in a query."""

    #: Title, abstract and keywords; the default field, without a name.
    ANYWHERE = ""
    TITLE = "ti"
    ABSTRACT = "abs"
    AUTHOR = "au"
    CATEGORY = "cat"
    KEYWORD = "kw"


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One word or phrase; with a star at its end, the last word matches as a prefix."""

    #: The text as typed, without quotes; shown to readers.
    text: str
    field: Field = Field.ANYWHERE
    #: The words of `text`; derived from it.
    words: tuple[str, ...] = ()
    #: The term as written in a query; derived from `text`.
    written: str = ""

    def __str__(self) -> str:
        return f"{self.field}:{self.written}" if self.field else self.written

    @property
    def open_ended(self) -> bool:
        """Return whether the last word is a prefix."""
        return self.text.endswith("*")

    def met_by(self, page: Page) -> bool:
        """Return whether the paper contains the term."""
        match self.field:
            case Field.CATEGORY:
                return in_category(self.text, page.paper.categories)
            case Field.AUTHOR:
                return any(is_named(self.words, author, open_ended=self.open_ended) for author in page.paper.authors)
            case Field.TITLE:
                return self._row in page.title
            case Field.ABSTRACT:
                return self._row in page.abstract
            case Field.KEYWORD:
                return self._row in page.keywords
            case _:
                return self._row in page.everything

    def met(self, page: Page) -> Iterator["Term"]:
        """Yield the term if the paper contains it."""
        if self.met_by(page):
            yield self

    @property
    def _row(self) -> str:
        return f" {' '.join(self.words)}" + ("" if self.open_ended else " ")


def is_named(words: tuple[str, ...], author: str, *, open_ended: bool = False) -> bool:
    """Return whether every word matches a part of this name: "LeCun, Yann" and "Y. LeCun" match Yann LeCun.

    Args:
        words: the words of a name, at least one.
        author: a name as a source gives it.
        open_ended: whether the last word is only the beginning of one.
    """
    *others, last = words
    parts = words_of(author)
    return all(any(_fits(word, part) for part in parts) for word in others) and any(
        part.startswith(last) if open_ended else _fits(last, part) for part in parts
    )


def _fits(word: str, name: str) -> bool:
    return name.startswith(word) if len(word) == 1 else name == word


@dataclass(frozen=True, kw_only=True, slots=True)
class Without:
    """A node that the paper must not match."""

    of: "Node"

    def __str__(self) -> str:
        return f"-{_grouped(self.of)}"

    def met_by(self, page: Page) -> bool:
        """Return whether the paper does not match the excluded node."""
        return not self.of.met_by(page)

    def met(self, _page: Page) -> Iterator[Term]:
        """Yield nothing: an absent word is not a reason to show a paper."""
        yield from ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf:
    """Nodes that the paper must all match; without nodes, every paper matches."""

    of: tuple["Node", ...] = ()

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.of)

    def met_by(self, page: Page) -> bool:
        """Return whether the paper matches every node."""
        return all(part.met_by(page) for part in self.of)

    def met(self, page: Page) -> Iterator[Term]:
        """Yield the terms that the paper contains."""
        for part in self.of:
            yield from part.met(page)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    """Nodes of which the paper must match at least one."""

    of: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.of))

    def met_by(self, page: Page) -> bool:
        """Return whether the paper matches at least one node."""
        return any(part.met_by(page) for part in self.of)

    def met(self, page: Page) -> Iterator[Term]:
        """Yield the terms that the paper contains, from the nodes that it matches."""
        for part in self.of:
            if part.met_by(page):
                yield from part.met(page)


Node = Term | Without | AllOf | AnyOf


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, AllOf | AnyOf) else str(node)


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A keyword query; an empty query accepts every paper."""

    root: Node = AllOf()

    def __str__(self) -> str:
        """Return the query in its canonical form, which parses back into an equal query."""
        return str(self.root)

    def matches(self, paper: Paper) -> bool:
        """Return whether the paper matches the query, in time proportional to the paper's length."""
        return self._is_everything or self.root.met_by(Page.of(paper))

    def words_met(self, paper: Paper) -> tuple[str, ...]:
        """Return the query's words and phrases that the paper contains, as typed, each once, in the query's order."""
        if self._is_everything:
            return ()
        return tuple(dict.fromkeys(term.text for term in self.root.met(Page.of(paper))))

    @property
    def _is_everything(self) -> bool:
        return self.root == AllOf()
