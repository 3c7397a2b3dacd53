"""Hostile outside text: papers that try to notify people, hide, recolour, escape markup or overflow, as strategies."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from bots.domain.digests import Entry
from bots.domain.papers import Paper, PaperId
from tests.support.factories import a_blurb, a_paper

#: Text with a meaning in some chat, terminal, markup or link.
SNIPPETS = (
    "<!channel>", "<!everyone>", "<@U123>", "<!subteam^S1|x>", "@everyone", "@here", "<https://evil.example|arXiv>",
    "<#C1>", "&lt;!channel&gt;", "&", "<", ">", "|", "[red]", "[/]", "[link=https://evil.example]x[/link]", "\\[",
    ":+1:",
    "\x1b[2J", "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\", "\x1b[31m", "\x9b31m", "\x07", "\r", "\n", "\x00",
    "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\ud800", "*b*", "_i_", "`c`", "```", "$x_i$", "\\textbf{x}",
)  # fmt: skip

#: Repeated past every limit; some of it takes several characters when escaped, or two columns.
ENDLESS = ("word ", "x", "@everyone", "&", "漢", "e\u0301", "🧪", " ", "$x^")

_short = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=40)), max_size=6).map("".join)
_endless = st.sampled_from(ENDLESS).map(lambda piece: piece * (10_000 // len(piece)))
#: One text in eight is endless: more would only be slow.
texts = st.one_of(*[_short] * 7, st.tuples(_short, _endless).map("".join))

urls = st.one_of(
    texts,
    texts.map(lambda text: f"https://arxiv.org/abs/{text}"),
    st.sampled_from(
        (
            "https://arxiv.org/abs/1706.03762",
            "javascript:alert(1)",
            "https://arxiv.org@evil.example/",
            "https://arxiv.org/abs/1|click>",
            "https://a.example/<!channel>",
            "https://[broken",
            "https://arxiv.org/\x1b[2J",
        )
    ),
)

papers: st.SearchStrategy[Paper] = st.builds(
    a_paper,
    id=st.integers(min_value=0, max_value=99_999).map(lambda number: PaperId.arxiv(f"2611.{number:05}")),
    title=texts,
    abstract=texts,
    authors=st.lists(texts, max_size=4).map(tuple),
    url=urls,
    code=urls,
    source=texts,
    venue=texts,
    dollar_math=st.booleans(),
    withdrawn=st.booleans(),
)

blurbs = st.builds(a_blurb, text=texts, warnings=st.lists(texts, max_size=3).map(tuple), engine=texts, model=texts)

entries: st.SearchStrategy[Entry] = st.builds(
    Entry, paper=papers, blurb=st.none() | blurbs, fallback=texts, trouble=texts, why=texts
)

#: For tests on these texts. Shrinking 10,000 characters takes minutes and shows no more than the first failure.
patient = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
