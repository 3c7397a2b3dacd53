"""What happened to the papers that the sources listed, in words: the steps of the selection, each with its number."""

from bots.chat.phrases import listed
from bots.domain.digests import Tally
from bots.translation.speech import ngettext


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


def removed(tally: Tally) -> str:
    """Return what the steps of the selection did to the papers, each with its number."""
    seen = ngettext("{number} posted here before", "{number} posted here before", tally.seen)
    filtered = ngettext("{number} filtered out", "{number} filtered out", tally.filtered)
    withdrawn = ngettext("{number} withdrawn", "{number} withdrawn", tally.withdrawn)
    far = ngettext("{number} not near your interests", "{number} not near your interests", tally.far)
    after = ((tally.seen, seen), (tally.filtered, filtered), (tally.withdrawn, withdrawn), (tally.far, far))
    return listed(said for number, said in after if number)
