"""The records that go into and come out of the summarizer, and the contract that every engine fulfils."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Style(StrEnum):
    """The layout and length of a blurb."""

    ONE_LINE = "one-line"
    SHORT = "short"
    STRUCTURED = "structured"


class Role(StrEnum):
    """The function of a sentence in its abstract (the labels of CSAbstruct, Cohan et al. 2019)."""

    BACKGROUND = "background"
    OBJECTIVE = "objective"
    METHOD = "method"
    RESULT = "result"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Abstract:
    """A paper's abstract exactly as its source returned it, including TeX."""

    text: str
    #: Helps to distinguish the paper's own contribution from earlier work; may be empty.
    title: str = ""
    #: Whether `$...$` may be math; False for Hugging Face, which strips the dollars of math, so `$5` is money.
    dollar_math: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A half-open range of characters, counted in the unchanged `Abstract.text`."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence of an abstract with its role and its salience."""

    #: The range `span` of the abstract as chat text: the result of `summarizer.text.plain.to_plain`.
    text: str
    span: Span
    role: Role
    #: How well the sentence would serve as the blurb; comparable within one abstract and one engine only.
    salience: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Blurb:
    """A short text that says what a paper did and found, with the sentences of the abstract that support it."""

    #: Chat text without platform escapes; structured blurbs have one line per part.
    text: str
    #: The sentences that support the blurb, in reading order.
    evidence: tuple[Span, ...]
    engine: str
    model: str
    #: Full sentences for the reader, for example that the text does not look English.
    warnings: tuple[str, ...] = ()
    #: Whether the same engines would give the same blurb again; False if one of them could not answer at the time.
    settled: bool = True


class Summarizer(Protocol):
    """An engine that condenses abstracts."""

    @property
    def engine(self) -> str:
        """The engine's name: the argument of `load` and the value of `Blurb.engine`."""
        ...

    @property
    def model(self) -> str:
        """The version of the model; two versions may produce different blurbs from one abstract."""
        ...

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to the given style.

        A blurb is never empty and never an apology: an abstract that cannot be condensed raises an error. Every span of
        `evidence` lies within `abstract.text`; spans are in reading order and do not overlap. One engine may serve any
        number of concurrent calls; the work never blocks the event loop.

        Raises:
            TextTooShort: the text has too few words to condense.
            TextTooLong: the text is far longer than an abstract.
            EngineDown: the engine cannot answer now.
            BadModel: the engine's weights cannot be used.
        """
        ...


class Chain(Summarizer, Protocol):
    """Several engines, in order of preference, behind the interface of one.

    `engine` and `model` are those of the first engine.
    """

    @property
    def engines(self) -> tuple[Summarizer, ...]:
        """The engines in order of preference."""
        ...

    async def prepare(self) -> None:
        """Load the preferred engine before it is needed; a failure is reported with its first blurb."""
        ...

    async def aclose(self) -> None:
        """Close the resources that the engines hold open."""
        ...
