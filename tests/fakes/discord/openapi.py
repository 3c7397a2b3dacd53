"""Validates requests and responses against Discord's own OpenAPI spec of its REST interface.

Where the spec and the documents differ, the documents take precedence; the tables of allowances list the differences.
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

#: What requests may contain beyond the spec.
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
#: What responses may contain beyond the spec.
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
    """Discord's OpenAPI spec, ready to validate bodies; the validator of a call is compiled at its first use."""

    def __init__(self, described: Json) -> None:
        schemas = described["components"]["schemas"]
        self._raw: Mapping[str, Json] = schemas
        self._calls = _by_length(described["paths"])
        self._taken = checker(plain(schemas, TAKEN))
        self._given = checker(plain(schemas, GIVEN))
        self._checks: dict[tuple[str, ...], Validator] = {}

    @classmethod
    def load(cls) -> "Spec":
        """Load the spec from the file beside this module."""
        return cls(_described())

    def request(self, method: str, path: str, body: object) -> tuple[Wrong, ...]:
        """Return the errors in the body of a call; `path` is the path of the call without the API version."""
        operation, name = self._operation(method, path)
        if operation is None:
            return (_unknown_call(method, path),)
        carrier = operation.get("requestBody")
        if carrier is None or (body is None and not carrier["required"]):
            return ()
        return self._wrongs(self._taken, (method.lower(), name), carrier["content"], body)

    def response(self, method: str, path: str, status: int, body: object) -> tuple[Wrong, ...]:
        """Return the errors in a response; from status 500 on, any body is valid."""
        operation, name = self._operation(method, path)
        if operation is None:
            # The spec does not describe the error for an unknown path.
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
        # Paths with fewer parameters come first; a method may exist only for a path with more of them.
        for name, verbs in self._calls.get(len(steps), ()):
            if method.lower() in verbs and all(_fits(*pair) for pair in zip(_steps(name), steps, strict=True)):
                return verbs[method.lower()], name
        return None, path


def _steps(path: str) -> list[str]:
    return path.strip("/").split("/")


def _fits(described: str, called: str) -> bool:
    # "@me" and "@original" are literals, never ids.
    return described == called or (described.startswith("{") and not called.startswith("@"))


def _by_length(paths: Mapping[str, Json]) -> dict[int, list[tuple[str, Json]]]:
    """Group the paths by their number of segments, each group with the fewest parameters first."""
    sorted_: dict[int, list[tuple[str, Json]]] = {}
    for name in sorted(paths, key=lambda each: each.count("{")):
        sorted_.setdefault(len(_steps(name)), []).append((name, paths[name]))
    return sorted_


def _wrong(code: str, message: str) -> Wrong:
    return Wrong(path=(), code=code, message=message)


def _unknown_call(method: str, path: str) -> Wrong:
    return _wrong("UNKNOWN_CALL", f"{method.upper()} {path} is not among the calls that are described here.")
