"""The texts of the subscription windows and of the message that shows a draft: labels, hints, menus. Pure data."""

from collections.abc import Mapping

from bots.chat.phrases import WEEKDAYS
from bots.domain.subscriptions import Look, SortBy, Weekday, WhenEmpty

#: The title of each window; the first one has another for a subscription that exists.
TITLES: Mapping[str, str] = {"": "New subscription", "papers": "Which papers", "times": "When", "look": "How it looks"}
EDIT_TITLE = "Edit subscription"
#: The labels of the fields, by name: at most 45 characters.
LABELS: Mapping[str, str] = {
    "source": "Sources",
    "interests": "Interests, in plain words",
    "query": "Only papers that match",
    "time": "Time",
    "zone": "Time zone",
    "channel": "Channel",
    "specs": "All sources, by name",
    "category": "Only in these categories",
    "sort": "Order of the papers",
    "settle": "Days for votes to settle",
    "on": "Days",
    "at": "Times of day",
    "elsewhere": "Time zone, by name",
    "wait": "Wait for late lists until",
    "quiet": "Quiet hours, from – to",
    "limit": "Maximum number of papers",
    "style": "Blurbs",
    "look": "Look of the papers",
    "entries": "Where to show the papers",
    "empty": "On days without papers",
    "every": "A digest covers",
}
#: What stands below a label: at most 100 characters.
HINTS: Mapping[str, str] = {
    "interests": "The papers nearest in meaning come first.",
    "query": 'Words, "phrases", AND OR NOT, -word, (), ti: au: cat:. Empty: all papers.',
    "channel": "Where the digests are posted.",
    "specs": "With commas between them; those that the menu does not offer, too.",
    "at": "With commas between them; or: announced, as soon as the lists are out.",
    "elsewhere": "A continent and a city.",
    "settle": "A digest shows the list of so many days before, with the votes it has now.",
    "wait": "A digest waits so long for a list that is not out yet. Empty: it does not wait.",
}
#: What an empty field shows as an example.
EXAMPLES: Mapping[str, str] = {
    "interests": "efficient inference of language models on small devices",
    "query": '"language model*" -survey',
    "category": "cs.CL, stat.ML, cs.*",
    "at": "09:00, 17:30",
    "elsewhere": "Europe/Vienna",
    "wait": "11:00",
    "quiet": "22:00-07:00",
}
#: The options of the menus in windows: value to label.
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "on": {day.name.lower(): WEEKDAYS[day] for day in Weekday},
    "sort": {SortBy.TRENDING.value: "Trending first", SortBy.NEWEST.value: "Newest first"},
    "entries": {"inline": "In the channel", "thread": "In the thread of one message"},
    "look": {
        Look.AUTO.value: "Compact above five papers",
        Look.COMPACT.value: "Compact, with one menu",
        Look.CARDS.value: "Cards, each with its buttons",
    },
    "empty": {
        WhenEmpty.SAY.value: "Say why",
        WhenEmpty.TROUBLE.value: "Say so only if a source failed",
        WhenEmpty.SILENT.value: "Post nothing",
    },
}
#: The option that keeps what a menu cannot show.
KEEP_SOURCES = "The {count} sources as they are, and those chosen here"
KEEP_TIMES = "As it is: {times}"
#: The menu of days below a draft.
RHYTHMS: Mapping[str, str] = {
    "weekdays": "Monday to Friday",
    "daily": "Every day",
    "week": "Fridays, the best of the week",
    "month": "Once a month, the best of the month before",
}
KEEP_RHYTHM = "As set: {when}"
#: The menu "More options" below a draft: what each window is about.
MORE = "More options"
MORE_OPTIONS: Mapping[str, str] = {
    "papers": "Which papers: filter, categories, order",
    "times": "When: days, several times, quiet hours",
    "look": "How it looks: amount, length of the blurbs, thread",
}
NEW_DRAFT, EDIT_DRAFT, UNREAD_DRAFT = "New subscription", "Change this subscription?", "This needs a correction"
SUBSCRIBE_BUTTON, SAVE_BUTTON, PREVIEW_BUTTON = "Subscribe", "Save", "Preview"
CHANGE_BUTTON, DISCARD_BUTTON = "Change", "Discard"
#: Below the errors in a draft.
PRESS_CHANGE = "Press Change: what you wrote is still there."
NOT_KEPT = "What you wrote is too long to be kept here: press Change to write it anew."
#: In place of a draft that no message can carry.
TOO_LONG = "These options are too long together: write fewer sources or categories, or a shorter filter."
