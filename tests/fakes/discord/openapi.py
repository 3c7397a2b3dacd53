"""Holds requests and answers to Discord's own OpenAPI description of its REST interface.

Where the description and the documents differ, the documents win: that is what the tables of allowances are for.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema.protocols import Validator

from tests.fakes.discord.openapi_schemas import Allowance, checker, plain, rewritten
from tests.fakes.discord.openapi_words import in_words
from tests.fakes.discord.wrong import Json, Wrong

DESCRIPTION = Path(__file__).with_name("openapi.json")

#: What requests may hold beyond the description.
TAKEN = (
    Allowance(
        schema="SnowflakeType",
        instead={"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0},
        reason="discord.py 2.7 sends the ids of attachments, mentions and replies as numbers, and Discord takes them.",
    ),
    *(
        Allowance(
            schema=schema,
            key="default_member_permissions",
            instead={"type": ["string", "integer", "null"]},
            reason="docs.discord.com, Application Commands: a string; the description's README: either is taken.",
        )
        for schema in (
            "ApplicationCommandCreateRequest",
            "ApplicationCommandUpdateRequest",
            "ApplicationCommandPatchRequestPartial",
        )
    ),
    *(
        Allowance(
            schema=schema,
            key="nsfw",
            instead={"type": ["boolean", "null"]},
            reason="docs.discord.com, Application Commands, has it; the description does not.",
        )
        for schema in (
            "ApplicationCommandCreateRequest",
            "ApplicationCommandUpdateRequest",
            "ApplicationCommandPatchRequestPartial",
        )
    ),
    *(
        Allowance(
            schema=schema,
            key="tts",
            instead={"type": ["boolean", "null"]},
            reason="discord.py 2.7 sends it with every message, and Discord passes over it where it means nothing.",
        )
        for schema in (
            "MessageEditRequestPartial",
            "BaseCreateMessageCreateRequest",
            "IncomingWebhookUpdateRequestPartial",
            "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
        )
    ),
    Allowance(
        schema="RichEmbed",
        key="flags",
        instead={"type": ["integer", "null"]},
        reason='docs.discord.com, Message Resource, "Embed Structure", has it, and discord.py 2.7 sends it.',
    ),
    *(
        Allowance(
            schema=schema,
            key="file_types",
            instead={"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 10},
            reason="docs.discord.com, change log of 5 August 2026: newer than this description.",
        )
        for schema in ("FileUploadComponentForModalRequest", "ApplicationCommandAttachmentOption")
    ),
)
#: What answers may hold beyond the description.
GIVEN = (
    Allowance(
        schema="CreatedThreadResponse",
        key="message",
        instead={"$ref": "#/components/schemas/MessageResponse"},
        reason="docs.discord.com, Start Thread in Forum: a channel, with the first message nested in it.",
    ),
    Allowance(
        schema="InnerErrors",
        key="_errors",
        instead={
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                "required": ["code", "message"],
            },
        },
        reason='docs.discord.com, Reference, "Error Messages": the codes of nested errors are words.',
    ),
    Allowance(
        schema="RatelimitedResponse",
        instead={
            "type": "object",
            "properties": {
                "message": {"type": "string"},
                "retry_after": {"type": "number"},
                "global": {"type": "boolean"},
                "code": {"type": "integer"},
            },
            "required": ["message", "retry_after", "global"],
        },
        reason='docs.discord.com, Rate Limits, "Exceeding A Rate Limit": the code may be missing.',
    ),
)


@cache
def _described() -> Json:
    found: Json = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return found


class Spec:
    """Discord's description, ready to check bodies; it compiles the check of a call at its first use."""

    def __init__(self, described: Json) -> None:
        schemas = described["components"]["schemas"]
        self._raw: Mapping[str, Json] = schemas
        self._calls = _by_length(described["paths"])
        self._taken = checker(plain(schemas, TAKEN))
        self._given = checker(plain(schemas, GIVEN))
        self._checks: dict[tuple[str, ...], Validator] = {}

    @classmethod
    def load(cls) -> "Spec":
        """Read the description that lies beside this file."""
        return cls(_described())

    def request(self, method: str, path: str, body: object) -> tuple[Wrong, ...]:
        """Return what is wrong with the body of a call, `path` as called and without the version before it."""
        operation, name = self._operation(method, path)
        if operation is None:
            return (_unknown_call(method, path),)
        carrier = operation.get("requestBody")
        if carrier is None or (body is None and not carrier["required"]):
            return ()
        return self._wrongs(self._taken, (method.lower(), name), carrier["content"], body)

    def response(self, method: str, path: str, status: int, body: object) -> tuple[Wrong, ...]:
        """Return what is wrong with an answer; a failure of Discord's own, from 500 on, may be anything."""
        operation, name = self._operation(method, path)
        if operation is None:
            # Nobody described how an unknown address is refused.
            return () if status >= 400 else (_unknown_call(method, path),)
        if status >= 500:
            return ()
        code = next((each for each in (str(status), f"{status // 100}XX") if each in operation["responses"]), None)
        if code is None:
            return (_wrong("UNKNOWN_STATUS", f"{status} is no answer to {method} {name}."),)
        return self._wrongs(self._given, (method.lower(), name, code), operation["responses"][code]["content"], body)

    def _wrongs(self, kind: type[Validator], key: tuple[str, ...], content: Json, body: Any) -> tuple[Wrong, ...]:
        if not content:
            return () if body in (None, "", b"") else (_wrong("BODY_NOT_EMPTY", "There must be no body."),)
        if key not in self._checks:
            self._checks[key] = kind(rewritten(content["application/json"]["schema"], self._raw))
        return tuple(map(in_words, self._checks[key].iter_errors(body)))

    def _operation(self, method: str, path: str) -> tuple[Json | None, str]:
        steps = _steps(path.partition("?")[0])
        # The most literal way to read it comes first, and a verb may be known for a less literal one only.
        for name, verbs in self._calls.get(len(steps), ()):
            if method.lower() in verbs and all(_fits(*pair) for pair in zip(_steps(name), steps, strict=True)):
                return verbs[method.lower()], name
        return None, path


def _steps(path: str) -> list[str]:
    return path.strip("/").split("/")


def _fits(described: str, called: str) -> bool:
    # "@me" and "@original" stand for themselves and are nobody's id.
    return described == called or (described.startswith("{") and not called.startswith("@"))


def _by_length(paths: Mapping[str, Json]) -> dict[int, list[tuple[str, Json]]]:
    """Sort the calls by their number of steps, and those of one number by how literal they are."""
    sorted_: dict[int, list[tuple[str, Json]]] = {}
    for name in sorted(paths, key=lambda each: each.count("{")):
        sorted_.setdefault(len(_steps(name)), []).append((name, paths[name]))
    return sorted_


def _wrong(code: str, message: str) -> Wrong:
    return Wrong(path=(), code=code, message=message)


def _unknown_call(method: str, path: str) -> Wrong:
    return _wrong("UNKNOWN_CALL", f"{method.upper()} {path} is not among the calls that are described here.")
