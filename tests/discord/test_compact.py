"""In the compact look each message has one menu for its own papers, and picking one shows its buttons."""

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord.actions import AnswerRequest
from bots.discord.components import Json, count, inside, text_size
from bots.discord.embeds import as_embeds
from bots.discord.incoming import read_control
from bots.discord.outgoing import digest_parts, picked_messages, reply_messages, smaller
from bots.domain import replies
from bots.domain.digests import Digest, Part
from bots.domain.errors import RequestError
from bots.domain.papers import PaperId, Signals
from bots.domain.requests import Abstract
from bots.domain.subscriptions import Look
from bots.testing.samples import a_long_digest
from tests.discord import strict
from tests.discord.conftest import Lab
from tests.discord.markdown import seen
from tests.discord.papers import CHANNEL
from tests.support.factories import a_blurb, a_paper, an_entry


def a_compact_digest(length: int, **changed: Any) -> Digest:
    """Return a digest of papers in the compact look."""
    return replace(a_long_digest(length), **{"channel": CHANNEL, "look": Look.COMPACT, **changed})


def components(payload: object) -> list[Json]:
    """Return the components of a message."""
    return cast("list[Json]", cast("Json", payload)["components"])


def menus(payload: object) -> list[Any]:
    """Return the menus of papers in a message."""
    return [each for each in inside(components(payload)) if each.get("custom_id") == "pw:pick:"]


def keys(payload: object) -> list[str]:
    """Return the papers that the menus in a message offer."""
    return [option["value"] for menu in menus(payload) for option in menu["options"]]


def pressed(values: list[Any]) -> Json:
    """Return the interaction of a choice from the menu."""
    return {
        "id": "1", "token": "t", "type": 3, "guild_id": "900", "channel_id": "901", "channel": {"id": "901", "type": 0},
        "member": {"user": {"id": "7"}, "permissions": "0"}, "message": {"id": "5"},
        "data": {"custom_id": "pw:pick:", "component_type": 3, "values": values},
    }  # fmt: skip


@pytest.mark.parametrize(("length", "compact"), [(0, False), (5, False), (6, True), (20, True)])
def test_more_than_five_papers_are_compact(length: int, compact: bool) -> None:
    """By default a digest is compact above five papers, and cards up to five."""
    parts = digest_parts(replace(a_long_digest(length), channel=CHANNEL))
    assert compact == any(menus(part.payload) for part in parts)
    cards = digest_parts(a_compact_digest(length, look=Look.CARDS))
    assert not any(menus(part.payload) for part in cards)


def test_a_paper_is_title_facts_and_blurb() -> None:
    """A paper has its linked title, a line of facts, its blurb and why it is shown; outside text is escaped."""
    paper = a_paper(title="@everyone T_1", authors=("Ada", "Bo", "Cy"), signals=Signals(upvotes=3, stars=2))
    entry = an_entry(paper=paper, blurb=a_blurb(text="It holds <@1>."), why="matches x")
    (part,) = digest_parts(a_compact_digest(0, entries=(entry,), notes=()))
    *_, shown = (each["content"] for each in inside(components(part.payload)) if each["type"] == 10)
    title, facts, blurb, why = shown.split("\n")
    assert f"**1\\. [\\@everyone T\\_1](<{paper.url}>)**" == title
    assert facts.startswith("-# Ada + 2 more · ")
    assert facts.endswith("3 upvotes · 2 stars")
    assert ("It holds \\<\\@1>.", "-# Why: matches x") == (blurb, why)


@given(length=st.integers(1, 90), size=st.integers(0, 900), threaded=st.booleans())
def test_each_menu_offers_the_papers_of_its_message(length: int, size: int, threaded: bool) -> None:
    """In parts of any number and size the one menu of each offers exactly the papers that the part shows."""
    blurb = a_blurb(text="x" * (size + 1))
    entries = tuple(replace(entry, blurb=blurb) for entry in a_long_digest(length).entries)
    parts = digest_parts(a_compact_digest(0, entries=entries, threaded=threaded))
    assert tuple(entry.paper.id for entry in entries) == tuple(each for part in parts for each in part.paper_ids)
    for part in (*parts, *(half for whole in parts for half in smaller(whole))):
        strict.check(part.payload, strict.links_of(entry.paper for entry in entries))
        assert count(components(part.payload)) <= 40
        assert text_size(components(part.payload)) <= 4000
        assert list(map(str, part.paper_ids)) == keys(part.payload)
        assert len(keys(part.payload)) <= 25
        assert len(menus(part.payload)) == bool(part.paper_ids)


def test_far_fewer_messages() -> None:
    """Thirty papers with short blurbs are four messages instead of six; twenty are three instead of four."""
    counts = []
    for length in (20, 30):
        blurb = a_blurb(text="We present a way to do this. " * 8)
        papers = [
            a_paper(id=PaperId.arxiv(f"2611.{each:05}"), title="Attention to a Long Title " * 3)
            for each in range(length)
        ]
        entries = tuple(an_entry(paper=paper, blurb=blurb) for paper in papers)
        counts.append(
            [len(digest_parts(a_compact_digest(0, entries=entries, look=look))) for look in (Look.CARDS, Look.AUTO)]
        )
    assert [[4, 3], [6, 4]] == counts


def test_a_smaller_part_keeps_its_menu() -> None:
    """A part with one paper that is cut step by step offers this paper until the last step."""
    steps: list[Part] = [digest_parts(a_compact_digest(1, notes=(), threaded=True))[-1]]
    while smaller(steps[-1]):
        steps.append(smaller(steps[-1])[-1])
    assert len(steps) > 2
    assert {("arxiv:2611.00000",)} == {tuple(keys(step.payload)) for step in steps}


def test_a_part_planned_before_is_split_as_it_was() -> None:
    """A part of cards that an earlier version planned, without any options, is split without a menu."""
    (part, *_) = digest_parts(a_compact_digest(8, look=Look.CARDS))
    assert "options" not in part.payload
    assert [] == [key for half in smaller(part) for key in keys(half.payload)]


def test_a_paper_twice_is_one_option() -> None:
    """A paper that a digest shows twice is offered once: Discord refuses a menu with a value twice."""
    (part,) = digest_parts(a_compact_digest(0, entries=(an_entry(), an_entry()), notes=()))
    assert 1 == len(keys(part.payload))


@pytest.mark.parametrize(("length", "offered"), [(90, 1), (100, 1), (101, 0), (300, 0)])
def test_a_long_id_is_not_offered(length: int, offered: int) -> None:
    """A paper whose id is too long for an option is shown without it."""
    entry = an_entry(paper=a_paper(id=PaperId(scheme="doi", value=f"10.1/{'x' * (length - len('doi:10.1/'))}")))
    (part,) = digest_parts(a_compact_digest(0, entries=(entry,), notes=()))
    strict.check(part.payload, strict.links_of([entry.paper]))
    assert offered == len(keys(part.payload))
    assert "AttentionIsAllYouNeed" in seen(part.payload)


def test_a_digest_as_embeds_keeps_its_menu() -> None:
    """Where components are not supported, the menu stays below the embeds."""
    (part,) = digest_parts(a_compact_digest(3, notes=()))
    body = as_embeds(part.payload)
    assert keys(part.payload) == keys(body)
    assert all(f"Paper {number}" in str(body["embeds"]) for number in range(3))


def test_a_pick_asks_for_that_paper() -> None:
    """A choice asks for the paper in its version; anything else is refused in words."""
    paper = a_paper(version=3)
    action = read_control(pressed([paper.ref.key]))
    assert isinstance(action, AnswerRequest)
    assert action.picked
    ref = paper.ref
    assert (Abstract(channel=CHANNEL, user="7", paper_id=ref.id, version=ref.version),) == action.requests
    wrongs: tuple[list[Any], ...] = ([], [""], ["no paper"], [{}], [None])
    for wrong in wrongs:
        with pytest.raises(RequestError):
            read_control(pressed(wrong))


def test_a_picked_paper_has_its_actions() -> None:
    """A picked paper has its title and exactly five buttons, each for this paper; an error is shown as an error."""
    paper = a_paper()
    (message,) = picked_messages(replies.WholeAbstract(paper=paper))
    strict.check(message.payload, strict.links_of([paper]))
    buttons = [each for each in inside(components(message.payload)) if each["type"] == 2]
    assert ["Abstract", "Save", "More like this", "Not for us", "BibTeX"] == [each["label"] for each in buttons]
    assert all(each["custom_id"].endswith(f":{paper.ref.key}") for each in buttons)
    assert "AttentionIsAllYouNeed" in seen(message.payload)
    busy = replies.Problem(message="Too many requests.")
    assert reply_messages(busy) == picked_messages(busy)


async def test_a_person_picks_a_paper_of_a_digest(lab: Lab) -> None:
    """Who picks a paper of a digest alone sees its buttons, which do what a card's do; the digest stays."""
    ada, papers = lab.ada, lab.papers
    await ada.uses("/paper digest", papers, source="sample", limit=8)
    shown = await ada.reads("8 papers for", papers, only_me=True)
    label = menus(shown.message)[0]["options"][0]["label"]
    await ada.chooses(shown, label)
    picked = await ada.waits(
        lambda: next((each for each in ada.sees(papers, only_me=True) if "BibTeX" in each.buttons), None),
        what="a paper",
    )
    assert ["Abstract", "Save", "More like this", "Not for us", "BibTeX"] == picked.buttons
    for button, answer in (
        ("Save", "Saved:"),
        ("Not for us", "Hide “"),
        ("BibTeX", "1 paper as"),
    ):
        await ada.presses(picked, button)
        await ada.reads(answer, papers, only_me=True)
    assert [] == lab.discord.messages(papers)


async def test_a_paper_that_nobody_has_any_more(lab: Lab) -> None:
    """A pick of a paper that was forgotten is answered in words, for the person alone."""
    gone = an_entry(paper=a_paper(id=PaperId(scheme="file", value="gone")))
    channel = replace(CHANNEL, workspace=lab.guild.id, channel=lab.papers.id)
    await lab.application.executor.post_now(a_compact_digest(0, channel=channel, entries=(gone,), notes=()))
    posted = await lab.ada.reads("1 paper for", lab.papers)
    await lab.ada.chooses(posted, "1. Attention Is All You Need")
    said = await lab.ada.reads("no longer has this paper", lab.papers, only_me=True)
    assert said.ephemeral
    assert "file:gone" not in said.text
