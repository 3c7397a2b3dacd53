"""The texts of the subscription form: labels, hints, examples, and the options of its menus. Pure data."""

from collections.abc import Mapping

from bots.chat.phrases import WEEKDAYS
from bots.domain.subscriptions import Every, Look, SortBy, Weekday, WhenEmpty

#: The labels of its fields, by name.
LABELS: Mapping[str, str] = {
    "channel": "Channel",
    "source": "Sources",
    "interests": "Interests",
    "query": "Only papers that match",
    "on": "Days",
    "time": "Time",
    "zone": "Time zone",
    "category": "Only in these categories",
    "limit": "Maximum number of papers",
    "sort": "Order of the papers",
    "style": "Blurbs",
    "at": "More times of day",
    "elsewhere": "Another time zone",
    "entries": "Where to show the papers",
    "look": "Look of the papers",
    "every": "A digest covers",
    "settle": "Days for votes to settle",
    "wait": "Wait for late lists until",
    "quiet": "Quiet hours, from – to",
    "empty": "On days without papers",
}
#: What stands below a field; `{sources}` stands for the sources that are installed.
HINTS: Mapping[str, str] = {
    "source": "{sources}; several with commas between them.",
    "interests": "In plain words; the papers nearest in meaning come first.",
    "query": 'Words, "phrases", AND OR NOT, -word, (), ti: au: cat:, and a star after a word. Empty: all papers.',
    "on": "None: Monday to Friday; for the best of the week, Fridays.",
    "elsewhere": "If it is not in the menu above: a continent and a city.",
}
#: What an empty field shows as an example.
EXAMPLES: Mapping[str, str] = {
    "interests": "efficient inference of language models on small devices",
    "query": '"language model*" -survey',
    "category": "cs.CL, stat.ML, cs.*",
    "at": "17:30",
    "wait": "11:00",
    "quiet": "22:00-07:00",
}
#: The options of its menus: value to label.
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "on": {day.name.lower(): WEEKDAYS[day] for day in Weekday},
    "sort": {SortBy.TRENDING.value: "Trending first", SortBy.NEWEST.value: "Newest first"},
    "entries": {"inline": "In the channel", "thread": "In the thread of one message"},
    "look": {
        Look.AUTO.value: "Compact above five papers",
        Look.COMPACT.value: "Compact, with one menu",
        Look.CARDS.value: "Cards, each with its buttons",
    },
    "every": {
        Every.DAY.value: "The day's papers",
        Every.WEEK.value: "The best of the week",
        Every.MONTH.value: "The best of the month before",
    },
    "empty": {
        WhenEmpty.SAY.value: "Say why",
        WhenEmpty.TROUBLE.value: "Say so only if a source failed",
        WhenEmpty.SILENT.value: "Post nothing",
    },
}
NEW_TITLE, EDIT_TITLE = "New subscription", "Edit subscription"
SUBSCRIBE_BUTTON, SAVE_BUTTON = "Subscribe", "Save"
PREVIEW_BUTTON, MORE_BUTTON, FEWER_BUTTON = "Preview", "More options", "Fewer options"
#: Above a form that cannot be made shorter without losing what was typed.
TOO_LONG_TO_HIDE = "These options hold too much text to be hidden: shorten one of them first."
