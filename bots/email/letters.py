"""The mails that answer a sign-up, as payloads like those of a digest. Pure functions."""

from typing import Any

from bots.translation.speech import current, gettext, gettext_noop

Json = dict[str, Any]

#: What a reader who asked for nothing should know.
NOT_YOU = gettext_noop(
    "If you did not ask for this, ignore this mail: nothing is sent to you, and your address is deleted in two days."
)


def _letter(subject: str, *about: str) -> Json:
    return {
        "language": current().code, "subject": subject, "heading": subject, "about": list(about), "notes": [],
        "papers": [],
    }  # fmt: skip


def please_confirm() -> Json:
    """Return the mail that asks the owner of an address to confirm it, in the language they signed up in."""
    return _letter(
        gettext("Confirm your daily papers"),
        gettext("Somebody, most likely you, asked for a digest of new papers at this address."),
        gettext(
            "Open the page below and press its button. There you also choose what you get and when. The link works for "
            "two days."
        ),
    )


def already_here() -> Json:
    """Return the mail for an address that has subscribed before."""
    return _letter(
        gettext("You are subscribed already"),
        gettext(
            "Somebody, most likely you, asked for a digest of new papers at this address. It is subscribed already, "
            "and nothing was changed."
        ),
        gettext("On the page below you choose what you get and when, and you can unsubscribe."),
    )
