"""The errors that can occur between an abstract and its blurb.

SummarizerError
├── TextTooShort     nothing to condense
├── TextTooLong      more text than an abstract can be
├── EngineMissing    no engine of that name, or something it needs is not installed or not set
├── EngineDown       the engine exists and cannot answer now
│   └── Unfit        its model answered, but the text is not fit to be posted
├── BadModel         the engine's weights are absent or damaged
└── PluginError      a package's registration does not exist or cannot be loaded
"""


class SummarizerError(Exception):
    """The base class of every error that this package raises on purpose."""


class TextTooShort(SummarizerError):
    """The text has too few words to be an abstract."""

    def __init__(self, *, words: int, needed: int) -> None:
        self.words = words
        self.needed = needed
        counted = "1 word" if words == 1 else f"{words} words"
        said = f"The abstract has {counted}" if words else "There is no abstract"
        super().__init__(f"{said}; a blurb needs at least {needed}{'' if words else ' words'}.")


class TextTooLong(SummarizerError):
    """The text is longer than any abstract, so it is probably a whole paper."""

    def __init__(self, *, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(f"The text has {length:,} characters; an abstract may have at most {limit:,}.")


class EngineMissing(SummarizerError):
    """There is no engine of that name, or something it needs is not installed or not set."""

    def __init__(self, message: str, *, option: str = "") -> None:
        #: The option that is missing or wrong; empty if the error has another cause.
        self.option = option
        super().__init__(message)


class EngineDown(SummarizerError):
    """The engine exists but cannot answer now; a later attempt may succeed."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        #: What the operator can do about it; empty if nothing is known to help.
        self.hint = hint


class Unfit(EngineDown):
    """The model answered, but its text is not fit to be posted; a later attempt would give the same text."""

    def __init__(
        self, message: str, *, hint: str = "use a larger model, or one that was trained to follow instructions"
    ) -> None:
        super().__init__(message, hint=hint)


class BadModel(SummarizerError):
    """The engine's weights are missing, damaged or made for another version."""


class PluginError(SummarizerError):
    """The object that a package registered does not exist or cannot be loaded."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        #: What to do about it; empty if nothing helps.
        self.hint = hint
