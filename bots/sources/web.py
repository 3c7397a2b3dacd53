"""The interface of a source to the web: one method for requests, and the response."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

#: Seconds that a call may take while a person waits, and in the background.
SHORT, LONG = 20.0, 240.0
#: Maximum size of a body, decompressed.
BODY_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A complete response with any status below 500."""

    status: int
    #: By name in lower case.
    headers: Mapping[str, str]
    body: bytes
    #: The final address, after redirects.
    url: str
    #: Whether the server confirmed that the cached body is still current.
    from_cache: bool = False


class Web(Protocol):
    """HTTP client restricted to the hosts in a source's description, with their rate limits."""

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "*/*",
        timeout: float = 30.0,  # noqa: ASYNC109 - seconds without traffic, which only the client knows
        patience: float = LONG,
        limit: int = BODY_LIMIT,
        whole: Callable[[Page], bool] | None = None,
    ) -> Page:
        """Return the response from one address, with retries while its host is busy.

        Args:
            url: https on a host in the description, or an address from a setting.
            params: the query string.
            headers: additional headers, such as one with a key; not sent if a redirect leads to another host.
            accept: the requested content type.
            timeout: seconds without data after which an attempt fails.
            patience: maximum seconds for the call, including its pauses and retries.
            limit: maximum bytes of the decompressed body.
            whole: returns whether a successful response is complete; if not, the host counts as busy.

        Raises:
            SourceDown: no response, or only temporary refusals.
            SourceRefused: the body is too large or unreadable, or the address or a redirect is on a host that the
                description does not name.
        """
        ...

    async def post(
        self,
        url: str,
        content: bytes,
        *,
        kind: str = "application/json",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = LONG,
        limit: int = BODY_LIMIT,
    ) -> Page:
        """Return the response to a question that is sent as a body, such as a list of ids.

        It is sent again while the host is busy, so it must be one that changes nothing there. A redirect is refused.

        Args:
            url: https on a host in the description, or an address from a setting.
            content: the body; not empty.
            kind: the content type of the body.
            params: the query string.
            headers: additional headers.
            patience: maximum seconds for the call, including its pauses and retries.
            limit: maximum bytes of the decompressed answer.

        Raises:
            SourceDown, SourceRefused: as `get`.
        """
        ...
