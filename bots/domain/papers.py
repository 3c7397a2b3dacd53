"""Papers, and the canonical id of a paper in every source."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import unquote

from bots.domain.errors import BadPaperId

# arXiv: four digits, a dot, four (to 2014) or five digits; before April 2007 archive/YYMMNNN.
# info.arxiv.org/help/arxiv_identifier.html
_ARXIV = r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v(?P<version>\d{1,4}))?"
# arXiv writes the subject class in brackets when it cites itself: `arXiv:2004.15011v3 [cs.CL]`.
_ARXIV_ONLY = re.compile(rf"{_ARXIV}(?:\s+\[[a-z.-]+\])?", re.IGNORECASE | re.ASCII)
_ARXIV_PREFIX = re.compile(r"^(?:oai:arxiv\.org:|arxiv\s*:\s*|(?:doi\s*:\s*)?10\.48550/arxiv\.)", re.IGNORECASE)
_PAGE = re.compile(
    r"^(?:https?://)?(?:www\.|export\.|browse\.)?"
    r"(?:arxiv\.org/(?:abs|pdf|html|ps|format|src|e-print)|(?:huggingface\.co|hf\.co)/papers"
    r"|alphaxiv\.org/(?:abs|pdf|overview)|ar5iv(?:\.labs\.arxiv)?\.org/(?:abs|html))/",
    re.IGNORECASE,
)
_DOI_PREFIX = re.compile(r"^(?:doi\s*:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)", re.IGNORECASE)
# Slack's form of a link: the target, then the label that the reader sees.
_LABELLED_LINK = re.compile(r"<(?P<target>https?://[^\s|<>]+)\|[^<>]*>")
# The shape Crossref recommends for matching DOIs: crossref.org/blog/dois-and-matching-regular-expressions
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9<>\[\]+&#%@!*'~]+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PaperId:
    """A paper's canonical id: one paper has one id, whatever page it was found on."""

    #: `arxiv`, `doi`, or `text` for a paper known only by its title.
    scheme: str
    #: Without version: `2004.15011`, `10.1101/2026.01.02.123456`.
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @classmethod
    def arxiv(cls, value: str) -> "PaperId":
        """Return the id of an arXiv paper; the subject class of old ids (`math.GT/…`) is not part of it."""
        archive, slash, number = value.lower().partition("/")
        return cls(scheme="arxiv", value=f"{archive.partition('.')[0]}/{number}" if slash else archive)

    @classmethod
    def parse(cls, text: str) -> "PaperId":
        """Return the id that `str(PaperId)` wrote.

        Raises:
            BadPaperId: the text has no scheme.
        """
        scheme, colon, value = text.partition(":")
        if not (scheme and colon and value):
            raise BadPaperId(f"{text!r} is not a paper id.")
        return cls(scheme=scheme, value=value)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperRef:
    """A person's reference to a paper: its id and, if they named one, the version."""

    id: PaperId
    version: int | None = None


def read_ref(text: str) -> PaperRef:
    """Return the paper that an id, address or DOI in any usual form names.

    Raises:
        BadPaperId: the text has none of these forms.
    """
    link = _LABELLED_LINK.fullmatch(text.strip())
    # In a sentence, punctuation may follow an id.
    asked = unquote(link["target"] if link else text.strip().strip("<>").strip()).rstrip(".,;?")
    ref = _read_arxiv(asked) or _read_doi(asked)
    if ref is None:
        raise BadPaperId(
            f"{text.strip()[:80]!r} is not a paper id.",
            hint="Give an arXiv id (2004.15011), a DOI (10.1145/…), or the address of the paper's page.",
        )
    return ref


def _read_arxiv(asked: str) -> PaperRef | None:
    bare = _DOI_PREFIX.sub("", asked)
    page = _PAGE.match(bare)
    if page:
        bare = re.split(r"[?#]", bare[page.end() :])[0].strip("/").removesuffix(".pdf")
        bare = bare.removesuffix(".md")
    found = _ARXIV_ONLY.fullmatch(_ARXIV_PREFIX.sub("", bare).strip())
    if found is None:
        return None
    version = found["version"]
    return PaperRef(id=PaperId.arxiv(found["id"]), version=int(version) if version else None)


def _read_doi(asked: str) -> PaperRef | None:
    found = _DOI.fullmatch(_DOI_PREFIX.sub("", asked).split("?")[0])
    return PaperRef(id=PaperId(scheme="doi", value=found[0].lower())) if found else None


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
    version: int | None = None
    withdrawn: bool = False
    #: Whether `$…$` in the texts is mathematics; Hugging Face strips it, so there a dollar is money.
    dollar_math: bool = True
    signals: Signals = Signals()
    #: Other names of the same paper: a journal DOI beside an arXiv id.
    aliases: frozenset[PaperId] = frozenset()

    @property
    def names(self) -> frozenset[PaperId]:
        """Every id of this paper."""
        return self.aliases | {self.id}


def merge(first: Paper, second: Paper) -> Paper:
    """Return one paper from two records of it: the first record's texts, with gaps filled from the second."""
    return replace(
        first,
        title=first.title or second.title,
        # Determines how to read the abstract, so it comes from the same record as the abstract.
        dollar_math=first.dollar_math if first.abstract or not second.abstract else second.dollar_math,
        abstract=first.abstract or second.abstract,
        authors=first.authors or second.authors,
        published=first.published or second.published,
        announced=max(filter(None, (first.announced, second.announced)), default=None),
        url=first.url or second.url,
        categories=tuple(dict.fromkeys((*first.categories, *second.categories))),
        keywords=tuple(dict.fromkeys((*first.keywords, *second.keywords))),
        venue=first.venue or second.venue,
        code=first.code or second.code,
        version=_larger(first.version, second.version),
        withdrawn=first.withdrawn or second.withdrawn,
        signals=first.signals.merged(second.signals),
        aliases=(first.names | second.names) - {first.id},
    )


def unique(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Return the papers in order, each once; records of one paper are merged if they share any name."""
    kept: list[Paper] = []
    places: dict[PaperId, int] = {}
    for paper in papers:
        shared = sorted({places[name] for name in paper.names if name in places})
        if not shared:
            kept.append(paper)
            home = len(kept) - 1
        else:
            home = shared[0]
            for place in shared[1:]:
                kept[home] = merge(kept[home], kept[place])
            kept[home] = merge(kept[home], paper)
        places.update(dict.fromkeys(kept[home].names, home))
    return tuple(kept[place] for place in sorted(set(places.values())))


def _larger(first: int | None, second: int | None) -> int | None:
    return max((count for count in (first, second) if count is not None), default=None)
