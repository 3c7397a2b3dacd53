"""Trims Discord's OpenAPI spec to the calls that the fake answers.

    python -m tests.fakes.discord.trim_openapi FULL.json

FULL.json is `specs/openapi.json` of github.com/discord/discord-api-spec; the result is written beside this file.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.fakes.discord.wrong import Json

CUT = Path(__file__).with_name("openapi.json")

_CHANNEL = "/channels/{channel_id}"
_MESSAGE = f"{_CHANNEL}/messages/{{message_id}}"
_APP = "/applications/{application_id}"
_GUILD = "/guilds/{guild_id}"
_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
#: The calls that are kept, by path.
ROUTES: Mapping[str, tuple[str, ...]] = {
    "/gateway": ("get",),
    "/gateway/bot": ("get",),
    "/applications/@me": ("get",),
    "/oauth2/applications/@me": ("get",),
    "/users/@me": ("get",),
    "/users/@me/channels": ("post",),
    "/users/@me/guilds": ("get",),
    "/users/{user_id}": ("get",),
    _GUILD: ("get",),
    f"{_GUILD}/channels": ("get",),
    f"{_GUILD}/members/{{user_id}}": ("get",),
    f"{_GUILD}/roles": ("get",),
    f"{_GUILD}/threads/active": ("get",),
    _CHANNEL: ("get", "patch"),
    f"{_CHANNEL}/messages": ("get", "post"),
    _MESSAGE: ("get", "patch", "delete"),
    f"{_MESSAGE}/crosspost": ("post",),
    f"{_MESSAGE}/threads": ("post",),
    f"{_CHANNEL}/messages/pins": ("get",),
    f"{_CHANNEL}/messages/pins/{{message_id}}": ("put", "delete"),
    f"{_CHANNEL}/pins": ("get",),
    f"{_CHANNEL}/pins/{{message_id}}": ("put", "delete"),
    f"{_CHANNEL}/threads": ("post",),
    f"{_CHANNEL}/thread-members/@me": ("put", "delete"),
    f"{_CHANNEL}/typing": ("post",),
    f"{_APP}/commands": ("get", "put", "post"),
    f"{_APP}/commands/{{command_id}}": ("get", "patch", "delete"),
    f"{_APP}/guilds/{{guild_id}}/commands": ("get", "put", "post"),
    f"{_APP}/guilds/{{guild_id}}/commands/{{command_id}}": ("get", "patch", "delete"),
    "/interactions/{interaction_id}/{interaction_token}/callback": ("post",),
    _HOOK: ("post",),
    f"{_HOOK}/messages/@original": ("get", "patch", "delete"),
    f"{_HOOK}/messages/{{message_id}}": ("get", "patch", "delete"),
}
_JSON = "application/json"
_SCHEMAS = "#/components/schemas/"


def trimmed(full: Json) -> Json:
    """Return the part of a full spec that the fake needs, without titles and descriptions."""
    paths = {path: {verb: _operation(full, path, verb) for verb in verbs} for path, verbs in ROUTES.items()}
    schemas = full["components"]["schemas"]
    kept = {name: _plain(schemas[name]) for name in sorted(_reached(paths, schemas))}
    return {"openapi": full["openapi"], "info": full["info"], "paths": paths, "components": {"schemas": kept}}


def _operation(full: Json, path: str, verb: str) -> Json:
    operation = full["paths"][path][verb]
    said: Json = {"operationId": operation["operationId"]}
    if body := operation.get("requestBody"):
        said["requestBody"] = {"content": _content(body), "required": body.get("required", False)}
    said["responses"] = {
        status: {"content": _content(_followed(full, answer))} for status, answer in operation["responses"].items()
    }
    return said


def _followed(full: Json, answer: Json) -> Json:
    name = answer.get("$ref", "").rsplit("/", 1)[-1]
    found: Json = full["components"]["responses"][name] if name else answer
    return found


def _content(carrier: Json) -> Json:
    """Return only the JSON form of a body.

    The multipart form carries the same JSON, and its files are checked elsewhere.
    """
    content = carrier.get("content", {})
    return {_JSON: {"schema": _plain(content[_JSON]["schema"])}} if _JSON in content else {}


def _plain(schema: Any) -> Any:
    """Remove titles and descriptions, but not properties with these names."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _plain(each) for name, each in value.items()} if key == "properties" else _plain(value)
        for key, value in schema.items()
        if key not in ("title", "description")
    }


def _reached(paths: Json, schemas: Json) -> set[str]:
    reached: set[str] = set()
    ahead = list(_references(paths))
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += _references(schemas[name])
    return reached


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"].removeprefix(_SCHEMAS)
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _references(each)


def main(full: str) -> None:
    """Read the full spec and write the trimmed one: one route or schema per line, so that versions can be compared."""
    cut = trimmed(json.loads(Path(full).read_text(encoding="utf-8")))
    CUT.write_text(_lines(cut), encoding="utf-8")


def _lines(cut: Json) -> str:
    head = ",\n".join(f"{_compact(key)}:{_compact(cut[key])}" for key in ("openapi", "info"))
    paths = ",\n".join(f"{_compact(path)}:{_compact(item)}" for path, item in cut["paths"].items())
    named = cut["components"]["schemas"].items()
    schemas = ",\n".join(f"{_compact(name)}:{_compact(schema)}" for name, schema in named)
    return f'{{{head},\n"paths":{{\n{paths}\n}},\n"components":{{"schemas":{{\n{schemas}\n}}}}}}\n'


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1])
