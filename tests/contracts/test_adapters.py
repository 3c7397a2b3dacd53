"""The contract of every adapter: the claims of `ports.Adapter`, tested for each adapter."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain import replies
from bots.domain.digests import Digest, Part, SourceNote, Tally
from bots.domain.errors import HistoryClosed
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import Reply
from bots.presentation.digest_text import empty_line, notes_lines, title_of
from bots.presentation.phrases import safe_url
from tests.contracts.places import PLACES, Place
from tests.support import hostile
from tests.support.factories import NOW, a_blurb, a_digest, a_paper, a_subscription, an_entry

every_place = pytest.mark.parametrize("name", PLACES)

SUBSCRIBED = replies.Subscribed(subscription=a_subscription(), next_due=NOW)
NOTES = (
    SourceNote(source="arxiv:cs.CL", reason="it did not answer within 120 seconds."),
    SourceNote(source="huggingface", reason="it listed nothing on that day", failed=False),
)
CITED = "@misc{a2026one,\n  title = {One},\n}\n\n@misc{b2026two,\n  title = {Two},\n}\n"
REPLIES: tuple[tuple[Reply, str], ...] = (
    (replies.Card(entry=an_entry()), "Attention Is All You Need"),
    (replies.CardList(words="attention", entries=(an_entry(),), notes=("arXiv is silent",)), "arXiv is silent."),
    (replies.CardList(words="phlogiston"), "No paper matches “phlogiston”."),
    (replies.BlurbReply(blurb=a_blurb(text="One.\nTwo."), title="A title"), "Two."),
    (replies.DigestReply(digest=a_digest(notes=NOTES)), "5 papers for Tuesday 24 November 2026"),
    (SUBSCRIBED, "weekdays at 09:00 UTC"),
    (replies.Unsubscribed(subscription=a_subscription()), "Unsubscribed (a1b2c3)"),
    (replies.Paused(item=replace(SUBSCRIBED, paused=True)), "Paused (a1b2c3)"),
    (replies.Resumed(item=SUBSCRIBED), "Resumed (a1b2c3)"),
    (replies.SubscriptionList(items=(SUBSCRIBED, SUBSCRIBED)), "2 subscriptions in this channel"),
    (replies.SubscriptionList(), "There are no subscriptions."),
    (replies.WholeAbstract(paper=a_paper()), "Our model achieves 28.4 BLEU on the WMT 2014"),
    (replies.WholeAbstract(paper=a_paper(abstract="It is so. " * 1000)), "It is so. " * 1000),
    (replies.WholeAbstract(paper=a_paper(abstract=" \u200b")), "Its source gives no abstract."),
    (replies.SavedList(papers=(a_paper(),)), "1706.03762"),
    (replies.SavedList(words="phlogiston"), "No saved paper for “phlogiston”."),
    (replies.SavedList(), "You have saved no papers yet."),
    (replies.Citation(text=CITED, papers=2), "title = {One},"),
    (replies.Noted(said="Saved"), "Saved."),
    (replies.HelpReply(topics=(replies.Topic(name="a", form="search WORDS", says="S.", example="e"),)), "search WORDS"),
    (replies.Problem(message="That is no paper id", hint="Give an id."), "That is no paper id."),
)


def a_long_digest(length: int) -> Digest:
    """Return a digest of `length` papers with blurbs of a few lines."""
    papers = [a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=f"Paper {number}") for number in range(length)]
    blurb = a_blurb(text="It is shown that this holds. " * 12)
    return a_digest(entries=tuple(an_entry(paper=paper, blurb=blurb) for paper in papers), notes=NOTES)


def squeezed(text: str) -> str:
    """Return text without white space, which wrapping changes."""
    return "".join(text.split())


async def post_all(place: Place, parts: Iterable[Part]) -> list[str]:
    """Post each part under a key of its own, and return the message ids."""
    return [await place.adapter.post(part, f"key-{part.number}") for part in parts]


@every_place
def test_platform(name: str) -> None:
    """An adapter's platform is the platform that its channels name."""
    place = PLACES[name]()
    assert place.channel.platform == place.adapter.platform


@every_place
@pytest.mark.parametrize("length", [0, 1, 5, 40])
def test_every_entry_in_one_part(name: str, length: int) -> None:
    """Composed parts count from 1, contain their total, and contain every entry once, in order."""
    place = PLACES[name]()
    digest = replace(a_long_digest(length), channel=place.channel)
    parts = place.adapter.compose(digest)
    assert list(range(1, len(parts) + 1)) == [part.number for part in parts]
    assert parts
    assert {len(parts)} == {part.total for part in parts}
    assert {place.channel} == {part.channel for part in parts}
    assert digest.paper_ids == tuple(paper_id for part in parts for paper_id in part.paper_ids)


@every_place
def test_compose_is_pure(name: str) -> None:
    """The same digest is composed to the same parts by every instance of an adapter, and composing posts nothing."""
    place = PLACES[name]()
    assert PLACES[name]().adapter.compose(a_digest()) == place.adapter.compose(a_digest())
    assert "" == place.seen()


@every_place
async def test_payload_survives_storage(name: str) -> None:
    """A payload that was written as JSON and read again shows the same text."""
    fresh, stored = PLACES[name](), PLACES[name]()
    parts = fresh.adapter.compose(replace(a_long_digest(7), channel=fresh.channel))
    await post_all(fresh, parts)
    written = [replace(part, payload=json.loads(json.dumps(part.payload))) for part in parts]
    await post_all(stored, [replace(part, channel=stored.channel) for part in written])
    assert squeezed(fresh.seen()) == squeezed(stored.seen())


@every_place
async def test_digest_is_shown(name: str) -> None:
    """A posted digest shows its day, every title, blurb and reason, its counts and every note."""
    place = PLACES[name]()
    digest = replace(a_long_digest(12), channel=place.channel)
    await post_all(place, place.adapter.compose(digest))
    seen = squeezed(place.seen())
    assert squeezed("12 papers for Tuesday 24 November 2026") in seen
    assert squeezed("229 found · 3 seen before · 41 filtered out") in seen
    assert 12 == seen.count(squeezed("It is shown that this holds. " * 12))
    assert 12 == seen.count(squeezed("Why: matches attention"))
    assert all(squeezed(title_of(entry.paper)) in seen for entry in digest.entries)
    assert all(squeezed(line) in seen for line in notes_lines(digest))


@every_place
async def test_empty_digest_says_why(name: str) -> None:
    """An empty digest is posted, and says why it is empty."""
    place = PLACES[name]()
    digest = a_digest(channel=place.channel, entries=(), tally=Tally(found=4, seen=4))
    await post_all(place, place.adapter.compose(digest))
    assert squeezed(empty_line(digest)) in squeezed(place.seen())


@every_place
async def test_missing_blurb_is_labelled(name: str) -> None:
    """A paper without a blurb is labelled as such before its abstract's first sentence."""
    place = PLACES[name]()
    entry = an_entry(blurb=None, trouble="The abstract has 3 words", fallback="We begin.")
    await post_all(place, place.adapter.compose(a_digest(channel=place.channel, entries=(entry,))))
    said = squeezed("No blurb: The abstract has 3 words. The abstract begins: We begin.")
    assert said in squeezed(place.seen())


@every_place
async def test_find_what_was_posted(name: str) -> None:
    """A posted part is found by its key, in its channel and not before its time, under the id that posting returned."""
    place = PLACES[name]()
    before = place.hand()
    (part, *_) = place.adapter.compose(a_digest(channel=place.channel))
    message_id = await place.adapter.post(part, "key")
    assert message_id
    assert message_id == await place.adapter.find(place.channel, "key", before)
    assert message_id == await place.adapter.find(place.channel, "key", place.hand())
    assert await place.adapter.find(place.channel, "key", place.hand() + place.skew + timedelta(seconds=1)) is None


@every_place
@pytest.mark.parametrize(("key", "elsewhere"), [("other", False), ("key", True)])
async def test_find_only_what_was_posted(name: str, key: str, elsewhere: bool) -> None:
    """A key not posted in a channel is not found there: None, or HistoryClosed if the platform cannot be queried."""
    place = PLACES[name]()
    (part, *_) = place.adapter.compose(a_digest(channel=place.channel))
    await place.adapter.post(part, "key")
    asked = place.elsewhere if elsewhere else place.channel
    if place.can_be_asked:
        assert await place.adapter.find(asked, key, place.hand()) is None
    else:
        with pytest.raises(HistoryClosed):
            await place.adapter.find(asked, key, place.hand())


@every_place
async def test_same_key_twice(name: str) -> None:
    """If the platform knows keys, posting one again shows one message and returns its id; otherwise it shows two."""
    place = PLACES[name]()
    (part, *_) = place.adapter.compose(a_digest(channel=place.channel))
    ids = [await place.adapter.post(part, "key") for _ in range(2)]
    shown = squeezed(place.seen()).count(squeezed("5 papers for Tuesday"))
    assert (1 if place.knows_keys else 2) == len(set(ids))
    assert (1 if place.knows_keys else 2) == shown


def test_every_kind_of_reply_is_tried() -> None:
    """The tests below include a reply of every kind."""
    assert set(get_args(Reply)) == {type(reply) for reply, _ in REPLIES}


@every_place
@pytest.mark.parametrize(("reply", "said"), REPLIES, ids=lambda value: type(value).__name__)
async def test_every_reply_can_be_shown(name: str, reply: Reply, said: str) -> None:
    """A reply of any kind can be posted, and shows its main text."""
    place = PLACES[name]()
    await place.show(reply)
    assert squeezed(said) in squeezed(place.seen())


def links_of(papers: Iterable[Paper]) -> set[str]:
    """Return the only addresses that may be linked for these papers."""
    return {safe_url(url) for paper in papers for url in (paper.url, paper.code)}


#: Signs that end a label in some markup, which adapters replace by similar signs.
_ALIKE = str.maketrans({"|": None, "∣": None, "［": "[", "］": "]"})
hostile_digests = st.builds(
    a_digest,
    entries=st.lists(hostile.entries, max_size=4, unique_by=lambda entry: entry.paper.id).map(tuple),
    notes=st.lists(st.builds(SourceNote, source=hostile.texts, reason=hostile.texts), max_size=3).map(tuple),
    topic=hostile.texts,
)


@every_place
@hostile.patient
@given(digest=hostile_digests)
async def test_hostile_digest(name: str, digest: Digest) -> None:
    """No paper, blurb, note or topic breaks a limit, pings a person, or injects a control character or a link."""
    place = PLACES[name]()
    await post_all(place, place.adapter.compose(replace(digest, channel=place.channel)))
    assert [] == place.injected(links_of(entry.paper for entry in digest.entries))
    seen = squeezed(place.seen())
    for entry in digest.entries:
        assert squeezed(title_of(entry.paper)[:40]).translate(_ALIKE) in seen.translate(_ALIKE)


hostile_replies: st.SearchStrategy[Reply] = st.one_of(
    st.builds(replies.Card, entry=hostile.entries),
    st.builds(
        replies.CardList,
        words=hostile.texts,
        entries=st.lists(hostile.entries, max_size=3).map(tuple),
        notes=st.lists(hostile.texts, max_size=2).map(tuple),
    ),
    st.builds(replies.BlurbReply, blurb=hostile.blurbs, title=hostile.texts),
    st.builds(replies.Problem, message=hostile.texts, hint=hostile.texts),
    st.builds(replies.WholeAbstract, paper=hostile.papers),
    st.builds(replies.SavedList, papers=st.lists(hostile.papers, max_size=3).map(tuple), words=hostile.texts),
    st.builds(replies.Citation, text=hostile.texts, papers=st.integers(0, 3)),
    st.builds(replies.Noted, said=hostile.texts),
    st.builds(
        replies.Unsubscribed,
        subscription=st.builds(a_subscription, id=hostile.texts),
    ),
    st.builds(
        replies.Subscribed,
        subscription=st.builds(
            a_subscription,
            id=hostile.texts,
            query=hostile.texts,
            sources=st.lists(hostile.texts, min_size=1, max_size=2).map(tuple),
            categories=st.lists(hostile.texts, max_size=2).map(tuple),
        ),
    ),
)


@every_place
@hostile.patient
@given(reply=hostile_replies)
async def test_hostile_reply(name: str, reply: Reply) -> None:
    """No reply breaks a limit, pings a person, or injects a control character or a link."""
    place = PLACES[name]()
    await place.show(reply)
    assert [] == place.injected(links_of(papers_of(reply)))
    assert place.seen().strip()


def papers_of(reply: Reply) -> tuple[Paper, ...]:
    """Return the papers that a reply shows, whose addresses may be linked."""
    match reply:
        case replies.Card():
            return (reply.entry.paper,)
        case replies.CardList():
            return tuple(entry.paper for entry in reply.entries)
        case replies.WholeAbstract():
            return (reply.paper,)
        case replies.SavedList():
            return reply.papers
    return ()
