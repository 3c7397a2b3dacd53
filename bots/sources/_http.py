"""The one way out to the web: polite, patient, bounded; the only file that imports httpx."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from bots.domain.errors import SettingsError, SourceDown, SourceRefused
from bots.sources._body import Broken, Keep, Kept, Odd, TooLarge, collect
from bots.sources._politeness import BUSY, PACES, Breaker, Gate, Pace, asked_pause, backoff

PROJECT = "https://github.com/paperwire/paperwire"
#: Hosts a redirect may lead to, beside the one that was asked.
HOSTS = frozenset({"huggingface.co", "arxiv.org", "www.arxiv.org", "export.arxiv.org", "rss.arxiv.org"})
#: Seconds a caller waits who has a person waiting; and one who has not.
SHORT, LONG = 20.0, 240.0
#: The largest body taken, unpacked.
BODY_LIMIT = 5 * 1024 * 1024

# The answers of a morning: one feed a category, a few pages of Hugging Face.
_KEPT_BYTES = 16 * 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REDIRECTS_MOST = 5
_NOT_MODIFIED = 304
_CONTACT = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
# A connection to this machine itself never goes through an institution's proxy.
_NO_PROXY: Mapping[str, None] = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))


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


class _Later(Exception):
    """This attempt failed in a way that may pass."""

    def __init__(self, reason: str, pause: float | None = None, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.pause = pause
        self.refused = refused


class Web:
    """A client shared by all sources of a process; an async context manager.

    Proxy and certificate settings of the environment are honoured (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`): many
    institutions have no other way out, and every address asked is built by a source, never typed by a user. httpx
    sends no password from `.netrc` unless told to.

    Without a contact the agent names the project alone: arXiv asks for a contact, so `doctor` says that it is missing,
    but a first digest works with nothing configured.
    """

    def __init__(
        self,
        *,
        contact: str,
        version: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        allowed_hosts: frozenset[str] = HOSTS,
        paces: Mapping[str, Pace] = PACES,
        deadline: float = 60.0,
    ) -> None:
        """Set up; nothing is opened before the first request.

        Args:
            contact: an e-mail address, or empty.
            clock: monotonic seconds.
            random: evenly spread over 0 to 1.
            deadline: seconds one attempt may take as a whole, however slowly its bytes drip.

        Raises:
            SettingsError: the contact is no e-mail address.
        """
        if contact and not _CONTACT.fullmatch(contact):
            raise SettingsError("The contact is no e-mail address.", hint="Write it as you@example.org.")
        self.agent = f"Paperwire/{version} (+{PROJECT}{f'; mailto:{contact}' if contact else ''})"
        self._clock, self._sleep, self._random = clock, sleep, random
        self._hosts = allowed_hosts
        self._paces = paces
        self._deadline = deadline
        self._gates: dict[str, Gate] = {}
        self._breakers: dict[str, Breaker] = {}
        self._keep = Keep(_KEPT_BYTES)
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def get(
        self,
        url: str,
        *,
        group: str,
        params: Mapping[str, str] | None = None,
        accept: str = "*/*",
        timeout: float = 30.0,  # noqa: ASYNC109 - seconds of silence on the line, which only httpx can tell
        patience: float = LONG,
        limit: int = BODY_LIMIT,
        whole: Callable[[Page], bool] | None = None,
    ) -> Page:
        """Return the answer to one address, tried again while the group is busy.

        Args:
            group: whose pace and breaker apply: a key of the pace table.
            patience: seconds the call may take with its pauses and retries.
            limit: bytes of the unpacked body.
            whole: says whether a good-looking answer really is one; if not, that counts as busy.

        Raises:
            SourceDown: no answer, or only refusals that may pass.
            SourceRefused: too large, unreadable, or redirected to where it may not lead.
        """
        call = _Call(group, httpx.URL(url, params=params), accept, timeout, limit)
        pace, breaker = self._pace(group), self._breaker(group)
        end = self._clock() + patience
        for attempt in range(1, pace.tries + 1):
            self._refuse_if_open(pace, breaker)
            try:
                page = await self._once(call, whole)
            except _Later as later:
                await self._pause(call, attempt, end, later)
            else:
                breaker.succeeded()
                return page
        raise AssertionError("the last failed attempt raises")

    def _refuse_if_open(self, pace: Pace, breaker: Breaker) -> None:
        if (left := breaker.remaining) > 0:
            raise SourceDown(
                f"{pace.name} failed several times in a row and is left alone for {left / 60:.0f} min.",
                retry_after=left,
            )

    async def _pause(self, call: "_Call", attempt: int, end: float, later: _Later) -> None:
        """Hold the group off for the next attempt, or give the call up."""
        pace, gate, breaker = self._pace(call.group), self._gate(call.group), self._breaker(call.group)
        asked = later.pause
        gate.hold(backoff(pace, attempt, self._random, refused=later.refused) if asked is None else asked)
        if attempt < pace.tries and not breaker.probing and self._clock() + gate.wait < end:
            return
        breaker.failed()
        wait = max(0.0 if asked is None else gate.wait, breaker.remaining)
        raise SourceDown(f"{pace.name} does not answer: {later}.", retry_after=wait or None) from later

    async def _once(self, call: "_Call", whole: Callable[[Page], bool] | None) -> Page:
        """Make one attempt, redirects and all.

        Raises:
            _Later: it failed in a way that may pass.
            SourceRefused: it failed for good.
        """
        url = call.url
        for _ in range(_REDIRECTS_MOST + 1):
            page = await self._turn(call, url)
            if page.status not in _REDIRECTS:
                if whole is not None and not whole(page):
                    raise _Later("its answer was not whole")
                return page
            url = self._next(call, page)
        raise SourceRefused(f"{self._pace(call.group).name} sends us round in circles.")

    def _next(self, call: "_Call", page: Page) -> httpx.URL:
        """Return where a redirect leads, if that is a place we go: the same host, or a known one over https."""
        name = self._pace(call.group).name
        try:
            target = httpx.URL(page.url).join(page.headers.get("location", ""))
            host = target.host
        except (httpx.InvalidURL, ValueError) as error:
            raise SourceRefused(f"{name} redirects to no address.") from error
        home = target.netloc == call.url.netloc and target.scheme == call.url.scheme
        known = target.scheme == "https" and target.port is None and host in {call.url.host, *self._hosts}
        if not (home or known) or target.userinfo:
            raise SourceRefused(
                f"{name} redirects to {host[:60] or 'no host'}, where Paperwire does not go.",
                hint="If a proxy or a sign-in page answers in its place, let Paperwire through.",
            )
        return target

    async def _turn(self, call: "_Call", url: httpx.URL) -> Page:
        gate = self._gate(call.group)
        await gate.enter()
        try:
            async with asyncio.timeout(self._deadline):
                return await self._exchange(call, url)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise _Later("it took too long") from error
        except httpx.UnsupportedProtocol as error:
            raise SourceRefused(f"{url.scheme}: is no way to ask {gate.pace.name}.") from error
        except (httpx.InvalidURL, ValueError) as error:
            # httpx reads the Location of a redirect even where it does not follow it.
            raise SourceRefused(f"{gate.pace.name} redirects to no address.") from error
        except httpx.HTTPError as error:
            raise _Later(f"the connection failed ({type(error).__name__})") from error
        finally:
            gate.leave()

    async def _exchange(self, call: "_Call", url: httpx.URL) -> Page:
        key = f"{call.accept} {url}"
        kept = self._keep.find(key)
        headers = {"Accept": call.accept, **_conditions(kept)}
        async with self._open().stream("GET", url, headers=headers, timeout=call.timeout) as response:
            answered = {name.lower(): value for name, value in response.headers.items()}
            if response.status_code in BUSY | self._pace(call.group).busy:
                raise _Later(f"HTTP {response.status_code}", asked_pause(answered), refused=True)
            if response.status_code == _NOT_MODIFIED and kept is not None:
                return Page(status=200, headers=answered, body=kept.body, url=kept.url, from_cache=True)
            body = await self._body(call, response)
        page = Page(status=response.status_code, headers=answered, body=body, url=str(url))
        self._remember(key, page)
        return page

    async def _body(self, call: "_Call", response: httpx.Response) -> bytes:
        name = self._pace(call.group).name
        encoding = response.headers.get("content-encoding", "").strip().lower()
        try:
            return await collect(response.aiter_raw(), encoding, call.limit)
        except TooLarge as error:
            raise SourceRefused(f"{name} sent more than {call.limit // (1024 * 1024)} MB.") from error
        except Broken as error:
            raise _Later(f"its answer is damaged ({error})") from error
        except Odd as error:
            raise SourceRefused(f"{name} answers in an encoding nobody asked for: {error}.") from error

    def _remember(self, key: str, page: Page) -> None:
        etag, modified = page.headers.get("etag", ""), page.headers.get("last-modified", "")
        if page.status == httpx.codes.OK and (etag or modified):
            self._keep.put(key, Kept(etag=etag, modified=modified, url=page.url, body=page.body))
        else:
            self._keep.drop(key)

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                headers={"User-Agent": self.agent, "Accept-Encoding": "gzip"},
                follow_redirects=False,
                trust_env=True,
                mounts=_NO_PROXY,
                # Nobody's session is ours to keep: no domain may set a cookie.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        return self._client

    def _pace(self, group: str) -> Pace:
        return self._paces[group]

    def _gate(self, group: str) -> Gate:
        return self._gates.setdefault(group, Gate(self._pace(group), self._clock, self._sleep))

    def _breaker(self, group: str) -> Breaker:
        return self._breakers.setdefault(group, Breaker(self._clock))


@dataclass(frozen=True, slots=True)
class _Call:
    """What stays the same over the attempts of one call."""

    group: str
    url: httpx.URL
    accept: str
    timeout: float
    limit: int


def _conditions(kept: Kept | None) -> dict[str, str]:
    if kept is None:
        return {}
    wanted = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified}
    return {name: value for name, value in wanted.items() if value}
