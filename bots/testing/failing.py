"""The faults of a platform during a post, and the error that the adapter must raise for each."""

from collections.abc import Mapping
from enum import StrEnum

from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, PostTooLarge, PostUnknown


class Fault(StrEnum):
    """The platform's fault at the next request."""

    #: Too many requests; the response requests a wait of `RETRY_AFTER` seconds. Nothing is posted.
    BUSY = "busy"
    #: An internal error; nothing is posted.
    DOWN = "down"
    #: Refused as too large, whatever the size.
    TOO_LARGE = "too-large"
    #: The channel does not exist any more.
    GONE = "gone"
    #: The bot may not post there any more.
    FORBIDDEN = "forbidden"
    #: The connection breaks before the platform accepts the message.
    LOST_BEFORE = "lost-before"
    #: The platform accepts the message, and the connection breaks before the response.
    LOST_AFTER = "lost-after"
    #: The response does not come from the platform but, for example, from a proxy; nothing is posted.
    GARBLED = "garbled"


#: Seconds that a busy platform requests: longer than any client library waits on its own.
RETRY_AFTER = 90.0

#: The errors that `post` may raise for each fault; with two, the choice depends on whether the platform is certain that
#: nothing was posted.
RAISED: Mapping[Fault, tuple[type[DeliveryError], ...]] = {
    Fault.BUSY: (PostRefused,),
    Fault.DOWN: (PostRefused, PostUnknown),
    Fault.TOO_LARGE: (PostTooLarge,),
    Fault.GONE: (ChannelGone,),
    Fault.FORBIDDEN: (ChannelGone,),
    Fault.LOST_BEFORE: (PostRefused, PostUnknown),
    Fault.LOST_AFTER: (PostUnknown,),
    Fault.GARBLED: (PostRefused, PostUnknown),
}
