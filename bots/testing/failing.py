"""The ways in which a platform fails a post, and the error that each of them must become."""

from collections.abc import Mapping
from enum import StrEnum

from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, PostTooLarge, PostUnknown


class Fault(StrEnum):
    """How the platform treats the next request."""

    #: Too many requests; it says to wait for `RETRY_AFTER` seconds. Nothing is posted.
    BUSY = "busy"
    #: An internal error; nothing is posted.
    DOWN = "down"
    #: Refused for its size, whatever that is.
    TOO_LARGE = "too-large"
    #: The channel does not exist any more.
    GONE = "gone"
    #: The bot may not post there any more.
    FORBIDDEN = "forbidden"
    #: The connection breaks before the message is accepted.
    LOST_BEFORE = "lost-before"
    #: The message is accepted; the connection breaks before the answer.
    LOST_AFTER = "lost-after"
    #: An answer that is none of the platform's, such as the page of a proxy; nothing is posted.
    GARBLED = "garbled"


#: Seconds that a busy platform asks to wait: longer than any client waits of its own accord.
RETRY_AFTER = 90.0

#: What `post` raises for each; where two stand, a platform may be sure that nothing was posted, or not.
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
