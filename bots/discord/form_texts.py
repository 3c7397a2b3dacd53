"""The texts of the subscription windows and of the message that shows a draft, in the reader's language."""

from collections.abc import Mapping

from bots.presentation.labels import (
    empty_labels,
    entries_labels,
    language_labels,
    look_labels,
    sort_labels,
    weekday_labels,
)
from bots.translation.speech import Translated, gettext_noop, pgettext, pgettext_noop

#: The title of each window; the first one has another for a subscription that exists.
TITLES: Mapping[str, str] = Translated(
    lambda: {
        "": pgettext("title", "New subscription"),
        "papers": pgettext("title", "Which papers"),
        "times": pgettext("title", "When"),
        "look": pgettext("title", "How it looks"),
        "language": pgettext("title", "Language"),
    }
)
EDIT_TITLE = pgettext_noop("title", "Edit subscription")
#: The labels of the fields, by name: at most 45 characters.
LABELS: Mapping[str, str] = Translated(
    lambda: {
        "source": pgettext("label", "Sources"),
        "interests": pgettext("label", "Interests, in plain words"),
        "query": pgettext("label", "Only papers that match"),
        "time": pgettext("label", "Time"),
        "zone": pgettext("label", "Time zone"),
        "channel": pgettext("label", "Channel"),
        "specs": pgettext("label", "All sources, by name"),
        "category": pgettext("label", "Only in these categories"),
        "sort": pgettext("label", "Order of the papers"),
        "settle": pgettext("label", "Days for votes to settle"),
        "on": pgettext("label", "Days"),
        "at": pgettext("label", "Times of day"),
        "elsewhere": pgettext("label", "Time zone, by name"),
        "wait": pgettext("label", "Wait for late lists until"),
        "quiet": pgettext("label", "Quiet hours, from – to"),
        "limit": pgettext("label", "Maximum number of papers"),
        "style": pgettext("label", "Blurbs"),
        "look": pgettext("label", "Look of the papers"),
        "entries": pgettext("label", "Where to show the papers"),
        "empty": pgettext("label", "On days without papers"),
        "every": pgettext("label", "A digest covers"),
        "language": pgettext("label", "Language of the digest"),
    }
)
#: What stands below a label: at most 100 characters.
HINTS: Mapping[str, str] = Translated(
    lambda: {
        "interests": pgettext("hint", "The papers nearest in meaning come first."),
        "query": pgettext(
            "hint", 'Words, or a "phrase"; OR between words, NOT or a minus before one. Empty: all papers.'
        ),
        "language": pgettext("hint", "Its own words; titles and blurbs stay in the language of the abstract."),
        "channel": pgettext("hint", "Where the digests are posted."),
        "specs": pgettext("hint", "With commas between them; those that the menu does not offer, too."),
        "at": pgettext("hint", "With commas between them; or: announced, as soon as the lists are out."),
        "elsewhere": pgettext("hint", "A continent and a city."),
        "settle": pgettext("hint", "A digest shows the list of so many days before, with the votes it has now."),
        "wait": pgettext("hint", "A digest waits so long for a list that is not out yet. Empty: it does not wait."),
    }
)
#: What an empty field shows as an example.
EXAMPLES: Mapping[str, str] = Translated(
    lambda: {
        "interests": pgettext("placeholder", "efficient inference of language models on small devices"),
        "query": '"language model*" -survey',
        "category": "cs.CL, stat.ML, cs.*",
        "at": "09:00, 17:30",
        "elsewhere": "Europe/Vienna",
        "wait": "11:00",
        "quiet": "22:00-07:00",
    }
)
#: The options of the menus in windows: value to label.
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "on": Translated(weekday_labels),
    "sort": Translated(sort_labels),
    "entries": Translated(entries_labels),
    "look": Translated(look_labels),
    "empty": Translated(empty_labels),
    "language": Translated(language_labels),
}
#: The option that keeps what a menu cannot show.
KEEP_SOURCES = pgettext_noop("option", "The {count} sources as they are, and those chosen here")
KEEP_TIMES = pgettext_noop("option", "As it is: {times}")
#: The menu of days below a draft.
RHYTHMS: Mapping[str, str] = Translated(
    lambda: {
        "weekdays": pgettext("option", "Monday to Friday"),
        "daily": pgettext("option", "Every day"),
        "week": pgettext("option", "Fridays, the best of the week"),
        "month": pgettext("option", "Once a month, the best of the month before"),
    }
)
KEEP_RHYTHM = pgettext_noop("option", "As set: {when}")
#: The menu "More options" below a draft: what each window is about.
MORE = pgettext_noop("placeholder", "More options")
MORE_OPTIONS: Mapping[str, str] = Translated(
    lambda: {
        "papers": pgettext("option", "Which papers: filter, categories, order"),
        "times": pgettext("option", "When: days, several times, quiet hours"),
        "look": pgettext("option", "How it looks: amount, length of the blurbs, thread"),
        "language": pgettext("option", "In which language"),
    }
)
NEW_DRAFT = gettext_noop("New subscription")
EDIT_DRAFT = gettext_noop("Change this subscription?")
UNREAD_DRAFT = gettext_noop("This needs a correction")
SUBSCRIBE_BUTTON = pgettext_noop("button", "Subscribe")
SAVE_BUTTON = pgettext_noop("title", "Save")
PREVIEW_BUTTON = pgettext_noop("button", "Preview")
CHANGE_BUTTON = pgettext_noop("button", "Change")
DISCARD_BUTTON = pgettext_noop("button", "Discard")
#: Below the errors in a draft.
PRESS_CHANGE = gettext_noop("Press Change: what you wrote is still there.")
NOT_KEPT = gettext_noop("What you wrote is too long to be kept here: press Change to write it anew.")
#: In place of a draft that no message can carry.
TOO_LONG = gettext_noop("These options are too long together: write fewer sources or categories, or a shorter filter.")
