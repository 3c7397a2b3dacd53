"""Every message to Discord is within all limits, and its buttons name what they apply to."""

from dataclasses import replace
from typing import Any

import pytest

from bots.discord.components import count, text_size
from bots.discord.controls import Control, read_control_id, subscription_of_value
from bots.discord.outgoing import (
    MOST_MESSAGES,
    digest_parts,
    reply_messages,
)
from bots.domain import replies
from bots.domain.export_formats import ExportFormat
from bots.domain.papers import PaperId
from bots.domain.replies import Reply
from bots.testing.answers import REPLIES
from tests.discord import strict
from tests.discord.markdown import read, seen, texts_of
from tests.discord.papers import CHANNEL, MORE_REPLIES, papers_of
from tests.support.factories import NOW, a_blurb, a_digest, a_paper, a_subscription, an_entry

EVERY = [*(reply for reply, _ in REPLIES), *MORE_REPLIES]
_FIVE = ("abstract", "save", "more", "not_for_us", "cite")


def inner(payload: Any) -> list[Any]:
    """Return the components in a message's container."""
    components: list[Any] = payload["components"][0]["components"]
    return components


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("reply", EVERY, ids=lambda each: type(each).__name__)
def test_every_reply_is_inside_the_limits(reply: Reply, share: bool) -> None:
    """A reply of any kind makes one to five messages that Discord accepts."""
    shown = reply_messages(reply, share=share)
    assert 1 <= len(shown) <= MOST_MESSAGES
    for message in shown:
        strict.check(message.payload, strict.links_of(papers_of(reply)))


@pytest.mark.parametrize(("reply", "said"), REPLIES, ids=lambda each: type(each).__name__)
def test_every_reply_says_what_it_must(reply: Reply, said: str) -> None:
    """The messages of a reply contain its main text."""
    assert "".join(said.split()) in seen(*(message.payload for message in reply_messages(reply)))


@pytest.mark.parametrize("reply", EVERY, ids=lambda each: type(each).__name__)
def test_every_press_is_understood(reply: Reply) -> None:
    """Every custom id in a reply is read as a verb, and as the paper or the subscription it applies to."""
    for message in reply_messages(reply, share=True):
        for custom_id in strict.presses(message.payload):
            found = read_control_id(custom_id)
            assert found is not None
            control, held = found
            if control in _FIVE:
                assert held == str(PaperId.parse(held))
            elif control in (Control.EDIT, Control.PAUSE, Control.RESUME, Control.UNSUBSCRIBE):
                assert ("a1b2c3", "papers") == subscription_of_value(held)


def test_a_digest_of_five_is_one_message() -> None:
    """Five papers, the default, with their heading and all their buttons are one message of at most 40 components."""
    (part,) = digest_parts(a_digest(channel=CHANNEL))
    assert 38 == count(part.payload["components"])  # type: ignore[arg-type]
    assert text_size(part.payload["components"]) < 4000  # type: ignore[arg-type]
    head, line, *entries = inner(part.payload)
    assert "## 5 papers for Tuesday 24 November 2026" == head["content"].splitlines()[0]
    assert 14 == line["type"]
    assert [10, 1] * 5 == [each["type"] for each in entries]


def test_a_paper_in_a_digest() -> None:
    """A paper has a number, a linked title, facts in small print with links to code and PDF, a blurb, and a reason."""
    (part,) = digest_parts(a_digest(channel=CHANNEL))
    title, facts, blurb, why = inner(part.payload)[2]["content"].splitlines()
    assert r"### 1\. [Attention Is All You Need](<https://arxiv.org/abs/1706.03762>)" == title
    assert facts.startswith("-# Ashish Vaswani, Noam Shazeer, Niki Parmar + 1 more · 23 Nov 2026 · arXiv cs.CL")
    assert facts.endswith("[code](<https://github.com/example/1706.03762>) · [PDF](<https://arxiv.org/pdf/1706.03762>)")
    assert "A simple network architecture, the Transformer, based solely on attention mechanisms." == blurb
    assert "-# Why: matches attention, 163 upvotes" == why


def test_a_structured_blurb_has_its_labels_in_bold() -> None:
    """The labels of a structured blurb are bold; a colon in any other text is not taken for a label."""
    text = "Problem: It is slow.\nApproach: We *cache*: twice.\nResult: It is fast."
    (part,) = digest_parts(a_digest(channel=CHANNEL, entries=(an_entry(blurb=a_blurb(text=text)),)))
    lines = inner(part.payload)[2]["content"].splitlines()[2:5]
    assert ["**Problem:** It is slow.", r"**Approach:** We \*cache\*: twice.", "**Result:** It is fast."] == lines
    (part,) = digest_parts(a_digest(channel=CHANNEL, entries=(an_entry(blurb=a_blurb(text="Also: x.")),)))
    assert "\nAlso: x.\n" in inner(part.payload)[2]["content"]


def test_a_row_is_of_its_paper() -> None:
    """Below each paper are five buttons with its id: Abstract, Save, More like this, Not for us, BibTeX."""
    digest = a_digest(channel=CHANNEL)
    (part,) = digest_parts(digest)
    for paper_id, row in zip(digest.paper_ids, inner(part.payload)[3::2], strict=True):
        assert ["Abstract", "Save", "More like this", "Not for us", "BibTeX"] == [
            each["label"] for each in row["components"]
        ]
        assert [f"pw:{control}:{paper_id}" for control in _FIVE] == [each["custom_id"] for each in row["components"]]


def test_a_paper_that_is_listed_twice() -> None:
    """When a paper is listed a second time, its buttons have a count before the id and the same meaning."""
    (message,) = reply_messages(replies.CardList(words="x", entries=(an_entry(), an_entry())))
    ids = strict.presses(message.payload)
    assert ["pw:show:arxiv:1706.03762", "pw:save:arxiv:1706.03762"] == ids[:2]
    assert ["pw:show:2:arxiv:1706.03762", "pw:save:2:arxiv:1706.03762"] == ids[2:]
    assert read_control_id(ids[0]) == read_control_id(ids[2])


def test_a_paper_with_an_endless_id_has_no_buttons() -> None:
    """A paper whose id is too long for a custom id is shown without buttons."""
    entry = an_entry(paper=a_paper(id=PaperId(scheme="doi", value=f"10.1/{'x' * 300}")))
    (message,) = reply_messages(replies.Card(entry=entry))
    strict.check(message.payload, strict.links_of([entry.paper]))
    assert [] == strict.presses(message.payload)
    assert "AttentionIsAllYouNeed" in seen(message.payload)


def test_a_card_opens_its_page_and_its_pdf() -> None:
    """A paper that was looked up links to its page and, from arXiv, its PDF, and names the author of the blurb."""
    (message,) = reply_messages(replies.Card(entry=an_entry()))
    head, body, row = inner(message.payload)
    assert ("Open paper", "https://arxiv.org/abs/1706.03762") == (
        head["accessory"]["label"],
        head["accessory"]["url"],
    )
    assert ("PDF", "https://arxiv.org/pdf/1706.03762") == (body["accessory"]["label"], body["accessory"]["url"])
    assert body["components"][0]["content"].endswith("\n-# From the abstract's own words")
    assert 5 == len(row["components"])
    other = an_entry(paper=a_paper(id=PaperId(scheme="doi", value="10.1/x"), url=""))
    (message,) = reply_messages(replies.Card(entry=other))
    assert [10, 10, 1] == [each["type"] for each in inner(message.payload)]


def test_only_what_others_may_see_is_shared() -> None:
    """Each message of a reply has a Share button, unless the reply is for the requester alone."""
    for reply in (replies.Card(entry=an_entry()), replies.WholeAbstract(paper=a_paper(abstract="x " * 4000))):
        for message in reply_messages(reply, share=True):
            assert "pw:share:" == strict.presses(message.payload)[-1]
            assert "pw:share:" not in strict.presses(reply_messages(reply)[0].payload)
    for alone in (replies.Problem(message="x"), replies.Noted(said="x"), replies.SubscriptionList()):
        (message,) = reply_messages(alone, share=True)
        assert "pw:share:" not in strict.presses(message.payload)


def test_who_asked_wrongly_is_offered_help() -> None:
    """An error in a request has a Help button, and an internal failure has none."""
    asked, failed = (
        reply_messages(replies.Problem(message="x", kind=kind))[0]
        for kind in (replies.Trouble.REQUEST, replies.Trouble.FAILURE)
    )
    assert ["pw:help:"] == strict.presses(asked.payload)
    assert [] == strict.presses(failed.payload)


def test_a_long_abstract_is_whole() -> None:
    """An abstract of about 10,000 characters is shown in full, and the rest of an overlong one is a link away."""
    words = " ".join(f"word{number}" for number in range(1100))
    shown = [each.payload for each in reply_messages(replies.WholeAbstract(paper=a_paper(abstract=words)))]
    assert "".join(words.split()) in seen(*shown)
    endless = [each.payload for each in reply_messages(replies.WholeAbstract(paper=a_paper(abstract=words * 10)))]
    assert "Therestisonthepaper'spage." in seen(*endless)
    assert len(endless) <= MOST_MESSAGES


def test_a_long_list_says_what_it_leaves_out() -> None:
    """Of more saved papers than fit into five messages the newest are shown, with the number of the others."""
    shown = reply_messages(replies.SavedList(papers=tuple(a_paper() for _ in range(100))))
    read_of = seen(*(message.payload for message in shown))
    kept = read_of.count("AttentionIsAllYouNeed")
    assert MOST_MESSAGES == len(shown)
    assert kept >= 30
    assert f"{100 - kept}morearenotshownhere.Tofindthem:/papersavedwithwordsofthetitle." in read_of


def test_much_bibtex_is_a_file() -> None:
    """BibTeX of a few papers is in the message; that of hundreds is an attached file, and cannot be shared."""
    entries = "\n\n".join(f"@misc{{p{number},\n  title = {{{'T' * 200}}}\n}}" for number in range(300))
    (message,) = reply_messages(replies.Citation(text=entries, papers=300), share=True)
    assert (("papers.bib", f"{entries}\n"),) == message.files
    assert {"type": 13, "file": {"url": "attachment://papers.bib"}} == inner(message.payload)[-1]
    assert [] == strict.presses(message.payload)
    (message,) = reply_messages(replies.Citation(text="@misc{a,\n  title = {A `b`}\n}\n"))
    assert () == message.files
    assert "```bibtex\n@misc{a,\n  title = {A `b`}\n}\n```" == inner(message.payload)[-1]["content"]


def test_another_format_is_a_file() -> None:
    """Papers in the format of another program are an attached file with its text as it is; an empty list is none."""
    text = '\ufeff"title"\r\n"Attention"\r\n'
    (message,) = reply_messages(replies.Citation(text=text, papers=1, form=ExportFormat.CSV))
    assert (("papers.csv", text),) == message.files
    (message,) = reply_messages(replies.Citation(text="", papers=0, form=ExportFormat.CSV))
    assert () == message.files


def test_subscriptions_have_their_buttons() -> None:
    """A subscription's buttons edit, pause and end it; a paused one has Resume instead of Pause."""
    going = replies.Subscribed(subscription=a_subscription(channel=CHANNEL), next_due=NOW)
    resting = replies.Paused(item=replace(going, paused=True))
    labels = {
        type(reply): [each["label"] for message in reply_messages(reply) for each in strict.pressable(message.payload)]
        for reply in (going, resting)
    }
    assert ["Edit", "Pause", "Unsubscribe"] == labels[replies.Subscribed]
    assert ["Edit", "Resume", "Unsubscribe"] == labels[replies.Paused]
    (message,) = reply_messages(going)
    assert "pw:edit:a1b2c3 901" == strict.presses(message.payload)[0]


def test_the_next_digest_is_on_each_readers_clock() -> None:
    """The next digest is also shown in each reader's own time zone."""
    going = replies.Subscribed(subscription=a_subscription(channel=CHANNEL), next_due=NOW)
    (message,) = reply_messages(going)
    stamp = int(NOW.timestamp())
    assert f"-# In your time zone: <t:{stamp}:F>, <t:{stamp}:R>" in next(texts_of(message.payload))


def test_help_shows_an_example_to_copy_and_no_grammar() -> None:
    """Help says what a command does, with an example in code; its form is nowhere shown."""
    topic = replies.Topic(name="a", form="/paper a <x> `y`", says="Does *it*.", example="/paper a b")
    (message,) = reply_messages(replies.HelpReply(topics=(topic,)))
    shown = inner(message.payload)[1]["content"]
    assert "Does *it*." in read(shown)[0]
    assert shown.endswith("\n`/paper a b`")
    assert "<x>" not in shown
