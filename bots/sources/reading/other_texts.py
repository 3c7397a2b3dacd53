"""Recognises texts that are no lists of papers: mail, code, logs, settings, documents. Pure functions, linear time.

A text that is not recognised is read as a copied list, in which nearly every line could be a title.
"""

import re
from collections.abc import Callable, Sequence

# That many lines show what a text is.
_LINES_READ = 400
_LINE_MOST = 400
# In a list of papers such lines are rare: a title with a bracket at its end, an abstract that begins with a number.
_SHARE = 0.2
_HITS_LEAST = 3

_MAIL_HEAD = re.compile(
    r"(?:From|To|Cc|Bcc|Subject|Date|Sent|Reply-To|Received|Return-Path|Delivered-To|Message-ID|MIME-Version"
    r"|Content-[A-Z][a-z-]+|X-[A-Za-z-]+|DKIM-Signature|Von|An|Betreff|De|Objet|Asunto)\s?: ",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|bonjour|hola)\b[^.!?]{0,60},"
    r"|dear \S.{0,60}:",
    re.IGNORECASE,
)
_SETTING = re.compile(r"(?:export )?[A-Za-z_][\w.-]{0,80}\s{0,4}=\s{0,4}\S?|\[{1,2}[\w.\" -]{1,80}\]{1,2}$")
_SECRET = re.compile(r"(?:export )?[A-Z][A-Z0-9_]{2,80}=\S|-----BEGIN [A-Z ]{3,40}-----")
_YAML = re.compile(r"(?:- )?[A-Za-z_][\w.-]{0,60}:(?: \S{1,80})?$|- \S{1,80}$")
_CODE = re.compile(
    r"(?:import \S+|from [\w.]+ import |(?:async )?def \w+\(|class \w+[(:{]|return\b|#include\b|#!/|package [\w.]+;?$"
    r"|(?:public|private|protected|static|function|fn|func|const|let|var|struct|enum|impl|typedef) \w"
    r"|(?:if|for|while|else|elif|switch|try|catch|with)\b.*[:{]$|(?:SELECT|INSERT INTO|CREATE|ALTER|DROP|UPDATE) [\w*]"
    r"|@@ |diff --git|index [0-9a-f]{6,}|[+-]{3} [ab]?/|msgid |msgstr |#[,:.|~] |//|/\*|\* @|<\?php|<!--|</?[a-z][\w-]*"
    r"|[\w.\[\]\"']{1,60}(?:: \w[\w\[\], |.]*)? [-+*/|]?=[^=]|\$ \S|>>> |[A-Z_]{3,}=\S"
    r"|[\w.]{1,60}\([^()]{0,200}\)[;:{]?$|[\])}]+[,;]?$)"
)
_CODE_END = re.compile(r"(?:[;{}]|\)\s?:|=>|->|</[a-z]\w*>)$")
_LOG = re.compile(
    r"\W?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\W?\d\d:\d\d:\d\d\b|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d "
    r"|\d{1,3}(?:\.\d{1,3}){3} "
    r"|\W?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b|Traceback \(most recent|File \".*\", line \d+"
    r"|at [\w.$<>]+\([\w.]+:\d+\)|[A-Z]\w*(?:Error|Exception)\b"
)
_CUE = re.compile(r"\d\d:\d\d(?::\d\d)?[,.]\d{3} --> ")
_HEADING = re.compile(r"#{1,6} \S|={3,}$|```|~~~|\[?!\[|<(?:p|h\d|img|a|div|br)\b")
_BULLET = re.compile(r"(?:[-*+]|\d{1,3}[.)]) \S")
_SECTION = re.compile(
    r"(?:#{1,6} )?(?:(?:\d{1,2}(?:\.\d{1,2})?|[IVX]{1,4})[.)]?\s{1,3})?"
    r"(introduction|related works?|background|methods?|materials and methods|methodology|experiments|results"
    r"|(?:results and )?discussion|conclusions?|acknowledg\w+|references|bibliography|appendix(?: [A-Z])?)\s?:?",
    re.IGNORECASE,
)
_FULL_TEXT = frozenset({"references", "bibliography", "related work", "related works", "methods", "experiments"})
_PUBMED_PLACE = re.compile(r"\d{1,5}[.:] .{3,250}(?:19|20)\d\d\b.*")
_PUBMED_ID = re.compile(r"PMID: \d+|DOI: 10\.|PMCID: PMC|Author information:")
_ERROR_PAGE = re.compile(
    r"(?:please |.{0,40}\b)?(?:checking (?:if .{0,40}|your browser)|verify (?:that )?you are (?:a )?human"
    r"|enable (?:javascript|cookies)|turn javascript on)\b.{0,200}|access denied\W*|just a moment\W*"
    r"|(?:error )?(?:404|403|500|502|503)\b.{0,40}(?:not found|forbidden|error|unavailable)\W*|page not found\W*"
    r"|(?:our )?(?:privacy|cookie)s? (?:policy|notice|statement)|terms (?:of (?:use|service)|and conditions)",
    re.IGNORECASE,
)
_ERROR_LINES = 6


def looks_like_letter(written: str) -> bool:
    """Return whether a text is an e-mail or a letter: it begins with heads or a greeting."""
    lines = _lines(written)[:8]
    heads = sum(_MAIL_HEAD.match(line) is not None for line in lines)
    greeted = any(_GREETING.fullmatch(line) for line in lines[:3])
    return heads >= 2 or greeted or (heads == 1 and "@" in lines[0])


def looks_like_settings(written: str) -> bool:
    """Return whether a text is made of settings or secrets: `KEY=VALUE`, `[section]`, `key: value`."""
    lines = [line for line in _lines(written) if line[0] not in "#;"]
    secret = any(_SECRET.match(line) for line in lines)
    return secret or _share(lines, _SETTING.match) > 0.5 or (len(lines) > 1 and _share(lines, _YAML.match) > 0.5)


def looks_like_code(written: str) -> bool:
    """Return whether many lines of a text are those of a program, a query, a patch or a translation."""
    return _many(_lines(written), lambda line: _CODE.match(line) or _CODE_END.search(line))


def looks_like_log(written: str) -> bool:
    """Return whether many lines of a text begin with a time or a level, or tell of an error in a program."""
    return _many(_lines(written), _LOG.match) or "Traceback (most recent call last)" in written


def looks_like_subtitles(written: str) -> bool:
    """Return whether a text is made of the subtitles of a film."""
    return any(_CUE.match(line) for line in _lines(written)[:20])


def looks_like_cards(written: str) -> bool:
    """Return whether a text is a calendar or a book of addresses (`.ics`, `.vcf`)."""
    return any(line.upper().startswith(("BEGIN:V", "BEGIN: V")) for line in _lines(written)[:3])


def looks_like_document(written: str) -> bool:
    """Return whether a text is a document in Markdown: it has headings, or is made of bullets."""
    lines = _lines(written)
    headings = sum(_HEADING.match(line) is not None for line in lines)
    begins = bool(lines) and _HEADING.match(lines[0]) is not None
    return begins or headings > 1 or _share(lines, _BULLET.match) > 0.5


def looks_like_full_text(written: str) -> bool:
    """Return whether a text is a whole paper: it has the heading of an introduction and those of other sections."""
    found = [found[1].lower() for line in _lines(written) if (found := _SECTION.fullmatch(line))]
    once = found.count("introduction") == 1
    return once and (len(set(found)) > 2 or not _FULL_TEXT.isdisjoint(found))


def looks_like_pubmed_text(written: str) -> bool:
    """Return whether a text is PubMed's export for readers, whose records have no labels."""
    lines = _lines(written)
    return any(_PUBMED_PLACE.fullmatch(line) for line in lines[:20]) and any(map(_PUBMED_ID.match, lines))


def looks_like_error_page(written: str) -> bool:
    """Return whether a text is a page that stands in the place of another, or one of a site's terms."""
    return any(_ERROR_PAGE.fullmatch(line) for line in _lines(written)[:_ERROR_LINES])


def _lines(written: str) -> Sequence[str]:
    """Return the first lines that are not empty, without the spaces around them."""
    return [bare for line in written.split("\n", _LINES_READ)[:_LINES_READ] if (bare := line.strip()[:_LINE_MOST])]


def _many(lines: Sequence[str], is_one: Callable[[str], object]) -> bool:
    return _share(lines, is_one) > max(_SHARE, (_HITS_LEAST - 0.5) / max(len(lines), 1))


def _share(lines: Sequence[str], is_one: Callable[[str], object]) -> float:
    return sum(bool(is_one(line)) for line in lines) / len(lines) if lines else 0.0
