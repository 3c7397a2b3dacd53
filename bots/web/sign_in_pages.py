"""The pages to sign in and out on."""

from bots.domain.errors import NotAllowed
from bots.web.providers import Provider, providers
from bots.web.rendering import page, said_page
from bots.web.sign_in import Entered, attempt, ended, enter, enter_operator, is_token, key_of, new_session
from bots.web.site import Route, Site
from bots.web.visits import Answer, Need, Visit, see

_SIGN_IN = "/sign-in"
_REFUSED, _MISSING = 403, 404
#: Attempts with a token of one client in a minute: a person mistypes it a few times.
_ATTEMPTS = 6
#: Attempts by another site of one client in a minute: some people behind one address, and too few to tire the site.
_BY_SITE = 30


def not_let_in(site: Site, visit: Visit, need: Need) -> Answer | None:
    """Return the answer for who may not open a page; None if the visitor may."""
    if need is Need.NOBODY:
        return None
    if not site.signs_in:
        return said_page(site, visit, "There is no such page", "The address is wrong.", status=_MISSING)
    if visit.person is None:
        return see(_SIGN_IN)
    if need is Need.OPERATOR and not visit.person.operator:
        lines = ("Only the operator of Paperwire here can open it.",)
        return said_page(site, visit, "This page is the operator's", *lines, status=_REFUSED)
    return None


async def sign_in(site: Site, visit: Visit) -> Answer:
    """Return the page with every way to sign in; for who is signed in, the way out."""
    if not site.signs_in:
        return said_page(site, visit, "Nobody can sign in here", "The operator has not set it up.", status=_MISSING)
    return _page(site, visit)


def _page(site: Site, visit: Visit, wrong: str = "", status: int = 200) -> Answer:
    return page(
        site, visit, "sign_in.html", "Sign out" if visit.person else "Sign in", status=status, has_form=True,
        person=visit.person,
        providers=[(each.title, f"{_SIGN_IN}/{each.platform}") for each in providers(site.settings.providers)],
        with_token=bool(site.settings.operator_token.reveal()),
        wrong=wrong,
    )  # fmt: skip


async def with_token(site: Site, visit: Visit) -> Answer:
    """Sign in whoever has the operator's token."""
    if not is_token(site, visit.fields.get("token", "")):
        return _page(site, visit, "That is not the operator's token.", _REFUSED)
    return _welcome(await enter_operator(site, visit))


async def begin(site: Site, visit: Visit) -> Answer:
    """Send the browser to the site that says who the person is."""
    provider = _provider(site, visit)
    secrets = attempt(site, visit, provider)
    return Answer(status=303, to=provider.address(_redirect(site, provider), secrets), keeps_session=True)


async def done(site: Site, visit: Visit) -> Answer:
    """Sign in the person who comes back from the site.

    Raises:
        NotAllowed: the attempt is not this browser's, or the person may not sign in.
        NotSaid: the site did not say who the person is.
    """
    provider = _provider(site, visit)
    secrets = await ended(site, visit, provider, visit.query.get("state", ""))
    code = visit.query.get("code", "")
    if not code:
        raise NotAllowed(f"{provider.title} did not sign you in.", hint="Sign in again, and allow it there.")
    person = await provider.person(code, _redirect(site, provider), secrets, visit.now.timestamp())
    return _welcome(await enter(site, visit, provider, person))


def _provider(site: Site, visit: Visit) -> Provider:
    asked = visit.parts["platform"]
    for each in providers(site.settings.providers):
        if each.platform == asked:
            return each
    raise NotAllowed("Nobody can sign in with that here.", hint="Choose one of the ways on the page to sign in.")


def _redirect(site: Site, provider: Provider) -> str:
    return f"{site.settings.public_url}{_SIGN_IN}/{provider.platform}/done"


def _welcome(entered: Entered) -> Answer:
    to = "/operator" if entered.sign_in.operator else "/mine"
    return Answer(status=303, to=to, session=entered.session)


async def sign_out(site: Site, visit: Visit) -> Answer:
    """End the sign-in of this browser."""
    await site.service.store.drop_sign_in(key_of(visit.session))
    return Answer(status=303, to="/", session=new_session())


ROUTES = (
    Route(method="GET", path=_SIGN_IN, view=sign_in),
    Route(method="POST", path=f"{_SIGN_IN}/token", view=with_token, per_minute=_ATTEMPTS),
    Route(method="GET", path=f"{_SIGN_IN}/{{platform:slack|discord}}", view=begin, per_minute=_BY_SITE),
    Route(method="GET", path=f"{_SIGN_IN}/{{platform:slack|discord}}/done", view=done, per_minute=_BY_SITE),
    Route(method="POST", path="/sign-out", view=sign_out),
)
