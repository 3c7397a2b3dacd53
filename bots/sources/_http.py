"""The HTTP client of all sources, with rate limits, retries and size limits; the only module that imports httpx."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from bots.domain.errors import SourceDown, SourceRefused
from bots.sources._allowed_hosts import Reach
from bots.sources._body import Broken, Keep, Kept, Odd, TooLarge, collect
from bots.sources._politeness import BUSY, TRIES, Breaker, Gate, Pace, backoff, requested_pause, user_agent
from bots.sources._source_client import Asked, SourceWeb
from bots.sources.web import Page, Web

# The responses of one morning: a feed per category, and a few pages of Hugging Face.
_KEPT_BYTES = 16 * 1024 * 1024
# Seconds between requests to a host that only a setting names.
_UNNAMED = 1.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REDIRECTS_MOST = 5
_NOT_MODIFIED = 304
#: Headers that a source cannot set; the last ones would also be sent after a redirect.
_OUR_HEADERS = frozenset({"accept", "accept-encoding", "connection", "cookie", "host", "user-agent"})
# Connections to this machine itself never go through an institution's proxy.
_NO_PROXY: Mapping[str, None] = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))


class _Later(Exception):
    """This attempt failed for a reason that may be temporary."""

    def __init__(self, reason: str, pause: float | None = None, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.pause = pause
        self.refused = refused


class Client:
    """The only HTTP client of a process, shared by all sources; an async context manager.

    The proxy and certificate settings of the environment are used (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`): many
    institutions have no other access to the internet, and every address is built by a source, never typed by a user.
    httpx sends no password from `.netrc` unless configured to.

    Without a contact the user agent names only the project: arXiv asks for a contact, so `doctor` reports that it is
    missing, but a first digest works without any configuration.
    """

    def __init__(
        self,
        *,
        contact: str,
        version: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        paces: Mapping[str, Pace],
        deadline: float = 60.0,
    ) -> None:
        """Create the client; no connection is opened before the first request.

        Args:
            contact: an e-mail address, or empty.
            clock: returns monotonic seconds.
            random: returns numbers evenly distributed over 0 to 1.
            paces: the rate limit of every host that a source may contact.
            deadline: maximum seconds for a whole attempt, however slowly its bytes arrive.

        Raises:
            SettingsError: the contact is not an e-mail address.
        """
        self.agent = user_agent(contact=contact, version=version)
        self._clock, self._sleep, self._random = clock, sleep, random
        self._paces = paces
        self._deadline = deadline
        self._gates: dict[str, Gate] = {}
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._keep = Keep(_KEPT_BYTES)
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def web(self, reach: Reach) -> Web:
        """Return the client of one source, which can contact only the hosts in its reach."""
        return SourceWeb(self.ask, reach)

    async def ask(self, asked: Asked) -> Page:
        """Return the response to a call, with retries while its host is busy; for errors see `Web.get`."""
        call = _call(asked)
        pace = self._pace(call, call.url)
        breaker = self._breaker(call, pace)
        end = self._clock() + asked.patience
        for attempt in range(1, TRIES + 1):
            self._refuse_if_open(call, breaker)
            try:
                page = await self._once(call)
            except _Later as later:
                await self._pause(call, attempt, end, later)
            else:
                breaker.succeeded()
                return page
        raise AssertionError("the last failed attempt raises")

    def _refuse_if_open(self, call: "_Call", breaker: Breaker) -> None:
        if (left := breaker.remaining) > 0:
            raise SourceDown(
                f"{call.title} failed several times in a row; Paperwire retries in {left / 60:.0f} min.",
                retry_after=left,
            )

    async def _pause(self, call: "_Call", attempt: int, end: float, later: _Later) -> None:
        """Delay the host group until the next attempt, or raise SourceDown if there is none."""
        pace = self._pace(call, call.url)
        gate, breaker = self._gate(pace), self._breaker(call, pace)
        asked = later.pause
        gate.hold(backoff(pace, attempt, self._random, refused=later.refused) if asked is None else asked)
        if attempt < TRIES and not breaker.probing and self._clock() + gate.wait < end:
            return
        breaker.failed()
        wait = max(0.0 if asked is None else gate.wait, breaker.remaining)
        raise SourceDown(f"{call.title} does not answer: {later}.", retry_after=wait or None) from later

    async def _once(self, call: "_Call") -> Page:
        """Make one attempt and follow its redirects.

        Raises:
            _Later: the attempt failed for a reason that may be temporary.
            SourceRefused: the attempt failed permanently.
        """
        url = call.url
        for _ in range(_REDIRECTS_MOST + 1):
            page = await self._turn(call, url)
            if page.status not in _REDIRECTS:
                if call.asked.whole is not None and not call.asked.whole(page):
                    raise _Later("its answer was incomplete")
                return page
            url = self._next(call, page)
        raise SourceRefused(f"{call.title} redirects too many times.")

    def _next(self, call: "_Call", page: Page) -> httpx.URL:
        """Return the target of a redirect, if the source may contact it."""
        try:
            target = httpx.URL(page.url).join(page.headers.get("location", ""))
            known = bool(target.host) and _leads_on(call, target)
        except (httpx.InvalidURL, ValueError) as error:
            raise SourceRefused(f"{call.title} redirects to an invalid address.") from error
        if not known:
            raise SourceRefused(
                f"{call.title} redirects to {target.host[:60] or 'no host'}, which is not one of its hosts.",
                hint="If a proxy or a sign-in page answers in its place, give Paperwire direct access.",
            )
        return target

    async def _turn(self, call: "_Call", url: httpx.URL) -> Page:
        pace = self._pace(call, url)
        gate = self._gate(pace)
        await gate.enter(pace.interval)
        try:
            async with asyncio.timeout(self._deadline):
                return await self._exchange(call, url)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise _Later("it took too long") from error
        except httpx.UnsupportedProtocol as error:
            raise SourceRefused(f"{call.title} cannot be reached over {url.scheme}:.") from error
        except (httpx.InvalidURL, ValueError) as error:
            # httpx parses the Location header of a redirect even if it does not follow it.
            raise SourceRefused(f"{call.title} redirects to an invalid address.") from error
        except httpx.HTTPError as error:
            raise _Later(f"the connection failed ({type(error).__name__})") from error
        finally:
            gate.leave()

    async def _exchange(self, call: "_Call", url: httpx.URL) -> Page:
        key = f"{call.title} {call.asked.accept} {url}"
        # A response to a request with a key is not cached.
        kept = None if call.asked.headers else self._keep.find(key)
        headers = {**_sent_to(call, url), "Accept": call.asked.accept, **(kept.conditions if kept else {})}
        async with self._open().stream("GET", url, headers=headers, timeout=call.asked.timeout) as response:
            answered = {name.lower(): value for name, value in response.headers.items()}
            if response.status_code in BUSY | self._pace(call, url).busy:
                raise _Later(f"HTTP {response.status_code}", requested_pause(answered), refused=True)
            if response.status_code == _NOT_MODIFIED and kept is not None:
                return Page(status=200, headers=answered, body=kept.body, url=kept.url, from_cache=True)
            body = await self._body(call, response)
        page = Page(status=response.status_code, headers=answered, body=body, url=str(url))
        if not call.asked.headers:
            self._remember(key, page)
        return page

    async def _body(self, call: "_Call", response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        try:
            return await collect(response.aiter_raw(), encoding, call.asked.limit)
        except TooLarge as error:
            raise SourceRefused(f"{call.title} sent more than {call.asked.limit // (1024 * 1024)} MB.") from error
        except Broken as error:
            raise _Later(f"its answer is damaged ({error})") from error
        except Odd as error:
            raise SourceRefused(f"{call.title} answered in an encoding that was not requested: {error}.") from error

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
                # No domain may set a cookie: Paperwire has no sessions.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        return self._client

    def _pace(self, call: "_Call", url: httpx.URL) -> Pace:
        """Return the pace of a host that a source names, else of the host it replaces, else a slow default."""
        reach = call.asked.reach
        stands_for = reach.host(url.scheme, url.host, url.port)
        pace = self._paces.get(url.host) or self._paces.get(stands_for) or Pace(group=url.host, interval=_UNNAMED)
        return pace.slowed(reach.hosts.get(url.host) or reach.hosts.get(stands_for))

    def _gate(self, pace: Pace) -> Gate:
        return self._gates.setdefault(pace.group, Gate(pace.at_once, self._clock, self._sleep))

    def _breaker(self, call: "_Call", pace: Pace) -> Breaker:
        """Return a source's own circuit breaker: wrong requests of one source must not block another."""
        return self._breakers.setdefault((call.title, pace.group), Breaker(self._clock))


@dataclass(frozen=True, slots=True)
class _Call:
    """The state that all attempts of one call share."""

    asked: Asked
    url: httpx.URL

    @property
    def title(self) -> str:
        """The display name of the source that makes the call."""
        return self.asked.reach.title


def _call(asked: Asked) -> _Call:
    """Return the call, after a check that the source may contact its address.

    Raises:
        SourceRefused: the address is neither on a host in the description, over https, nor from a setting.
    """
    reach = asked.reach
    try:
        url = httpx.URL(asked.url, params=asked.params)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceRefused(f"{reach.title} requests an invalid address.") from error
    if url.userinfo or not reach.host(url.scheme, url.host, url.port):
        raise SourceRefused(
            f"{reach.title} may not read {url.scheme[:10]}://{url.host[:60]}.",
            hint="A source may read the hosts in its description, over https, and the addresses in its settings.",
        )
    return _Call(asked, url)


def _leads_on(call: _Call, target: httpx.URL) -> bool:
    """Return whether a redirect may be followed: to the same host, or over https to another host of the source."""
    known = target.scheme == "https" and target.port is None and target.host in call.asked.reach.hosts
    return (_is_home(call, target) or known) and not target.userinfo


def _is_home(call: _Call, url: httpx.URL) -> bool:
    return (url.scheme, url.netloc) == (call.url.scheme, call.url.netloc)


def _sent_to(call: _Call, url: httpx.URL) -> dict[str, str]:
    """Return a source's additional headers: only for the host it called, and never as a replacement for ours."""
    home = _is_home(call, url)
    return {name: value for name, value in call.asked.headers.items() if home and name.lower() not in _OUR_HEADERS}
