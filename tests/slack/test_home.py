"""The home tab shows a person's digests and saved papers within the limits of a view, whatever the content."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.papers import Paper
from bots.domain.replies import SavedList, Subscribed
from bots.slack.actions import AnswerRequest, OpenSubscribe, OpenSummarize, Show
from bots.slack.blocks import Json
from bots.slack.controls import Control
from bots.slack.home import Home, home_view
from bots.slack.incoming import read_control
from tests.slack import strict
from tests.slack.reading import seen
from tests.support import hostile
from tests.support.factories import NOW, a_paper, a_subscription, five_papers

CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")


def a_due_subscription(number: int = 0, **changes: Any) -> Subscribed:
    """Return a subscription with its next due time."""
    subscription = a_subscription(
        **{"id": f"a1b2c{number}", "channel": replace(CHANNEL, channel=f"C{number}"), **changes}
    )
    return Subscribed(subscription=subscription, next_due=NOW)


def check(view: Json, papers: tuple[Paper, ...] = (), channels: tuple[str, ...] = ()) -> None:
    """Check the tab against every limit; the given channels are the only ones it may name."""
    for each in strict.objects(view["blocks"]):
        if each.get("type") == "channel":
            assert each.pop("channel_id") in channels
            each |= {"type": "text", "text": "#channel"}
    strict.check_shown(view, strict.links_of(papers))


def labels(view: Json) -> list[str]:
    """Return the labels of the buttons."""
    return [element["text"]["text"] for _, element in strict.presses(view["blocks"])]


def test_a_home_with_everything() -> None:
    """Next digests are above saved papers, and these above the news; each has its buttons."""
    home = Home(
        subscriptions=(a_due_subscription(1), a_due_subscription(2)),
        saved=SavedList(papers=five_papers()),
        news=("Slack works.",),
    )
    view = home_view(home)
    read = seen(view["blocks"])
    assert read.index("Nextdigests") < read.index("AttentionIsAllYouNeed") < read.index("Slackworks.")
    assert "nextonTuesday24November2026at9:00" in read
    assert 2 == labels(view).count("Pause")
    assert 5 == labels(view).count("Remove")
    assert "All as BibTeX" in labels(view)
    check(view, five_papers(), ("C1", "C2"))


def test_an_empty_home() -> None:
    """An empty home tab explains how to begin."""
    view = home_view(Home())
    check(view)
    assert "/papersubscribe" in seen(view["blocks"])
    assert "Nosavedpapersyet." in seen(view["blocks"])
    assert ["New subscription", "Summarize a text", "Help"] == labels(view)


def test_a_search_that_finds_nothing() -> None:
    """After a search without results the words stay in their field, and a sentence reports that no paper matches."""
    view = home_view(Home(saved=SavedList(words="phlogiston")))
    check(view)
    (field,) = (block for block in view["blocks"] if block["type"] == "input")
    assert "phlogiston" == field["element"]["initial_value"]
    assert "Nosavedpaperfor“phlogiston”." in seen(view["blocks"])


def test_a_full_home() -> None:
    """If the content exceeds a page, the first items are shown and the others counted."""
    subscriptions = tuple(a_due_subscription(number) for number in range(40))
    papers = tuple(a_paper(title=f"Paper {number}") for number in range(100))
    view = home_view(Home(subscriptions=subscriptions, saved=SavedList(papers=papers), news=("New.",) * 9))
    assert "28more." in seen(view["blocks"])
    assert "85more." in seen(view["blocks"])
    check(view, papers, tuple(f"C{number}" for number in range(40)))


def test_every_press_is_understood() -> None:
    """Every control in the tab is parsed as an action, shown in the tab or in a modal."""
    view = home_view(Home(subscriptions=(a_due_subscription(1),), saved=SavedList(papers=(a_paper(),))))
    understood = {}
    (search,) = (block["element"] for block in view["blocks"] if block["type"] == "input")
    for element in (search, *(element for _, element in strict.presses(view["blocks"]))):
        action = {"action_id": element["action_id"], "value": element.get("value", "words")}
        body = {
            "user": {"id": "U1"},
            "team": {"id": "T1"},
            "actions": [action],
            "view": {"id": "V1", "type": "home", "hash": "1"},
        }
        understood[element["action_id"]] = read_control(body)
    shows = {name: each.show for name, each in understood.items() if isinstance(each, AnswerRequest)}
    assert {
        Control.SAVED_SEARCH: Show.HOME,
        Control.HELP: Show.MODAL,
        Control.PAUSE: Show.HOME,
        Control.UNSUBSCRIBE: Show.HOME,
        Control.SAVED_CITE: Show.MODAL,
        Control.SHOW: Show.MODAL,
        Control.CITE: Show.MODAL,
        Control.UNSAVE: Show.HOME,
    } == shows
    edit = understood[Control.EDIT]
    assert isinstance(edit, OpenSubscribe)
    assert "C1" == edit.location.channel.channel
    assert isinstance(understood[Control.SUBSCRIBE], OpenSubscribe)
    assert isinstance(understood[Control.SUMMARIZE], OpenSummarize)


@hostile.patient
@given(
    papers=st.lists(hostile.papers, max_size=20).map(tuple),
    words=hostile.texts,
    news=st.lists(hostile.texts, max_size=3).map(tuple),
    ids=st.lists(hostile.texts, max_size=3),
)
def test_a_hostile_home(papers: tuple[Paper, ...], words: str, news: tuple[str, ...], ids: list[str]) -> None:
    """Whatever is saved, searched for or subscribed to, the tab is within every limit and nothing is injected."""
    subscriptions = tuple(
        a_due_subscription(1, id=id_, query=id_, channel=replace(CHANNEL, channel=id_)) for id_ in ids
    )
    check(home_view(Home(subscriptions=subscriptions, saved=SavedList(papers=papers, words=words), news=news)), papers)
