"""Errors as programs read them: problem details (RFC 9457), each with what to do. Pure functions."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from bots.domain.errors import NotAllowed, PaperwireError, StoreError, TooMany
from bots.domain.replies import Problem, Trouble
from bots.rest.calls import Response
from bots.usecases.problems import problem

_BAD, _REFUSED, _MISSING, _UNFIT, _TOO_MANY, _BUSY = 400, 403, 404, 422, 429, 503
#: Seconds after which a program may try again what failed here.
_PAUSE = 30


class ApiProblem(Exception):
    """A call cannot be answered; the response says why, and what to do."""

    def __init__(self, status: int, detail: str, hint: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.hint = hint
        self.headers = dict(headers or {})


def response_of(error: ApiProblem) -> Response:
    """Return an error as a response."""
    title = HTTPStatus(error.status).phrase
    told = {"type": "about:blank", "title": title, "status": error.status, "detail": str(error), "hint": error.hint}
    body = json.dumps({name: value for name, value in told.items() if value})
    return Response(body=body, status=error.status, type="application/problem+json", headers=error.headers)


def problem_of(error: PaperwireError) -> ApiProblem:
    """Return an error of Paperwire as a program may see it: without paths and hosts of this machine."""
    said = problem(error)
    match error:
        case TooMany():
            return ApiProblem(_TOO_MANY, said.message, said.hint, {"Retry-After": str(_PAUSE)})
        case NotAllowed():
            return ApiProblem(_REFUSED, said.message, said.hint)
        case StoreError():
            return ApiProblem(_BUSY, said.message, said.hint, {"Retry-After": str(_PAUSE)})
    return refused(said)


def refused(said: Problem) -> ApiProblem:
    """Return a reply that reports a problem as an error of the API."""
    match said.kind:
        # What this installation is not set up for, such as a source that it does not have: trying again does not help.
        case Trouble.REQUEST | Trouble.SETTINGS:
            return ApiProblem(_UNFIT, said.message, said.hint)
        case Trouble.MISSING:
            return ApiProblem(_MISSING, said.message, said.hint)
    return ApiProblem(_BUSY, said.message, said.hint, {"Retry-After": str(_PAUSE)})


def bad(detail: str, hint: str = "") -> ApiProblem:
    """Return the error for a call that is not as the document says."""
    return ApiProblem(_BAD, detail, hint)


def missing(detail: str, hint: str = "") -> ApiProblem:
    """Return the error for an address at which there is nothing."""
    return ApiProblem(_MISSING, detail, hint)
