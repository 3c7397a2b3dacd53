"""What an operation of the API is: its address, what it takes, what it answers, and what it needs."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from bots.domain.channels import Channel
from bots.rest.calls import Call, Outlet, Response
from bots.rest.problems import bad
from bots.rest.tokens import ApiToken, Right

Json = dict[str, Any]
#: A part of a path, line breaks included: an id that cannot be is answered like any other wrong id.
_ANY = r"[\s\S]+"
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A call of an operation, with its token and its values as the document describes them."""

    outlet: Outlet
    call: Call
    token: ApiToken
    values: Mapping[str, Any]
    #: The object in the body; empty if the operation takes none.
    body: Mapping[str, Any]

    @property
    def where(self) -> Mapping[str, Any]:
        """The fields that every request of a chat has: the place, and the person."""
        person, place = self.token.person, self.token.channel
        if person is None or person.workspace == place.workspace:
            return {"channel": place, "user": self.token.user}
        # A person who is no member of one workspace alone has a list of their own, as on Discord.
        return {"channel": replace(person, channel=""), "place": place, "user": self.token.user}


Answer = Json | Response
View = Callable[[Asking], Awaitable[Answer]]


class Where(StrEnum):
    """Where a parameter stands."""

    PATH = "path"
    QUERY = "query"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One value of an address."""

    name: str
    says: str
    #: JSON Schema, draft 2020-12, as OpenAPI 3.1 uses it: of a string, an integer or a date.
    schema: Json
    where: Where = Where.QUERY
    required: bool = False

    def read(self, call: Call) -> Any:
        """Return the value of a call; the default if there is none.

        Raises:
            ApiProblem: it is missing, or is not as the schema says.
        """
        given = (call.parts if self.where is Where.PATH else call.query).get(self.name)
        if given is None or (given == "" and not self.required):
            if self.required:
                raise bad(f"`{self.name}` is missing.", self.says)
            return self.schema.get("default")
        return self._read(given)

    def _read(self, given: str) -> Any:
        kind, most = self.schema.get("type"), self.schema.get("maxLength", 500)
        if len(given) > most or not _is_text(given) or not given:
            raise bad(f"`{self.name}` has no characters, too many, or some that are no text.", self.says)
        if kind == "integer":
            return self._number(given)
        if self.schema.get("format") == "date":
            return self._day(given)
        if "enum" in self.schema and given not in self.schema["enum"]:
            raise bad(f"`{self.name}` is not one of its values.", f"Give one of: {', '.join(self.schema['enum'])}.")
        return given

    def _number(self, given: str) -> int:
        low, high = self.schema["minimum"], self.schema["maximum"]
        if not _NUMBER.fullmatch(given) or not low <= int(given) <= high:
            raise bad(f"`{self.name}` is not a number from {low} to {high}.", self.says)
        return int(given)

    def _day(self, given: str) -> date:
        try:
            return date.fromisoformat(given)
        except ValueError as error:
            raise bad(f"`{self.name}` is no day.", "Write it like this: 2026-11-24.") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One operation of the API."""

    name: str
    method: str
    #: In the syntax of OpenAPI; a parameter of the path may contain slashes, as a DOI does.
    path: str
    says: str
    view: View
    right: Right
    parameters: tuple[Parameter, ...] = ()
    #: The schema of the body's object; None if it takes no body.
    body: Json | None = None
    #: The schema of the answer, by name; empty if the answer is a file.
    answer: str = ""
    status: int = 200
    #: Requests per minute of a token, for an operation that costs more than reading; 0 for the limit of all.
    per_minute: int = field(default=0)

    @property
    def route(self) -> str:
        """The path in the syntax of the HTTP library."""
        return re.sub(r"\{(\w+)\}", lambda found: f"{{{found[1]}:{_ANY}}}", self.path)

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of the addresses of this operation."""
        return re.compile(re.sub(r"\{\w+\}", lambda _: _ANY, self.path))

    def values(self, call: Call) -> Mapping[str, Any]:
        """Return the values of a call by name.

        Raises:
            ApiProblem: one is missing or wrong.
        """
        return {each.name: each.read(call) for each in self.parameters}


def _is_text(text: str) -> bool:
    """Return whether a text has no lone surrogates and no null character, which no database stores."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def checked_text(body: Mapping[str, Any], name: str, *, most: int, required: bool = False) -> str:
    """Return a text in the object of a body; empty if there is none.

    Raises:
        ApiProblem: it is missing, no text, or too long.
    """
    value = body.get(name, "")
    if not isinstance(value, str) or not _is_text(value) or len(value) > most:
        raise bad(f"`{name}` is not a text of at most {most} characters.")
    if required and not value.strip():
        raise bad(f"`{name}` is missing.")
    return value


def belongs(channel: Channel, token: ApiToken) -> bool:
    """Return whether a channel is of the token's workspace, or the token's own where the platform has none."""
    return channel.owner == token.channel.owner
