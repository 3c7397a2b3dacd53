"""The JSON API: its operations, and the check of each call before its view runs."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bots.domain.credentials import CredentialKind
from bots.domain.export_formats import ExportFormat
from bots.domain.requests import SearchOrder
from bots.domain.subscriptions import SortBy
from bots.endpoints.clients import Visits
from bots.rest import views
from bots.rest.calls import Call, Outlet, Response
from bots.rest.operations import Asking, Operation, Parameter, Where
from bots.rest.problems import ApiProblem, bad
from bots.rest.tokens import ApiToken, Right, is_genuine, read_token, token_id_of
from summarizer import Style

BASE = "/api/v1"
_UNKNOWN, _REFUSED, _TOO_MANY = 401, 403, 429
#: Requests of a token in a minute; a program that reads everything once needs no more.
_CALLS, _MINUTE = 120, 60.0
#: Wrong tokens of one client in a minute.
_WRONG = 20
#: What makes blurbs takes some 50 ms of a processor for each.
_COSTLY = 20


def _text(most: int = 500) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


def _one_of(values: Any, default: str) -> dict[str, Any]:
    return {"type": "string", "enum": [str(value) for value in values], "default": str(default)}


def _limit(most: int, default: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter(name="limit", says=f"Items of a page: 1 to {most}.", schema=schema)


_DAY = {"type": "string", "format": "date"}
_CURSOR = Parameter(name="cursor", says="`next_cursor` of the page before; none for the first.", schema=_text(300))
_ID = Parameter(
    name="id",
    says="An arXiv id, a DOI, or an id that an answer named.",
    schema=_text(),
    where=Where.PATH,
    required=True,
)
_SUBSCRIPTION = Parameter(name="id", says="Its id.", schema=_text(100), where=Where.PATH, required=True)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="search", method="GET", path="/search", right=Right.READ, view=views.search, answer="EntryPage",
        says="Papers that match words, a title, an author, or a query with fields.", per_minute=60,
        parameters=(
            Parameter(name="q", says="The words or the query.", schema=_text(), required=True),
            _limit(50, 10), _CURSOR,
            Parameter(name="order", says="The order.", schema=_one_of(SearchOrder, SearchOrder.RELEVANCE)),
            Parameter(name="only", says="A further query that every paper must match.", schema=_text()),
            Parameter(
                name="live", says="Whether arXiv and other libraries are asked, too.",
                schema=_one_of(("true", "false"), "false"),
            ),
        ),
    ),
    Operation(
        name="getPaper", method="GET", path="/papers/{id}", right=Right.READ, view=views.paper, answer="Entry",
        says="One paper with its abstract and its blurb.", parameters=(_ID,), per_minute=60,
    ),
    Operation(
        name="summarize", method="POST", path="/summaries", right=Right.SUMMARIZE, view=views.summarize,
        answer="Summary", says="Condense an abstract. Nothing of it is stored.", per_minute=_COSTLY,
        body={
            "type": "object", "required": ["text"], "additionalProperties": False,
            "properties": {
                "text": _text(views.MOST_PASTED), "title": {"type": "string", "maxLength": 1000},
                "style": {"type": "string", "enum": [str(each) for each in Style]},
            },
        },
    ),
    Operation(
        name="trending", method="GET", path="/trending", right=Right.READ, view=views.trending, answer="TrendingPage",
        says="What sources listed on a day, in a week or in a month, the most popular first.", per_minute=_COSTLY,
        parameters=(
            Parameter(name="day", says="The last day; none for the newest.", schema=_DAY),
            Parameter(name="period", says="The period that ends on that day.", schema=_one_of(views.PERIODS, "day")),
            Parameter(name="order", says="The order.", schema=_one_of(SortBy, SortBy.TRENDING)),
            _limit(50, 20), _CURSOR,
        ),
    ),
    Operation(
        name="posted", method="GET", path="/posted", right=Right.READ, view=views.posted, answer="PostedPage",
        says="What was posted in a channel of the workspace, the last message first. A page has whole messages.",
        parameters=(
            Parameter(name="channel", says="The channel; none for the token's own.", schema=_text(200)),
            _limit(100, 20), _CURSOR,
        ),
    ),
    Operation(
        name="listSubscriptions", method="GET", path="/subscriptions", right=Right.READ, view=views.subscriptions,
        answer="SubscriptionList", says="The subscriptions of the token's workspace.",
    ),
    Operation(
        name="subscribe", method="POST", path="/subscriptions", right=Right.SUBSCRIBE, view=views.subscribe,
        answer="Subscribed", says="Create a subscription of the token's channel.", per_minute=_COSTLY,
        body={
            "type": "object", "additionalProperties": False,
            "properties": {
                name: {"type": "string", "maxLength": 500, "description": says} for name, says in views.OPTIONS.items()
            },
        },
    ),
    Operation(
        name="unsubscribe", method="DELETE", path="/subscriptions/{id}", right=Right.SUBSCRIBE, view=views.unsubscribe,
        says="End a subscription of the token's channel.", status=204, parameters=(_SUBSCRIPTION,),
    ),
    Operation(
        name="listSaved", method="GET", path="/saved", right=Right.READ, view=views.saved, answer="PaperPage",
        says="The saved papers of the token's person, the latest first.",
        parameters=(
            Parameter(name="words", says="Only papers with these words.", schema=_text()), _limit(100, 20), _CURSOR,
        ),
    ),
    Operation(
        name="save", method="PUT", path="/saved/{id}", right=Right.SAVE, view=views.save, answer="Noted",
        says="Save a paper.", parameters=(_ID,), per_minute=60,
    ),
    Operation(
        name="unsave", method="DELETE", path="/saved/{id}", right=Right.SAVE, view=views.unsave, answer="Noted",
        says="Remove a paper from the saved ones.", parameters=(_ID,),
    ),
    Operation(
        name="export", method="GET", path="/export", right=Right.READ, view=views.export, per_minute=60,
        says="One paper, or all saved papers, as a file.",
        parameters=(
            Parameter(name="paper", says="Its id; none for all saved papers.", schema=_text()),
            Parameter(name="format", says="The format.", schema=_one_of(ExportFormat, ExportFormat.BIBTEX)),
        ),
    ),
)  # fmt: skip


class Api:
    """Answers the calls of the operations."""

    def __init__(self, outlet: Outlet, ticks: Callable[[], float]) -> None:
        self._outlet = outlet
        self._calls = Visits(_CALLS, _MINUTE, ticks)
        self._wrong = Visits(_WRONG, _MINUTE, ticks)
        self._own = {each.name: Visits(each.per_minute, _MINUTE, ticks) for each in OPERATIONS if each.per_minute}

    async def answer(self, operation: Operation, call: Call) -> Response:
        """Return the answer of an operation.

        Raises:
            ApiProblem, PaperwireError: the call cannot be answered.
        """
        token = await self._token(call)
        self._admit(operation, token)
        if operation.right not in token.rights:
            raise ApiProblem(
                _REFUSED, f"This token does not have the right `{operation.right}`.", "Make one that has it."
            )
        asking = Asking(
            outlet=self._outlet, call=call, token=token, values=operation.values(call),
            body=_object(call) if operation.body is not None else {},
        )  # fmt: skip
        answer = await operation.view(asking)
        if isinstance(answer, Response):
            return answer
        # ASCII, so that an abstract's every character survives every client.
        return Response(body=json.dumps(answer), status=operation.status, headers={"Cache-Control": "no-store"})

    async def _token(self, call: Call) -> ApiToken:
        scheme, _, text = call.headers.get("authorization", "").partition(" ")
        named = token_id_of(text.strip()) if scheme.lower() == "bearer" else ""
        kept = await self._outlet.service.store.credential(CredentialKind.API_TOKEN, named) if named else None
        if kept is not None and is_genuine(text.strip(), kept):
            token = read_token(kept)
            if token.expires is None or call.now < token.expires:
                return token
        if not self._wrong.admit(call.client):
            raise _too_many()
        raise ApiProblem(
            _UNKNOWN,
            "This call has no valid token.",
            "Send a token as `Authorization: Bearer pw_…`. Whoever runs Paperwire makes one.",
            {"WWW-Authenticate": 'Bearer realm="paperwire"'},
        )

    def _admit(self, operation: Operation, token: ApiToken) -> None:
        own = self._own.get(operation.name)
        if not self._calls.admit(token.id) or (own is not None and not own.admit(token.id)):
            raise _too_many()


def _too_many() -> ApiProblem:
    return ApiProblem(_TOO_MANY, "Too many requests.", "Wait a minute, then try again.", {"Retry-After": "60"})


def _object(call: Call) -> Mapping[str, Any]:
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiProblem(415, "The body is not JSON.", "Send an object with `Content-Type: application/json`.")
    try:
        value = json.loads(call.body)
    except (ValueError, RecursionError) as error:
        raise bad("The body is no JSON.", "Send an object, such as {} or the one in the document.") from error
    if not isinstance(value, dict):
        raise bad("The body is not an object.", "Send an object, such as {} or the one in the document.")
    return value
