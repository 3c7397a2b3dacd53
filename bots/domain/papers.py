"""Papers, and the canonical id of a paper in every source."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bots.domain.paper_ids import PaperId, PaperRef, read_ref

__all__ = ["Paper", "PaperId", "PaperRef", "Signals", "merge", "read_ref"]


#: Characters: feeds and some indexes give one or two sentences in place of an abstract, which are at most as long as
#: the first; journals that limit abstracts to 100 words have longer ones than the second.
TEASER_MOST, _WHOLE_LEAST = 300, 450
#: How a text ends that was cut short.
_CUT = ("…", "...", "[…]", "[...]")

#: Keywords, categories and further ids that are kept of one paper; real records have at most some 30.
LABELS_LIMIT = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Signals:
    """A paper's popularity as a source reports it; None if the source does not report it."""

    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
    citations: int | None = None

    def merged(self, other: "Signals") -> "Signals":
        """Return the larger of each count: counts only grow, so the larger is the later."""
        return Signals(
            upvotes=_larger(self.upvotes, other.upvotes),
            comments=_larger(self.comments, other.comments),
            stars=_larger(self.stars, other.stars),
            citations=_larger(self.citations, other.citations),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One paper as its source describes it; its texts are exactly the source's and untrusted."""

    id: PaperId
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    #: The instant of the first version; None where the source has none.
    published: datetime | None = None
    #: Whether the source names the day of `published`. Without it, the first midnight of a month stands for the month,
    #: and that of a year for the year; any other instant names its day.
    day_known: bool = False
    #: The day its source listed it: "today's papers" means this day.
    announced: date | None = None
    #: The page a reader should be sent to; always https.
    url: str = ""
    #: The spec of the source it came from, such as `arxiv:cs.CL`.
    source: str = ""
    #: Primary category first.
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    #: Where it appeared: a conference or journal, as free text.
    venue: str = ""
    #: The code's address, https.
    code: str = ""
    #: One sentence that a source gives of the paper, and who made it. It may be shown with that name only.
    tldr: str = ""
    tldr_by: str = ""
    version: int | None = None
    withdrawn: bool = False
    #: Whether `$…$` in the texts is mathematics; Hugging Face strips it, so there a dollar is money.
    dollar_math: bool = True
    signals: Signals = Signals()
    #: Other names of the same paper: a journal DOI beside an arXiv id.
    aliases: frozenset[PaperId] = frozenset()
    #: Whether any of its texts is from a private source, so that only the workspace that reads the source may see it.
    private: bool = False

    @property
    def names(self) -> frozenset[PaperId]:
        """Every id of this paper."""
        return self.aliases | {self.id}

    @property
    def ref(self) -> PaperRef:
        """Return how this record is asked for again: with the version if its address names one."""
        named = self.version is not None and self.url.endswith(f"/{self.id.value}v{self.version}")
        return PaperRef(id=self.id, version=self.version if named and self.id.scheme == "arxiv" else None)


def merge(first: Paper, second: Paper) -> Paper:
    """Return one paper from two records of it, under the first one's id.

    The texts are the first record's, with gaps filled from the second; those of a later version replace them, and a
    whole abstract replaces one that was cut short. Labels
    and further ids beyond `LABELS_LIMIT` are dropped, so that a list of many records of one paper costs linear time.
    """
    if second.abstract and first.version is not None and (second.version or 0) > first.version:
        return replace(_filled(second, first), id=first.id, aliases=_aliases(first, second))
    return replace(_filled(first, second), aliases=_aliases(first, second))


def _filled(first: Paper, second: Paper) -> Paper:
    """Return the first record with its gaps filled from the second; the ids are still the first one's."""
    told = second if _is_fuller(second.abstract, first.abstract) else first
    return replace(
        first,
        title=first.title or second.title,
        # Determines how to read the abstract, so it comes from the same record as the abstract.
        dollar_math=told.dollar_math,
        abstract=told.abstract,
        authors=first.authors or second.authors,
        published=first.published or second.published,
        day_known=first.day_known if first.published else second.day_known,
        announced=max(filter(None, (first.announced, second.announced)), default=None),
        url=first.url or second.url,
        categories=tuple(dict.fromkeys((*first.categories, *second.categories)))[:LABELS_LIMIT],
        keywords=tuple(dict.fromkeys((*first.keywords, *second.keywords)))[:LABELS_LIMIT],
        venue=first.venue or second.venue,
        code=first.code or second.code,
        tldr=first.tldr or second.tldr,
        tldr_by=first.tldr_by if first.tldr else second.tldr_by,
        version=_larger(first.version, second.version),
        withdrawn=first.withdrawn or second.withdrawn,
        private=first.private or second.private,
        signals=first.signals.merged(second.signals),
    )


def _is_fuller(text: str, than: str) -> bool:
    """Return whether a text is an abstract where the other one is none, was cut short, or is a teaser."""
    if not than or not text:
        return bool(text)
    cut, whole = than.rstrip().endswith(_CUT), not text.rstrip().endswith(_CUT)
    if cut and whole and len(text) > len(than):
        return True
    return len(than) <= TEASER_MOST and len(text) >= _WHOLE_LEAST


def _aliases(first: Paper, second: Paper) -> frozenset[PaperId]:
    """Return the further ids of one paper: all of the first record's, and the second's for which there is room."""
    room = LABELS_LIMIT - len(first.aliases)
    new = sorted(second.names - first.names)
    # An arXiv id is the paper's surest name, so it is never dropped; a paper has one.
    return first.aliases.union(new[: max(0, room)], (name for name in new if name.scheme == "arxiv"))


def _larger(first: int | None, second: int | None) -> int | None:
    return max((count for count in (first, second) if count is not None), default=None)
