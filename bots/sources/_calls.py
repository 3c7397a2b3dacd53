"""One call of a source: its address, the hosts that it may reach, and the headers that it may send. Pure functions."""

from dataclasses import dataclass
from math import inf

import httpx

from bots.domain.errors import SourceRefused
from bots.sources._allowed_hosts import Reach
from bots.sources._source_client import Asked
from bots.translation.speech import gettext_lazy

#: Headers that a source cannot set; the last ones would also be sent after a redirect.
_OUR_HEADERS = frozenset({"accept", "accept-encoding", "connection", "cookie", "host", "user-agent"})


@dataclass(frozen=True, slots=True)
class Call:
    """The state that all attempts of one call share."""

    asked: Asked
    url: httpx.URL
    #: The instant on the client's clock after which a failed attempt is the last one.
    retries_until: float
    #: The instant on the client's clock at which the caller gives up, even without a turn; infinite in the background.
    end: float = inf

    @property
    def title(self) -> str:
        """The display name of the source that makes the call, with the host if a person named it."""
        reach = self.asked.reach
        return f"{reach.title} {self.url.host[:60]}" if reach.open_web else reach.title

    @property
    def method(self) -> str:
        """The method of HTTP: a question in a body is posted."""
        return "POST" if self.asked.content else "GET"


def call_of(asked: Asked, *, retries_until: float, end: float = inf) -> Call:
    """Return the call, after a check that the source may contact its address.

    Args:
        asked: what the source requests.
        retries_until: the instant on the client's clock after which a failed attempt is the last one.
        end: the instant on the client's clock at which the caller gives up, even without a turn.

    Raises:
        SourceRefused: the address is neither on a host in the description, over https, nor from a setting.
    """
    reach = asked.reach
    try:
        url = httpx.URL(asked.url, params=asked.params)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceRefused(gettext_lazy("{source} requests an invalid address.", source=reach.title)) from error
    if url.userinfo or not reach.host(url.scheme, url.host, url.port):
        raise SourceRefused(
            gettext_lazy(
                "{source} may not read {scheme}://{host}.",
                source=reach.title,
                scheme=url.scheme[:10],
                host=url.host[:60],
            ),
            hint=_hint(reach),
        )
    return Call(asked, url, retries_until, end)


def _hint(reach: Reach) -> str:
    if reach.open_web:
        return gettext_lazy("Give an address of a public site that begins with https://.")
    return gettext_lazy(
        "A source may read the hosts in its description, over https, and the addresses in its settings."
    )


def leads_on(call: Call, target: httpx.URL) -> bool:
    """Return whether a redirect may be followed: to the same host, or over https to another host of the source."""
    reach = call.asked.reach
    known = target.scheme == "https" and target.port is None and target.host in reach.hosts
    known = known or (reach.open_web and bool(reach.host(target.scheme, target.host, target.port)))
    return (_is_home(call, target) or known) and not target.userinfo


def _is_home(call: Call, url: httpx.URL) -> bool:
    return (url.scheme, url.netloc) == (call.url.scheme, call.url.netloc)


def sent_to(call: Call, url: httpx.URL) -> dict[str, str]:
    """Return a source's additional headers: only for the host it called, and never as a replacement for ours."""
    home = _is_home(call, url)
    return {name: value for name, value in call.asked.headers.items() if home and name.lower() not in _OUR_HEADERS}
