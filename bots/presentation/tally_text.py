"""What happened to the papers that the sources listed, in words: the steps of the selection, each with its number."""

from bots.chat.phrases import listed
from bots.domain.digests import Tally
from bots.translation.formats import sentences
from bots.translation.speech import gettext, ngettext


def steps(tally: Tally) -> tuple[str, ...]:
    """Return "229 found", "3 seen before", "41 filtered out"; steps that removed nothing are left out."""
    after = (
        (tally.seen, ngettext("{number} seen before", "{number} seen before", tally.seen)),
        (tally.filtered, ngettext("{number} filtered out", "{number} filtered out", tally.filtered)),
        (tally.withdrawn, ngettext("{number} withdrawn", "{number} withdrawn", tally.withdrawn)),
        (tally.far, ngettext("{number} not near your interests", "{number} not near your interests", tally.far)),
    )
    found = ngettext("{number} found", "{number} found", tally.found)
    return (found, *(said for number, said in after if number))


def why_none(tally: Tally, *, several_days: bool, miss: str) -> str:
    """Return why the selection left no paper, as sentences.

    Args:
        tally: what it did.
        several_days: whether the lists of several days were read.
        miss: a sentence on the best paper that was left out; may be empty.
    """
    if not tally.found:
        of_days = gettext("The sources listed no papers for these days.")
        return of_days if several_days else gettext("The sources listed no papers for this day.")
    whole = ngettext("{number} paper", "{number} papers", tally.found)
    if tally.seen >= tally.found:
        return gettext("All papers found were posted here before ({papers}).", papers=whole)
    if tally.filtered >= tally.found:
        return sentences(gettext("No paper passed the filter ({number} found).", number=tally.found), miss)
    if tally.withdrawn >= tally.found:
        return gettext("All papers found are withdrawn ({papers}).", papers=whole)
    if tally.far >= tally.found:
        return sentences(gettext("No paper is near to your interests ({number} found).", number=tally.found), miss)
    said = _removed(tally)
    named = ngettext("{number} paper found: {reasons}.", "{number} papers found: {reasons}.", tally.found, reasons=said)
    return sentences(named, miss)


def _removed(tally: Tally) -> str:
    """Return what the steps of the selection did to the papers, each with its number."""
    seen = ngettext("{number} posted here before", "{number} posted here before", tally.seen)
    filtered = ngettext("{number} filtered out", "{number} filtered out", tally.filtered)
    withdrawn = ngettext("{number} withdrawn", "{number} withdrawn", tally.withdrawn)
    far = ngettext("{number} not near your interests", "{number} not near your interests", tally.far)
    after = ((tally.seen, seen), (tally.filtered, filtered), (tally.withdrawn, withdrawn), (tally.far, far))
    return listed(said for number, said in after if number)
