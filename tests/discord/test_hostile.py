"""No text of a paper, subscription or error makes a message to Discord break a limit or contain injected content."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bots.discord.components import text_size
from bots.discord.controls import read_control_id
from bots.discord.outgoing import MOST_MESSAGES, digest_parts, notice_parts, reply_messages, smaller
from bots.domain import replies
from bots.domain.digests import Digest, Entry, Part
from bots.domain.replies import Reply
from bots.domain.subscriptions import Look
from bots.testing.hostile import answers as hostile_replies
from bots.testing.hostile import digests as hostile_digests
from tests.discord import strict
from tests.discord.papers import CHANNEL, papers_of
from tests.discord.test_markup import marked
from tests.support import hostile
from tests.support.factories import NOW, a_blurb, a_paper, a_subscription, an_entry

#: Third-party text that tries all markup: Discord's own, and that of every other chat.
texts = st.one_of(hostile.texts, marked)
papers = st.builds(a_paper, title=texts, url=hostile.urls, code=hostile.urls, venue=texts, source=texts)
entries = st.builds(
    an_entry,
    paper=papers,
    blurb=st.none() | st.builds(a_blurb, text=texts, warnings=st.lists(texts, max_size=2).map(tuple), model=texts),
    fallback=texts,
    trouble=texts,
    why=texts,
)


def size_of(part: Part) -> tuple[int, int, int]:
    """Return the number of pieces in a part, of their components, and of the characters of its texts.

    The length of the payload is no measure: two halves may each have the menu option of a paper that is listed twice.
    """
    payload: dict[str, Any] = dict(part.payload)
    sizes = [size for size, _, _ in payload["pieces"]]
    return len(sizes), sum(sizes), text_size(payload["components"])


def shrunk(part: Part) -> list[Part]:
    """Return every smaller part that a part is split into, down to the last."""
    found: list[Part] = []
    waiting = [part]
    while waiting:
        larger = waiting.pop()
        pieces = smaller(larger)
        assert larger.paper_ids == tuple(each for piece in pieces for each in piece.paper_ids) or not pieces
        assert all(size_of(piece) < size_of(larger) for piece in pieces)
        assert all(piece.payload["thread"] == larger.payload["thread"] for piece in pieces)
        found += pieces
        waiting += pieces
    return found


@hostile.patient
@given(digest=hostile_digests, more=st.lists(entries, max_size=3), threaded=st.booleans(), look=st.sampled_from(Look))
def test_hostile_digests(digest: Digest, more: list[Entry], threaded: bool, look: Look) -> None:
    """No paper, blurb, note or topic breaks a limit, pings a person or injects content, even in the smallest part."""
    digest = replace(digest, channel=CHANNEL, threaded=threaded, look=look, entries=(*digest.entries, *more))
    links = strict.links_of(entry.paper for entry in digest.entries)
    parts = digest_parts(digest)
    assert digest.paper_ids == tuple(paper_id for part in parts for paper_id in part.paper_ids)
    for part in parts:
        assert 1 <= len(str(part.payload["title"])) <= 100
        for each in (part, *shrunk(part)):
            strict.check(each.payload, links)
    assert parts == digest_parts(digest)


more_hostile_replies: st.SearchStrategy[Reply] = st.one_of(
    hostile_replies,
    st.builds(replies.Card, entry=entries),
    st.builds(replies.CardList, words=texts, entries=st.lists(entries, max_size=4).map(tuple)),
    st.builds(replies.BlurbReply, blurb=st.builds(a_blurb, text=texts, engine=texts), title=texts),
    st.builds(replies.WholeAbstract, paper=st.builds(a_paper, title=texts, abstract=texts, url=hostile.urls)),
    st.builds(replies.SavedList, papers=st.lists(papers, max_size=4).map(tuple), words=texts),
    st.builds(replies.Citation, text=texts),
    st.builds(replies.Noted, said=texts),
    st.builds(
        replies.HelpReply,
        topics=st.builds(replies.Topic, name=texts, form=texts, says=texts, example=texts).map(lambda topic: (topic,)),
    ),
    st.builds(
        replies.SubscriptionList,
        items=st.lists(
            st.builds(
                replies.Subscribed,
                subscription=st.builds(a_subscription, id=texts, query=texts, interests=texts, off_because=texts),
                next_due=st.just(NOW) | st.none(),
            ),
            max_size=3,
        ).map(tuple),
        everywhere=st.booleans(),
    ),
)


@hostile.patient
@given(reply=more_hostile_replies, share=st.booleans())
def test_hostile_replies(reply: Reply, share: bool) -> None:
    """No reply breaks a limit, pings a person or injects content, and every button in it can be read."""
    shown = reply_messages(reply, share=share)
    assert 1 <= len(shown) <= MOST_MESSAGES
    for message in shown:
        strict.check(message.payload, strict.links_of(papers_of(reply)))
        assert all(map(read_control_id, strict.presses(message.payload)))


@hostile.patient
@given(authors=st.lists(texts, min_size=30, max_size=30).map(tuple), keywords=st.lists(texts).map(tuple))
def test_many_authors(authors: tuple[str, ...], keywords: tuple[str, ...]) -> None:
    """Thirty authors with any names, and any keywords, stay within the limits."""
    paper = a_paper(authors=authors, keywords=keywords, abstract="x " * 5000)
    for message in reply_messages(replies.Card(entry=an_entry(paper=paper))):
        strict.check(message.payload, strict.links_of([paper]))


def test_a_paper_at_its_worst_fits_in_one_message() -> None:
    """A paper whose texts are all overlong and need escaping throughout fits into one message with its buttons."""
    endless = "*" * 9_999
    page, code = (f"https://{name}.example/{'x' * 250}" for name in ("page", "code"))
    paper = a_paper(title=endless, authors=(endless,) * 9, venue=endless, keywords=(endless,) * 9, url=page, code=code)
    blurb = a_blurb(text="\n".join(["*" * 90] * 99), warnings=(endless,), engine=endless, model=endless)
    for reply in (
        replies.Card(entry=an_entry(paper=paper, blurb=blurb, why=endless)),
        replies.CardList(words="x", entries=(an_entry(paper=paper, blurb=blurb, why=endless),)),
    ):
        for message in reply_messages(reply, share=True):
            strict.check(message.payload, strict.links_of([paper]))
            assert text_size(message.payload["components"]) <= 3900


@hostile.patient
@given(message=texts, hint=texts)
def test_hostile_notices(message: str, hint: str) -> None:
    """No text of a platform's error injects content into a notice to the admin."""
    for part in notice_parts(CHANNEL, replies.Problem(message=message, hint=hint)):
        strict.check(part.payload)
