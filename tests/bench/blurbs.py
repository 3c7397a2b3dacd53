"""One-line blurbs on SciTLDR's dev split, compared with the field's standard baselines: simple rules and a ranker.

LexRank (Erkan & Radev 2004) is sumy's, if it is installed: python3 dev.py install --extra peers.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean

from summarizer import Abstract
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.evaluation.evaluate import Row as Paper
from summarizer.evaluation.evaluate import read_rows, rouge, score_blurb
from summarizer.text.plain import to_plain
from summarizer.text.sentences import split_sentences
from tests.bench.rows import Row, best_of

#: Phrases with which authors announce their result; the first sentence with one is a strong baseline.
_CUE = re.compile(
    r"\b(we|this paper|this work|our)\b.*\b(propos|present|introduc|show|develop|stud|demonstrat)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_MEASURES = ("ROUGE-1", "ROUGE-2", "ROUGE-L")


def measure(data: Path) -> Iterator[Row]:
    """Yield ROUGE F1 (stemmed, best of several human summaries) and the time per abstract."""
    papers = list(read_rows(data / "data/scitldr/dev.jsonl"))
    engine = ExtractiveEngine()
    ours = _scores(papers, lambda abstract: engine.condense(abstract).text)
    for name, rule in _peers().items():
        theirs = _scores(papers, rule)
        for place, what in enumerate(_MEASURES):
            yield Row(
                what=f"{what}, one-line",
                ours=ours[place],
                unit="",
                peer=name,
                theirs=theirs[place],
                more_is_better=True,
            )
    few = [paper.abstract for paper in papers[:100]]
    yield Row(
        what="time per abstract",
        ours=best_of(3, lambda: [engine.condense(abstract) for abstract in few]) / len(few),
        unit="ms",
        peer="first sentence with a cue",
        theirs=best_of(3, lambda: [_cued(abstract) for abstract in few]) / len(few),
    )


def _peers() -> dict[str, Callable[[Abstract], str]]:
    peers: dict[str, Callable[[Abstract], str]] = {"first sentence": _lead, "first sentence with a cue": _cued}
    try:
        import sumy  # noqa: F401  # an extra
    except ModuleNotFoundError:
        sys.stdout.write("  without LexRank: python3 dev.py install --extra peers\n")
        return peers
    return peers | {"LexRank (sumy)": _lexrank}


def _scores(papers: list[Paper], blurb: Callable[[Abstract], str]) -> list[float]:
    scorer = rouge()
    scores = [score_blurb(blurb(paper.abstract), paper.targets, scorer) for paper in papers]
    return [fmean(column) for column in zip(*scores, strict=True)]


def _sentences(abstract: Abstract) -> list[str]:
    return [abstract.text[span.start : span.end] for span in split_sentences(abstract.text)]


class _Words:
    """The tokenizer interface that sumy needs; sumy's own tokenizer needs data that nltk downloads."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(_WORD.findall(sentence.lower()))


def _lexrank(abstract: Abstract) -> str:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.lex_rank import LexRankSummarizer

    sentences = [Sentence(to_plain(text), _Words()) for text in _sentences(abstract)]
    [best] = LexRankSummarizer()(ObjectDocumentModel([Paragraph(sentences)]), 1)
    return str(best)


def _lead(abstract: Abstract) -> str:
    return _sentences(abstract)[0]


def _cued(abstract: Abstract) -> str:
    sentences = _sentences(abstract)
    return next((sentence for sentence in sentences if _CUE.search(sentence)), sentences[0])
