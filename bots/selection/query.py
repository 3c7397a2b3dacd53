"""A keyword query, read: what a paper must hold and must not hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bots.domain.papers import Paper
from bots.selection.categories import in_category
from bots.selection.words import Page, words_of


class Field(StrEnum):
    """Where a term is looked for; the values are how a query names them."""

    #: Title, abstract and keywords; needs no name.
    ANYWHERE = ""
    TITLE = "ti"
    ABSTRACT = "abs"
    AUTHOR = "au"
    CATEGORY = "cat"
    KEYWORD = "kw"


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One word or phrase; a star at its end lets the last word go on."""

    #: As it was typed, without quotes: what a reader is shown.
    text: str
    field: Field = Field.ANYWHERE
    #: `text` as words; follows from it.
    words: tuple[str, ...] = ()
    #: How the term is written in a query; follows from `text`.
    written: str = ""

    def __str__(self) -> str:
        return f"{self.field}:{self.written}" if self.field else self.written

    @property
    def open_ended(self) -> bool:
        """Whether the last word may go on."""
        return self.text.endswith("*")

    def met_by(self, page: Page) -> bool:
        """Return whether the paper holds the term."""
        match self.field:
            case Field.CATEGORY:
                return in_category(self.text, page.paper.categories)
            case Field.AUTHOR:
                return any(self._names(words_of(author)) for author in page.paper.authors)
            case Field.TITLE:
                return self._row in page.title
            case Field.ABSTRACT:
                return self._row in page.abstract
            case Field.KEYWORD:
                return self._row in page.keywords
            case _:
                return self._row in page.everything

    def met(self, page: Page) -> Iterator["Term"]:
        """Give the term if the paper holds it."""
        if self.met_by(page):
            yield self

    @property
    def _row(self) -> str:
        return f" {' '.join(self.words)}" + ("" if self.open_ended else " ")

    def _names(self, author: tuple[str, ...]) -> bool:
        """Return whether all the words name this author: "LeCun, Yann" and "Y. LeCun" name Yann LeCun."""
        *others, last = self.words
        return all(any(_fits(word, name) for name in author) for word in others) and any(
            name.startswith(last) if self.open_ended else _fits(last, name) for name in author
        )


def _fits(word: str, name: str) -> bool:
    return name.startswith(word) if len(word) == 1 else name == word


@dataclass(frozen=True, kw_only=True, slots=True)
class Without:
    """The paper must not meet this."""

    of: "Node"

    def __str__(self) -> str:
        return f"-{_grouped(self.of)}"

    def met_by(self, page: Page) -> bool:
        """Return whether the paper does not meet what is ruled out."""
        return not self.of.met_by(page)

    def met(self, _page: Page) -> Iterator[Term]:
        """Give nothing: a word that is absent is no reason to show."""
        yield from ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf:
    """The paper must meet every one; of none, any paper does."""

    of: tuple["Node", ...] = ()

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.of)

    def met_by(self, page: Page) -> bool:
        """Return whether the paper meets every part."""
        return all(part.met_by(page) for part in self.of)

    def met(self, page: Page) -> Iterator[Term]:
        """Give the terms the paper holds."""
        for part in self.of:
            yield from part.met(page)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    """The paper must meet at least one."""

    of: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.of))

    def met_by(self, page: Page) -> bool:
        """Return whether the paper meets some part."""
        return any(part.met_by(page) for part in self.of)

    def met(self, page: Page) -> Iterator[Term]:
        """Give the terms the paper holds, out of the parts that it meets."""
        for part in self.of:
            if part.met_by(page):
                yield from part.met(page)


Node = Term | Without | AllOf | AnyOf


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, AllOf | AnyOf) else str(node)


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A keyword query; without any word it lets every paper through."""

    root: Node = AllOf()

    def __str__(self) -> str:
        """Return the query in its canonical form, which reads back as an equal query."""
        return str(self.root)

    def matches(self, paper: Paper) -> bool:
        """Return whether the paper is one that was asked for; takes time in step with the paper's length."""
        return self._is_everything or self.root.met_by(Page.of(paper))

    def words_met(self, paper: Paper) -> tuple[str, ...]:
        """Return the words and phrases of the query that the paper holds, as typed, each once, in the query's order."""
        if self._is_everything:
            return ()
        return tuple(dict.fromkeys(term.text for term in self.root.met(Page.of(paper))))

    @property
    def _is_everything(self) -> bool:
        return self.root == AllOf()
