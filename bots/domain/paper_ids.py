"""The canonical id of a paper, read from an id, an address or a DOI in the forms in which people copy them."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bots.domain.errors import BadPaperId
from bots.domain.site_ids import site_id, written_id
from bots.domain.title_marks import unmarked

#: Characters; a longer text is no single id. Browsers and arXiv accept no longer address.
_LONGEST = 2000
# arXiv: four digits, a dot, four (to 2014) or five digits; before April 2007 archive/YYMMNNN.
# info.arxiv.org/help/arxiv_identifier.html
_NEW = r"\d{4}\.\d{4,5}"
_OLD = r"[a-z-]{1,20}(?:\.[a-z-]{2,12})?/\d{7}"
_VERSION = r"(?:v(?P<version>[1-9]\d{0,3}))?"
# "arXiv:" is also typed as "arXiv.", "arxiv " and twice; people write the archive before a new id, too.
_PREFIX = (
    r"(?:oai:arxiv\.org:|(?:(?:info:|urn:)?doi[\s:/]*)?10\.48550/arxiv\.|arxiv[\s.:]*(?:(?:e-?print|preprint)\s*)?"
    r"(?:arxiv[\s.:]*)?)?(?:[a-z-]+(?:\.[a-z-]+)?/(?=\d{4}\.))?"
)
# Behind an id arXiv writes the subject class and the day: `arXiv:2004.15011v3 [cs.CL] 9 Oct 2020`.
_TAIL = r"(?:\.pdf)?(?:\s*[\[(][a-z.-]+[\])])?(?:\s+\d{1,2}\s+[a-z]{3,9}\s+\d{4})?"
_ARXIV_ONLY = re.compile(rf"{_PREFIX}(?P<id>{_NEW}|{_OLD}){_VERSION}{_TAIL}", re.IGNORECASE | re.ASCII)
_VERSIONED = re.compile(rf"(?P<id>{_NEW}|{_OLD})v(?P<version>[1-9]\d{{0,3}})", re.ASCII)
_ARXIV_IN_ADDRESS = re.compile(
    rf"(?:^|[/:=])(?P<id>{_NEW}|{_OLD}){_VERSION}(?:\.(?:pdf|ps|md|html?|txt|gz))*(?=$|[/?#&,;\s\u2026])",
    re.IGNORECASE | re.ASCII,
)
#: The archive of physics took over older archives in October 1996; until then papers of its classes had their ids.
_BEFORE_PHYSICS = {
    "physics.acc-ph": "acc-phys", "physics.ao-ph": "ao-sci", "physics.atom-ph": "atom-ph",
    "physics.chem-ph": "chem-ph", "physics.data-an": "bayes-an", "physics.plasm-ph": "plasm-ph",
}  # fmt: skip
_PHYSICS_BEGAN = "9610"
_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio quant-ph solv-int supr-con"
).split()

_ADDRESS = re.compile(
    r"(?:https?://)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d{1,5})?/(?P<path>.*)", re.IGNORECASE | re.DOTALL
)
#: Sites whose addresses contain an arXiv id, and the beginning of the paths that do; a subdomain is the same site.
_ARXIV_SITES = {
    "arxiv.org": "", "xxx.lanl.gov": "", "xxx.itp.ac.cn": "", "ar5iv.org": "", "alphaxiv.org": "",
    "arxiv-vanity.com": "papers/", "scirate.com": "arxiv/", "papers.cool": "arxiv/", "huggingface.co": "papers/",
    "hf.co": "papers/", "semanticscholar.org": "arxiv", "inspirehep.net": "arxiv/", "adsabs.harvard.edu": "abs/",
    "scholar.archive.org": "search", "fatcat.wiki": "release/lookup",
}  # fmt: skip
# The Astrophysics Data System's code for a preprint: 2017arXiv170603762V.
_BIBCODE = re.compile(r"abs/\d{4}arXiv(?P<month>\d{4})\.?(?P<number>\d{4,5})[A-Z]")
#: Sites whose addresses contain the paper's DOI.
_DOI_SITES = (
    "biorxiv.org", "medrxiv.org", "dl.acm.org", "link.springer.com", "onlinelibrary.wiley.com", "pnas.org",
    "journals.aps.org", "science.org", "tandfonline.com", "journals.sagepub.com", "pubs.acs.org", "pubs.rsc.org",
)  # fmt: skip
#: Addresses that lead to the address inside them.
_WRAPPERS = re.compile(
    r"(?:www\.)?google\.[a-z.]{2,6}|web\.archive\.org|[a-z0-9.]*safelinks\.protection\.outlook\.com"
    r"|lm?\.facebook\.com|slack-redir\.net|urldefense\.com|out\.reddit\.com",
    re.IGNORECASE,
)
_DOI_HOSTS = re.compile(r"(?:dx\.|www\.)?doi\.org|(?:dx-)?doi-org\..*", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"^(?:info:|urn:)?doi[\s:/]*(?=10\.)", re.IGNORECASE)
# The shape Crossref recommends for matching DOIs: crossref.org/blog/dois-and-matching-regular-expressions
_DOI_CHARS = r"10\.\d{4,9}/[-._;()/:a-z0-9<>\[\]+&#%@!*'~]+"
_DOI = re.compile(_DOI_CHARS, re.IGNORECASE | re.ASCII)
_IN_PATH = re.compile(r"(?:^|/)(?P<doi>10\.\d{4,9}/[^?#\s]+)")
# What publishers add to a DOI: bioRxiv's version, the form of the text.
_FORM_OF_TEXT = re.compile(r"(?:v\d{1,3})?(?:\.(?:full|abstract|pdf|short|full-text|supplementary-material))*/?$")

# Slack's form of a link, and Markdown's: the target counts, not the label that the reader sees.
_LABELLED_LINK = re.compile(r"<(?P<target>https?://[^\s|<>]+)\|[^<>]*>")
_MARKDOWN_LINK = re.compile(r"!?\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)?\]\(<?(?P<target>[^\s<>]+?)>?\)")
_EMPHASIS = re.compile(r"(?P<mark>[*_~`|]{1,3})(?P<inside>.*)(?P=mark)", re.DOTALL)
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
_BEFORE = " \t\r\n([{<\"'“”„‟‘’‚«»,;:.!?"
_AFTER = " \t\r\n\"'“”„‟‘’«»,;:.!?…"
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}

# In a sentence, a number is an id only if it cannot well be another number: not a price, a version, part of an IP
# address or a measured value.
_UNIT = r"(?:%|°|[kMGTmµ]?(?:eV|Hz|m|s|g|K|W|V|A|b|B)\b|(?:USD|EUR|dollars?|euros?)\b)"
_MENTION = re.compile(
    rf"""(?:https?://|(?<![\w.@/-])(?:[a-z0-9-]{{1,63}}\.){{0,4}}(?:{"|".join(map(re.escape, _ARXIV_SITES))}|doi\.org)/)
        (?:(?!https?://)[^\s<>"|])+
    | (?<![\w/.])arxiv[\s.:]{{0,3}}(?:{_OLD}|{_NEW})(?:v\d{{1,4}})?(?!\w)
    | (?<![\w./]){_DOI_CHARS}
    | (?<![\w./])PMID[\s:]{{1,3}}[1-9]\d{{3,8}}(?!\w)
    | (?<![\w./])PMC\d{{5,9}}(?!\w)
    | (?<![\w./-])(?:{"|".join(_ARCHIVES)})(?:\.[a-z-]{{2,12}})?/\d{{7}}(?:v\d{{1,4}})?(?![\w/])
    | (?<![\w./$€£¥+±−-])(?P<bare>{_NEW})(?:v\d{{1,4}})?(?![\w/%°-]|\.\d|\s{{0,2}}{_UNIT})""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PaperId:
    """A paper's canonical id: one paper has one id, whatever page it was found on."""

    #: `arxiv`, `doi`, the id of another site (`pmid`, `pmcid`, `openreview`, `s2`, `acl`), or `text` for a paper known
    #: only by its title.
    scheme: str
    #: Without version: `2004.15011`, `10.1101/2026.01.02.123456`.
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @classmethod
    def arxiv(cls, value: str) -> "PaperId":
        """Return the id of an arXiv paper; the subject class of old ids (`math.GT/…`) is not part of it."""
        archive, slash, number = value.lower().partition("/")
        if not slash:
            return cls(scheme="arxiv", value=archive)
        early = "9108" <= number[:4] < _PHYSICS_BEGAN
        own = _BEFORE_PHYSICS.get(archive) if early else None
        return cls(scheme="arxiv", value=f"{own or archive.partition('.')[0]}/{number}")

    @classmethod
    def titled(cls, title: str) -> "PaperId":
        """Return the id of a paper known only by its title.

        Case, punctuation and marks of HTML do not count, but C++ is not C.
        """
        plain = unicodedata.normalize("NFKC", unmarked(title)).casefold()
        words = " ".join(re.findall(r"\w+[+#]*", plain)) or plain
        # 16 hexadecimal digits: among 100,000 titles the probability that two share an id is one in four thousand
        # million.
        digits = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return cls(scheme="text", value=digits)

    @classmethod
    def parse(cls, text: str) -> "PaperId":
        """Return the id that `str(PaperId)` wrote.

        Raises:
            BadPaperId: the text has no scheme.
        """
        scheme, colon, value = text.partition(":")
        if not (scheme and colon and value):
            raise BadPaperId(f"“{text}” is not a paper id.")
        return cls(scheme=scheme, value=value)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperRef:
    """A person's reference to a paper: its id and, if they named one, the version."""

    id: PaperId
    version: int | None = None

    def __str__(self) -> str:
        return f"{self.id.value}v{self.version}" if self.version else self.id.value

    @property
    def key(self) -> str:
        """Return the reference as a button holds it: `arxiv:2004.15011v3`."""
        return f"{self.id.scheme}:{self}"

    @classmethod
    def parse(cls, key: str) -> "PaperRef":
        """Return the reference whose `key` this is.

        Raises:
            BadPaperId: the text has no scheme.
        """
        paper_id = PaperId.parse(key)
        found = _VERSIONED.fullmatch(paper_id.value) if paper_id.scheme == "arxiv" else None
        if found is None:
            return cls(id=paper_id)
        return cls(id=PaperId(scheme="arxiv", value=found["id"]), version=int(found["version"]))


def read_ref(text: str) -> PaperRef:
    """Return the paper that an id, address or DOI in any usual form names; brackets, quotes and marks around it count
    for nothing.

    Raises:
        BadPaperId: the text has none of these forms, or more words around it.
    """
    ref = _read(text) if len(text) <= _LONGEST else None
    if ref is None:
        raise BadPaperId(
            f"“{' '.join(text.split())[:80]}” is not the id or the address of a paper.",
            hint="Give an arXiv id (2004.15011), a DOI (10.1145/…), or the address of the paper's page.",
        )
    return ref


def refs_in(text: str) -> tuple[PaperRef, ...]:
    """Return the papers that a sentence names by id, address or DOI, each once, in order; time is linear.

    A number is an id only in a form that arXiv gives: `2020.12`, `0.1234`, `192.168.12.1`, `1012.5678 MeV` are none.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    found: dict[PaperId, PaperRef] = {}
    for ref in _mentions(plain):
        found.setdefault(ref.id, ref)
    return tuple(found.values())


def is_address(text: str) -> bool:
    """Return whether a text is one web address and nothing else, so that its words are no title."""
    return re.fullmatch(r"https?://\S+", _bare(text[:_LONGEST]), re.IGNORECASE) is not None


def _mentions(text: str) -> Iterator[PaperRef]:
    for found in _MENTION.finditer(text):
        if found["bare"] is None or _is_given(found["bare"]):
            ref = _read(found[0]) if len(found[0]) <= _LONGEST else None
            if ref is not None:
                yield ref


def _is_given(number: str) -> bool:
    """Return whether arXiv gives ids of this form: a month since April 2007, and five digits since 2015."""
    month, _, rest = number.partition(".")
    return "0704" <= month < "9100" and "01" <= month[2:] <= "12" and len(rest) == (5 if month >= "1501" else 4)


def _read(text: str) -> PaperRef | None:
    bare = _bare(text)
    address = _ADDRESS.fullmatch(bare)
    from_address = _read_address(address["host"].lower(), address["path"]) if address else None
    return from_address or _read_arxiv(bare) or _read_doi(_DOI_PREFIX.sub("", bare)) or _named(written_id(bare))


def _named(found: tuple[str, str] | None) -> PaperRef | None:
    return None if found is None else PaperRef(id=PaperId(scheme=found[0], value=found[1]))


def _bare(text: str) -> str:
    """Return the text without what surrounds an id: links' labels, emphasis, quotes, brackets, punctuation."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    link = _LABELLED_LINK.fullmatch(plain) or _MARKDOWN_LINK.fullmatch(plain)
    plain = unquote(link["target"] if link else plain).replace("\\", "").strip()
    while emphasis := _EMPHASIS.fullmatch(plain):
        plain = emphasis["inside"].strip()
    return _without_closers(plain.lstrip(_BEFORE))


def _without_closers(text: str) -> str:
    """Return the text without punctuation at its end, and without brackets there that nothing opens."""
    text = text.rstrip(_AFTER)
    while text and text[-1] in _CLOSERS and text.count(text[-1]) > text.count(_CLOSERS[text[-1]]):
        text = text[:-1].rstrip(_AFTER)
    return text


def _read_arxiv(bare: str) -> PaperRef | None:
    found = _ARXIV_ONLY.fullmatch(bare)
    return _arxiv_ref(found) if found else None


def _arxiv_ref(found: re.Match[str]) -> PaperRef:
    return PaperRef(id=PaperId.arxiv(found["id"]), version=int(found["version"]) if found["version"] else None)


def _read_doi(text: str) -> PaperRef | None:
    found = _DOI.fullmatch(text.split("?", maxsplit=1)[0])
    return PaperRef(id=PaperId(scheme="doi", value=found[0].lower())) if found else None


def _read_address(host: str, path: str) -> PaperRef | None:
    if _WRAPPERS.fullmatch(host):
        return _read_inner(path)
    if "://" in path:
        # Two addresses in one word name two papers: `refs_in` reads both.
        return None
    if _DOI_HOSTS.fullmatch(host):
        bare = _without_closers(re.split(r"\?|#(?![a-z0-9]*:)", path)[0])
        return _read_arxiv(bare) or _read_doi(bare)
    if any(_is_of(host, site) for site in _DOI_SITES):
        found = _IN_PATH.search(path)
        return _read_doi(_FORM_OF_TEXT.sub("", found["doi"])) if found else None
    site = next((site for site in _ARXIV_SITES if _is_of(host, site)), None)
    of_arxiv = None if site is None else _read_arxiv_path(path, _ARXIV_SITES[site])
    return of_arxiv or _named(site_id(host, path))


def _read_inner(path: str) -> PaperRef | None:
    """Return the paper of the address inside another address, which nothing wraps again."""
    start = re.search(r"https?:/{1,2}", path)
    inner = re.sub(r"^(https?:)/+", r"\1//", path[start.start() :]) if start else ""
    address = _ADDRESS.fullmatch(re.split(r"&(?:sa|ved|usg|data|h)=|__;", inner)[0])
    if address is None or _WRAPPERS.fullmatch(address["host"]):
        return None
    return _read_address(address["host"].lower(), address["path"])


def _read_arxiv_path(path: str, beginning: str) -> PaperRef | None:
    if not path.lower().startswith(beginning):
        # The interface of Semantic Scholar has no folder: /arXiv:1706.03762.
        return None
    code = _BIBCODE.match(path)
    if code:
        return PaperRef(id=PaperId.arxiv(f"{code['month']}.{code['number']}"))
    found = _ARXIV_IN_ADDRESS.search(path)
    return _arxiv_ref(found) if found else None


def _is_of(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")
