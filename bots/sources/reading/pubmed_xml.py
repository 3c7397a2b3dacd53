"""Papers from PubMed's XML, as its `efetch` returns it."""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from xml.etree.ElementTree import Element

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper, PaperId
from bots.sources.reading.authors import listed
from bots.sources.reading.dates import instant
from bots.sources.reading.ids import page_url, ref
from bots.sources.reading.records import says_withdrawn
from bots.sources.reading.values import ABSTRACT_LIMIT, TITLE_LIMIT, text
from bots.sources.reading.withdrawal import is_mark
from bots.sources.reading.xml_tree import inner, read_xml
from bots.translation.speech import gettext_lazy

# The declaration of the document's type names a file on NLM's site, and nothing else; one with declarations of its own
# stays, so that the parser refuses it.
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+PubmedArticleSet\s+PUBLIC\s+\"[^\"<>\[\]]{1,200}\"\s+\"[^\"<>\[\]]{1,200}\"\s*>")
_MATHEMATICS = "{http://www.w3.org/1998/Math/MathML}"
#: Marks that change what a text says: an exponent is no digit.
_KEPT = frozenset({"sub", "sup"})
#: Titles that were translated into English stand in brackets.
_BRACKETS = re.compile(r"\[(?P<title>.+)\]\.?$")
#: A structured abstract has some ten parts.
_PARTS_MOST = 60


def read_pubmed(body: bytes, source: str) -> tuple[Paper, ...]:
    """Return the papers of PubMed's XML, in its order; an article without an id or a title is left out.

    Raises:
        SourceRefused: the text is no such XML.
    """
    root = read_xml(_DOCTYPE.sub(b"", body, count=1), "PubMed")
    if root.tag != "PubmedArticleSet":
        raise SourceRefused(
            gettext_lazy("PubMed answered in an unknown format."), hint=gettext_lazy("Paperwire may need an update.")
        )
    return tuple(paper for article in root if (paper := _paper(article, source)) is not None)


def _paper(article: Element, source: str) -> Paper | None:
    """Return the paper of an article or of a chapter of a book; None for what lacks an id or a title."""
    whole = article.find("MedlineCitation") if article.tag == "PubmedArticle" else article.find("BookDocument")
    pmid = "" if whole is None else inner(whole, "PMID").strip()
    if whole is None or not re.fullmatch(r"[1-9]\d{0,8}", pmid, re.ASCII):
        return None
    body = whole.find("Article") if article.tag == "PubmedArticle" else whole
    title = "" if body is None else _title(body)
    if body is None or not title:
        return None
    record = PaperId(scheme="pmid", value=pmid)
    doi = _doi(article, body)
    abstract = _abstract(body)
    published, day_known = _published(article, body)
    return Paper(
        id=doi or record,
        title=title,
        abstract=abstract,
        authors=_authors(body),
        published=published,
        day_known=day_known,
        url=page_url(record),
        source=source,
        keywords=_keywords(whole),
        venue=text(inner(body, "Journal/Title") or inner(body, "Book/BookTitle"), TITLE_LIMIT),
        withdrawn=_is_retracted(whole, body) or says_withdrawn(title, "", abstract),
        dollar_math=False,
        aliases=frozenset({record} if doi else ()) | _pmcid(article),
    )


def entered(body: bytes) -> Mapping[str, date]:
    """Return the day on which PubMed entered each article, by its number."""
    root = read_xml(_DOCTYPE.sub(b"", body, count=1), "PubMed")
    days: dict[str, date] = {}
    for article in root.iterfind("PubmedArticle"):
        pmid = inner(article, "MedlineCitation/PMID").strip()
        for each in article.iterfind("PubmedData/History/PubMedPubDate"):
            found = _date(each) if each.get("PubStatus") == "entrez" else None
            if found and found[1]:
                days[pmid] = found[0].date()
    return days


def _title(body: Element) -> str:
    found = body.find("ArticleTitle")
    found = body.find("Book/BookTitle") if found is None else found
    title = "" if found is None else text(_marked(found), TITLE_LIMIT)
    bracketed = _BRACKETS.match(title)
    return bracketed["title"] if bracketed else title.removesuffix(".")


def _abstract(body: Element) -> str:
    """Return the abstract, each part with its label; parts in another language are not among these elements."""
    parts = body.findall("Abstract/AbstractText")[:_PARTS_MOST]
    told = [(str(part.get("Label") or "").strip(" :"), text(_marked(part))) for part in parts]
    joined = " ".join(f"{label.upper()}: {said}" if label and said else said for label, said in told if said)
    return text(joined, ABSTRACT_LIMIT)


def _marked(element: Element) -> str:
    """Return the text of an element with the marks of exponents, indices and mathematics, which the digest reads."""
    parts = [_escaped(element.text)]
    for child in element:
        name = str(child.tag)
        if name.startswith(_MATHEMATICS):
            parts.append(_mathematics(child))
        elif name in _KEPT:
            parts.append(f"<{name}>{_marked(child)}</{name}>")
        else:
            parts.append(_marked(child))
        parts.append(_escaped(child.tail))
    return "".join(parts)


def _mathematics(element: Element) -> str:
    name = f"mml:{str(element.tag).rpartition('}')[2]}"
    inside = "".join(f"{_mathematics(child)}{_escaped(child.tail)}" for child in element)
    return f"<{name}>{_escaped(element.text)}{inside}</{name}>"


def _escaped(value: str | None) -> str:
    """Return plain text so that what looks like a mark in it is none."""
    return html.escape(value or "", quote=False) if value and ("<" in value or "&" in value) else value or ""


def _doi(article: Element, body: Element) -> PaperId | None:
    written = [each.text for each in body.iterfind("ELocationID") if each.get("EIdType") == "doi"]
    written += [each.text for each in _ids(article) if each.get("IdType") == "doi"]
    return next((found.id for each in written if (found := ref(each)) and found.id.scheme in ("doi", "arxiv")), None)


def _pmcid(article: Element) -> frozenset[PaperId]:
    found = (ref(each.text) for each in _ids(article) if each.get("IdType") == "pmc")
    return frozenset(each.id for each in found if each and each.id.scheme == "pmcid")


def _ids(article: Element) -> Iterable[Element]:
    """Return the ids of the article itself; those of the papers that it cites are deeper."""
    return (*article.iterfind("PubmedData/ArticleIdList/ArticleId"), *article.iterfind(
        "PubmedBookData/ArticleIdList/ArticleId"))  # fmt: skip


def _authors(body: Element) -> tuple[str, ...]:
    lists = [each for each in body.iterfind("AuthorList") if each.get("Type") != "editors"]
    people: Iterable[Element] = lists[0] if lists else ()
    cut = bool(lists) and lists[0].get("CompleteYN") == "N"
    return listed([*map(_name, people), *(["et al."] if cut else [])])


def _name(author: Element) -> str:
    collective = inner(author, "CollectiveName").strip()
    if collective:
        return text(collective, 200)
    fore, last = (inner(author, key).strip() for key in ("ForeName", "LastName"))
    return text(
        " ".join(filter(None, (fore or inner(author, "Initials").strip(), last, inner(author, "Suffix").strip())))
    )


def _keywords(whole: Element) -> tuple[str, ...]:
    said = [inner(each, ".") for each in whole.iterfind("KeywordList/Keyword")]
    said += [inner(each, "DescriptorName") for each in whole.iterfind("MeshHeadingList/MeshHeading")]
    return tuple(dict.fromkeys(found for each in said if (found := text(each, 200))))[:50]


def _published(article: Element, body: Element) -> tuple[datetime | None, bool]:
    """Return the day on which an article came out, and whether it is known: online first, then as its issue has it."""
    for path in ("ArticleDate", "Journal/JournalIssue/PubDate", "Book/PubDate", "ContributionDate"):
        found = body.find(path)
        if found is not None and (read := _date(found)):
            return read
    entry = (each for each in article.iterfind("PubmedData/History/PubMedPubDate") if each.get("PubStatus") == "pubmed")
    return next(filter(None, map(_date, entry)), None) or (None, False)


def _date(element: Element) -> tuple[datetime, bool] | None:
    """Return the instant that an element names, and whether it names the day; a range in words counts as its begin."""
    year, month, day = (inner(element, key).strip() for key in ("Year", "Month", "Day"))
    free = inner(element, "MedlineDate").strip()
    read = instant(f"{day} {month} {year}" if not month.isdigit() else f"{year}-{month:0>2}-{(day or '1'):0>2}")
    read = read or instant(" ".join(filter(None, (year, month)))) or instant(year) or instant(free.partition("-")[0])
    read = read or instant(free)
    return None if read is None else (read, bool(year and month and day))


def _is_retracted(whole: Element, body: Element) -> bool:
    kinds = [inner(each, ".") for each in body.iterfind("PublicationTypeList/PublicationType")]
    notices = {each.get("RefType") for each in whole.iterfind("CommentsCorrectionsList/CommentsCorrections")}
    return any(map(is_mark, kinds)) or "RetractionIn" in notices
