"""The texts of the subscription form in the reader's language: labels, hints, examples, options of its menus."""

from collections.abc import Mapping

from bots.domain.subscriptions import Every
from bots.presentation.labels import (
    empty_labels,
    entries_labels,
    language_labels,
    look_labels,
    sort_labels,
    weekday_labels,
)
from bots.translation.speech import Translated, gettext_noop, pgettext, pgettext_noop

#: The labels of its fields, by name.
LABELS: Mapping[str, str] = Translated(
    lambda: {
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
        "language": pgettext("label", "Language of the digest"),
    }
)
#: What stands below a field; `{sources}` stands for the sources that are installed.
HINTS: Mapping[str, str] = Translated(
    lambda: {
        "source": pgettext("hint", "{sources}; several with commas between them."),
        "interests": pgettext("hint", "In plain words; the papers nearest in meaning come first."),
        "query": pgettext(
            "hint",
            'Words, or a "phrase"; OR between words, NOT or a minus before one. Empty: all papers.',
        ),
        "on": pgettext("hint", "None: Monday to Friday; for the best of the week, Fridays."),
        "language": pgettext("hint", "Its own words; titles and blurbs stay in the language of the abstract."),
        "elsewhere": pgettext("hint", "If it is not in the menu above: a continent and a city."),
    }
)
#: What an empty field shows as an example.
EXAMPLES: Mapping[str, str] = Translated(
    lambda: {
        "interests": pgettext("placeholder", "efficient inference of language models on small devices"),
        "query": '"language model*" -survey',
        "category": "cs.CL, stat.ML, cs.*",
        "at": "17:30",
        "wait": "11:00",
        "quiet": "22:00-07:00",
    }
)
#: The options of its menus: value to label.
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "on": Translated(weekday_labels),
    "sort": Translated(sort_labels),
    "entries": Translated(entries_labels),
    "look": Translated(look_labels),
    "every": Translated(
        lambda: {
            Every.DAY.value: pgettext("option", "The day's papers"),
            Every.WEEK.value: pgettext("option", "The best of the week"),
            Every.MONTH.value: pgettext("option", "The best of the month before"),
        }
    ),
    "empty": Translated(empty_labels),
    "language": Translated(language_labels),
}
NEW_TITLE = pgettext_noop("title", "New subscription")
EDIT_TITLE = pgettext_noop("title", "Edit subscription")
SUBSCRIBE_BUTTON = pgettext_noop("title", "Subscribe")
SAVE_BUTTON = pgettext_noop("title", "Save")
PREVIEW_BUTTON = pgettext_noop("button", "Preview")
MORE_BUTTON = pgettext_noop("button", "More options")
FEWER_BUTTON = pgettext_noop("button", "Fewer options")
#: Above a form that cannot be made shorter without losing what was typed.
TOO_LONG_TO_HIDE = gettext_noop("These options hold too much text to be hidden: shorten one of them first.")
