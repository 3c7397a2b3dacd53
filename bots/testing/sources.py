"""The contract of every source and library, from `bots.ports`, for any of them."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bots.config.source_catalogue import described
from bots.config.source_descriptions import faults
from bots.domain.errors import PaperNotFound, SourceError
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.presentation.source_text import choices, source_text, usages
from bots.sources._allowed_hosts import reach_of
from bots.sources._http import Client
from bots.sources._politeness import paces_of
from bots.sources.context import SourceContext
from bots.sources.web import Page
from bots.testing.looping import in_loop

#: Ids that no library has.
_UNKNOWN = ("arxiv:9912.99999", "doi:10.9999/nothing", "text:0000000000000000")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceStage:
    """The environment of a source for one test: a context as from `a_context`, beside a fake of its service."""

    context: SourceContext
    #: Makes the service fail at all following requests; None for a source that cannot fail in this way.
    fail: Callable[[], object] | None = None
    #: Makes the service's next list empty; None if its list is empty on `rest_day` anyway.
    rest: Callable[[], object] | None = None


class SourceContract:
    """The tests of a source; inherit from it, set the attributes, and return a stage from `stage`."""

    #: The registered class.
    source: Any
    #: The part of the spec after the colon.
    argument: str = ""
    #: A day for which the service lists at least three papers.
    day: date
    #: A day for which the service regularly lists nothing; None for a source without such days.
    rest_day: date | None = None
    #: Whether it states the day on which each paper was announced.
    dated: bool = True
    #: An argument with which the source fails, if its service cannot: the path of a file that does not exist.
    broken_argument: str = ""

    def stage(self) -> AbstractAsyncContextManager[SourceStage]:
        """Return the source's stage; each test opens and closes its own."""
        raise NotImplementedError("Return a SourceStage: the context of your source beside a fake of its place.")

    def opened(self, stage: SourceStage, argument: str | None = None) -> Any:
        """Return the source opened with an argument; without one, with that of the class."""
        return self.source.open(self.argument if argument is None else argument, stage.context)

    @in_loop
    async def test_a_source_goes_by_its_spec(self) -> None:
        """The argument in a source's spec opens the same source again."""
        async with self.stage() as stage:
            source = self.opened(stage)
            assert source.spec == self.opened(stage, source.spec.partition(":")[2]).spec
            assert source.spec == (await source.recent(SourceQuery(day=self.day))).source

    @in_loop
    async def test_a_days_papers_are_complete_and_unique(self) -> None:
        """Each paper is listed once, has a title, a date and this source, and its addresses are https or empty."""
        async with self.stage() as stage:
            source = self.opened(stage)
            harvest = await source.recent(SourceQuery(day=self.day))
        assert len(harvest.papers) == len({paper.id for paper in harvest.papers}) > 0
        for paper in harvest.papers:
            assert source.spec == paper.source
            assert paper.title
            assert paper.announced or not self.dated, "Set `announced` of each paper, or `dated = False` in the test."
            assert not paper.withdrawn
            assert paper.url.startswith("https://") or (paper.id.scheme, paper.url) == ("text", "")
            assert paper.code.startswith("https://") or not paper.code
        assert bool(harvest.note) == (harvest.state != Freshness.FRESH)

    @in_loop
    async def test_the_same_question_has_the_same_answer(self) -> None:
        """A repeated query for a day returns the same result."""
        async with self.stage() as stage:
            source, ask = self.opened(stage), SourceQuery(day=self.day)
            assert await source.recent(ask) == await source.recent(ask)

    @in_loop
    async def test_the_limit_keeps_the_first(self) -> None:
        """A smaller limit returns the beginning of the same list."""
        async with self.stage() as stage:
            source = self.opened(stage)
            whole = (await source.recent(SourceQuery(day=self.day))).papers
            assert 2 <= len(whole)
            assert whole[:2] == (await source.recent(SourceQuery(day=self.day, limit=2))).papers

    @in_loop
    async def test_a_day_of_rest_is_no_failure(self) -> None:
        """On a day without a list a source returns an empty harvest with a note, and raises nothing."""
        if self.rest_day is None:
            pytest.skip("lists its papers on every day")
        async with self.stage() as stage:
            if stage.rest:
                stage.rest()
            harvest = await self.opened(stage).recent(SourceQuery(day=self.rest_day))
        assert ((), Freshness.EMPTY) == (harvest.papers, harvest.state)
        assert harvest.note.endswith(".")

    @in_loop
    async def test_a_failure_is_an_error(self) -> None:
        """A service that fails or does not exist raises an error; it never becomes an empty list."""
        async with self.stage() as stage:
            if not (stage.fail or self.broken_argument):
                pytest.skip("ships with the program and cannot fail")
            if stage.fail:
                stage.fail()
            source = self.opened(stage, self.broken_argument or self.argument)
            with pytest.raises(SourceError) as failed:
                await source.recent(SourceQuery(day=self.day))
        assert str(failed.value).endswith(".")

    # The description.

    def test_its_description_is_whole(self) -> None:
        """The description has a title, a sentence and examples, and no faults."""
        description = self.source.description
        assert description.title
        assert description.says
        assert description.examples, "Give `examples`: menus and help show them, and the contract opens them."
        assert [] == list(faults(description.examples[0].partition(":")[0], description))

    @in_loop
    async def test_its_examples_open(self) -> None:
        """Each example in the description opens a source with that spec."""
        async with self.stage() as stage:
            for spec in self.source.description.examples:
                assert spec == self.opened(stage, spec.partition(":")[2]).spec

    @in_loop
    async def test_it_is_registered_and_shown_by_its_title(self) -> None:
        """The source is registered under the name in its specs, displayed with its title, and listed in help once."""
        async with self.stage() as stage:
            spec = self.opened(stage).spec
        name = spec.partition(":")[0]
        assert self.source.description == described(name)
        assert source_text(spec).startswith(self.source.description.title)
        assert [name] == [usage for usage in map(_before_the_argument, usages()) if usage == name]
        assert (self.source.description.offered and not self.source.description.local) or spec not in choices(most=100)

    @in_loop
    async def test_it_asks_no_host_that_it_does_not_name(self) -> None:
        """Every address that the source requests is https on a host in its description."""
        description = self.source.description
        async with self.stage() as stage:
            # A key that the source needs has no default; the stage has one.
            addresses = {
                each.name: stage.context.settings[each.name] if each.required else each.read(each.default)
                for each in description.settings
            }
            noted = _Noted(stage.context, addresses)
            context = replace(stage.context, web=noted, settings=addresses)
            await self._ask_everything(self.source.open(self.argument, context))
        reach = reach_of(description, addresses)
        parts = [urlsplit(url) for url in noted.asked]
        assert bool(description.hosts or description.open_web) == bool(parts)
        assert [] == [each.geturl() for each in parts if not reach.host(each.scheme, each.hostname or "", each.port)]

    async def _ask_everything(self, source: Any) -> None:
        await source.recent(SourceQuery(day=self.day))


class LibraryContract(SourceContract):
    """The tests of a source that is also a library."""

    #: A word that some of its papers contain; empty for a library that cannot be searched by words.
    words: str = ""

    @in_loop
    async def test_a_listed_paper_can_be_looked_up(self) -> None:
        """A paper found by a search, or in a list, can be looked up by its id."""
        async with self.stage() as stage:
            library = self.opened(stage)
            listed = (await library.recent(SourceQuery(day=self.day))).papers if not self.words else ()
            (first, *_) = listed or await library.search(self.words, 5)
            again = await library.lookup(first.id)
        assert (first.id, first.title, first.abstract) == (again.id, again.title, again.abstract)

    @in_loop
    async def test_an_unknown_paper_is_not_found(self) -> None:
        """A library that responds and does not have the paper raises PaperNotFound."""
        async with self.stage() as stage:
            library = self.opened(stage)
            for name in _UNKNOWN:
                with pytest.raises(PaperNotFound):
                    await library.lookup(PaperId.parse(name))

    @in_loop
    async def test_a_search_keeps_its_limit(self) -> None:
        """A search returns at most `limit` papers, each once; without a match it returns an empty tuple."""
        async with self.stage() as stage:
            library = self.opened(stage)
            if not self.words:
                assert not getattr(library, "searched", True), "Set `words` in the test, or `searched` to False."
                assert () == await library.search("the", 5)
                return
            found = await library.search(self.words, 100)
            assert found[:1] == await library.search(self.words, 1)
            assert len(found) == len({paper.id for paper in found}) > 0
            assert () == await library.search("xylophone zeppelin quagmire", 5)
            assert () == await library.search("", 5)
            assert () == await library.search(self.words, 0)

    @in_loop
    async def test_a_library_opens_without_an_argument(self) -> None:
        """A source that declares itself a library can be opened by its bare name."""
        if not self.source.description.is_library:
            pytest.skip("is no library of everybody's")
        async with self.stage() as stage:
            assert self.source.description.title == self.opened(stage, "").name

    async def _ask_everything(self, source: Any) -> None:
        (paper, *_) = (await source.recent(SourceQuery(day=self.day))).papers
        await source.search(self.words or "the", 1)
        with suppress(SourceError):
            await source.lookup(paper.id)


def _before_the_argument(usage: str) -> str:
    return re.split(r"[:\[]", usage)[0]


class _Noted:
    """A `Web` that records the requested addresses and sends the requests to the fake service instead."""

    def __init__(self, context: SourceContext, addresses: Mapping[str, Any]) -> None:
        self.asked: list[str] = []
        self._web = context.web
        set_up = [(str(addresses[name]), str(context.settings[name])) for name in addresses]
        self._instead = sorted(set_up, key=lambda pair: -len(pair[0]))

    async def get(self, url: str, **more: Any) -> Page:
        """Request the same path from the fake service."""
        self.asked.append(url)
        return await self._web.get(self._there(url), **more)

    async def post(self, url: str, content: bytes, **more: Any) -> Page:
        """Send the same question to the fake service."""
        self.asked.append(url)
        return await self._web.post(self._there(url), content, **more)

    def _there(self, url: str) -> str:
        return next((fake + url.removeprefix(own) for own, fake in self._instead if url.startswith(own)), url)


class _Seconds:
    """A clock that advances only through `sleep`."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@asynccontextmanager
async def a_context(
    source: Any, settings: Mapping[str, str] | None = None, *, folder: Path = Path()
) -> AsyncIterator[SourceContext]:
    """Yield the context that a source receives, with pauses that take no time.

    Args:
        source: the class of the source; its description determines the context.
        settings: the settings by name, such as the address of a fake service; the others have their defaults.
        folder: base folder for the relative path of a `file:` source.
    """
    seconds, description = _Seconds(), source.description
    read = {each.name: each.read((settings or {}).get(each.name) or each.default) for each in description.settings}
    pauses: dict[str, Any] = {"clock": seconds, "sleep": seconds.sleep, "random": lambda: 1.0}
    async with Client(contact="", version="1", paces=paces_of([description]), **pauses) as client:
        yield SourceContext(web=client.web(reach_of(description, read)), settings=read, folder=folder)
