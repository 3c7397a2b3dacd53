"""The sources pass the contract of Paperwire's test kit with a fake API, and tests specific to OSF."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from fake_osf import DAY, FakeOsf
from paperwire_osf import PsyArxiv, SocArxiv

from bots.api import PaperId, SettingsError, SourceQuery, SourceRefused
from bots.testing import Answer, HttpFault, SourceContract, SourceStage, a_context, in_loop

LISTED = date.fromisoformat(DAY)


class TestPsyArxiv(SourceContract):
    """Paperwire's contract for PsyArXiv."""

    source: Any = PsyArxiv
    argument = "memory"
    day = LISTED
    rest_day: date | None = date(2026, 7, 19)

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with FakeOsf() as server, a_context(self.source, {"url": server.url}) as context:
            # Paperwire makes four attempts before it gives up.
            yield SourceStage(context=context, fail=lambda: server.fail(*[Answer(status=503)] * 4))


class TestSocArxiv(TestPsyArxiv):
    """Paperwire's contract for SocArXiv."""

    source: Any = SocArxiv
    argument = ""


@in_loop
async def test_every_page_is_read() -> None:
    """The 103 preprints with a tag come on two pages, in the order of the API."""
    async with FakeOsf() as server, a_context(PsyArxiv, {"url": server.url}) as context:
        papers = (await PsyArxiv.open("memory", context).recent(SourceQuery(day=LISTED))).papers

    assert 2 == len(server.calls)
    assert [f"10.31234/osf.io/abc{number:02}_v1" for number in range(103)] == [each.id.value for each in papers]
    assert ("Ada Lovelace", "Grace M. Hopper", "Emmy Noether") == papers[0].authors
    assert frozenset({PaperId(scheme="doi", value="10.1038/s41586-026-00001-1")}) == papers[-1].aliases


@pytest.mark.parametrize(
    ("argument", "spec"),
    [("Social  Media", "psyarxiv:social media"), ("", "psyarxiv"), ("émotion", "psyarxiv:émotion")],
)
@in_loop
async def test_a_tag_may_be_written_as_people_do(argument: str, spec: str) -> None:
    """Spaces and capitals are accepted; the spec has one spelling."""
    async with FakeOsf() as server, a_context(PsyArxiv, {"url": server.url}) as context:
        assert spec == PsyArxiv.open(argument, context).spec


@in_loop
async def test_what_cannot_be_a_tag_is_refused() -> None:
    """An invalid tag is refused before any request, and the error has the right form."""
    async with a_context(PsyArxiv) as context:
        with pytest.raises(SettingsError, match="has no tag") as raised:
            PsyArxiv.open("../users", context)
    assert "Write it as psyarxiv:social media." == raised.value.hint


@pytest.mark.parametrize("answer", [Answer(value=[]), Answer(value={"data": []}), Answer(status=404, value={})])
@in_loop
async def test_an_unknown_answer_is_no_empty_day(answer: Answer) -> None:
    """If the API changes its format, an error is raised, and not an empty list returned."""
    async with FakeOsf() as server, a_context(PsyArxiv, {"url": server.url}) as context:
        server.fail(answer)
        with pytest.raises(SourceRefused):
            await PsyArxiv.open("", context).recent(SourceQuery(day=LISTED))


@in_loop
async def test_a_lost_answer_is_asked_for_again() -> None:
    """A connection that breaks once has no effect: Paperwire repeats the request."""
    async with FakeOsf() as server, a_context(PsyArxiv, {"url": server.url}) as context:
        server.fail(HttpFault.LOST_AFTER)
        assert (await PsyArxiv.open("", context).recent(SourceQuery(day=LISTED))).papers
