"""Signs people in and out: by a site that says who they are, or by the operator's token."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.domain.channels import Channel
from bots.domain.errors import NotAllowed
from bots.domain.sign_ins import OPERATOR_PLATFORM, SignIn
from bots.pages.signed_links import signed, verified
from bots.web.providers import Person, Provider, Secrets
from bots.web.site import Site
from bots.web.visits import Session, Visit

#: How long a member stays signed in, as long as the cookie; and the operator, who can change what is posted anywhere.
MEMBER_STAYS, OPERATOR_STAYS = timedelta(days=30), timedelta(hours=12)
#: How long a person may take on the page of the site.
_ATTEMPT = timedelta(minutes=10)
_USED = "web sign-in"
_STATE_BYTES, _SESSION_BYTES = 16, 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """A sign-in, and the new session that it belongs to."""

    sign_in: SignIn
    session: Session


def new_session() -> Session:
    """Return a session that no browser has."""
    return Session(id=secrets.token_urlsafe(_SESSION_BYTES))


def key_of(session: Session) -> str:
    """Return the key of a session's sign-in; the session cannot be found from it."""
    return hashlib.sha256(f"paperwire sign-in {session.id}".encode()).hexdigest()


def attempt(site: Site, visit: Visit, provider: Provider) -> Secrets:
    """Return the secrets of a new attempt, which only this browser can end."""
    state = signed(
        secrets.token_urlsafe(_STATE_BYTES), secret=site.secret, purpose=_purpose(visit, provider), now=visit.now
    )
    return _secrets(site, state)


async def ended(site: Site, visit: Visit, provider: Provider, state: str) -> Secrets:
    """Return the secrets of an attempt that this browser began, once.

    Raises:
        NotAllowed: the state is forged, of another browser, too old, or was used before.
    """
    ours = not visit.session.fresh and verified(
        state, secret=site.secret, purpose=_purpose(visit, provider), now=visit.now, longest=_ATTEMPT
    )
    used = hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
    if not ours or not await site.service.store.once(_USED, used, now=visit.now):
        raise NotAllowed(
            "This sign-in was not begun in this browser, took too long, or was used before.", hint="Sign in again."
        )
    return _secrets(site, state)


def _purpose(visit: Visit, provider: Provider) -> str:
    return f"sign-in.{provider.platform}.{visit.session.id}"


def _secrets(site: Site, state: str) -> Secrets:
    """Return the secrets that belong to a state; they need not be kept, because only this key makes them."""

    def made(of: str) -> str:
        return hmac.new(site.secret.encode(), f"{of} {state}".encode(), hashlib.sha256).hexdigest()

    return Secrets(state=state, nonce=made("nonce"), verifier=made("verifier"))


async def enter(site: Site, visit: Visit, provider: Provider, person: Person) -> Entered:
    """Sign a person in, in a new session.

    Raises:
        NotAllowed: the person is in no workspace that Paperwire is in.
    """
    known = frozenset(await site.service.store.workspaces(provider.platform))
    operator = any(_is(each, provider.platform, person) for each in site.settings.operators)
    ours = tuple(each for each in person.workspaces if each in known)
    if not ours and not operator:
        raise NotAllowed(
            f"You are in no workspace of {provider.title} that Paperwire posts to.",
            hint="Sign in with the account that is in it.",
        )
    return await _entered(
        site, visit, platform=provider.platform, user=person.user, name=person.name or person.user,
        workspaces=ours or ("",), operator=operator,
    )  # fmt: skip


def _is(operator: Channel, platform: str, person: Person) -> bool:
    inside = not operator.workspace or operator.workspace in person.workspaces
    return (operator.platform, operator.channel) == (platform, person.user) and inside


def is_token(site: Site, given: str) -> bool:
    """Return whether a text is the operator's token; the time that it takes says nothing about the token."""
    token = site.settings.operator_token.reveal()
    sealed = (hashlib.sha256(each.encode("utf-8", "replace")).digest() for each in (given, token))
    return hmac.compare_digest(*sealed) and bool(token)


async def enter_operator(site: Site, visit: Visit) -> Entered:
    """Sign in whoever has the operator's token, in a new session."""
    return await _entered(
        site, visit, platform=OPERATOR_PLATFORM, user="", name="Operator", workspaces=("",), operator=True
    )


async def _entered(
    site: Site, visit: Visit, *, platform: str, user: str, name: str, workspaces: tuple[str, ...], operator: bool
) -> Entered:
    # A new session, so that an id that somebody planted in the browser before is worth nothing.
    session = new_session()
    sign_in = SignIn(
        key=key_of(session), platform=platform, user=user, name=name, workspaces=workspaces, operator=operator,
        created=visit.now, expires=visit.now + (OPERATOR_STAYS if operator else MEMBER_STAYS),
    )  # fmt: skip
    store = site.service.store
    await store.drop_sign_in(key_of(visit.session))
    await store.keep_sign_in(sign_in)
    return Entered(sign_in=sign_in, session=session)


async def who(site: Site, session: Session, now: datetime) -> SignIn | None:
    """Return who is signed in with a session; None if nobody is.

    Raises:
        StoreError: the database cannot be read.
    """
    if session.fresh or not site.signs_in:
        return None
    found = await site.service.store.sign_in(key_of(session), now=now)
    return found if found is None or _may_still(site, found) else None


def _may_still(site: Site, found: SignIn) -> bool:
    """Return whether a sign-in is still good by the settings: a removed token or operator ends it at once."""
    if found.platform == OPERATOR_PLATFORM:
        return bool(site.settings.operator_token.reveal())
    if not any(each.platform == found.platform for each in site.settings.providers):
        return False
    person = Person(user=found.user, name="", workspaces=found.workspaces)
    return not found.operator or any(_is(each, found.platform, person) for each in site.settings.operators)
