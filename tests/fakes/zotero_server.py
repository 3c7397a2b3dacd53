"""A stand-in for Zotero's Web API (version 3) on the loopback address, written from its documentation.

It refuses what Zotero refuses: a wrong key, a missing version header, more than fifty items, fields that an item type
does not have, keys that are no object keys, a new item with an old version, an existing key with version 0.
"""

import asyncio
import contextlib
import gzip
import json
import re
import socket
import struct
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import Loopback

KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"
_KEY = re.compile("[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")
_COMMON = frozenset(
    "key version itemType title creators abstractNote date DOI url extra tags collections relations accessDate "
    "language shortTitle rights archive archiveLocation libraryCatalog callNumber".split()
)
#: Zotero's schema, version 37, as far as we write it.
_FIELDS = {
    "preprint": _COMMON | frozenset("genre repository archiveID place series seriesNumber citationKey".split()),
    "journalArticle": _COMMON
    | frozenset("publicationTitle volume issue pages series seriesTitle seriesText journalAbbreviation ISSN".split()),
}
_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoteroFault:
    """What happens to a request: an answer, or the end of the connection if there is none."""

    status: int = 0
    headers: tuple[str, ...] = ()
    #: Whether the request is carried out before it happens.
    done: bool = False


class ZoteroServer(Loopback):
    """A user's library, and a group's."""

    def __init__(self) -> None:
        super().__init__()
        #: The items of each library by key, in the order in which they were created.
        self.libraries: dict[str, dict[str, Any]] = {"users/475425": {}, "groups/77": {}}
        self.version = 10
        self.requests: list[tuple[str, str]] = []
        self.faults: list[ZoteroFault] = []
        #: Headers of every answer, such as `Backoff: 5`.
        self.more: tuple[str, ...] = ()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the requests of one connection, one after the other."""
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.requests.append((method, urlsplit(target).path))
            fault = self.faults.pop(0) if self.faults else None
            status, answer = self._answer(method, target, headers, body) if fault is None or fault.done else (0, {})
            more = (*self.more, f"Last-Modified-Version: {self.version}")
            if fault is not None:
                status, more, answer = fault.status, fault.headers, {}
            if not status:
                with contextlib.suppress(OSError):
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                writer.transport.abort()
                return
            text = json.dumps(answer).encode()
            if "gzip" in headers.get("accept-encoding", ""):
                text, more = gzip.compress(text), (*more, "Content-Encoding: gzip")
            lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(text)}", "Content-Type: application/json", *more]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + text)
            await writer.drain()

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        parts = urlsplit(target)
        if headers.get("zotero-api-version") != "3":
            return 400, {"message": "no version"}
        if headers.get("zotero-api-key") != KEY:
            return 403, {}
        if parts.path == "/keys/current":
            access = {"user": {"library": True, "write": True}, "groups": {"77": {"library": True, "write": True}}}
            return 200, {"key": KEY, "userID": 475425, "username": "ada", "access": access}
        library = self.libraries.get(parts.path.removesuffix("/items").lstrip("/"))
        if library is None:
            return 404, {}
        if method == "GET":
            keys = parse_qs(parts.query)["itemKey"][0].split(",")
            return 200, {key: library[key]["version"] for key in keys if key in library}
        return self._create(library, json.loads(body))

    def _create(self, library: dict[str, Any], items: list[Any]) -> tuple[int, Any]:
        if len(items) > 50:
            return 413, {}
        answer: dict[str, Any] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
        for place, item in enumerate(items):
            wrong = self._wrong(library, item)
            if wrong is not None:
                code, message = wrong
                answer["failed"][str(place)] = {"key": item.get("key"), "code": code, "message": message}
                continue
            self.version += 1
            library[item["key"]] = {**item, "version": self.version}
            answer["successful"][str(place)] = {"key": item["key"], "version": self.version, "data": item}
            answer["success"][str(place)] = item["key"]
        return 200, answer

    def _wrong(self, library: dict[str, Any], item: dict[str, Any]) -> tuple[int, str] | None:
        kind = item.get("itemType", "")
        if kind not in _FIELDS:
            return 400, f"'{kind}' is not a valid item type"
        unknown = set(item) - _FIELDS[kind]
        if unknown:
            return 400, f"'{min(unknown)}' is not a valid field for type '{kind}'"
        if not _KEY.fullmatch(item["key"]):
            return 400, f"'{item['key']}' is not a valid item key"
        for creator in item["creators"]:
            if set(creator) not in ({"creatorType", "name"}, {"creatorType", "firstName", "lastName"}):
                return 400, "creator object must contain firstName/lastName or name"
        if item["key"] in library:
            return 412, "Item has been modified since specified version"
        return None if item.get("version") == 0 else (428, "Item version not provided")
