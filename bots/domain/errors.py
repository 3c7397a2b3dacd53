"""Everything that can go wrong under `bots/`, each failure with its own name.

PaperwireError
├── SourceError           a place papers come from did not give what was asked
│   ├── SourceDown            it may work later (timeout, 5xx, rate limit, breaker open)
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
│   ├── PostTooLarge          the platform's size limit, whatever we computed
│   ├── PostUnknown           no answer: it may or may not be there
│   ├── HistoryClosed         the platform cannot be asked what was posted
│   └── ChannelGone           refused for good: the channel or the permission is gone
├── StoreError            the database cannot be read or written
└── SettingsError         the settings file or an environment variable is wrong
"""


class PaperwireError(Exception):
    """Root of every failure that Paperwire names."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        #: What the reader can do about it: a full sentence, or empty.
        self.hint = hint


class SourceError(PaperwireError):
    """A source did not give what was asked."""


class SourceDown(SourceError):
    """The source does not answer now and may answer later."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        #: Seconds until the source says it may be asked again; None where it does not say.
        self.retry_after = retry_after


class SourceRefused(SourceError):
    """The source will not answer this until something is changed."""


class PaperNotFound(SourceError):
    """The source answered and does not know the paper."""


class RequestError(PaperwireError):
    """A person asked for something that cannot be done as asked."""


class BadCommand(RequestError):
    """The command is not known, or its words are off."""


class BadPaste(RequestError):
    """The pasted text cannot be summarized."""


class BadQuery(RequestError):
    """The filter or an option cannot be read."""


class BadPaperId(RequestError):
    """The text is no paper id, DOI or known paper address."""


class NotAllowed(RequestError):
    """This person may not do this here."""


class TooMany(RequestError):
    """A quota is used up."""


class DeliveryError(PaperwireError):
    """A part of a digest did not get through."""


class PostRefused(DeliveryError):
    """The platform refused the message for now."""

    def __init__(
        self, message: str, *, hint: str = "", retry_after: float | None = None, everywhere: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        #: Seconds until the platform says it may be asked again; None where it does not say.
        self.retry_after = retry_after
        #: Whether it refuses every channel and not only this one.
        self.everywhere = everywhere


class PostTooLarge(DeliveryError):
    """The platform refused the message for its size."""


class PostUnknown(DeliveryError):
    """No answer came: the message may or may not have been posted."""


class HistoryClosed(DeliveryError):
    """The platform cannot be asked what was posted: it keeps no history, or does not let us read it."""


class ChannelGone(DeliveryError):
    """The channel, or our permission to post there, is gone."""


class StoreError(PaperwireError):
    """The database cannot be read or written."""


class SettingsError(PaperwireError):
    """The settings file or an environment variable is wrong."""
