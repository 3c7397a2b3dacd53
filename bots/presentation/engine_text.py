"""What an engine could not do, in words for a reader. Pure functions."""

from bots.translation.speech import LazyText, gettext, gettext_lazy, gettext_noop, ngettext
from summarizer import SummarizerError, TextTooLong, TextTooShort

#: Warnings of the engines: they are stored with a blurb in English, and translated where it is shown.
WARNINGS = (
    gettext_noop("The blurb may reverse the meaning of the abstract here: “{claim}”."),
    gettext_noop("The abstract does not support “{claim}”."),
    gettext_noop("The abstract does not look English, so the sentence was chosen mainly by its position."),
    gettext_noop("The text has very many sentences; only the first and the last ones were read."),
    gettext_noop("The blurb is cut off, because no sentence of the abstract is short enough."),
    gettext_noop("The blurb is a translation: only its numbers and technical names were compared with the abstract."),
    gettext_noop("Part of the model's text was left out, because the abstract does not support it."),
    gettext_noop("The abstract contains text addressed to machines; it was left out."),
    gettext_noop("The abstract is too long for the model: its last {words} words were left out."),
    gettext_noop("A part of the abstract was left out, because it is addressed to machines."),
    gettext_noop("The engine {engine} was skipped: {reason}"),
)


def engine_trouble(error: SummarizerError) -> str:
    """Return why an abstract could not be condensed; what only the operator can mend is in the engine's own words."""
    match error:
        case TextTooShort():
            return LazyText(lambda: _too_short(error.words, error.needed))
        case TextTooLong():
            return gettext_lazy(
                "The text has {given} characters; an abstract may have at most {most}.",
                given=error.length,
                most=error.limit,
            )
    return str(error)


def _too_short(words: int, needed: int) -> str:
    if not words:
        return gettext("There is no abstract; a blurb needs at least {needed} words.", needed=needed)
    return ngettext(
        "The abstract has {number} word; a blurb needs at least {needed}.",
        "The abstract has {number} words; a blurb needs at least {needed}.",
        words,
        needed=needed,
    )
