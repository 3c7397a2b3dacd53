"""A digest speaks the language of its subscription; the ledger and the log stay English."""

from bots.domain.errors import SourceDown, SourceUnreachable
from bots.domain.runs import RunState
from bots.domain.subscriptions import WhenEmpty
from bots.store.memory import MemoryStore
from bots.translation.languages import ENGLISH
from bots.translation.speech import current, gettext_lazy
from tests.support.doubles import ToldSource, a_bench
from tests.support.scenes import due, shown


async def test_a_digest_speaks_the_language_of_its_subscription() -> None:
    """Heading, facts, tally and reasons are German; nothing of it stays in the task that made it."""
    async with a_bench(MemoryStore()) as bench:
        await due(bench, language="de", query="attention OR models")

        said = shown(bench)
        assert "Papers für Dienstag, 24. November 2026" in said
        assert "passt zu „" in said
        assert "gefunden" in said
        assert ENGLISH == current()


async def test_a_digest_without_a_language_is_english() -> None:
    """A subscription from before the languages keeps its English digest."""
    async with a_bench(MemoryStore()) as bench:
        await due(bench)

        assert "papers for Tuesday 24 November 2026" in shown(bench)


async def test_trouble_is_told_to_the_channel_in_its_language() -> None:
    """The failure of a source is German in the channel, and English in the ledger."""
    down = SourceUnreachable(gettext_lazy("{source} cannot be reached.", source="arXiv"))
    async with a_bench(MemoryStore(), told=ToldSource(error=down)) as bench:
        run = await due(bench, language="de")

        assert "Problem mit told: arXiv ist nicht erreichbar." in shown(bench)
        assert RunState.DONE == run.state


async def test_the_ledger_is_english() -> None:
    """Why a run posted nothing is for the operator, whatever the channel speaks."""
    async with a_bench(MemoryStore(), told=ToldSource(papers=())) as bench:
        run = await due(bench, language="ja", empty=WhenEmpty.SILENT)

        assert run.note.startswith("nothing was posted: The sources listed no papers")


async def test_a_digest_in_french_waits_in_french() -> None:
    """The time until which a digest waited is written as its language writes it."""
    down = SourceDown(gettext_lazy("it lists nothing"))
    async with a_bench(MemoryStore(), told=ToldSource(error=down)) as bench:
        await due(bench, language="fr")

        assert "Problème avec told\u00a0: rien n’est listé." in shown(bench)
