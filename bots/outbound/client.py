"""The HTTP client for sending: it follows no redirects, and connects only where it is allowed to."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from bots.outbound.public_hosts import NotPublic, Resolve, may_be_public, public_address, resolve

#: Seconds for a connection, and for the whole exchange: less than the 30 that a delivery may take.
_CONNECT, _WHOLE = 5.0, 20.0
#: Bytes of an answer that are read if nothing in it is longer than an error message.
_MOST_READ = 64 * 1024


class NotAllowed(Exception):
    """The address may not be contacted; the message says why."""


class NotSent(Exception):
    """No connection could be made, so nothing was sent."""


class NoAnswer(Exception):
    """The request may or may not have arrived."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """The answer to a request."""

    status: int
    #: By name in lower case.
    headers: Mapping[str, str]
    body: bytes


def check_address(url: str, private_hosts: frozenset[str] = frozenset()) -> str:
    """Return an address in its normal form if it may be contacted, as far as it says itself.

    Args:
        url: the address.
        private_hosts: hosts with their ports, such as `n8n.lan:5678`, that may be contacted in the operator's network.

    Raises:
        NotAllowed: it is not https, has a user name, or is no public host.
    """
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname or ""
        normal = str(httpx.URL(url.strip()))
    except (ValueError, httpx.InvalidURL) as error:
        raise NotAllowed("it is no address") from error
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or parts.fragment:
        raise NotAllowed("it is no address that begins with https:// and has no user name")
    if _named(host, port, parts.scheme) in private_hosts:
        return normal
    if parts.scheme != "https":
        raise NotAllowed("it does not begin with https://")
    if not may_be_public(host):
        raise NotAllowed("its host is not on the public internet")
    return normal


def _named(host: str, port: int | None, scheme: str) -> str:
    return f"{host}:{port or (443 if scheme == 'https' else 80)}"


class Outbound:
    """Sends requests; an async context manager."""

    def __init__(
        self,
        *,
        agent: str,
        private_hosts: frozenset[str] = frozenset(),
        resolve: Resolve = resolve,
        seconds: float = _WHOLE,
        most_read: int = _MOST_READ,
    ) -> None:
        """Create the client; no connection is opened before the first request.

        Args:
            agent: the value of `User-Agent`.
            private_hosts: as in `check_address`.
            resolve: returns the addresses of a host.
            seconds: for a whole exchange.
            most_read: bytes of an answer that are read; the rest is dropped.
        """
        self.private_hosts = private_hosts
        self._resolve = resolve
        self._seconds = seconds
        self._most_read = most_read
        self._client = httpx.AsyncClient(
            # Answers are read as they come, so none may be compressed: a small one could unpack to a large one.
            headers={"User-Agent": agent, "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=True,
            timeout=httpx.Timeout(seconds),
            # No receiver may set a cookie, which another one with the same address would be sent.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            # Connections to this machine itself never go through an institution's proxy.
            mounts=dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]")),
        )

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
    ) -> Sent:
        """Send one request and return its answer, whatever its status.

        Raises:
            NotAllowed: the address may not be contacted.
            NotSent: no connection could be made.
            NoAnswer: the request may have arrived.
        """
        target = httpx.URL(check_address(url, self.private_hosts), params=query or None)
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._found(target, dict(headers))
                async with self._client.stream(method, content=body or None, **found) as response:
                    read = await self._beginning(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NotSent(type(error).__name__) from error
        except (TimeoutError, httpx.HTTPError) as error:
            raise NoAnswer(type(error).__name__) from error
        told = {name.lower(): value for name, value in response.headers.items()}
        return Sent(status=response.status_code, headers=told, body=read)

    async def _found(self, url: httpx.URL, headers: dict[str, str]) -> dict[str, Any]:
        """Return the arguments of a request to the one address that was checked.

        A name may be given another address a moment later, so the connection is made to the address and not the name.
        """
        if _named(url.host, url.port, url.scheme) in self.private_hosts:
            return {"url": url, "headers": headers}
        try:
            async with asyncio.timeout(_CONNECT):
                address = await public_address(url.host, self._resolve)
        except NotPublic as error:
            raise NotAllowed("its host is not on the public internet") from error
        except (OSError, TimeoutError) as error:
            raise NotSent("the name has no address") from error
        if not address:
            return {"url": url, "headers": headers}
        named = url.host if url.port is None else f"{url.host}:{url.port}"
        # The certificate is checked for the name, not for the address. The connection is not kept: the library would
        # use it for another name with the same address, whose certificate was never seen.
        return {
            "url": url.copy_with(host=address),
            "headers": {**headers, "Host": named, "Connection": "close"},
            "extensions": {"sni_hostname": url.host},
        }

    async def _beginning(self, response: httpx.Response) -> bytes:
        read = bytearray()
        async for chunk in response.aiter_raw():
            read += chunk
            if len(read) >= self._most_read:
                break
        return bytes(read[: self._most_read])
