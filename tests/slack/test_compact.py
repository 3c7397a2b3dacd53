"""In the compact look each message has one menu for its own papers, and picking one shows its buttons."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import RequestError
from bots.domain.paper_ids import PaperRef
from bots.domain.papers import PaperId, Signals
from bots.domain.requests import Abstract
from bots.domain.subscriptions import Look
from bots.slack.actions import AnswerRequest, Show
from bots.slack.incoming import read_control
from bots.slack.outgoing import digest_parts, picked_messages, reply_messages, smaller
from bots.testing.samples import a_long_digest
from tests.slack import strict
from tests.slack.conftest import Office
from tests.slack.reading import blocks_of, control, seen
from tests.support.factories import a_blurb, a_paper, an_entry

CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")


def a_compact_digest(length: int, **changed: Any) -> Digest:
    """Return a digest of papers in the compact look."""
    return replace(a_long_digest(length), **{"channel": CHANNEL, "look": Look.COMPACT, **changed})


def menus(blocks: Sequence[Any]) -> list[Any]:
    """Return the menus of papers in blocks."""
    return [element for _, element in strict.presses(blocks) if element["action_id"] == "paper.pick"]


def keys(blocks: Sequence[Any]) -> list[str]:
    """Return the papers that the menus in blocks offer."""
    return [option["value"] for menu in menus(blocks) for option in menu["options"]]


@pytest.mark.parametrize(("length", "compact"), [(0, False), (1, False), (5, False), (6, True), (20, True)])
def test_more_than_five_papers_are_compact(length: int, compact: bool) -> None:
    """By default a digest is compact above five papers, and cards up to five."""
    assert compact == replace(a_long_digest(length), look=Look.AUTO).compact
    assert not replace(a_long_digest(length), look=Look.CARDS).compact
    assert replace(a_long_digest(length), look=Look.COMPACT).compact
    parts = digest_parts(replace(a_long_digest(length), channel=CHANNEL))
    assert compact == any(menus(blocks_of(part)) for part in parts)


def test_far_fewer_messages() -> None:
    """Thirty papers are two messages instead of four; twenty, the most of a subscription, two instead of three."""
    counts = [
        [
            len(digest_parts(a_compact_digest(length, entries=real(length), look=look)))
            for look in (Look.CARDS, Look.AUTO)
        ]
        for length in (20, 30)
    ]
    assert [[3, 2], [4, 2]] == counts


def real(length: int) -> tuple[Any, ...]:
    """Return papers with titles and blurbs as long as the median of real ones: 75 and 230 characters."""
    blurb = a_blurb(text="We present a way to do this. " * 8)
    made = [
        a_paper(id=PaperId.arxiv(f"2611.{each:05}"), title="Attention to a Long Title " * 3) for each in range(length)
    ]
    return tuple(an_entry(paper=paper, blurb=blurb) for paper in made)


def test_a_paper_is_title_facts_and_blurb() -> None:
    """A paper has its linked title, a line of facts, its blurb and why it is shown; outside text stays literal."""
    paper = a_paper(title="<!channel> T_1", authors=("Ada", "Bo", "Cy"), signals=Signals(upvotes=3, stars=2))
    blurb = a_blurb(text="It holds <@U1>.")
    entries = (an_entry(paper=paper, blurb=blurb, why="matches x"),)
    (part,) = digest_parts(a_compact_digest(0, entries=entries, notes=()))
    (shown,) = [block for block in blocks_of(part) if block["type"] == "rich_text"]
    first, *rest = shown["elements"][0]["elements"]
    assert ("1. ", {"type": "link", "url": paper.url, "text": "<!channel> T_1", "style": {"bold": True}}) == (
        first["text"], rest[0],
    )  # fmt: skip
    facts, text = rest[2]["text"], rest[4]["text"]
    assert facts.startswith("Ada + 2 more · ")
    assert facts.endswith("3 upvotes · 2 stars")
    assert ("It holds <@U1>.", "Why: matches x", 7) == (text, rest[6]["text"], len(rest))


@given(length=st.integers(1, 110), size=st.integers(0, 900), threaded=st.booleans())
def test_each_menu_offers_the_papers_of_its_message(length: int, size: int, threaded: bool) -> None:
    """In parts of any number and size the one menu of each offers exactly the papers that the part shows."""
    blurb = a_blurb(text="x" * (size + 1))
    entries = tuple(replace(entry, blurb=blurb) for entry in a_long_digest(length).entries)
    parts = digest_parts(a_compact_digest(0, entries=entries, threaded=threaded))
    for part in (*parts, *(half for whole in parts for half in smaller(whole))):
        strict.check(part.payload, strict.links_of(entry.paper for entry in entries))
        assert list(map(str, part.paper_ids)) == keys(blocks_of(part))
        assert len(menus(blocks_of(part))) == bool(part.paper_ids)


def test_a_smaller_part_keeps_its_menu() -> None:
    """A part with one paper that is cut step by step offers this paper until the last step."""
    steps: list[Part] = [digest_parts(a_compact_digest(1, notes=()))[-1]]
    while smaller(steps[-1]):
        steps.append(smaller(steps[-1])[-1])
    assert len(steps) > 2
    assert {("arxiv:2611.00000",)} == {tuple(keys(blocks_of(step))) for step in steps if step.paper_ids}


def test_a_part_planned_before_is_split_as_it_was() -> None:
    """A part of cards that an earlier version planned, without any options, is split without a menu."""
    (part, *_) = digest_parts(a_compact_digest(8, look=Look.CARDS))
    assert "options" not in part.payload
    assert [] == [key for half in smaller(part) for key in keys(blocks_of(half))]


def test_a_paper_twice_is_one_option() -> None:
    """A paper that a digest shows twice is offered once; Slack refuses no value, but nobody needs both."""
    (part,) = digest_parts(a_compact_digest(0, entries=(an_entry(), an_entry()), notes=()))
    assert 1 == len(keys(blocks_of(part)))


@pytest.mark.parametrize(("length", "menu", "buttons"), [(60, 1, 0), (76, 0, 4), (190, 0, 4), (250, 0, 0)])
def test_a_long_id_has_its_own_row(length: int, menu: int, buttons: int) -> None:
    """A paper whose id is too long for an option has the buttons of a card instead; too long for those, none."""
    entry = an_entry(paper=a_paper(id=PaperId(scheme="doi", value=f"10.1/{'x' * (length - len('doi:10.1/'))}")))
    (part,) = digest_parts(a_compact_digest(0, entries=(entry,), notes=()))
    strict.check(part.payload, strict.links_of([entry.paper]))
    pressed = [element for _, element in strict.presses(blocks_of(part)) if element["type"] == "button"]
    assert (menu, buttons) == (len(menus(blocks_of(part))), len(pressed))


def test_a_pick_asks_for_that_paper() -> None:
    """A choice asks for the paper in its version, for the person alone; anything else is refused in words."""
    entry = an_entry(paper=a_paper(version=3))
    (part,) = digest_parts(a_compact_digest(0, entries=(entry,), notes=()))
    ((block, element),) = strict.presses(blocks_of(part))
    action = read_control(control(block, element, element["options"][0]))
    assert isinstance(action, AnswerRequest)
    assert Show.PICKED is action.show
    ref = entry.paper.ref
    assert Abstract(channel=CHANNEL, user="U1", paper_id=ref.id, version=ref.version) == action.request
    for wrong in ({"value": ""}, {"value": "no paper"}, {}, None):
        with pytest.raises(RequestError):
            read_control(control(block, element, wrong))


def test_a_picked_paper_has_its_actions() -> None:
    """A picked paper has its title and exactly five buttons, each for this paper; an error is shown as an error."""
    paper = a_paper()
    (message,) = picked_messages(replies.WholeAbstract(paper=paper))
    strict.check(message, strict.links_of([paper]))
    pressed = [element for _, element in strict.presses(message["blocks"])]
    labels = ["Abstract", "Save", "More like this", "Not for us", "BibTeX"]
    assert labels == [element["text"]["text"] for element in pressed]
    assert {paper.id} == {PaperRef.parse(element["value"]).id for element in pressed}
    assert "".join(paper.title.split()) in seen(message["blocks"])
    busy = replies.Problem(message="Too many requests.")
    assert reply_messages(busy) == picked_messages(busy)


async def test_a_person_picks_a_paper_of_a_digest(office: Office) -> None:
    """Who picks a paper of a posted digest alone sees its buttons, which do what a card's do; the digest stays."""
    ada, papers = office.ada, office.papers
    await ada.types("/paper digest source=sample limit=8", papers)
    shown = await ada.reads("8 papers for", papers, only_me=True)
    option = next(each for each in shown.controls if each.element["action_id"] == "paper.pick").options[0]
    await ada.chooses(shown, option)
    picked = await ada.waits(
        lambda: next((each for each in ada.sees(papers, only_me=True) if "BibTeX" in each.buttons), None),
        what="a paper",
    )
    assert ["Abstract", "Save", "More like this", "Not for us", "BibTeX"] == picked.buttons
    await ada.presses(picked, "Save")
    await ada.reads("Saved:", papers, only_me=True)
    await ada.presses(picked, "Not for us")
    await ada.presses(
        await ada.waits(
            lambda: next((each for each in ada.sees(papers, only_me=True) if "Hide it" in each.buttons), None),
            what="the question",
        ),
        "Hide it",
    )
    await ada.reads("Hidden:", papers, only_me=True)
    await ada.presses(picked, "BibTeX")
    await ada.reads("1 paper as BibTeX", papers, only_me=True)
    await ada.presses(picked, "Abstract")
    await ada.gets_modal("Abstract")
    assert [] == [each for each in ada.sees(papers) if not each.message.only_for]


async def test_a_paper_that_nobody_has_any_more(office: Office) -> None:
    """A pick of a paper that was forgotten is answered in words, for the person alone."""
    gone = an_entry(paper=a_paper(id=PaperId(scheme="file", value="gone")))
    channel = replace(CHANNEL, workspace=office.slack.workspace().id, channel=office.papers.id)
    await office.application.executor.post_now(a_compact_digest(0, channel=channel, entries=(gone,), notes=()))
    posted = await office.ada.reads("1 paper for", office.papers)
    await office.ada.chooses(posted, "1. Attention Is All You Need")
    said = await office.ada.waits(
        lambda: next(iter(office.ada.sees(office.papers, only_me=True)), None), what="an answer"
    )
    assert "no longer has this paper" in said.text
    assert "file:gone" not in said.text
    assert [] == said.buttons
