"""The texts of the pages' templates, in the language of whoever reads the page."""

from collections.abc import Mapping

from bots.translation.speech import Translated, gettext, pgettext

SIGN_UP: Mapping[str, str] = Translated(
    lambda: {
        "about": gettext(
            "New research papers, chosen and condensed, once a day in your mail. You choose what, how many and when, "
            "and leave with one click."
        ),
        "address": gettext("Your mail address"),
        "use": gettext("It is used for the digest and nothing else, and deleted when you unsubscribe."),
        "trap": gettext("Leave this empty"),
        "send": gettext("Send me the link to confirm"),
    }
)
CHOICES: Mapping[str, str] = Translated(
    lambda: {
        "unsaved": gettext("Nothing was saved: see below."),
        "source": gettext("Papers from"),
        "source_hint": gettext("Several with commas between them. Categories of arXiv: arxiv:cs.CL+cs.LG"),
        "interests": gettext("What interests you"),
        "interests_hint": gettext("In your own words: the papers nearest to them come first. May stay empty."),
        "query": gettext("Only papers with these words"),
        "query_hint": gettext("For example: {query}. Empty: every paper.", query='"kv cache" OR agents -survey'),
        "limit": gettext("How many papers, at most"),
        "at": gettext("At what time"),
        "zone": gettext("In which time zone"),
        "on": gettext("On which days"),
        "language": gettext("In which language"),
        "language_hint": gettext("Titles and blurbs stay in the language of the abstract."),
        "pause": pgettext("button", "Pause"),
        "resume": pgettext("button", "Resume"),
        "others": gettext("Your other subscriptions"),
        "data": gettext("Your data"),
        "data_hint": gettext("Everything that is stored for this address, as a file:"),
        "download": gettext("Download my data"),
        "leave": gettext("Unsubscribe and delete everything"),
    }
)
LEAVE: Mapping[str, str] = Translated(
    lambda: {
        "about": gettext("You get no more mail, and everything that is stored for your address is deleted."),
        "leave": pgettext("button", "Unsubscribe"),
        "instead": gettext("Too many, or at the wrong time?"),
        "stay": gettext("Change your preferences instead."),
    }
)
