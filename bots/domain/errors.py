"""Everything that can go wrong under `bots/`, each failure with its own name.

PaperwireError
├── SourceError           a place papers come from did not give what was asked
│   ├── SourceDown            it may work later (timeout, 5xx, rate limit, breaker open)
│   │   ├── SourceBusy            no turn came in time: too many requests wait for it, or it asked for a pause
│   │   └── SourceUnreachable     no connection to it can be made: it is down, or there is no network
│   ├── SourceRefused         it will not work until something is changed (bad query, 403, unreadable answer)
│   └── PaperNotFound         it works, and does not know this paper
├── RequestError          what a person typed cannot be done as typed
│   ├── BadCommand            no such command, or its words are off
│   ├── BadPaste              the pasted text cannot be summarized
│   ├── BadQuery              the filter or an option cannot be read
│   ├── BadPaperId            no paper id, DOI or known paper address
│   ├── NotAllowed            this person may not do this here
│   └── TooMany               a quota is used up
├── DeliveryError         a part of a digest did not get through
│   ├── PostRefused           refused for now; `retry_after` says when to try again
│   │   └── AccessLost            refused in the whole workspace until the app's access there is mended
│   ├── PostTooLarge          the platform's size limit, whatever we computed
│   ├── PostUnknown           no answer: it may or may not be there
│   ├── HistoryClosed         the platform cannot be asked what was posted
│   ├── AdapterFault          the adapter's own code failed, whatever became of the message
│   └── ChannelGone           refused for good: the channel or the permission is gone
├── CondensingFailed      an engine failed on an abstract by a fault of its own
├── StoreError            the database cannot be read or written
│   └── StoreAway         its server cannot be used at present, which may pass by itself
└── SettingsError         the settings file or an environment variable is wrong
    └── NotSetUp              a source lacks a setting without which it is off, such as a key
"""


class PaperwireError(Exception):
    """Base class of every error that Paperwire names."""

    def __init__(self, message: str, *, hint: str = "", place: str = "") -> None:
        super().__init__(message)
        #: Remedy for the reader: a full sentence, or empty.
        self.hint = hint
        #: The path or the host in the message, which only the operator may see; empty if there is none.
        self.place = place


class SourceError(PaperwireError):
    """A source did not return the requested papers."""


class SourceDown(SourceError):
    """The source does not respond now and may respond later."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        #: Seconds until the source accepts requests again; None if it does not say.
        self.retry_after = retry_after


class SourceBusy(SourceDown):
    """No turn for a request came in time, because others wait too or because the source asked for a pause."""


class SourceUnreachable(SourceDown):
    """No connection to the source can be made."""


class SourceRefused(SourceError):
    """The source refuses this request until something is changed."""


class PaperNotFound(SourceError):
    """The source responded and does not know the paper."""


class RequestError(PaperwireError):
    """A person's request cannot be carried out as typed."""


class BadCommand(RequestError):
    """The command is unknown, or its arguments are wrong."""


class BadPaste(RequestError):
    """The pasted text cannot be summarized."""


class BadQuery(RequestError):
    """The filter or an option cannot be read."""


class BadPaperId(RequestError):
    """The text is not a paper id, DOI or known paper address."""


class NotAllowed(RequestError):
    """This person may not do this here."""


class TooMany(RequestError):
    """A quota is used up."""


class CondensingFailed(PaperwireError):
    """An engine failed on an abstract by a fault of its own; another attempt would fail as well."""


class DeliveryError(PaperwireError):
    """A part of a digest was not delivered."""


class PostRefused(DeliveryError):
    """The platform refused the message for now."""

    def __init__(
        self, message: str, *, hint: str = "", retry_after: float | None = None, everywhere: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        #: Seconds until the platform accepts requests again; None if it does not say.
        self.retry_after = retry_after
        #: Whether the platform refuses every channel and not only this one.
        self.everywhere = everywhere


class AccessLost(PostRefused):
    """The platform accepts nothing from the app in this workspace until somebody mends the app's access there.

    It is no fault of a channel or a subscription, so nothing is paused: what is due waits, and is posted then.
    """


class PostTooLarge(DeliveryError):
    """The platform refused the message because of its size."""


class PostUnknown(DeliveryError):
    """No response came: the message may or may not have been posted."""


class HistoryClosed(DeliveryError):
    """The platform cannot report which messages were posted: it has no history, or does not let us read it."""

    def __init__(self, message: str, *, hint: str = "", repeat: bool = False) -> None:
        super().__init__(message, hint=hint)
        #: Whether the message is posted again, whatever the settings say: its reader can drop a copy by its key.
        self.repeat = repeat


class AdapterFault(DeliveryError):
    """The adapter's own code failed: what it was to do may or may not have been done."""

    #: How many times in a row it failed in this channel.
    times: int = 1

    @classmethod
    def of(cls, platform: str, call: str, said: str) -> "AdapterFault":
        """Return the fault of an adapter in one of its methods."""
        hint = "This is a fault of the adapter: check the log, and update or repair its package."
        return cls(f"The adapter {platform} failed in `{call}`{said}.", hint=hint)

    @staticmethod
    def is_told_by(text: str) -> bool:
        """Tell whether a text that was kept is the message of such a fault."""
        return text.startswith("The adapter ") and " failed in `" in text


class ChannelGone(DeliveryError):
    """The channel, or our permission to post there, is gone."""


class StoreError(PaperwireError):
    """The database cannot be read or written."""


class StoreAway(StoreError):
    """The database's server cannot be used at present: it is down, starting, full or unreachable.

    That may pass by itself, as a wrong password or a missing database does not.
    """


class SettingsError(PaperwireError):
    """The settings file or an environment variable is wrong."""


class NotSetUp(SettingsError):
    """A source lacks a setting without which it is off, such as a key."""

    def __init__(self, message: str, *, hint: str = "", title: str = "") -> None:
        super().__init__(message, hint=hint)
        #: What people call the source; the names of settings are for the operator alone.
        self.title = title
