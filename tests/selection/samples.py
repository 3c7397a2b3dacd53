"""Random papers and random queries that have words and figures in common, so that about half of them match."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId, Signals

_WORDS = [
    "agents",
    "Robots",
    "survey",
    "KV",
    "cache",
    "Søren",
    "c++",
    "深度学习",
    r"G\"odel",
    "text-to-image",
    "100%",
    "a_b",
]
_TERMS = [
    "agents", "robot*", '"kv cache"', "survey", "c++", "深度", "godel", "text-to-image", '"100%"', '"a_b"', "soren",
    "ti:agents", "abs:robots", "ti:survey*", "au:soren", 'au:"y. lecun"', "au:lec*", "cat:cs.CL", "cat:cs.*",
    "cat:q-bio", "kw:agents", '"kw:深度学习"', "venue:neurips", 'venue:"text-to*"', "source:arxiv",
    "source:arxiv:cs.CL", "source:hugging*", "has:code", "has:abstract", "has:venue", "has:keywords",
    "has:year", "has:upvotes",
    "has:citations", "upvotes:>20", "upvotes:<=20", "upvotes:20", "comments:5+", "stars:1-100", "cited:<0", "year:2026",
    "year:2024-2025", "year:<2025",
]  # fmt: skip
_FIGURES = st.one_of(st.none(), st.sampled_from([0, 1, 5, 19, 20, 21, 100, 101, 10**9]))
_DAYS = [
    datetime(2024, 1, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 7, 1, tzinfo=UTC),
]


def _text() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join)


def _some(*texts: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(texts), max_size=2, unique=True).map(tuple)


def papers() -> st.SearchStrategy[Paper]:
    """Return random papers, of which any part may be missing."""
    return st.builds(
        Paper,
        id=st.just(PaperId.arxiv("2611.00001")),
        title=_text(),
        abstract=st.one_of(_text(), st.just("  ")),
        authors=_some("Yann LeCun", "Søren Łukasz", "Agents, A."),
        published=st.one_of(st.none(), st.sampled_from(_DAYS)),
        source=st.sampled_from(["arxiv:cs.CL", "huggingface", "file:x.bib", ""]),
        categories=_some("cs.CL", "q-bio.BM", "cancer biology"),
        keywords=_some("KV cache", "agents", "深度学习", ""),
        venue=st.sampled_from(["", " ", "NeurIPS 2026", "Nêurips", "Text to image"]),
        code=st.sampled_from(["", "https://example.org/code"]),
        signals=st.builds(Signals, upvotes=_FIGURES, comments=_FIGURES, stars=_FIGURES, citations=_FIGURES),
    )


def queries() -> st.SearchStrategy[str]:
    """Return random queries of all operators and fields."""
    return st.recursive(
        st.sampled_from(_TERMS),
        lambda inner: st.one_of(
            inner.map(lambda one: f"-({one})"),
            inner.map(lambda one: f"NOT {one}"),
            st.tuples(inner, inner).map(" OR ".join),
            st.tuples(inner, inner).map(" ".join),
            st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
            st.tuples(inner, inner).map(lambda two: f"({two[0]}) AND ({two[1]})"),
        ),
        max_leaves=6,
    )
