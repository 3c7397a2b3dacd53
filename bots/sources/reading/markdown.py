"""Papers from a list in Markdown: a heading or an item with a link to each paper, then perhaps its abstract."""

import re
from dataclasses import dataclass, field

from bots.domain.papers import Paper
from bots.sources.reading.authors import split_names
from bots.sources.reading.ids import ref
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading
from bots.sources.reading.values import TITLE_LIMIT, text

# The text may have three pairs of brackets in it, as in `[Re: A Title [v2]](https://…)`.
_LINK = re.compile(
    r"\[([^\[\]]{0,300}(?:\[[^\[\]]{0,100}\][^\[\]]{0,300}){0,3})\]"
    r"\(<?(https?://[^\s()<>]{1,500}(?:\([^\s()<>]{0,80}\))?[^\s()<>]{0,80})>?[^()]{0,200}\)"
)
_BEGINNING = re.compile(r"\s{0,12}(?:#{1,6}\s+|[-*+]\s+|\d{1,4}[.)]\s+|\|\s*)")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")
# The text of a link that is a label: the title stands before it.
_BUTTON = re.compile(
    r"\W*(?:paper|pdf|arxiv|link|abs|abstract|doi|html|url|arxiv:\S+|\d{4}\.\d{4,5}(?:v\d+)?|(?:click )?here"
    r"|(?:this|the|our|full) (?:paper|article|work|preprint|one|link)|this|preprint|article|read(?: more)?|more|source"
    r"|\d{1,4})\W*",
    re.IGNORECASE,
)
# What stands before a link as part of a sentence is no title.
_POINTER = re.compile(
    r"(?:see|read|in|from|as|for|cf|available|find|found|details?|more|described|presented|based|click|check|also"
    r"|the|this|our|a|an|it|we|you)\b(?=.{0,40}$)",
    re.IGNORECASE,
)
_POINTED = frozenset({"here", "click here", "paper", "link", "this paper", "the paper", "our paper", "this", "article"})
_BOLD = re.compile(r"\*\*([^*]{3,400})\*\*|__([^_]{3,400})__")
_AUTHORS = re.compile(
    r"^(?:\*([^*].*[^*])\*|_([^_].*[^_])_|(?:\*\*)?(?:authors?|by)(?:\*\*)?\s*:\s*(?:\*\*)?(.*))$", re.IGNORECASE
)
_SEPARATOR = re.compile(r"^[\s:.,;|)\]–—-]+")
_LINES_READ = 400
# Shorter is what stands behind a title in a list of links: the venue, the year, a badge.
_ABSTRACT_LEAST = 80


@dataclass
class _Item:
    """One paper of the list while its lines are read."""

    title: str
    id: str
    authors: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def looks_like_markdown(written: str) -> bool:
    """Return whether a heading or an item of a list links to a paper."""
    return any(_BEGINNING.match(line) and _paper_link(line) for line in written.split("\n", _LINES_READ)[:_LINES_READ])


def read_markdown(written: str, source: str) -> Reading:
    """Return the papers that the headings and items link to; other headings and links are no papers."""
    items: list[_Item] = []
    open_item = False
    for line in written.split("\n"):
        begins = _BEGINNING.match(line)
        link = _paper_link(line) if begins else None
        if begins and link:
            items.append(_begun(line, begins.end(), link))
            open_item = True
        elif begins and not line[0].isspace():
            open_item = False  # another heading, or an item without a paper
        elif open_item and line.strip():
            _add(items[-1], line.strip())
    papers = [(item, _paper(item, source)) for item in items]
    return Reading(
        papers=tuple(paper for _, paper in papers if paper),
        skipped=tuple(f"{item.id} (no title)" for item, paper in papers if paper is None),
    )


def _paper_link(line: str) -> re.Match[str] | None:
    """Return the first link of a line that names a paper by its arXiv id or DOI."""
    return next((link for link in _LINK.finditer(line[:20_000]) if ref(link[2])), None)


def _begun(line: str, start: int, link: re.Match[str]) -> _Item:
    before, behind = line[start : link.start()], line[link.end() :]
    bold = _BOLD.search(before)
    if not _BUTTON.fullmatch(link[1]):
        title = link[1]
    elif bold:
        title = bold[1] or bold[2]
    else:
        title = _SEPARATOR.sub("", before).rstrip(" ([|-–—:.,")
        title = "" if link[1].strip().lower() in _POINTED and _POINTER.match(title) else title
    item = _Item(title=text(_bare(title), TITLE_LIMIT), id=link[2])
    _add(item, _SEPARATOR.sub("", _EMPHASIS.sub("", behind, count=1) if behind.startswith(("*", "_")) else behind))
    return item


def _add(item: _Item, line: str) -> None:
    people = _AUTHORS.match(line) if not item.lines and not item.authors else None
    if people:
        item.authors = split_names(_bare(next(filter(None, people.groups()), "")))
    elif line:
        item.lines.append(_bare(line))


def _paper(item: _Item, source: str) -> Paper | None:
    abstract = re.sub(r"^abstract\s*[:.]?\s*", "", " ".join(item.lines), flags=re.IGNORECASE)
    return paper_of(
        {
            "title": item.title,
            "id": item.id,
            "authors": item.authors,
            "abstract": abstract if len(abstract) >= _ABSTRACT_LEAST else "",
        },
        source,
    )


def _bare(line: str) -> str:
    """Return a line without links and emphasis."""
    return _EMPHASIS.sub("", _LINK.sub(lambda link: link[1], line)).strip(" |>")
