"""The HTTP client of one source: it combines each request with the hosts that the source may contact."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bots.sources._allowed_hosts import Reach
from bots.sources.web import BODY_LIMIT, LONG, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One request of a source; the fields are the arguments of `Web.get`."""

    reach: Reach
    url: str
    params: Mapping[str, str] | None
    headers: Mapping[str, str]
    accept: str
    timeout: float
    patience: float
    limit: int
    whole: Callable[[Page], bool] | None
    #: The body of a question that is posted; empty for a plain request.
    content: bytes = b""


class SourceWeb:
    """The `Web` that one source receives."""

    def __init__(self, ask: Callable[[Asked], Awaitable[Page]], reach: Reach) -> None:
        self._ask = ask
        self._reach = reach

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
        """Return the response from one address; see `Web.get`."""
        asked = Asked(
            reach=self._reach,
            url=url,
            params=params,
            headers=headers or {},
            accept=accept,
            timeout=timeout,
            patience=patience,
            limit=limit,
            whole=whole,
        )
        return await self._ask(asked)

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
        """Return the response to a question in a body; see `Web.post`."""
        asked = Asked(
            reach=self._reach,
            url=url,
            params=params,
            headers={**(headers or {}), "Content-Type": kind},
            accept="application/json",
            timeout=30.0,
            patience=patience,
            limit=limit,
            whole=None,
            content=content,
        )
        return await self._ask(asked)
