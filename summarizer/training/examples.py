"""Turn papers with human summaries into training examples: every form of every sentence, with its score."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.compression.clauses import variants
from summarizer.encoder.layout import Layout, Piece, Tokenizer, lay_out
from summarizer.engines.extractive import features
from summarizer.engines.extractive.judging import Features, described, read
from summarizer.engines.limits import ONE_LINE_WORDS
from summarizer.evaluation.measures import MEASURES, RoleRow, Row, Scorer, score_blurb
from summarizer.text.plain import count_words, to_plain
from summarizer.text.words import stem

Floats = NDArray[np.float32]
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One abstract, the forms of its sentences that fit one line, and the score of each."""

    title: str
    sentences: tuple[str, ...]
    layout: Layout
    #: One row per form, 1 for each token of the layout that belongs to it: (forms, tokens).
    covers: NDArray[np.uint8]
    #: For each form, the index of its sentence.
    origins: tuple[int, ...]
    seen: tuple[Features, ...]
    #: The mean of ROUGE-1, -2 and -L F1 against the closest human summary, 0 to 1, then the three: (forms, 4).
    worth: Floats
    #: ROUGE-1 F1 of each whole sentence, 0 to 1: (sentences,).
    sentence_worth: Floats
    #: For each token of a sentence, the share of human summaries that contain its word; -1 for other tokens: (tokens,).
    told: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """One abstract with sentences labelled by people."""

    layout: Layout
    #: For each sentence that fits the layout, the index of its label in `Role`, and the label's confidence, 0 to 1.
    labels: tuple[int, ...]
    trust: tuple[float, ...]
    sentences: int


def examples(rows: Iterable[Row], tokenizer: Tokenizer, scorer: Scorer) -> Iterator[Example]:
    """Yield an example for each row that has a form of at most one line; without a summary, all worths are 0."""
    for row in rows:
        if example := _example(row, tokenizer, scorer):
            yield example


def _example(row: Row, tokenizer: Tokenizer, scorer: Scorer) -> Example | None:
    title, texts = to_plain(row.abstract.title), [line.text for line in read(row.abstract)[0]]
    ways = [variants(text) for text in texts]
    looks = described(texts, title, features.describe(texts, title), ways)
    forms = [
        (number, form.text, seen)
        for number, (several, about) in enumerate(zip(ways, looks, strict=True))
        for form, seen in zip(several, about, strict=True)
        if count_words(form.text) <= ONE_LINE_WORDS
    ]
    if not forms:
        return None
    layout = lay_out(tokenizer, title, texts)
    pieces: list[Piece] = [[(number, text)] for number, text, _ in forms]
    scores = _scores([text for _, text, _ in forms], row, scorer)
    return Example(
        title=title,
        sentences=tuple(texts),
        layout=layout,
        covers=layout.pieces(pieces, texts).astype(np.uint8),
        origins=tuple(number for number, *_ in forms),
        seen=tuple(seen for *_, seen in forms),
        worth=np.concatenate([scores.mean(axis=1, keepdims=True), scores], axis=1),
        sentence_worth=_scores(texts, row, scorer)[:, 0],
        told=_told(layout, texts, row.targets),
    )


def _scores(texts: Sequence[str], row: Row, scorer: Scorer) -> Floats:
    """Return ROUGE-1, -2 and -L F1 of each text against the closest human summary, 0 to 1: (texts, 3)."""
    if not row.targets:
        return np.zeros((len(texts), len(MEASURES)), np.float32)
    return np.array([score_blurb(text, row.targets, scorer) for text in texts], np.float32) / np.float32(100)


def _told(layout: Layout, sentences: Sequence[str], targets: Sequence[str]) -> Floats:
    wanted = [_stems(target) for target in targets]
    told = np.full(len(layout.ids), -1, np.float32)
    for (start, end), sentence in zip(layout.places, sentences, strict=False):
        shares = np.full(len(sentence) + 1, -1, np.float32)
        for word in _WORD.finditer(sentence):
            root = stem(word.group().lower())
            shares[word.start() : word.end()] = sum(root in stems for stems in wanted) / max(1, len(wanted))
        told[start:end] = shares[[first for first, _ in layout.offsets[start:end]]]
    return told


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in _WORD.findall(text))


def labelled(rows: Iterable[RoleRow], tokenizer: Tokenizer, order: Sequence[str]) -> Iterator[Labelled]:
    """Yield the layout of each labelled abstract, with its labels."""
    for row in rows:
        layout = lay_out(tokenizer, "", [to_plain(sentence) for sentence in row.sentences])
        labels = tuple(order.index(label.value) for label in row.labels[: len(layout.places)])
        trust = row.trust()[: len(labels)]
        yield Labelled(layout=layout, labels=labels, trust=trust, sentences=len(row.sentences))
