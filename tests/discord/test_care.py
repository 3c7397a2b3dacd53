"""The line that mentions members in Discord: whatever a digest contains, nobody else can be pinged."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bots.discord.outgoing import digest_parts, mentioned, smaller, without_mentions
from bots.domain.digests import Digest, Entry
from bots.domain.subscriptions import Look
from tests.support import hostile
from tests.support.factories import CHANNEL, DAY, a_blurb, a_paper

IDS = ("794354956533497856", "794354956533497857")
texts = st.one_of(st.sampled_from(["<@794354956533497999>", "@everyone", "<@&1>", "@here"]), hostile.texts)


def a_digest(said: str, care: tuple[str, ...], look: Look) -> Digest:
    """Return a digest of one paper whose every text is the same."""
    paper = a_paper(title=said, abstract=said, authors=(said,), venue=said, keywords=(said,))
    entry = Entry(paper=paper, blurb=a_blurb(text=said or "…"), why=said, care=care)
    return Digest(channel=CHANNEL, day=DAY, entries=(entry, replace(entry, care=())), look=look, topic=said)


@given(said=texts, care=st.lists(st.one_of(st.sampled_from(IDS), texts), max_size=3), look=st.sampled_from(Look))
def test_nobody_else_is_pinged(said: str, care: list[str], look: Look) -> None:
    """The ids that a message may ping are those that agreed; its texts allow no other, in halves either."""
    for part in digest_parts(a_digest(said, tuple(care), look)):
        for each in (part, *smaller(part)):
            allowed = each.payload["allowed_mentions"]
            assert isinstance(allowed, dict)
            assert [] == allowed["parse"]
            assert set(allowed.get("users", ())) <= set(care) & set(IDS)
            assert "roles" not in allowed


def test_who_agreed_is_pinged() -> None:
    """Exactly the two that agreed, who are named in the text as well."""
    (part,) = digest_parts(a_digest("<@794354956533497999> @everyone", IDS, Look.CARDS))
    assert list(IDS) == part.payload["allowed_mentions"]["users"]  # type: ignore[index]
    assert all(f"<@{user}>" in repr(part.payload["components"]) for user in IDS)


@given(
    said=texts, care=st.lists(st.sampled_from((*IDS, "7943549565334978")), max_size=3, unique=True),
    gone=st.sets(st.sampled_from((*IDS, "7943549565334978"))), look=st.sampled_from(Look),
)  # fmt: skip
def test_a_mention_can_be_taken_back(said: str, care: list[str], gone: set[str], look: Look) -> None:
    """A part names and pings exactly those of its people who still agree, as one that was composed with them alone."""
    rest = tuple(user for user in care if user not in gone)
    composed = digest_parts(a_digest(said, rest, look))
    taken_back = [without_mentions(part, gone) for part in digest_parts(a_digest(said, tuple(care), look))]
    for each in taken_back:
        assert mentioned(each) <= set(rest)
        allowed = each.payload["allowed_mentions"]
        assert set(allowed.get("users", ())) <= set(rest)  # type: ignore[attr-defined]
    assert len(composed) != len(taken_back) or [each.payload for each in composed] == [
        each.payload for each in taken_back
    ]
