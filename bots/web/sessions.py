"""The cookie of a session, and the token of its forms. Pure functions.

A form is accepted only with the token that was made for the session of its browser. Another site can make a browser
send a form with its cookie, but cannot read the token (OWASP: signed double submit).
"""

import secrets
from datetime import datetime, timedelta

from bots.pages.signed_links import signed, subject_of, verified
from bots.web.visits import Session

#: A session lives this long after it began; then the browser gets a new one.
SESSION_DAYS = 30
#: How long a form may stay open in a browser.
_FORM_OPEN = timedelta(hours=12)
_COOKIE, _FORM = "web.session", "web.form"
_ID_BYTES = 16


def cookie_name(*, over_tls: bool) -> str:
    """Return the name of the cookie; with TLS, one that browsers accept from this host only."""
    return "__Host-paperwire" if over_tls else "paperwire"


def cookie_value(session: Session, *, secret: str, now: datetime) -> str:
    """Return the value of a session's cookie."""
    return signed(session.id, secret=secret, purpose=_COOKIE, now=now)


def session_of(cookie: str, *, secret: str, now: datetime) -> Session:
    """Return the session of a cookie; a new one if it is missing, forged or too old."""
    longest = timedelta(days=SESSION_DAYS)
    if cookie and verified(cookie, secret=secret, purpose=_COOKIE, now=now, longest=longest):
        return Session(id=subject_of(cookie), fresh=False)
    return Session(id=secrets.token_urlsafe(_ID_BYTES))


def form_token(session: Session, *, secret: str, now: datetime) -> str:
    """Return the token that the forms of a session carry."""
    return signed(session.id, secret=secret, purpose=_FORM, now=now)


def is_form_of(session: Session, token: str, *, secret: str, now: datetime) -> bool:
    """Return whether a form was made for this session, and not too long ago."""
    if session.fresh or subject_of(token) != session.id:
        return False
    return verified(token, secret=secret, purpose=_FORM, now=now, longest=_FORM_OPEN)
