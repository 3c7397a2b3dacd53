"""Web API: methods of the app itself, to open a socket and to exchange a code for a token."""

from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.passes import Code
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.world import Workspace


def connections_open(call: Call) -> Json:
    """Return a WebSocket URL with a new ticket."""
    if not call.hub.manifest.socket_mode:
        raise SlackRefusal("socket_mode_not_enabled")
    ticket = call.hub.passes.ticket(dead=call.hub.faults.of_ticket())
    base = call.hub.url.replace("http://", "ws://", 1)
    return {"url": f"{base}/link/?ticket={ticket.key}&app_id={call.hub.app_id}"}


def oauth_access(call: Call) -> Json:
    """Exchange a code for a token; docs.slack.dev/reference/methods/oauth.v2.access."""
    given = call.basic or (call.text("client_id"), call.text("client_secret"))
    if given[0] != call.hub.client_id:
        raise SlackRefusal("invalid_client_id")
    if given[1] != call.hub.client_secret:
        raise SlackRefusal("bad_client_secret")
    code = _take(call)
    workspaces = _reached(call, code)
    installation = call.hub.install(
        *workspaces, scopes=code.scopes, installer=code.user, whole_enterprise=code.whole_enterprise
    )
    first = workspaces[0]
    enterprise = {"id": first.enterprise, "name": "Enterprise"} if first.enterprise else None
    return {
        "access_token": installation.token,
        "token_type": "bot",
        "scope": ",".join(sorted(installation.scopes)),
        "bot_user_id": installation.bot_in(first.id).id,
        "app_id": call.hub.app_id,
        "team": None if code.whole_enterprise else {"id": first.id, "name": first.name},
        "enterprise": enterprise,
        "is_enterprise_install": code.whole_enterprise,
        "authed_user": {"id": code.user},
    }


def _take(call: Call) -> Code:
    code = call.hub.passes.codes.get(call.needed("code", "invalid_code"))
    if code is None or call.hub.clock() >= code.until:
        raise SlackRefusal("invalid_code")
    if code.used:
        raise SlackRefusal("code_already_used")
    if call.text("redirect_uri") != code.redirect_uri:
        raise SlackRefusal("bad_redirect_uri")
    code.used = True
    return code


def _reached(call: Call, code: Code) -> list[Workspace]:
    workspaces = call.hub.world.workspaces
    first = workspaces[code.team]
    if not code.whole_enterprise:
        return [first]
    return [first, *(w for w in workspaces.values() if w.enterprise == first.enterprise and w is not first)]


METHODS = {
    "apps.connections.open": Method(run=connections_open, tier=1, token="app"),
    "oauth.v2.access": Method(run=oauth_access, tier=4, token="none"),
}
