"""The sources pass the contract of Paperwire's test kit with a fake API, and tests specific to bioRxiv."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from fake_biorxiv import DAY, FakeBiorxiv
from paperwire_biorxiv import Biorxiv, Medrxiv

from bots.api import PaperId, SettingsError, SourceQuery, SourceRefused
from bots.testing import Answer, HttpFault, SourceContract, SourceStage, a_context, in_loop

LISTED = date.fromisoformat(DAY)


class TestBiorxiv(SourceContract):
    """Paperwire's contract for bioRxiv."""

    source: Any = Biorxiv
    argument = "neuroscience"
    day = LISTED
    rest_day: date | None = date(2026, 7, 19)

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with FakeBiorxiv() as server, a_context(self.source, {"url": server.url}) as context:
            # Paperwire makes four attempts before it gives up.
            yield SourceStage(context=context, fail=lambda: server.fail(*[Answer(status=503)] * 4))


class TestMedrxiv(TestBiorxiv):
    """Paperwire's contract for medRxiv."""

    source: Any = Medrxiv
    argument = ""


@in_loop
async def test_every_page_is_read_and_later_versions_are_left_out() -> None:
    """The 33 posts of a category come on two pages; 32 are first versions, in the order of the API."""
    async with FakeBiorxiv() as server, a_context(Biorxiv, {"url": server.url}) as context:
        papers = (await Biorxiv.open("neuroscience", context).recent(SourceQuery(day=LISTED))).papers

    assert 2 == len(server.calls)
    assert [f"10.64898/2026.07.13.{738000 + number}" for number in (*range(31), 32)] == [
        each.id.value for each in papers
    ]
    assert ("A. Lovelace", "G. M. Hopper", "E. Noether") == papers[0].authors
    assert frozenset({PaperId(scheme="doi", value="10.1038/s41586-026-00001-1")}) == papers[-1].aliases


@pytest.mark.parametrize(("argument", "spec"), [("Cell Biology", "biorxiv:cell_biology"), ("", "biorxiv")])
@in_loop
async def test_a_category_may_be_written_as_the_site_does(argument: str, spec: str) -> None:
    """Spaces and capitals are accepted; the spec has one spelling."""
    async with FakeBiorxiv() as server, a_context(Biorxiv, {"url": server.url}) as context:
        assert spec == Biorxiv.open(argument, context).spec


@in_loop
async def test_what_cannot_be_a_category_is_refused() -> None:
    """An invalid category is refused before any request, and the error has the right form."""
    async with a_context(Biorxiv) as context:
        with pytest.raises(SettingsError, match="has no category") as raised:
            Biorxiv.open("../details", context)
    assert "Write it as biorxiv:cell_biology." == raised.value.hint


@pytest.mark.parametrize("answer", [Answer(value=[]), Answer(value={"messages": []}), Answer(status=404, value={})])
@in_loop
async def test_an_unknown_answer_is_no_empty_day(answer: Answer) -> None:
    """If the API changes its format, an error is raised, and not an empty list returned."""
    async with FakeBiorxiv() as server, a_context(Biorxiv, {"url": server.url}) as context:
        server.fail(answer)
        with pytest.raises(SourceRefused):
            await Biorxiv.open("", context).recent(SourceQuery(day=LISTED))


@in_loop
async def test_a_lost_answer_is_asked_for_again() -> None:
    """A connection that breaks once has no effect: Paperwire repeats the request."""
    async with FakeBiorxiv() as server, a_context(Biorxiv, {"url": server.url}) as context:
        server.fail(HttpFault.LOST_AFTER)
        assert (await Biorxiv.open("", context).recent(SourceQuery(day=LISTED))).papers
