"""The HTTP client of all sources, with rate limits, retries and size limits; the only module that imports httpx."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from math import inf
from types import TracebackType
from typing import Self

import httpx

from bots.chat.asker import current
from bots.domain.errors import SourceBusy, SourceDown, SourceRefused, SourceUnreachable
from bots.outbound.public_hosts import Resolve, resolve
from bots.ports import Permits
from bots.sources._allowed_hosts import Reach
from bots.sources._body import Broken, Keep, Kept, Odd, TooLarge, collect
from bots.sources._calls import Call, call_of, leads_on, sent_to
from bots.sources._destination import destination
from bots.sources._failed_attempts import Hurried, Later, NoConnection
from bots.sources._politeness import BUSY, TRIES, Breaker, Gate, Pace, TooLate, backoff, requested_pause, user_agent
from bots.sources._source_client import Asked, SourceWeb
from bots.sources.web import SHORT, Page, Web
from bots.translation.speech import gettext_lazy

# The responses of one morning: a feed per category, and a few pages of Hugging Face.
_KEPT_BYTES = 16 * 1024 * 1024
# Seconds between requests to a host that only a setting names.
_UNNAMED = 1.0
#: Seconds to make a connection, a name looked up included: a lost packet is sent again after one and after three.
_CONNECT = 5.0
#: Seconds that a request needs at least; one that has fewer left is not sent, because its answer would not be read.
_LEAST = 3.0
#: Seconds after which a host that has not answered counts as failing. arXiv takes up to eight for a good answer.
_FAIR = 10.0
#: Seconds in which an answer is worded and sent after its sources have given up.
_TO_ANSWER = 1.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REDIRECTS_MOST = 5
_NOT_MODIFIED = 304
# Connections to this machine itself never go through an institution's proxy.
_NO_PROXY: Mapping[str, None] = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))


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
        resolve: Resolve = resolve,
        permits: Permits | None = None,
    ) -> None:
        """Create the client; no connection is opened before the first request.

        Args:
            contact: an e-mail address, or empty.
            clock: returns monotonic seconds.
            random: returns numbers evenly distributed over 0 to 1.
            paces: the rate limit of every host that a source may contact.
            deadline: maximum seconds for a whole attempt, however slowly its bytes arrive.
            resolve: returns the addresses of a host that a person named.
            permits: the permits that this process shares with others; None if it shares none.

        Raises:
            SettingsError: the contact is not an e-mail address.
        """
        self.agent = user_agent(contact=contact, version=version)
        #: The operator's e-mail address, or empty.
        self.contact = contact
        self._resolve = resolve
        self._clock, self._sleep, self._random = clock, sleep, random
        self._paces = paces
        self._deadline = deadline
        self._permits = permits
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
        call = self._call(asked)
        pace = self._pace(call, call.url)
        breaker = self._breaker(call, pace)
        for attempt in range(1, TRIES + 1):
            self._refuse_if_open(call, breaker)
            try:
                page = await self._once(call)
            except TooLate as error:
                raise SourceBusy(
                    gettext_lazy("{source} is busy.", source=call.title), retry_after=self._gate(pace).wait or None
                ) from error
            except Later as later:
                await self._pause(call, attempt, later)
            else:
                breaker.succeeded()
                return page
        raise AssertionError("the last failed attempt raises")

    def _call(self, asked: Asked) -> Call:
        now = self._clock()
        if asked.patience > SHORT:
            # Nobody waits: a turn that comes late is better than a digest without this source.
            return call_of(asked, retries_until=now + asked.patience)
        # A person's answer still has to be worded and sent when the source has given up.
        end = now + min(asked.patience, current().left - _TO_ANSWER)
        return call_of(asked, retries_until=end, end=end)

    def _refuse_if_open(self, call: Call, breaker: Breaker) -> None:
        if (left := breaker.remaining) > 0:
            raise SourceDown(
                gettext_lazy(
                    "{source} failed several times in a row; Paperwire retries in {minutes} min.",
                    source=call.title,
                    minutes=round(left / 60),
                ),
                retry_after=left,
            )

    async def _pause(self, call: Call, attempt: int, later: Later) -> None:
        """Delay the host group until the next attempt, or raise SourceDown if there is none."""
        if isinstance(later, NoConnection) and call.end < inf:
            # Nothing was sent, so the host is neither spared by a pause nor counted as failing; a person sees at once
            # what is wrong with the network.
            raise SourceUnreachable(gettext_lazy("{source} cannot be reached.", source=call.title)) from later
        pace = self._pace(call, call.url)
        gate, breaker = self._gate(pace), self._breaker(call, pace)
        asked = later.pause
        pause = backoff(pace, attempt, self._random, refused=later.refused) if asked is None else asked
        # What a host refuses, it refuses to all; that it was not reached may be this machine's own trouble.
        await gate.hold(pace.lane(self._deadline), pause, everywhere=later.refused)
        if attempt < TRIES and not breaker.probing and self._clock() + gate.wait < call.retries_until:
            return
        if not isinstance(later, Hurried):
            breaker.failed()
        wait = max(0.0 if asked is None else gate.wait, breaker.remaining) or None
        if isinstance(later, NoConnection):
            raise SourceUnreachable(
                gettext_lazy("{source} cannot be reached.", source=call.title), retry_after=wait
            ) from later
        raise SourceDown(
            gettext_lazy("{source} does not answer: {why}.", source=call.title, why=later), retry_after=wait
        ) from later

    async def _once(self, call: Call) -> Page:
        """Make one attempt and follow its redirects.

        Raises:
            Later: the attempt failed for a reason that may be temporary.
            SourceRefused: the attempt failed permanently.
        """
        url = call.url
        for _ in range(_REDIRECTS_MOST + 1):
            page = await self._turn(call, url)
            if page.status not in _REDIRECTS:
                if call.asked.whole is not None and not call.asked.whole(page):
                    raise Later(gettext_lazy("its answer was incomplete"))
                return page
            url = self._next(call, page)
        raise SourceRefused(gettext_lazy("{source} redirects too many times.", source=call.title))

    def _next(self, call: Call, page: Page) -> httpx.URL:
        """Return the target of a redirect, if the source may contact it."""
        if call.asked.content:
            raise SourceRefused(gettext_lazy("{source} redirects a question that was sent to it.", source=call.title))
        try:
            target = httpx.URL(page.url).join(page.headers.get("location", ""))
            known = bool(target.host) and leads_on(call, target)
        except (httpx.InvalidURL, ValueError) as error:
            raise SourceRefused(gettext_lazy("{source} redirects to an invalid address.", source=call.title)) from error
        if not known:
            raise SourceRefused(
                gettext_lazy(
                    "{source} redirects to {host}, which is not one of its hosts.",
                    source=call.title,
                    host=target.host[:60] or "—",
                ),
                hint=gettext_lazy("If a proxy or a sign-in page answers in its place, give Paperwire direct access."),
            )
        return target

    async def _turn(self, call: Call, url: httpx.URL) -> Page:
        pace = self._pace(call, url)
        gate = self._gate(pace)
        lane = pace.lane(self._deadline)
        permit = await gate.enter(lane, call.end - min(_LEAST, call.asked.patience / 4))
        seconds, sent = min(self._deadline, call.end - self._clock()), True
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(call, url)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            sent = False
            raise NoConnection(gettext_lazy("no connection can be made")) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            hurried = isinstance(error, TimeoutError) and seconds < min(self._deadline, _FAIR)
            raise (Hurried if hurried else Later)(gettext_lazy("it took too long")) from error
        except httpx.UnsupportedProtocol as error:
            raise SourceRefused(
                gettext_lazy("{source} cannot be reached over {scheme}:.", source=call.title, scheme=url.scheme)
            ) from error
        except (httpx.InvalidURL, ValueError) as error:
            # httpx parses the Location header of a redirect even if it does not follow it.
            raise SourceRefused(gettext_lazy("{source} redirects to an invalid address.", source=call.title)) from error
        except httpx.HTTPError as error:
            raise Later(gettext_lazy("the connection failed ({error})", error=type(error).__name__)) from error
        finally:
            await gate.leave(lane, permit, sent=sent)

    async def _exchange(self, call: Call, url: httpx.URL) -> Page:
        key = f"{call.title} {call.asked.accept} {url}"
        # A response to a request with a key is not cached, nor one to a question in a body.
        cached = not (call.asked.headers or call.asked.content)
        kept = self._keep.find(key) if cached else None
        headers = {**sent_to(call, url), "Accept": call.asked.accept, **(kept.conditions if kept else {})}
        timeout = httpx.Timeout(call.asked.timeout, connect=min(_CONNECT, call.asked.timeout))
        sent = {"headers": headers, "timeout": timeout, "content": call.asked.content or None}
        async with self._open().stream(call.method, **await destination(call, url, sent, self._resolve)) as response:
            answered = {name.lower(): value for name, value in response.headers.items()}
            if response.status_code in BUSY | self._pace(call, url).busy:
                raise Later(f"HTTP {response.status_code}", requested_pause(answered), refused=True)
            if response.status_code == _NOT_MODIFIED and kept is not None:
                return Page(status=200, headers=answered, body=kept.body, url=kept.url, from_cache=True)
            body = await self._body(call, response)
        page = Page(status=response.status_code, headers=answered, body=body, url=str(url))
        if cached:
            self._remember(key, page)
        return page

    async def _body(self, call: Call, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        try:
            return await collect(response.aiter_raw(), encoding, call.asked.limit)
        except TooLarge as error:
            raise SourceRefused(
                gettext_lazy(
                    "{source} sent more than {number} MB.", source=call.title, number=call.asked.limit // (1024 * 1024)
                )
            ) from error
        except Broken as error:
            raise Later(gettext_lazy("its answer is damaged ({error})", error=error)) from error
        except Odd as error:
            raise SourceRefused(
                gettext_lazy(
                    "{source} answered in an encoding that was not requested: {why}.", source=call.title, why=error
                )
            ) from error

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

    def _pace(self, call: Call, url: httpx.URL) -> Pace:
        """Return the pace of a host that a source names, else of the host it replaces, else a slow default."""
        reach = call.asked.reach
        stands_for = reach.host(url.scheme, url.host, url.port)
        pace = self._paces.get(url.host) or self._paces.get(stands_for) or Pace(group=url.host, interval=_UNNAMED)
        return pace.slowed(reach.hosts.get(url.host) or reach.hosts.get(stands_for))

    def _gate(self, pace: Pace) -> Gate:
        return self._gates.setdefault(pace.group, Gate(pace.at_once, self._clock, self._sleep, self._permits))

    def _breaker(self, call: Call, pace: Pace) -> Breaker:
        """Return a source's own circuit breaker: wrong requests of one source must not block another."""
        return self._breakers.setdefault((call.title, pace.group), Breaker(self._clock))
