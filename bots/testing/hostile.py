"""Hypothesis strategies for hostile external text: papers that try to notify, hide, recolour, escape or overflow."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from bots.domain import replies
from bots.domain.digests import Entry, SourceNote
from bots.domain.follows import FollowKind
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import Reply
from bots.testing.clock import NOW
from bots.testing.samples import a_blurb, a_digest, a_paper, a_subscription

#: Texts with a meaning in a chat, a terminal, markup or a link.
SNIPPETS = (
    "<!channel>", "<!everyone>", "<@U123>", "<!subteam^S1|x>", "@everyone", "@here", "<https://evil.example|arXiv>",
    "<#C1>", "&lt;!channel&gt;", "&", "<", ">", "|", "[red]", "[/]", "[link=https://evil.example]x[/link]", "\\[",
    ":+1:",
    "\x1b[2J", "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\", "\x1b[31m", "\x9b31m", "\x07", "\r", "\n", "\x00",
    "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\ud800", "\u200d", "\u200c",
    "<script src=https://evil.example/x.js></script>", '"><img src=https://evil.example onerror=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>", "</title></textarea><style>*{display:none}</style>", "{{ 7*7 }}",
    "👩\u200d🔬", "*b*", "_i_", "`c`", "```", "$x_i$", "\\textbf{x}",
)  # fmt: skip

#: Texts that are repeated past every limit; some take several characters when escaped, or two columns.
ENDLESS = ("word ", "x", "@everyone", "&", "漢", "e\u0301", "🧪", " ", "$x^", "👩\u200d🔬", "می\u200cخو")

_short = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=40)), max_size=6).map("".join)
_endless = st.sampled_from(ENDLESS).map(lambda piece: piece * (10_000 // len(piece)))
#: One text in eight is very long: a larger share would only slow the tests down.
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

#: For test classes with these texts: if warnings are errors, Hypothesis would raise one about the length of the failing
#: text instead of the failure.
readable = pytest.mark.filterwarnings("ignore:Generating overly large repr")

#: For tests with these texts: shrinking 10,000 characters takes minutes and adds nothing to the first failure.
patient = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


digests = st.builds(
    a_digest,
    entries=st.lists(entries, max_size=4, unique_by=lambda entry: entry.paper.id).map(tuple),
    notes=st.lists(st.builds(SourceNote, source=texts, reason=texts), max_size=3).map(tuple),
    topic=texts,
)

_steps = replies.NextStep
#: A step for a paper, for something that is followed, or for the person; what is followed has a text.
offers = st.one_of(
    st.builds(
        replies.Offer,
        step=st.sampled_from((_steps.HIDE, _steps.UNDO)),
        paper_id=papers.map(lambda paper: paper.id),
    ),
    st.builds(
        replies.Offer,
        step=st.sampled_from((_steps.FOLLOW, _steps.UNFOLLOW, _steps.END_FOLLOW)),
        kind=st.sampled_from(FollowKind),
        text=texts.filter(str.strip),
        everyone=st.booleans(),
    ),
    st.builds(replies.Offer, step=st.sampled_from((_steps.MENTIONS_ON, _steps.MENTIONS_OFF))),
)
hidden = papers.flatmap(
    lambda paper: st.builds(
        replies.HiddenPaper,
        paper_id=st.just(paper.id),
        at=st.just(NOW),
        by=st.lists(texts, max_size=5).map(tuple),
        paper=st.sampled_from((paper, None)),
    )
)

answers: st.SearchStrategy[Reply] = st.one_of(
    st.builds(replies.Card, entry=entries),
    st.builds(
        replies.CardList,
        words=texts,
        entries=st.lists(entries, max_size=3).map(tuple),
        notes=st.lists(texts, max_size=2).map(tuple),
    ),
    st.builds(replies.BlurbReply, blurb=blurbs, title=texts),
    st.builds(replies.Problem, message=texts, hint=texts),
    st.builds(replies.WholeAbstract, paper=papers),
    st.builds(replies.SavedList, papers=st.lists(papers, max_size=3).map(tuple), words=texts),
    st.builds(replies.Citation, text=texts, papers=st.integers(0, 3)),
    st.builds(replies.Noted, said=texts, offer=st.none() | offers),
    st.builds(
        replies.HiddenList,
        papers=st.lists(hidden, max_size=8, unique_by=lambda each: each.paper_id).map(tuple),
        page=st.integers(1, 3),
        pages=st.just(3),
        total=st.integers(0, 30),
    ),
    st.builds(
        replies.Unsubscribed,
        subscription=st.builds(a_subscription, id=texts),
    ),
    st.builds(
        replies.Subscribed,
        subscription=st.builds(
            a_subscription,
            id=texts,
            query=texts,
            sources=st.lists(texts, min_size=1, max_size=2).map(tuple),
            categories=st.lists(texts, max_size=2).map(tuple),
        ),
    ),
)
