"""The texts of the subscription form in the current language: labels, hints, examples, options of its menus."""

from collections.abc import Mapping

from bots.domain.subscriptions import Every, Look, WhenEmpty
from bots.presentation.labels import sort_labels, weekday_labels
from bots.translation.speech import gettext, pgettext


def labels() -> Mapping[str, str]:
    """Return the labels of its fields, by name."""
    return {
        "channel": pgettext("label", "Channel"),
        "source": pgettext("label", "Sources"),
        "interests": pgettext("label", "Interests"),
        "query": pgettext("label", "Only papers that match"),
        "on": pgettext("label", "Days"),
        "time": pgettext("label", "Time"),
        "zone": pgettext("label", "Time zone"),
        "category": pgettext("label", "Only in these categories"),
        "limit": pgettext("label", "Maximum number of papers"),
        "sort": pgettext("label", "Order of the papers"),
        "style": pgettext("label", "Blurbs"),
        "at": pgettext("label", "More times of day"),
        "elsewhere": pgettext("label", "Another time zone"),
        "entries": pgettext("label", "Where to show the papers"),
        "look": pgettext("label", "Look of the papers"),
        "every": pgettext("label", "A digest covers"),
        "settle": pgettext("label", "Days for votes to settle"),
        "wait": pgettext("label", "Wait for late lists until"),
        "quiet": pgettext("label", "Quiet hours, from – to"),
        "empty": pgettext("label", "On days without papers"),
    }


def field_hints() -> Mapping[str, str]:
    """Return what stands below a field; `{sources}` stands for the sources that are installed."""
    return {
        "source": pgettext("hint", "{sources}; several with commas between them."),
        "interests": pgettext("hint", "In plain words; the papers nearest in meaning come first."),
        "query": pgettext(
            "hint", 'Words, "phrases", AND OR NOT, -word, (), ti: au: cat:, and a star after a word. Empty: all papers.'
        ),
        "on": pgettext("hint", "None: Monday to Friday; for the best of the week, Fridays."),
        "elsewhere": pgettext("hint", "If it is not in the menu above: a continent and a city."),
    }


def examples() -> Mapping[str, str]:
    """Return what an empty field shows as an example."""
    return {
        "interests": pgettext("placeholder", "efficient inference of language models on small devices"),
        "query": '"language model*" -survey',
        "category": "cs.CL, stat.ML, cs.*",
        "at": "17:30",
        "wait": "11:00",
        "quiet": "22:00-07:00",
    }


def options(name: str) -> Mapping[str, str]:
    """Return the options of one of its menus: value to label."""
    menus = {
        "on": weekday_labels,
        "sort": sort_labels,
        "entries": _entries,
        "look": _looks,
        "every": _periods,
        "empty": _empty_days,
    }
    return menus[name]()


def _entries() -> Mapping[str, str]:
    return {
        "inline": pgettext("option", "In the channel"),
        "thread": pgettext("option", "In the thread of one message"),
    }


def _looks() -> Mapping[str, str]:
    return {
        Look.AUTO.value: pgettext("option", "Compact above five papers"),
        Look.COMPACT.value: pgettext("option", "Compact, with one menu"),
        Look.CARDS.value: pgettext("option", "Cards, each with its buttons"),
    }


def _periods() -> Mapping[str, str]:
    return {
        Every.DAY.value: pgettext("option", "The day's papers"),
        Every.WEEK.value: pgettext("option", "The best of the week"),
        Every.MONTH.value: pgettext("option", "The best of the month before"),
    }


def _empty_days() -> Mapping[str, str]:
    return {
        WhenEmpty.SAY.value: pgettext("option", "Say why"),
        WhenEmpty.TROUBLE.value: pgettext("option", "Say so only if a source failed"),
        WhenEmpty.SILENT.value: pgettext("option", "Post nothing"),
    }


def title(*, edits: bool) -> str:
    """Return the title of the form."""
    return pgettext("title", "Edit subscription") if edits else pgettext("title", "New subscription")


def submit_label(*, edits: bool) -> str:
    """Return the label of the button that sends the form in."""
    return pgettext("title", "Save") if edits else pgettext("title", "Subscribe")


def preview_label() -> str:
    """Return the label of the button that shows what the digest would be now."""
    return pgettext("button", "Preview")


def fold_label(*, unfolded: bool) -> str:
    """Return the label of the button that hides the finer options, or shows them."""
    return pgettext("button", "Fewer options") if unfolded else pgettext("button", "More options")


def too_long_to_hide() -> str:
    """Return the note above a form that cannot be made shorter without losing what was typed."""
    return gettext("These options hold too much text to be hidden: shorten one of them first.")
