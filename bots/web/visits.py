"""What a browser asks for and what it is answered: plain records without any HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bots.domain.sign_ins import SignIn

HTML = "text/html; charset=utf-8"
_SEE_OTHER = 303


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One browser, as long as it keeps its cookie."""

    #: A random id; the cookie carries it signed.
    id: str
    #: Whether the browser did not send it, so that it knows it only if the answer keeps the session.
    fresh: bool = True


class Need(StrEnum):
    """Who may open a page."""

    NOBODY = "nobody"
    #: Whoever is signed in.
    MEMBER = "member"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One request of a browser."""

    #: The path as the client sent it, without the query.
    path: str
    session: Session
    now: datetime
    method: str = "GET"
    #: The parts of the path that the route names.
    parts: Mapping[str, str] = field(default_factory=dict)
    #: The query; of a repeated name, the first value.
    query: Mapping[str, str] = field(default_factory=dict)
    #: The form as it came, in order; empty unless its token was valid.
    form: tuple[tuple[str, str], ...] = ()
    #: The network address that it came from.
    client: str = ""
    #: Who is signed in; None if nobody is.
    person: SignIn | None = None

    @property
    def fields(self) -> Mapping[str, str]:
        """The form by name; of a repeated name, the last value."""
        return dict(self.form)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A page, a file, or another address."""

    body: str = ""
    status: int = 200
    type: str = HTML
    #: The name to save a file under; empty for what is shown.
    file: str = ""
    #: The address to go to, on this site.
    to: str = ""
    #: Whether the browser gets the cookie of its session; a page with a form needs it.
    keeps_session: bool = False
    #: The session that replaces the browser's, as after a sign-in; None if it keeps its own.
    session: Session | None = None
    #: Seconds for which the browser may show it again without asking.
    fresh_seconds: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def see(address: str) -> Answer:
    """Return the answer that sends the browser to an address on this site, as after a form."""
    return Answer(status=_SEE_OTHER, to=address)
