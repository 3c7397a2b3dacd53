"""The records that go in and come out of the summarizer, and the one promise every engine makes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Style(StrEnum):
    """How much room a blurb may take."""

    ONE_LINE = "one-line"
    SHORT = "short"
    STRUCTURED = "structured"


class Role(StrEnum):
    """What a sentence does in its abstract (the labels of CSAbstruct, Cohan et al. 2019)."""

    BACKGROUND = "background"
    OBJECTIVE = "objective"
    METHOD = "method"
    RESULT = "result"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Abstract:
    """A paper's abstract exactly as its source gave it, TeX and all."""

    text: str
    #: Helps to tell the paper's own contribution from what it builds on; may be empty.
    title: str = ""
    #: Whether `$...$` may be math; False for Hugging Face, which strips dollars, so `$5` is money.
    dollar_math: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A half-open range of characters, counted in `Abstract.text` as given."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence of an abstract, judged."""

    #: In chat text: `summarizer.text.plain.to_plain` of what `span` covers.
    text: str
    span: Span
    role: Role
    #: How much the sentence deserves to be the blurb; comparable within one abstract and engine only.
    salience: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Blurb:
    """A short text that says what a paper did and found, and where it says so."""

    #: Chat text without platform escapes; structured blurbs have one line per part.
    text: str
    #: The sentences the blurb rests on, in reading order.
    evidence: tuple[Span, ...]
    engine: str
    model: str
    #: Full sentences for the reader, for example that the text does not look English.
    warnings: tuple[str, ...] = ()


class Summarizer(Protocol):
    """An engine that condenses abstracts."""

    @property
    def engine(self) -> str:
        """The engine's name, as `load` knows it and as every blurb of it says."""
        ...

    @property
    def model(self) -> str:
        """The version of what decides; a blurb made with another may read differently."""
        ...

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to the given style.

        A blurb is never empty and never an apology: what cannot be condensed raises. Every span of
        `evidence` lies within `abstract.text`, in reading order and without overlap. One engine may
        serve any number of concurrent calls; the work never blocks the event loop.

        Raises:
            TextTooShort: there is nothing to condense.
            TextTooLong: the text is far longer than an abstract.
            EngineDown: the engine cannot answer now.
            BadModel: the engine's weights cannot be used.
        """
        ...


class Chain(Summarizer, Protocol):
    """Engines in the order they are preferred, which answer as one; `engine` and `model` are the first one's."""

    @property
    def engines(self) -> tuple[Summarizer, ...]:
        """The engines, the preferred one first."""
        ...

    async def aclose(self) -> None:
        """Close what the engines hold open."""
        ...
