"""Whatever the content, messages to Slack are within every limit, and outside text adds no mention, link or markup."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import TOPICS
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import SourceNote, Tally
from bots.domain.papers import PaperId
from bots.domain.replies import Reply
from bots.domain.subscriptions import Look
from bots.presentation import digest_text
from bots.slack.controls import Control
from bots.slack.incoming import read_control
from bots.slack.outgoing import digest_parts, reply_messages, unfurl
from bots.testing.answers import REPLIES
from bots.testing.samples import a_long_digest
from tests.slack import strict
from tests.slack.reading import blocks_of, control, papers_of, seen
from tests.support.factories import NOW, a_digest, a_paper, a_subscription, an_entry

CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")
MORE_REPLIES: tuple[Reply, ...] = (
    replies.WholeAbstract(paper=a_paper()),
    replies.SavedList(papers=(a_paper(), a_paper())),
    replies.SavedList(words="x"),
    replies.Citation(text="@article{a,\n  title = {A}\n}\n"),
    replies.Noted(said="Saved."),
    replies.HelpReply(topics=TOPICS),
    replies.CardList(words="x", entries=(an_entry(), an_entry())),
)


@pytest.mark.parametrize(
    "reply", [*(reply for reply, _ in REPLIES), *MORE_REPLIES], ids=lambda each: type(each).__name__
)
def test_every_reply_is_inside_the_limits(reply: Reply) -> None:
    """A reply of any kind results in at least one message that Slack accepts."""
    shown = reply_messages(reply)
    assert shown
    for message in shown:
        strict.check(message, strict.links_of(papers_of(reply)))


@pytest.mark.parametrize(
    "reply", [*(reply for reply, _ in REPLIES), *MORE_REPLIES], ids=lambda each: type(each).__name__
)
def test_every_press_is_understood(reply: Reply) -> None:
    """Every control in a reply, and every choice of its menus, is parsed as an action."""
    for message in reply_messages(reply):
        for block, element in strict.presses(message["blocks"]):
            for chosen in element.get("options", [None]):
                assert read_control(control(block, element, chosen)) is not None


def test_a_digest_has_a_header_and_entries() -> None:
    """The first message opens with the day, counts and topic; an entry has five blocks, its row of buttons last."""
    (part,) = digest_parts(a_digest(channel=CHANNEL))
    head, about, *entries = blocks_of(part)
    assert "5 papers for Tuesday 24 November 2026" == head["text"]["text"]
    assert ["229 found · 3 seen before · 41 filtered out ·", "arxiv:cs.CL · attention"] == [
        each["text"] for each in about["elements"]
    ]
    assert ["rich_text", "context", "rich_text", "context", "actions"] * 5 == [block["type"] for block in entries]
    labels = [element.get("text", {}).get("text") for element in entries[4]["elements"]]
    assert ["Abstract", "Save", "More like this", "Not for us", None] == labels
    title = entries[0]["elements"][0]["elements"][1]
    assert ("link", "Attention Is All You Need") == (title["type"], title["text"])
    assert "https://arxiv.org/abs/1706.03762" == title["url"]


def test_a_menu_holds_pdf_bibtex_and_share() -> None:
    """The menu of an arXiv paper links to its PDF; the menu of any other paper has no such option."""
    (message,) = reply_messages(replies.Card(entry=an_entry()))
    menu = next(element for _, element in strict.presses(message["blocks"]) if element["type"] == "overflow")
    assert ["pdf", "bibtex", "share"] == [each["value"] for each in menu["options"]]
    assert "https://arxiv.org/pdf/1706.03762" == menu["options"][0]["url"]
    other = an_entry(paper=a_paper(id=PaperId(scheme="doi", value="10.1/x")))
    (message,) = reply_messages(replies.Card(entry=other))
    menu = next(element for _, element in strict.presses(message["blocks"]) if element["type"] == "overflow")
    assert ["bibtex", "share"] == [each["value"] for each in menu["options"]]


def test_a_paper_with_an_endless_id_has_no_buttons() -> None:
    """A paper whose id is too long for Slack has no buttons, but is still shown."""
    entry = an_entry(paper=a_paper(id=PaperId(scheme="doi", value=f"10.1/{'x' * 3000}")))
    (message,) = reply_messages(replies.Card(entry=entry))
    strict.check(message, strict.links_of([entry.paper]))
    assert [] == list(strict.presses(message["blocks"]))
    assert seen(message)


@pytest.mark.parametrize("length", [0, 1, 5, 20, 40])
@pytest.mark.parametrize("threaded", [False, True])
@pytest.mark.parametrize("look", Look)
def test_every_entry_in_one_part(length: int, threaded: bool, look: Look) -> None:
    """Parts count from 1 and hold every paper once, in order; in a thread the first part is the header alone."""
    digest = replace(a_long_digest(length), channel=CHANNEL, threaded=threaded, look=look)
    parts = digest_parts(digest)
    assert list(range(1, len(parts) + 1)) == [part.number for part in parts]
    assert digest.paper_ids == tuple(paper_id for part in parts for paper_id in part.paper_ids)
    assert [False, *[threaded] * (len(parts) - 1)] == [part.payload["in_thread"] for part in parts]
    if threaded:
        assert () == parts[0].paper_ids
    for part in parts:
        strict.check(part.payload, strict.links_of(entry.paper for entry in digest.entries))


@pytest.mark.parametrize("threaded", [False, True])
def test_an_empty_digest_says_why(threaded: bool) -> None:
    """Without papers there is one message with the reason, which is also in the notification text."""
    digest = a_digest(channel=CHANNEL, entries=(), tally=Tally(found=4, seen=4), threaded=threaded)
    (part,) = digest_parts(digest)
    assert "Allpapersfoundwerepostedherebefore(4papers)." in seen(part.payload["blocks"])
    assert "All papers found were posted here before (4 papers)." in str(part.payload["text"])


def test_silent_sources_are_named_in_the_first_message() -> None:
    """Each source with too few papers has its own line above the papers, in the first message of a thread too."""
    notes = (SourceNote(source="arxiv:cs.CL", reason="it did not answer"), SourceNote(source="x", reason="y"))
    first, *_ = digest_parts(a_digest(channel=CHANNEL, notes=notes, threaded=True))
    for note in notes:
        assert "".join(digest_text.note_line(note).split()) in seen(first.payload["blocks"])


def test_very_many_silent_sources() -> None:
    """If such sources outnumber a message's blocks, each still has its line, and a notification stays short."""
    notes = tuple(SourceNote(source=f"arxiv:cs.{number}", reason="it did not answer") for number in range(120))
    parts = digest_parts(a_digest(channel=CHANNEL, notes=notes))
    assert 3 == len(parts)
    for part in parts:
        strict.check(part.payload, strict.links_of(entry.paper for entry in a_digest().entries))
    assert 120 == sum(seen(part.payload["blocks"]).count("itdidnotanswer.") for part in parts)


def test_keywords_and_reason_stand_under_the_blurb() -> None:
    """Keywords and reason are in small print under the blurb."""
    entry = an_entry(paper=a_paper(keywords=("attention", "translation")))
    (message,) = reply_messages(replies.Card(entry=entry))
    below = message["blocks"][3]
    assert ["attention, translation ·", "Why: matches attention, 163 upvotes"] == [
        each["text"] for each in below["elements"]
    ]


def test_the_text_says_what_the_blocks_say() -> None:
    """The notification text of a digest has the headline and its papers' titles; nothing in it is markup."""
    entry = an_entry(paper=a_paper(title="<!channel> & <b, see https://evil.example"))
    (part,) = digest_parts(a_digest(channel=CHANNEL, entries=(entry,)))
    text = str(part.payload["text"])
    assert "1 paper for Tuesday 24 November 2026" in text
    assert "&lt;!channel&gt; &amp; &lt;b, see https: //evil.example" in text


@given(titles=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=12), style=st.sampled_from(Look))
def test_the_text_is_short(titles: list[str], style: Look) -> None:
    """The text beside the blocks has at most 400 characters, with escapes, and is cut between whole characters."""
    papers = [an_entry(paper=a_paper(title=f"{title} 👩‍🔬👩‍🔬👩‍🔬")) for title in titles]
    for part in digest_parts(a_digest(channel=CHANNEL, entries=tuple(papers), look=style)):
        text = str(part.payload["text"])
        assert len(text) <= 400
        assert not text.endswith(("\u200d…", "\U0001f469…"))
        assert None is re.search(r"&(?!amp;|lt;|gt;)", text)


def test_a_long_abstract_is_whole() -> None:
    """An abstract of 10,000 characters is shown whole; an overlong one ends with a link to the rest."""
    words = " ".join(f"word{number}" for number in range(1100))
    shown = reply_messages(replies.WholeAbstract(paper=a_paper(abstract=words)))
    assert "".join(words.split()) in seen(*shown)
    endless = reply_messages(replies.WholeAbstract(paper=a_paper(abstract=words * 10)))
    assert "Therestisonthepaper'spage." in seen(*endless)
    for message in (*shown, *endless):
        strict.check(message, strict.links_of([a_paper()]))


def test_a_long_list_says_what_it_leaves_out() -> None:
    """If saved papers exceed three messages, the newest are shown, and how to search for the others."""
    shown = reply_messages(replies.SavedList(papers=tuple(a_paper() for _ in range(100))))
    assert "60morearenotshown." in seen(*shown)
    assert len(shown) <= 4
    for message in shown:
        strict.check(message, strict.links_of([a_paper()]))


def test_much_bibtex_is_cut_between_entries() -> None:
    """BibTeX of hundreds of papers is cut after a whole entry, and the rest is counted."""
    entries = "\n\n".join(f"@misc{{p{number},\n  title = {{{'T' * 200}}}\n}}" for number in range(300))
    shown = reply_messages(replies.Citation(text=entries, papers=300))
    blocks = [each for message in shown for each in message["blocks"]]
    preformatted = [each for each in strict.objects(blocks) if each.get("type") == "rich_text_preformatted"]
    assert all(each["elements"][0]["text"].endswith("\n}") for each in preformatted)
    assert f"{300 - len(preformatted)}moredonotfitinachat." in seen(*shown)
    for message in shown:
        strict.check(message)


def test_subscriptions_have_their_buttons() -> None:
    """A subscription has buttons to pause, edit and end it by its id; a paused one has Resume instead."""
    going = replies.Subscribed(subscription=a_subscription(channel=CHANNEL), next_due=NOW)
    resting = replies.Paused(item=replace(going, paused=True))
    names = {
        type(reply): [
            element["action_id"]
            for message in reply_messages(reply)
            for _, element in strict.presses(message["blocks"])
        ]
        for reply in (going, resting)
    }
    assert [Control.EDIT, Control.PAUSE, Control.UNSUBSCRIBE] == names[replies.Subscribed]
    assert [Control.EDIT, Control.RESUME, Control.UNSUBSCRIBE] == names[replies.Paused]


def test_an_unfurl_has_no_buttons() -> None:
    """The unfurl of a link shows the paper without buttons."""
    shown = unfurl(an_entry())
    assert [] == list(strict.presses(shown["blocks"]))
    assert "AttentionIsAllYouNeed" in seen(shown["blocks"])
