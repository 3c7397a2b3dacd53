"""The mails that answer a sign-up, as payloads like those of a digest. Pure functions."""

from typing import Any

Json = dict[str, Any]

#: What a reader who asked for nothing should know.
NOT_YOU = (
    "If you did not ask for this, ignore this mail: nothing is sent to you, and your address is deleted in two days."
)


def _letter(subject: str, *about: str) -> Json:
    return {"subject": subject, "heading": subject, "about": list(about), "notes": [], "papers": []}


def please_confirm() -> Json:
    """Return the mail that asks the owner of an address to confirm it."""
    return _letter(
        "Confirm your daily papers",
        "Somebody, most likely you, asked for a digest of new papers at this address.",
        "Open the page below and press its button. There you also choose what you get and when. The link works for two "
        "days.",
    )


def already_here() -> Json:
    """Return the mail for an address that has subscribed before."""
    return _letter(
        "You are subscribed already",
        "Somebody, most likely you, asked for a digest of new papers at this address. It is subscribed already, and "
        "nothing was changed.",
        "On the page below you choose what you get and when, and you can unsubscribe.",
    )
