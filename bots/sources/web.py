"""The web as a source sees it: one method that asks, and the answer it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

#: Seconds a caller waits who has a person waiting; and one who has not.
SHORT, LONG = 20.0, 240.0
#: The largest body taken, unpacked.
BODY_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """An answer that came through whole, whatever its status below 500 says."""

    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes
    #: Where it came from in the end.
    url: str
    #: Whether the server said that the body kept from before still stands.
    from_cache: bool = False


class Web(Protocol):
    """The way out to the hosts that a source's description names, at the pace it names, and to no others."""

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "*/*",
        timeout: float = 30.0,  # noqa: ASYNC109 - seconds of silence on the line, which only the client can tell
        patience: float = LONG,
        limit: int = BODY_LIMIT,
        whole: Callable[[Page], bool] | None = None,
    ) -> Page:
        """Return the answer to one address, tried again while its host is busy.

        Args:
            url: https on a host that the description names, or an address that a setting holds.
            params: the query.
            headers: more headers, such as a key's; never sent along when a redirect leads to another host.
            accept: the content type that is wanted.
            timeout: seconds of silence after which an attempt has failed.
            patience: seconds the call may take with its pauses and retries.
            limit: bytes of the unpacked body.
            whole: says whether a good-looking answer really is one; if not, that counts as busy.

        Raises:
            SourceDown: no answer, or only refusals that may pass.
            SourceRefused: too large, unreadable, on a host the description does not name, or redirected to one.
        """
        ...
