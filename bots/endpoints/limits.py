"""The limits of an HTTP endpoint: time, connections and sizes."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a client may take up. The endpoint may be on the internet without a reverse proxy in front of it."""

    #: Connections at a time. A request of a chat is acknowledged in some 20 ms, so these are thousands per second.
    connections: int = 128
    #: Connections at a time from one address outside this network; a proxy beside the endpoint is one address for all.
    per_address: int = 32
    #: Seconds for the request line and the headers. Chats send them in one packet; a phone with a bad line takes some.
    head_seconds: float = 10.0
    #: Bytes of the request line and the headers together; a redirect from an authorisation page has two kilobytes.
    head_bytes: int = 16 * 1024
    #: Seconds for the body. A chat gives the whole request three.
    body_seconds: float = 5.0
    #: Bytes of the body. The largest is a Slack modal with every field full, percent-encoded: some 500 kB.
    body_bytes: int = 1024 * 1024
    #: A larger body, or one of unknown size, is read only beside few others, so that all together stay small.
    small_body_bytes: int = 64 * 1024
    large_bodies: int = 4
    #: Seconds that an idle connection is kept for the next request; longer than a head may take, or the HTTP library
    #: closes the connection before the head's deadline is answered. An idle connection gives way to a new one.
    idle_seconds: float = 15.0


LIMITS = Limits()
