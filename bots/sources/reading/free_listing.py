"""Papers from a text that is in no other format: a copied listing, if its titles and abstracts look like some."""

import re
from dataclasses import replace

from bots.sources.reading.listing import read_listing
from bots.sources.reading.result import Reading

_CODE = re.compile(r"[{};]$|^[{}<@#$]|==|=>|->|</|@@|\w\(\)|::|^[\w.]{1,40} ?[-+]?= ?\S|\\\w+\{")
_STOP = re.compile(r"(?<![.!?])\.$|[;,:]$")
_SENTENCE = re.compile(r"[.!?…][\"')\]]*(?:\s|$)|[。！？]")
_ABSTRACT_LABEL = re.compile(r"^[ \t]{0,9}(?:abstract|summary)[ \t]?:?[ \t]{0,9}$", re.IGNORECASE | re.MULTILINE)
# Longer is a sentence; the longest titles of arXiv have some forty words.
_TITLE_WORDS = 40
# Below that, a paragraph is a remark; the shortest of 229 copied abstracts has 311 characters.
_ABSTRACT_WORDS = 25
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTERS = 0.6
# A title may be little more than a number and a name.
_LETTERS_OF_TITLE = 0.3
# An abstract has one paragraph, or one for each of its parts; the text of a page or of a paper has more.
_PARAGRAPH = 120
_PARAGRAPHS_MOST = 5
# Lines of a page between its papers; where most lines are such, the page is no list of papers.
_LINES_LEFT_OUT = 4


def read_free_listing(written: str, source: str) -> Reading:
    """Return the papers of a copied listing; none if most of its lines do not look like titles and abstracts."""
    reading = read_listing(written, source)
    least = 3 if _ABSTRACT_LABEL.search(written) else _ABSTRACT_WORDS
    papers = tuple(paper for paper in reading.papers if _is_title(paper.title) and _is_abstract(paper.abstract, 3))
    sure = sum(_is_abstract(paper.abstract, least) for paper in papers)
    paragraphs = sum(len(line) >= _PARAGRAPH for line in written.split("\n"))
    if sure * 2 < len(reading.papers) or paragraphs > _PARAGRAPHS_MOST * len(papers):
        return Reading(skipped=("a text that is no list of titles and abstracts",))
    if len(reading.skipped) > _LINES_LEFT_OUT * (len(papers) + 1):
        return Reading(skipped=reading.skipped)
    dropped = len(reading.papers) - len(papers)
    return replace(reading, papers=papers, skipped=(*reading.skipped, *["a title that looks like none"] * dropped))


def _is_title(title: str) -> bool:
    """Return whether a line may be a title: some words, mostly letters, no sentence and no code."""
    words = len(title.split())
    return (
        words <= _TITLE_WORDS
        and not _CODE.search(title)
        and not _STOP.search(title)
        and _is_wordy(title, _LETTERS_OF_TITLE)
    )


def _is_abstract(abstract: str, least: int) -> bool:
    """Return whether a paragraph may be an abstract: enough words, mostly letters, with the end of a sentence."""
    words = len(abstract.split()) + len(_EASTERN.findall(abstract)) // 2
    return words >= least and _SENTENCE.search(abstract) is not None and _is_wordy(abstract, _LETTERS)


def _is_wordy(written: str, share: float) -> bool:
    bare = "".join(written.split())
    return sum(map(str.isalpha, bare)) >= share * len(bare)
