"""A parsed keyword query: what a paper must and must not contain, and how its figures must compare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from difflib import get_close_matches

from bots.domain.papers import Paper
from bots.selection.categories import in_category
from bots.selection.fields import Field, Part
from bots.selection.words import Page, words_of


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
                return self.row in page.title
            case Field.ABSTRACT:
                return self.row in page.abstract
            case Field.KEYWORD:
                return self.row in page.keywords
            case Field.VENUE:
                return self.row in page.venue
            case Field.SOURCE:
                return self._begins(words_of(page.paper.source))
            case _:
                return self.row in page.everything

    def met(self, page: Page) -> Iterator["Term"]:
        """Yield the term if the paper contains it; its source is not a reason to show a paper."""
        if self.field is not Field.SOURCE and self.met_by(page):
            yield self

    @property
    def row(self) -> str:
        """Return the words as a row of words has them: the last one with the space after it, if it is whole."""
        return f" {' '.join(self.words)}" + ("" if self.open_ended else " ")

    def _begins(self, source: tuple[str, ...]) -> bool:
        """Return whether the words are a source, or its first part: `arxiv` is all of `arxiv:cs.CL`.

        Joined, so that "Hugging Face" is `huggingface`.
        """
        asked = "".join(self.words)
        if self.open_ended:
            return "".join(source).startswith(asked)
        return any("".join(source[: count + 1]) == asked for count in range(len(source)))


def is_named(words: tuple[str, ...], author: str, *, open_ended: bool = False) -> bool:
    """Return whether every word matches a part of this name: "LeCun, Yann" and "Y. LeCun" match Yann LeCun.

    Args:
        words: the words of a name, at least one.
        author: a name as a source gives it.
        open_ended: whether the last word is only the beginning of one.
    """
    return is_named_in(words, words_of(author), open_ended=open_ended)


def is_named_in(words: tuple[str, ...], parts: tuple[str, ...], *, open_ended: bool = False) -> bool:
    """Return whether every word matches one of the words of a name; see `is_named`."""
    *others, last = words
    return all(any(_fits(word, part) for part in parts) for word in others) and any(
        part.startswith(last) if open_ended else _fits(last, part) for part in parts
    )


def _fits(word: str, name: str) -> bool:
    return name.startswith(word) if len(word) == 1 else name == word


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """A comparison with one of the paper's figures; a paper without the figure does not match."""

    field: Field
    #: `>`, `>=`, `<`, `<=`, `-` for a range that includes its ends, or empty for the number itself.
    sign: str
    number: int
    #: The end of a range.
    last: int | None = None

    def __str__(self) -> str:
        value = f"{self.number}-{self.last}" if self.sign == "-" else f"{self.sign}{self.number}"
        return f"{self.field}:{value}"

    def met_by(self, page: Page) -> bool:
        """Return whether the paper has the figure, and it compares so."""
        figure, (low, high) = _figure(self.field, page.paper), self.ends
        return figure is not None and (low is None or low <= figure) and (high is None or figure <= high)

    def met(self, _page: Page) -> Iterator[Term]:
        """Yield nothing: every entry shows its figures in a line of its own."""
        yield from ()

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """Return the least and the greatest figure that match; None for no end."""
        match self.sign:
            case ">":
                return self.number + 1, None
            case ">=":
                return self.number, None
            case "<":
                return None, self.number - 1
            case "<=":
                return None, self.number
        return self.number, self.number if self.last is None else self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class Has:
    """The condition that a source gives a part of the paper, such as its code."""

    part: Part

    def __str__(self) -> str:
        return f"{Field.HAS}:{self.part}"

    def met_by(self, page: Page) -> bool:
        """Return whether the paper has the part."""
        paper = page.paper
        match self.part:
            case Part.CODE:
                return bool(paper.code)
            case Part.ABSTRACT:
                return bool(paper.abstract.strip())
            case Part.VENUE:
                return bool(paper.venue.strip())
            case Part.KEYWORDS:
                return bool(paper.keywords)
            case Part.CITATIONS:
                return paper.signals.citations is not None
        return _figure(Field(self.part), paper) is not None

    def met(self, _page: Page) -> Iterator[Term]:
        """Yield nothing: every entry shows what there is of its paper."""
        yield from ()


def _figure(field: Field, paper: Paper) -> int | None:
    """Return a figure of the paper; None if no source reports it."""
    match field:
        case Field.YEAR:
            return paper.published.astimezone(UTC).year if paper.published else None
        case Field.UPVOTES:
            return paper.signals.upvotes
        case Field.COMMENTS:
            return paper.signals.comments
        case Field.STARS:
            return paper.signals.stars
        case Field.CITED:
            return paper.signals.citations
    return None


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
        """Return the nodes with OR between them.

        A group with an exclusion is in brackets, because a bare exclusion counts for all alternatives.
        """
        return " OR ".join(f"({part})" if _excludes(part) else str(part) for part in self.of)

    def met_by(self, page: Page) -> bool:
        """Return whether the paper matches at least one node."""
        return any(part.met_by(page) for part in self.of)

    def met(self, page: Page) -> Iterator[Term]:
        """Yield the terms that the paper contains, from the nodes that it matches."""
        for part in self.of:
            if part.met_by(page):
                yield from part.met(page)


Node = Term | Amount | Has | Without | AllOf | AnyOf


def _excludes(node: Node) -> bool:
    return isinstance(node, AllOf) and any(isinstance(part, Without) for part in node.of)


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


def near_name(name: str, names: Iterable[str]) -> str:
    """Return the most similar of some names; empty if none is similar."""
    return next(iter(get_close_matches(name, list(names), n=1)), "")


def any_of(parts: list[Node]) -> Node:
    """Return a node of which one part must match; a part of the same kind is taken apart."""
    flat = tuple(leaf for part in parts for leaf in (part.of if isinstance(part, AnyOf) else (part,)))
    return AnyOf(of=flat) if len(flat) > 1 else flat[0]


def all_of(parts: list[Node]) -> Node:
    """Return a node of which all parts must match; a part of the same kind is taken apart."""
    flat = tuple(leaf for part in parts for leaf in (part.of if isinstance(part, AllOf) else (part,)))
    return AllOf(of=flat) if len(flat) > 1 else flat[0]


def negated(node: Node) -> Node:
    """Return the opposite of a node; of an exclusion, what it excludes."""
    return node.of if isinstance(node, Without) else Without(of=node)
