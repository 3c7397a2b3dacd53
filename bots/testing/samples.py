"""Complete and plausible records for tests; a test sets only the fields it is about: `a_paper(title="…")`."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, SourceNote, Tally
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.subscriptions import Subscription
from bots.testing.clock import NOW
from summarizer import Blurb, Span

#: A Tuesday: sources list papers on that day.
DAY = date(2026, 11, 24)
CHANNEL = Channel(platform="fakechat", channel="papers")

_ABSTRACT = (
    "The dominant sequence transduction models are based on complex recurrent or convolutional neural networks. "
    "We propose a new simple network architecture, the Transformer, based solely on attention mechanisms. "
    "Our model achieves 28.4 BLEU on the WMT 2014 English-to-German translation task."
)

# Titles and first authors of published papers; the votes and days are invented.
_FIVE = (
    ("1706.03762", "Attention Is All You Need", ("Ashish Vaswani", "Noam Shazeer", "Niki Parmar", "Jakob Uszkoreit")),
    ("1810.04805", "BERT: Pre-training of Deep Bidirectional Transformers", ("Jacob Devlin", "Ming-Wei Chang")),
    ("2005.14165", "Language Models are Few-Shot Learners", ("Tom B. Brown", "Benjamin Mann", "Nick Ryder")),
    ("2004.15011", "TLDR: Extreme Summarization of Scientific Documents", ("Isabel Cachola", "Kyle Lo")),
    ("2205.14135", "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness", ("Tri Dao",)),
)


def a_paper(**changes: Any) -> Paper:
    """Return a paper from arXiv with every field that a source may set; `changes` are fields of `Paper`."""
    paper = Paper(
        id=PaperId.arxiv("1706.03762"),
        title="Attention Is All You Need",
        abstract=_ABSTRACT,
        authors=("Ashish Vaswani", "Noam Shazeer", "Niki Parmar", "Jakob Uszkoreit", "Llion Jones"),
        published=datetime(2026, 11, 23, 17, 57, tzinfo=UTC),
        announced=DAY,
        url="https://arxiv.org/abs/1706.03762",
        source="arxiv:cs.CL",
        categories=("cs.CL", "cs.LG"),
        signals=Signals(upvotes=163),
        code="https://github.com/tensorflow/tensor2tensor",
    )
    return replace(paper, **changes)


def a_blurb(**changes: Any) -> Blurb:
    """Return a blurb of `a_paper`'s abstract with its second sentence as evidence."""
    begin = _ABSTRACT.index("We propose")
    blurb = Blurb(
        text="A simple network architecture, the Transformer, based solely on attention mechanisms.",
        evidence=(Span(start=begin, end=_ABSTRACT.index(" Our model")),),
        engine="extractive",
        model="paperwire-1",
    )
    return replace(blurb, **changes)


def an_entry(**changes: Any) -> Entry:
    """Return an entry with a blurb and a reason; `changes` are fields of `Entry`."""
    entry = Entry(paper=a_paper(), blurb=a_blurb(), why="matches attention, 163 upvotes")
    return replace(entry, **changes)


def five_papers() -> tuple[Paper, ...]:
    """Return five different papers."""
    return tuple(
        a_paper(
            id=PaperId.arxiv(number),
            title=title,
            authors=authors,
            url=f"https://arxiv.org/abs/{number}",
            signals=Signals(upvotes=200 - 37 * place),
            code=f"https://github.com/example/{number}" if place % 2 == 0 else "",
        )
        for place, (number, title, authors) in enumerate(_FIVE)
    )


def a_digest(**changes: Any) -> Digest:
    """Return a digest of five papers for `CHANNEL`; `changes` are fields of `Digest`."""
    digest = Digest(
        channel=CHANNEL,
        day=DAY,
        entries=tuple(an_entry(paper=paper) for paper in five_papers()),
        tally=Tally(found=229, seen=3, filtered=41, chosen=5),
        topic="arxiv:cs.CL · attention",
    )
    return replace(digest, **changes)


def a_subscription(**changes: Any) -> Subscription:
    """Return a subscription of `CHANNEL` with every default; `changes` are fields of `Subscription`."""
    return replace(Subscription(id="a1b2c3", channel=CHANNEL, created=NOW), **changes)


NOTES = (
    SourceNote(source="arxiv:cs.CL", reason="it did not answer within 120 seconds."),
    SourceNote(source="huggingface", reason="it listed nothing on that day", failed=False),
)


def a_long_digest(length: int) -> Digest:
    """Return a digest of `length` papers with blurbs of a few lines."""
    papers = [a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=f"Paper {number}") for number in range(length)]
    blurb = a_blurb(text="It is shown that this holds. " * 12)
    return a_digest(entries=tuple(an_entry(paper=paper, blurb=blurb) for paper in papers), notes=NOTES)
