"""Labels that the windows and menus of every chat share, in the current language."""

from collections.abc import Mapping

from bots.domain.replies import NextStep
from bots.domain.subscriptions import Look, SortBy, Weekday, WhenEmpty
from bots.translation.formats import language_name, weekday
from bots.translation.languages import load_languages
from bots.translation.speech import gettext_noop, pgettext
from summarizer import Style

#: The weekdays on which something happens every week.
EVERY_WEEKDAY = (
    gettext_noop("Mondays"),
    gettext_noop("Tuesdays"),
    gettext_noop("Wednesdays"),
    gettext_noop("Thursdays"),
    gettext_noop("Fridays"),
    gettext_noop("Saturdays"),
    gettext_noop("Sundays"),
)


def style_labels() -> Mapping[str, str]:
    """Return the styles of blurbs for a menu: value to label."""
    return {
        Style.ONE_LINE.value: pgettext("option", "One line"),
        Style.SHORT.value: pgettext("option", "Short"),
        Style.STRUCTURED.value: pgettext("option", "Structured"),
    }


def sort_labels() -> Mapping[str, str]:
    """Return the orders of papers for a menu: value to label."""
    return {
        SortBy.TRENDING.value: pgettext("option", "Trending first"),
        SortBy.NEWEST.value: pgettext("option", "Newest first"),
    }


def weekday_labels() -> Mapping[str, str]:
    """Return the weekdays for a menu: value to label, Monday first."""
    return {day.name.lower(): _capital(weekday(day)) for day in Weekday}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def step_label(step: NextStep) -> str:
    """Return the label of the button of a step that a reply offers."""
    match step:
        case NextStep.HIDE:
            return pgettext("button", "Hide it")
        case NextStep.UNDO | NextStep.FOLLOW | NextStep.UNFOLLOW:
            return pgettext("button", "Undo")
        case NextStep.END_FOLLOW:
            return pgettext("button", "Unfollow")
        case NextStep.MENTIONS_ON:
            return pgettext("button", "Mention me here")
        case NextStep.MENTIONS_OFF:
            return pgettext("button", "Do not mention me")


def entries_labels() -> Mapping[str, str]:
    """Return where the papers of a digest stand, for a menu: value to label."""
    return {
        "inline": pgettext("option", "In the channel"),
        "thread": pgettext("option", "In the thread of one message"),
    }


def language_labels() -> Mapping[str, str]:
    """Return the languages of digests for a menu: value to label, English first."""
    return {each.code: _capital(language_name(each)) for each in load_languages()}


def look_labels() -> Mapping[str, str]:
    """Return how the papers of a digest look, for a menu: value to label."""
    return {
        Look.AUTO.value: pgettext("option", "Compact above five papers"),
        Look.COMPACT.value: pgettext("option", "Compact, with one menu"),
        Look.CARDS.value: pgettext("option", "Cards, each with its buttons"),
    }


def empty_labels() -> Mapping[str, str]:
    """Return what is posted on a day without papers, for a menu: value to label."""
    return {
        WhenEmpty.SAY.value: pgettext("option", "Say why"),
        WhenEmpty.TROUBLE.value: pgettext("option", "Say so only if a source failed"),
        WhenEmpty.SILENT.value: pgettext("option", "Post nothing"),
    }
