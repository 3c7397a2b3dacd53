"""Signs the links in messages and pages, so that nobody can make one up. Pure functions.

A token is `subject.time.signature`. The subject can be read without the key, so that the key can be looked up by it;
nothing may be done for it before `verified`.
"""

from datetime import datetime, timedelta

from itsdangerous import BadSignature, TimestampSigner

#: More than the longest subject with a time and a signature; a longer text is not looked at.
_LONGEST = 300
#: Clocks of two machines that serve the same pages differ by less than this.
_AHEAD = timedelta(minutes=5)


class _At(TimestampSigner):
    """The library's signer with the time as an argument."""

    def __init__(self, secret: str, purpose: str, now: datetime) -> None:
        super().__init__(secret, salt=f"paperwire.{purpose}", key_derivation="hmac")
        self._now = now

    def get_timestamp(self) -> int:
        """Return the given time."""
        return int(self._now.timestamp())


def signed(subject: str, *, secret: str, purpose: str, now: datetime) -> str:
    """Return a token for a subject, which must contain no dot.

    Args:
        subject: what the token is about, such as the id of a mailbox; readable by everyone who has the token.
        secret: the key.
        purpose: what the token allows; a token for one purpose is invalid for another.
        now: the time from which its age counts.
    """
    if "." in subject:
        raise ValueError("A subject must not contain a dot.")
    return _At(secret, purpose, now).sign(subject).decode("ascii")


def subject_of(token: str) -> str:
    """Return the subject that a token claims, unverified; empty if it has none."""
    subject, dot, _ = token.partition(".") if len(token) <= _LONGEST and token.isascii() else ("", "", "")
    return subject if dot else ""


def verified(token: str, *, secret: str, purpose: str, now: datetime, longest: timedelta | None = None) -> bool:
    """Return whether a token was signed with the key for this purpose, and is not too old.

    Args:
        token: the text from outside.
        secret: the key.
        purpose: what the token must allow.
        now: the current time.
        longest: how long a token is valid; None for ever.
    """
    if len(token) > _LONGEST or not token.isascii():
        return False
    try:
        _, made = _At(secret, purpose, now).unsign(token, return_timestamp=True)
    except BadSignature:
        return False
    return longest is None or -_AHEAD <= now - made <= longest
