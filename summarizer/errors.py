"""Everything that can go wrong between an abstract and its blurb.

SummarizerError
├── TextTooShort     nothing to condense
├── TextTooLong      more text than an abstract can be
├── EngineMissing    no engine of that name, or something it needs is not installed or not set
├── EngineDown       the engine exists and cannot answer now
└── BadModel         the engine's weights are absent or damaged
"""


class SummarizerError(Exception):
    """The root of every error this package raises on purpose."""


class TextTooShort(SummarizerError):
    """The text holds too few words to be an abstract."""

    def __init__(self, *, words: int, needed: int) -> None:
        self.words = words
        self.needed = needed
        counted = "1 word" if words == 1 else f"{words} words"
        super().__init__(f"The abstract has {counted}; a blurb needs at least {needed}.")


class TextTooLong(SummarizerError):
    """The text is longer than any abstract, so it is probably a whole paper."""

    def __init__(self, *, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(f"The text has {length:,} characters; an abstract may have at most {limit:,}.")


class EngineMissing(SummarizerError):
    """No engine answers to that name here."""

    def __init__(self, message: str, *, option: str = "") -> None:
        #: The option that is missing or wrong; empty where the trouble is another.
        self.option = option
        super().__init__(message)


class EngineDown(SummarizerError):
    """The engine is known but cannot answer at the moment; trying later may help."""


class BadModel(SummarizerError):
    """The engine's weights are absent, damaged or made for another version."""
