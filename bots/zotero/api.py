"""Speaks Zotero's Web API: who a key belongs to, which items a library has, and new items."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.domain.errors import NotAllowed, PaperwireError
from bots.outbound.client import NoAnswer, NotSent, Outbound, Sent
from bots.outbound.client import NotAllowed as AddressNotAllowed
from bots.zotero.items import Json

#: Items of one request, the API's limit.
MOST_ITEMS = 50
#: Bytes of an answer: it repeats the items that were created, with their abstracts of up to 20,000 characters.
MOST_READ = 16 * 1024 * 1024
_OK, _UNKNOWN_KEY, _FORBIDDEN, _MISSING, _CONFLICT, _EXISTS, _BUSY = 200, 401, 403, 404, 409, 412, 429
_SERVER = 500
#: How often a request is repeated, and the longest pause in seconds that the server may ask for in between.
_TRIES, _LONGEST_PAUSE, _PAUSE = 5, 120.0, 2.0


class ZoteroError(PaperwireError):
    """Zotero did not do what was asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What became of new items, by their keys."""

    #: Created now.
    new: tuple[str, ...]
    #: There before, perhaps since an earlier request whose answer was lost.
    known: tuple[str, ...]
    #: Refused, each with the server's reason.
    failed: Mapping[str, str]


@dataclass(kw_only=True, slots=True)
class ZoteroApi:
    """One key's access to the API; waits as long as the server asks for."""

    url: str
    key: str
    outbound: Outbound
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    #: Seconds to wait before the next request, which the server asked for with the last answer.
    _backoff: float = field(default=0.0)

    async def owner(self) -> Mapping[str, Any]:
        """Return whose key this is, and what it may do.

        Raises:
            NotAllowed: the key is not valid.
            ZoteroError: Zotero cannot be asked.
        """
        sent = await self._send("GET", "/keys/current")
        return _object(sent)

    async def existing(self, library: str, keys: Sequence[str]) -> frozenset[str]:
        """Return which items a library has, those in its trash included.

        Args:
            library: `users/ID` or `groups/ID`.
            keys: at most `MOST_ITEMS` keys.

        Raises:
            NotAllowed, ZoteroError: Zotero refuses, or cannot be asked.
        """
        query = {"format": "versions", "itemKey": ",".join(keys), "includeTrashed": "1"}
        return frozenset(_object(await self._send("GET", f"/{library}/items", query=query)))

    async def create(self, library: str, items: Sequence[Json]) -> Written:
        """Create items; one whose key the library has already is left as it is.

        Every item has a key and version 0, which makes this a versioned write: a repeated request creates nothing
        again, and a write token would be redundant (Zotero's documentation of write requests).

        Raises:
            NotAllowed, ZoteroError: Zotero refuses, or cannot be asked.
        """
        body = json.dumps(list(items)).encode()
        answer = _object(await self._send("POST", f"/{library}/items", body=body))
        keys = [str(item["key"]) for item in items]
        refused = {keys[int(place)]: told for place, told in answer.get("failed", {}).items()}
        known = [key for key, told in refused.items() if told.get("code") == _EXISTS]
        return Written(
            new=tuple(keys[int(place)] for place in (*answer.get("successful", {}), *answer.get("unchanged", {}))),
            known=tuple(known),
            failed={key: str(told.get("message", "")) for key, told in refused.items() if key not in known},
        )

    async def _send(self, method: str, path: str, *, body: bytes = b"", query: Mapping[str, str] | None = None) -> Sent:
        headers = {"Zotero-API-Version": "3", "Zotero-API-Key": self.key}
        if body:
            headers["Content-Type"] = "application/json"
        for attempt in range(1, _TRIES + 1):
            await self._wait()
            sent = await self._once(method, path, headers, body, query)
            if sent is not None and sent.status == _OK:
                return sent
            if sent is not None and not _may_be_repeated(sent.status):
                raise _refusal(sent)
            if attempt < _TRIES:
                await self.sleep(max(self._backoff, _PAUSE**attempt if sent is None else _pause(sent)))
                self._backoff = 0.0
        raise ZoteroError("Zotero does not answer now.", hint="Run the command again later: nothing will be doubled.")

    async def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, str] | None
    ) -> Sent | None:
        try:
            sent = await self.outbound.send(method, self.url + path, headers=headers, body=body, query=query)
        except AddressNotAllowed as error:
            raise ZoteroError(f"zotero.api_url cannot be used: {error}.") from error
        except (NotSent, NoAnswer):
            return None
        self._backoff = _seconds(sent.headers.get("backoff", ""))
        return sent

    async def _wait(self) -> None:
        if self._backoff:
            pause, self._backoff = self._backoff, 0.0
            await self.sleep(pause)


def _may_be_repeated(status: int) -> bool:
    """Return whether a request may succeed later: the library is locked, too many requests, a fault of the server."""
    return status in (_CONFLICT, _BUSY) or status >= _SERVER


def _pause(sent: Sent) -> float:
    return _seconds(sent.headers.get("retry-after", "")) or _PAUSE


def _seconds(said: str) -> float:
    """Return the seconds that a header asks for, at most two minutes; none if it asks for none."""
    return min(float(said), _LONGEST_PAUSE) if said.isascii() and said.isdigit() and len(said) < 8 else 0.0


def _refusal(sent: Sent) -> PaperwireError:
    if sent.status in (_UNKNOWN_KEY, _FORBIDDEN):
        return NotAllowed(
            "Zotero refuses this key.",
            hint="Make one with write access to the library at https://www.zotero.org/settings/keys/new",
        )
    if sent.status == _MISSING:
        return ZoteroError("Zotero has no such library or collection.", hint="Check the number of the group.")
    said = sent.body[:200].decode("utf-8", "replace").strip()
    return ZoteroError(f"Zotero answered with HTTP {sent.status}: {said}")


def _object(sent: Sent) -> dict[str, Any]:
    try:
        value = json.loads(sent.body)
    except ValueError as error:
        raise ZoteroError("Zotero's answer cannot be read.") from error
    if not isinstance(value, dict):
        raise ZoteroError("Zotero's answer is not what its documentation says.")
    return value
