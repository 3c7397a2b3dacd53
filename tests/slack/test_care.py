"""The line that mentions members in Slack: whatever a digest contains, nobody else can be mentioned."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bots.domain.digests import Digest, Entry
from bots.domain.subscriptions import Look
from bots.slack.care import care_blocks
from bots.slack.outgoing import digest_parts, mentioned, smaller, without_mentions
from tests.support import hostile
from tests.support.factories import CHANNEL, DAY, a_blurb, a_paper

IDS = ("U0ADA", "W0BOB")
texts = st.one_of(st.sampled_from(["<@U0EVE>", "<!channel>", "<!here>", "@here", "U0EVE x"]), hostile.texts)


def mentions(value: object) -> Iterator[str]:
    """Yield every mention in blocks, of a person or of any group."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from mentions(each)
    elif isinstance(value, dict):
        if value.get("type") in ("user", "usergroup", "broadcast"):
            yield str(value.get("user_id", value["type"]))
        yield from mentions(list(value.values()))


def a_digest(said: str, care: tuple[str, ...], look: Look) -> Digest:
    """Return a digest of two papers whose every text is the same."""
    paper = a_paper(title=said, abstract=said, authors=(said,), venue=said, keywords=(said,))
    entry = Entry(paper=paper, blurb=a_blurb(text=said or "…"), why=said, care=care)
    return Digest(channel=CHANNEL, day=DAY, entries=(entry, replace(entry, care=())), look=look, topic=said)


@given(said=texts, care=st.lists(st.one_of(st.sampled_from(IDS), texts), max_size=3), look=st.sampled_from(Look))
def test_nobody_else_is_mentioned(said: str, care: list[str], look: Look) -> None:
    """The people in a message's blocks are those that agreed, in halves as well; its text is escaped."""
    for part in digest_parts(a_digest(said, tuple(care), look)):
        for each in (part, *smaller(part)):
            assert set(mentions(each.payload["blocks"])) <= set(care) & set(IDS)
            assert "<@" not in str(each.payload["text"])
            assert "<!" not in str(each.payload["text"])


def test_who_agreed_is_mentioned_with_a_way_out() -> None:
    """Both are mentioned, and one press ends it; without them nothing is shown."""
    blocks = care_blocks(IDS, 1)
    assert list(IDS) == list(mentions(blocks))
    assert ["mentions.off"] == [each["action_id"] for each in blocks[1]["elements"]]
    assert () == care_blocks(("everyone", ""), 1)


@given(
    said=texts, care=st.lists(st.sampled_from((*IDS, "U0CAT")), max_size=3, unique=True),
    gone=st.sets(st.sampled_from((*IDS, "U0CAT"))), look=st.sampled_from(Look),
)  # fmt: skip
def test_a_mention_can_be_taken_back(said: str, care: list[str], gone: set[str], look: Look) -> None:
    """A part mentions exactly those of its people who still agree, as a part that was composed with them alone."""
    for part in digest_parts(a_digest(said, tuple(care), look)):
        left = without_mentions(part, gone)
        assert mentioned(part) - gone == mentioned(left) == set(mentions(left.payload["blocks"]))
        assert (part.paper_ids, part.number, part.total) == (left.paper_ids, left.number, left.total)
        assert mentioned(left) == frozenset().union(*map(mentioned, smaller(left) or (left,)))
    rest = tuple(user for user in care if user not in gone)
    composed = digest_parts(a_digest(said, rest, look))
    taken_back = [without_mentions(part, gone) for part in digest_parts(a_digest(said, tuple(care), look))]
    assert len(composed) != len(taken_back) or [each.payload for each in composed] == [
        each.payload for each in taken_back
    ]
