"""Papers from a listing that a person copied from a page: a title, its abstract, the next title."""

import re

from bots.domain.papers import Paper
from bots.sources.reading.authors import names
from bots.sources.reading.ids import title_id
from bots.sources.reading.result import Reading
from bots.sources.reading.values import TITLE_LIMIT, text
from bots.translation.speech import gettext_lazy

# Text of the page that is not part of its papers; in the copied text it has separate lines.
_BANNER = re.compile(
    r"get trending papers in your email inbox.*|subscribe|(?:daily|trending|hot|top) papers|papers?|upvote|submitted by"
    r"|view (?:paper|pdf|arxiv page).*|github|arxiv page|(?:by)?\s*\d+(?:[.,]\d+)?k?\s*(?:upvotes?|comments?)?"
    r"|[·•|–-]*",
    re.IGNORECASE,
)
# The label of a button that lost the space after it: "SubscribeAdaptive Instrument Design".
_GLUED = re.compile(r"^Subscribe(?=[A-Z0-9])")
# Among 229 copied papers the longest title has 133 characters and the shortest abstract 311.
_SURELY_ABSTRACT = 240
_MAYBE_ABSTRACT = 80
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*$")
_MANY_SENTENCES = re.compile(r"[a-z\d)][.!?] +[A-Z]")
_AUTHORS_MARK = re.compile(r"^(?:authors?\s*:|by\s+[A-Z])|\bet al\.?$|· *\d+ authors?$", re.IGNORECASE)
# Words that occur in titles and never in names.
_TITLE_WORD = re.compile(
    r"\b(?:a|an|the|of|for|with|in|on|to|via|from|by|using|towards?|is|are|how|what|why)\b", re.IGNORECASE
)
# At least a forename and a family name; "Maria de la Cruz" has four words.
_NAME_WORDS = range(2, 5)


# The heading of a section of a paper: a label of what follows it.
_SECTION = re.compile(
    r"(?:(?:\d{1,2}|[IVX]{1,4})[.:)]?\s+)?(?:(?:extended |graphical |plain[- ]language )?(?:abstract|summary)"
    r"|introduction|background|objectives?|aims?|methods?|results|conclusions?|keywords)\s?[:.]?",
    re.IGNORECASE,
)
_ABSTRACT_SECTION = re.compile(r"(?:\d{1,2}[.:)]?\s+)?(?:abstract|summary)\s?[:.]?", re.IGNORECASE)
# What stands below a title on a page: where its authors work, and when it appeared.
_PLACE = re.compile(
    r"(?:[Tt]he )?(?:University|Universit[àäé]t?|Institute?|Department|School|Faculty|College|Laboratory|Academy)"
    r" (?:of|for) [A-Z][^:?!]{2,60}|(?:[A-Z][\w.'-]{1,20} ){1,4}(?:University|Institute|College|Laboratory)"
    r"(?:, [A-Z][^:?!]{1,40})?"
)
_PREPOSITION = re.compile(r" (?:at|in|on|with|from|by|to|via|using|as|is|are|without) ")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WHEN = re.compile(
    r"(?:(?:first )?(?:published|posted|submitted|accepted|received|revised|updated)(?: online)?:? (?:on |at )?)?"
    rf"(?:{_MONTH} \d{{1,2}}(?:,? \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?|\d{{4}}-\d\d-\d\d|{_MONTH} \d{{4}})",
    re.IGNORECASE,
)


# Lines of a tagged file, and labelled fields: nothing of them is a title, wherever they stand.
_TAG_LINE = re.compile(
    r"\s*(?:[A-Z][A-Z0-9] {2,3}-(?:\s|$)|(?:PMID|FAU|AID|LID|OWN|STAT|PHST|EDAT|CRDT|MHDA) ?- "
    r"|(?:TY|AU|ER|T[12I]|A[1B]) ?- |%[A-Z0-9] |@[A-Za-z]+ ?[{(])"
)
_LABELLED = re.compile(
    r"(?:comments?|subjects?|journal-ref|report-no|keywords?|categories|license|doi|url|cite as|published|date"
    r"|msc-class|acm-class|pmid|issn|arxiv)\s?:",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(r"title\s?:\s*", re.IGNORECASE)
_ABSTRACT_LABEL = re.compile(r"abstract\s?[:—–-]\s*", re.IGNORECASE)


class _Pairing:
    """Matches titles with abstracts, line by line."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.papers: list[tuple[str, str, tuple[str, ...]]] = []
        self.skipped: list[str] = []
        self.title = ""
        self.place = 0
        self.authors: tuple[str, ...] = ()

    def abstract(self, line: str) -> None:
        if self.title:
            self.papers.append((self.title, line, self.authors))
            self.title, self.authors = "", ()
        elif self.papers:
            # A second paragraph: an abstract without a title belongs to the paper before it.
            title, begun, authors = self.papers[-1]
            self.papers[-1] = (title, f"{begun} {line}", authors)
        else:
            self.skipped.append(gettext_lazy("an abstract without a title"))

    def heading(self, line: str, place: int) -> None:
        if _LABELLED.match(line) and (self.title or self.papers):
            return  # a field of the page between a title and its abstract
        if self.title and _is_aside(line):
            return
        if self.title and _looks_like_authors(line):
            self.authors = names(re.sub(r"^(?:authors?\s*:|by )\s*", "", line, flags=re.IGNORECASE))
            return
        self.close()
        self.title, self.place = line, place

    def close(self) -> None:
        if self.title:
            # The line itself may be private: the file may be no list of papers at all.
            self.skipped.append(gettext_lazy("line {place} (no abstract)", place=self.place))
        self.title, self.authors = "", ()


def read_listing(written: str, source: str) -> Reading:
    """Return the papers of a copied listing; a title without an abstract is left out and reported."""
    pairing = _Pairing(source)
    after_banner = True
    announced = False
    for place, raw in enumerate(re.split(r"\r\n|\r|\n", written), start=1):
        line = text(raw)
        if _TAG_LINE.match(raw):
            pairing.skipped.append(gettext_lazy("line {number} (a tag, no title)", number=place))
            continue
        if not line or _BANNER.fullmatch(line):
            after_banner = after_banner or bool(line)
            continue
        if after_banner:
            line = _GLUED.sub("", line)
        after_banner = False
        if _SECTION.fullmatch(line):
            announced = _ABSTRACT_SECTION.fullmatch(line) is not None
            continue
        is_abstract, announced = announced and bool(pairing.title), False
        labelled = _ABSTRACT_LABEL.match(line)
        if labelled and pairing.title:
            pairing.abstract(line[labelled.end() :])
            continue
        line = _TITLE_LABEL.sub("", line, count=1) if _TITLE_LABEL.match(line) else line
        if is_abstract or _looks_like_abstract(line, follows_title=bool(pairing.title)):
            pairing.abstract(line)
        else:
            pairing.heading(line[:TITLE_LIMIT], place)
    pairing.close()
    return Reading(papers=_papers(pairing), skipped=tuple(pairing.skipped))


def _papers(pairing: _Pairing) -> tuple[Paper, ...]:
    return tuple(
        Paper(
            id=title_id(title),
            title=title,
            abstract=text(abstract),
            authors=authors,
            source=pairing.source,
            # Copied pages have the text of Hugging Face, which strips the dollars of mathematics.
            dollar_math=False,
        )
        for title, abstract, authors in pairing.papers
    )


def _looks_like_abstract(line: str, *, follows_title: bool) -> bool:
    if len(line) >= _SURELY_ABSTRACT:
        return True
    if len(line) < _MAYBE_ABSTRACT or not _SENTENCE_END.search(line):
        return False
    return line.endswith(".") if follows_title else bool(_MANY_SENTENCES.search(line))


def _is_aside(line: str) -> bool:
    """Return whether a line below a title is an affiliation or a date."""
    place = _PLACE.fullmatch(line) and len(line.split()) <= 10 and not _PREPOSITION.search(line)
    return bool(place) or _WHEN.fullmatch(line) is not None


def _looks_like_authors(line: str) -> bool:
    if _AUTHORS_MARK.search(line):
        return True
    parts = [part for part in re.split(r"\s*[,·&]\s*|\s+and\s+", line) if part]
    if _TITLE_WORD.search(line) or ":" in line or len(parts) == 1:
        return False
    return all(len(part.split()) in _NAME_WORDS and part[0].isupper() for part in parts)
