"""Any RSS, Atom or JSON Feed by its address, and the feeds of journals by their names."""

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import ClassVar
from urllib.parse import urlsplit

from bots.config.source_descriptions import SourceDescription
from bots.config.values import Setting, addresses
from bots.domain.errors import SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources._allowed_hosts import reach_of
from bots.sources.context import SourceContext
from bots.sources.feed_presets import PRESETS, Preset, hosts
from bots.sources.page_answers import check_status, named_address
from bots.sources.reading.feeds import Feed, read_feed
from bots.sources.reading.xml_tree import is_feed
from bots.sources.web import Page, Web
from bots.translation.formats import sentences_lazy
from bots.translation.speech import LazyText, gettext_lazy

#: Days for which an entry that was not listed before counts as new: as long as the store knows what was listed, so that
#: an entry comes once. Journals date articles days before they stand in the feed.
_WINDOW = 14
_FEED_TYPES = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_GONE = 410
#: Names that are offered for one that is misspelt, and how similar they must be.
_MOST_NEAR, _NEAR = 3, 0.6
_NAME = re.compile(r"[a-z][a-z0-9-]{1,40}")


class FeedSource:
    """The entries of one feed that were not listed on an earlier day."""

    description: ClassVar[SourceDescription] = SourceDescription(
        title="feed",
        says="a journal's or any site's RSS, Atom or JSON Feed",
        argument="A name such as acl, nature, science or plos-one, or the address of a feed (https).",
        usage="feed:NAME or feed:URL",
        examples=tuple(f"feed:{name}" for name in PRESETS),
        captions={f"feed:{name}": preset.caption for name, preset in PRESETS.items()},
        hosts=hosts(),
        settings=(
            Setting(
                name="feed_hosts",
                default="",
                says="Addresses in your own network, such as http://feeds.lab.example.org, that `feed:` and `bib:` may "
                "read although they are not on the public internet. Anybody in a connected chat can then read feeds "
                "and bibliographies there.",
                read=addresses,
            ),
        ),
        open_web=True,
        terms="The texts belong to their publishers; Paperwire shows a few sentences of each and links to the article.",
    )

    def __init__(self, name: str, preset: Preset, web: Web) -> None:
        self.spec = f"feed:{name}"
        self._preset = preset
        self._web = web

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "FeedSource":
        """Return the source of `feed:nature`, or of `feed:https://…`.

        Raises:
            SettingsError: there is no feed of that name, or the address is none.
        """
        named = argument.strip()
        preset = PRESETS.get(named.lower())
        if preset is not None:
            return cls(named.lower(), preset, context.web)
        if _NAME.fullmatch(named.lower()) or not named:
            raise SettingsError(
                gettext_lazy("There is no feed named “{text}”.", text=named[:40])
                if named
                else gettext_lazy("A feed needs a name or an address."),
                hint=sentences_lazy(
                    _known(named), gettext_lazy("Or write feed:https://… with the address of any feed.")
                ),
            )
        address = named_address(named, "feed", reach_of(cls.description, context.settings))
        host = urlsplit(address).hostname or ""
        return cls(address, Preset(title=host, url=address, caption="", terms=""), context.web)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the entries of the last days that the feed did not list before, in its order.

        An entry's day is that on which the feed first had it here: the dates of entries are often earlier, and a feed
        that is read each day loses none.
        """
        feed = await self._feed()
        listed, older = self._new(feed, ask)
        trouble = feed.reading.trouble
        if feed.damaged:
            damaged = gettext_lazy("The feed is damaged, so that entries may be missing.")
            trouble = sentences_lazy(damaged, trouble)
        if listed:
            state = Freshness.PARTIAL if trouble else Freshness.FRESH
            return Harvest(source=self.spec, papers=listed[: ask.limit], state=state, note=trouble)
        if trouble and not feed.reading.papers:
            raise SourceRefused(
                gettext_lazy(
                    "The feed of {source} has no readable entries. {trouble}",
                    source=self._preset.title,
                    trouble=trouble,
                )
            )
        # Whatever comes later is listed on the day on which it is there, so this day is not asked for again.
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=self._nothing(older, ask.day), final=True)

    async def _feed(self) -> Feed:
        page = await self._web.get(self._preset.url, accept=_FEED_TYPES, whole=_whole)
        name = gettext_lazy("The feed of {source}", source=self._preset.title)
        if page.status == _GONE:
            raise SourceRefused(
                gettext_lazy("{source} has ended (HTTP 410).", source=name),
                hint=gettext_lazy("Remove it from the subscription."),
            )
        check_status(page, name)
        # In a thread: a feed of a thousand entries takes a second.
        return await asyncio.to_thread(read_feed, page.body, self.spec, name)

    def _new(self, feed: Feed, ask: SourceQuery) -> tuple[tuple[Paper, ...], tuple[Paper, ...]]:
        """Return the papers of the day, and those that are known, too old or of a later day."""
        first = ask.day - timedelta(days=self._preset.window)
        listed: list[Paper] = []
        others: list[Paper] = []
        for paper in unique(feed.reading.papers):
            day = paper.published.date() if paper.published else None
            in_time = day is None or first <= day <= ask.day
            is_new = in_time and paper.names.isdisjoint(ask.known)
            (listed if is_new else others).append(paper)
        return tuple(self._listed(paper, ask.day) for paper in listed), tuple(others)

    def _listed(self, paper: Paper, day: date) -> Paper:
        venue = paper.venue or (self._preset.title if self.spec.partition(":")[2] in PRESETS else "")
        # A long window is that of a feed whose dates name only the month.
        day_known = paper.day_known and self._preset.window <= _WINDOW
        return replace(paper, announced=day, venue=venue, day_known=day_known)

    def _nothing(self, older: tuple[Paper, ...], day: date) -> str:
        title = self._preset.title
        if not older:
            return gettext_lazy("The feed of {source} is empty.", source=title)
        days = [paper.published.date() for paper in older if paper.published]
        latest = max((each for each in days if each <= day), default=None)
        if latest is None:
            return gettext_lazy("The feed of {source} has nothing new for {day}.", source=title, day=day.isoformat())
        return gettext_lazy(
            "The feed of {source} has nothing new for {day}; its latest entry is of {latest}.",
            source=title,
            day=day.isoformat(),
            latest=latest.isoformat(),
        )


def _known(named: str) -> LazyText:
    """Return the names of feeds that a person may have meant, or all of them where no name was typed."""
    near = get_close_matches(named.lower(), PRESETS, n=_MOST_NEAR, cutoff=_NEAR)
    if near:
        return gettext_lazy("Did you mean {guess}?", guess=" / ".join(near))
    return gettext_lazy("Known are {names}.", names=", ".join(PRESETS))


def _whole(page: Page) -> bool:
    """Return whether an answer can be a feed: a busy server sends a blank body or a page of its own with status 200."""
    return is_feed(page)
