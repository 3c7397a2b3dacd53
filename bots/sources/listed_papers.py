"""The papers of a written list for one day: of files, folders and bibliographies on the web. Pure functions."""

from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.reading.result import Reading
from bots.translation.formats import sentences_lazy
from bots.translation.speech import gettext_lazy, ngettext_lazy


def for_day(spec: str, reading: Reading, ask: SourceQuery, name: str) -> Harvest:
    """Return the papers that a list has for a day: those of that day, and those without a day.

    Args:
        spec: the spec of the source.
        reading: the list's papers.
        ask: the request.
        name: what the list is called at the beginning of a sentence: "The file".
    """
    days = {paper.announced for paper in reading.papers if paper.announced}
    # Records are merged only within one day: a paper listed on two days belongs to both.
    wanted = unique(tuple(paper for paper in reading.papers if paper.announced in (None, ask.day)))
    if wanted:
        return _harvest(spec, wanted, reading.trouble, ask)
    if len(days) == 1:
        # If the list has one day only, that day's papers are returned for any other day too.
        said = gettext_lazy("{source} lists the papers of {day}.", source=name, day=max(days).isoformat())
        note = sentences_lazy(said, reading.trouble)
        state = Freshness.PARTIAL if reading.trouble else Freshness.STALE
        return Harvest(source=spec, papers=unique(reading.papers)[: ask.limit], state=state, note=note)
    said = ngettext_lazy(
        "{source} lists {number} day, and it is not {day}.",
        "{source} lists {number} days, and none of them is {day}.",
        len(days),
        source=name,
        day=ask.day.isoformat(),
    )
    return Harvest(source=spec, state=Freshness.EMPTY, note=sentences_lazy(said, reading.trouble))


def _harvest(spec: str, papers: tuple[Paper, ...], trouble: str, ask: SourceQuery) -> Harvest:
    state = Freshness.PARTIAL if trouble else Freshness.FRESH
    return Harvest(source=spec, papers=papers[: ask.limit], state=state, note=trouble)
