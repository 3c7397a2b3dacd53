"""A day of a person who uses Paperwire in Slack, from installation to removal, over Socket Mode and over HTTP."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.bootstrap.app import App
from bots.scheduling.scheduler import Scheduler
from bots.slack.app import SlackSettings
from bots.slack.manifest import manifest
from summarizer import Secret
from tests.fakes.slack.person import Person
from tests.fakes.slack.preview import Preview
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.screens import Screen
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.transcript import Transcript
from tests.fakes.slack.world import Channel
from tests.slack.conftest import Clock, abroad, at_home
from tests.support.rows import rows_of

VIENNA = ZoneInfo("Europe/Vienna")
FIRST = "Generative Agents: Interactive Simulacra of Human Behavior"
ABSTRACT = (
    "Research teams face more papers every day than they can read. Existing alerts either send everything or hide why "
    "a paper was chosen. In this paper, we present a digest that filters the day's papers by the interests of a team "
    "and condenses each abstract to one sentence that the abstract itself supports. In a trial with 12 groups over "
    "eight weeks, readers opened 3.4 times as many of the papers they were sent. "
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The workspace, the shared clock, and Ada, who lives in Vienna."""

    slack: FakeSlack
    application: App
    scheduler: Scheduler
    clock: Clock
    ada: Person
    papers: Channel
    folder: Path

    async def types(self, words: str, answer: str) -> Seen:
        """Have Ada type a command, and return the reply that only she sees."""
        before = len(self.ada.sees(self.papers, only_me=True))
        await self.ada.types(f"/paper {words}".strip(), self.papers)
        return await self._told(before, answer)

    async def presses(self, where: Seen, label: str, answer: str) -> Seen:
        """Have Ada click a button or choose from a menu, and return the reply that only she sees."""
        before = len(self.ada.sees(self.papers, only_me=True))
        await (self.ada.presses if label in where.buttons else self.ada.chooses)(where, label)
        return await self._told(before, answer)

    async def _told(self, before: int, answer: str) -> Seen:
        def told() -> Seen | None:
            new = self.ada.sees(self.papers, only_me=True)[before:]
            return next((seen for seen in new if answer in seen.text), None)

        return await self.ada.waits(told, what=repr(answer))

    async def modal(self, words: str) -> Screen:
        """Wait until Ada's open modal contains some words."""

        def shown() -> Screen | None:
            return self.ada.modal if self.ada.modal and words in self.ada.modal.text else None

        return await self.ada.waits(shown, what=f"a modal with {words!r}")

    async def home(self, words: str) -> Screen:
        """Wait until Ada's home tab contains some words."""

        def shown() -> Screen | None:
            return self.ada.home if self.ada.home and words in self.ada.home.text else None

        return await self.ada.waits(shown, what=f"a home tab with {words!r}")

    async def becomes(self, hour: int) -> None:
        """Move the clock to an hour of a working day in Vienna, for Slack and for Paperwire."""
        now = self.clock().astimezone(VIENNA)
        then = datetime.combine(now.date(), time_of_day(hour), VIENNA)
        while then <= now or then.weekday() > 4:
            then += timedelta(days=1)
        self.clock.ahead += then - now
        await self.scheduler.poll()
        await self.application.dispatcher.drain()

    def page(self, name: str, html: str) -> None:
        """Save a page for manual inspection."""
        (self.folder / f"{name}.html").write_text(html, encoding="utf-8")


@pytest.fixture(params=["socket", "http"])
async def day(clock: Clock, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Day]:
    """The day, over Socket Mode and over HTTP."""
    async with FakeSlack(manifest("socket", unfurl=True), clock=lambda: clock().timestamp()) as slack:
        ada = slack.person("ada", tz=str(VIENNA))
        if request.param == "http":
            # slack_sdk checks Slack's signatures against the wall clock.
            slack.hub.hooks = type(slack.hub.hooks)(time.time, slack.hub.signing_secret, "")
            async with abroad(slack, tmp_path, clock=clock) as site:
                assert 200 == (await site.installed(ada)).status
                yield _day(slack, site.application, clock, ada, tmp_path)
            return
        installation = slack.hub.install(slack.workspace())
        bot, app = Secret(installation.token), Secret(slack.hub.app_token)
        settings = SlackSettings(api_url=slack.api, unfurl=True, bot_token=bot, app_token=app)
        async with at_home(settings, tmp_path, clock=clock) as application:
            yield _day(slack, application, clock, ada, tmp_path)


def _day(slack: FakeSlack, application: App, clock: Clock, ada: Person, folder: Path) -> Day:
    papers = slack.channel("papers", ada)
    return Day(
        slack=slack,
        application=application,
        scheduler=application.scheduler(),
        clock=clock,
        ada=ada,
        papers=papers,
        folder=folder,
    )


async def test_a_day_in_slack(day: Day) -> None:
    """Every feature works from one morning to the next, and after an uninstall no row of the workspace is left."""
    await day.scheduler.poll()
    await subscribes(day)
    await day.becomes(9)
    digest = await day.ada.reads(FIRST, day.papers)
    assert "09:00" == datetime.fromtimestamp(float(digest.ts), VIENNA).strftime("%H:%M")
    await presses_everything(day, digest)
    await looks_things_up(day)
    await pastes(day)
    await talks(day)
    await is_at_home(day)
    await goes_wrong(day)
    kept(day)
    await leaves(day)


async def subscribes(day: Day) -> None:
    """Create a subscription in the modal: with Ada's time zone, a preview of papers, and errors under the fields."""
    await day.ada.types("/paper subscribe", day.papers)
    screen = await day.ada.gets_modal("New subscription")
    assert "Vienna (Europe/Vienna)" == screen.value("Time zone")
    await day.ada.fills({"Sources": "sampel", "Time": "09:00"})
    await day.ada.presses(screen, "More options")
    await day.ada.waits(lambda: "More times of day" in screen.labels or None, what="the other options")
    assert "09:00" == screen.value("Time")
    await day.ada.submits()
    await day.ada.waits(lambda: (day.ada.modal and day.ada.modal.errors) or None, what="an error")
    assert "is not a source" in screen.errors["Sources"]
    await day.ada.fills(
        {"Sources": "sample", "Maximum number of papers": "3", "Only papers that match": '"language model*"'}
    )
    day.page("subscribe", Preview(day.slack.hub).screen(screen))
    await day.ada.presses(screen, "Preview")
    day.page("preview", Preview(day.slack.hub).screen(await day.modal(FIRST)))
    await day.ada.cancels()
    await day.ada.submits()
    assert "9:00" in (await day.modal("Subscribed")).text
    await day.ada.cancels()


async def presses_everything(day: Day, digest: Seen) -> None:
    """Click every control under the first paper of the digest; the digest itself stays unchanged."""
    text, ada = digest.text, day.ada
    assert ["Abstract", "Save", "More like this", "Not for us"] == digest.buttons[:4]
    await ada.presses(digest, "Abstract")
    assert "Believable stand-ins" in (await day.modal("Believable stand-ins")).text
    await ada.cancels()
    assert FIRST in (await day.presses(digest, "Save", "Saved:")).text
    assert FIRST not in (await day.presses(digest, "More like this", "papers")).text.splitlines()[1:]
    asks = await day.presses(digest, "Not for us", "Generative")
    assert (True, ["Hide it"]) == (FIRST in asks.text, asks.buttons)
    assert ["Undo"] == (await day.presses(asks, "Hide it", "Hidden:")).buttons
    assert "@" in (await day.presses(digest, "BibTeX", "BibTeX")).text
    await ada.chooses(digest, "Open PDF")
    await ada.chooses(digest, "Share to channel")
    shared = await ada.waits(
        lambda: next(
            (seen for seen in ada.sees(day.papers) if seen.ts > digest.ts and not seen.message.only_for), None
        ),
        what="a shared paper",
    )
    assert FIRST in shared.text
    assert "ada shared this" in shared.text
    again = next(seen for seen in ada.sees(day.papers) if seen.ts == digest.ts)
    assert (text, []) == (again.text, day.slack.hub.happenings.of("ambiguous"))
    day.page("digest", Preview(day.slack.hub, zone=VIENNA).conversation("# papers", [digest]))


async def looks_things_up(day: Day) -> None:
    """Look up by id, address and title, search and pick from the hits, have a digest now, and list what was saved."""
    card = await day.types("2304.03442", FIRST)
    day.page("card", Preview(day.slack.hub, zone=VIENNA).conversation("# papers", [card]))
    assert "BERT" in (await day.types("https://arxiv.org/abs/1810.04805v2", "BERT")).text
    await day.types("segment anything", "Segment Anything")
    hits = await day.types("attention", "papers for “attention”")
    assert "Attention Is All You Need" in (await day.presses(hits, "Show", "Vaswani")).text
    await day.types("search diffusion image", "Latent Diffusion")
    await day.types("digest now source=sample limit=2", "2 papers for")
    assert FIRST in (await day.types("saved", "1 saved")).text
    await day.types("subscriptions", "at 9:00")
    await day.types("help", "Commands")


async def pastes(day: Day) -> None:
    """Paste an abstract of 1,000 characters, one of 5,900 over two fields, and a text that is no abstract."""
    long = (ABSTRACT * 12)[:5900]
    for fields in (
        {"Abstract": (ABSTRACT * 3)[:1000]},
        {"Abstract": long[:3000], "The rest, if it did not fit above": long[3000:]},
    ):
        await day.ada.uses_shortcut("summarize")
        await day.ada.gets_modal("Summarize")
        await day.ada.fills(dict(fields))
        await day.ada.submits()
        assert "digest" in (await day.modal("the interests of a team")).text
        await day.ada.cancels()
    await day.ada.uses_shortcut("summarize")
    await day.ada.gets_modal("Summarize")
    await day.ada.fills({"Abstract": "Too short."})
    await day.ada.submits()
    screen = await day.ada.waits(lambda: day.ada.modal if day.ada.modal and day.ada.modal.errors else None, what="red")
    assert ["Abstract"] == list(screen.errors)
    await day.ada.cancels()


async def talks(day: Day) -> None:
    """Post a message and summarise it, mention the bot with a link, send it a direct message, post a link."""
    message = await day.ada.says(ABSTRACT, day.papers)
    await day.ada.uses_message_shortcut("summarize_message", message)
    await day.ada.reads("the interests of a team", day.papers, only_me=True)
    asked = await day.ada.mentions("what about https://arxiv.org/abs/1512.03385 ?", day.papers)
    await day.ada.reads("Deep Residual Learning", day.papers, thread=asked.ts)
    await day.ada.dms("1412.6980")
    await day.ada.reads("Adam", day.ada.direct)
    link = await day.ada.shares_link("https://huggingface.co/papers/2304.02643", day.papers)
    await day.ada.waits(lambda: link.message.unfurls, what="an unfurl")


async def is_at_home(day: Day) -> None:
    """On the home tab: search the saved papers, export them, pause, resume and edit the subscription."""
    await day.types("save 1706.03762", "Saved:")
    await day.ada.opens_home()
    screen = await day.home("Attention Is All You Need")
    assert "at 9:00" in screen.text
    day.page("home", Preview(day.slack.hub).screen(screen))
    await day.ada.presses(screen, "All as BibTeX")
    assert 2 == len(re.findall("^@", (await day.modal("BibTeX")).text, re.MULTILINE))
    await day.ada.cancels()
    await day.ada.presses(screen, "Pause")
    await day.ada.presses(await day.home("aused"), "Resume")
    await day.ada.waits(lambda: day.ada.home if day.ada.home and "Pause" in day.ada.home.buttons else None)
    screen = await day.home("at 9:00")
    await day.ada.presses(screen, "Edit")
    await day.ada.gets_modal("Edit subscription")
    await day.ada.fills({"Time": "10:30"})
    await day.ada.submits()
    await day.modal("10:30")
    await day.ada.cancels()


async def goes_wrong(day: Day) -> None:
    """Each invalid command is answered with an explanation and the correct form."""
    assert "from 1 to 20" in (await day.types("digest limit=500", "500")).text
    assert "2999.99999" in (await day.types("2999.99999", "2999.99999")).text
    assert "Did you mean" in (await day.types("subscrib at=9", "")).text
    assert "pause alone is enough" in (await day.types("pause nothing", "nothing")).text


def kept(day: Day) -> None:
    """Save the day's events for inspection; the fake Slack recorded no violation."""
    (day.folder / "day.txt").write_text(Transcript(day.slack.hub, zone=VIENNA).text(), encoding="utf-8")
    assert [] == day.ada.notices
    assert [] == day.slack.hub.happenings.of("bad answer", "unacked", "broken")


async def leaves(day: Day) -> None:
    """Uninstall the app: of all rows that the day has written, none names the workspace."""
    workspace = day.ada.workspace.id
    assert {"subscription", "delivery", "saved_paper", "tenant"} <= set(rows_of(day.folder, workspace))
    day.ada.uninstalls()
    async with asyncio.timeout(30):
        while rows_of(day.folder, workspace):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
