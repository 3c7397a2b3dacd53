"""Obtain a blurb from a model: in one request, or as a draft that is reviewed and refined."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.blurb import Style
from summarizer.engines.limits import MOST_WORDS
from summarizer.engines.writing import prompts
from summarizer.engines.writing.model_output import read_findings, read_reflection, read_texts
from summarizer.engines.writing.prompts import Brief, Message, Mode, Reader, Shape
from summarizer.engines.writing.reading import Source
from summarizer.engines.writing.vetting import SHARE, SHARE_NEWCOMER, Measure, Passed, fit, vet
from summarizer.errors import Unfit


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A model's text."""

    content: str
    #: Whether the model ended the text itself.
    finished: bool = True
    #: Whether the text has the form in which it was requested; if not, the next request is for plain text.
    kept_form: bool = True


#: Sends messages and returns the answer; raises EngineDown.
SourceQuery = Callable[[Sequence[Message], Shape], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The writing of one blurb."""

    ask: SourceQuery
    source: Source
    style: Style
    brief: Brief

    async def write(self) -> dict[str, Passed]:
        """Return the texts that passed vetting, by the names of the parts, each within its limit.

        Raises:
            Unfit: no text passed.
            EngineDown: the model does not answer.
        """
        talk = prompts.opening(self.source, self.style, self.brief)
        texts = await self._texts(talk)
        if self.brief.mode is not Mode.PLAIN:
            texts = await self._refined(talk, texts)
        return await self._fitted(talk, texts)

    async def _texts(self, talk: Sequence[Message]) -> dict[str, str]:
        """Return the texts of an answer; if JSON was requested and unfit prose came, of a second, plain-text answer."""
        answer = await self._asked(talk)
        if not answer.kept_form:
            try:
                texts = self._read(answer)
                self._vetted(texts)
            except Unfit:
                answer = await self._asked(talk)
            else:
                return texts
        return self._read(answer)

    async def _asked(self, talk: Sequence[Message]) -> Answer:
        return await self.ask(talk, prompts.blurb_shape(self.style))

    def _read(self, answer: Answer) -> dict[str, str]:
        return read_texts(answer.content, prompts.fields_of(self.style), finished=answer.finished)

    async def _refined(self, talk: list[Message], texts: dict[str, str]) -> dict[str, str]:
        """Return the texts after one review; unchanged if the review has no findings."""
        talk.append(prompts.said(texts))
        findings = await self._findings(talk, texts)
        if not findings:
            return texts
        # The model's critique is not sent back to it: only the findings that hold are.
        talk.append(prompts.refinement(findings, self.style))
        try:
            refined = await self._texts(talk)
            self._vetted(refined)
        except Unfit:
            return texts
        return refined

    async def _findings(self, talk: Sequence[Message], texts: dict[str, str]) -> tuple[str, ...]:
        if self.brief.mode is Mode.CHAIN:
            answer = await self.ask([*talk, prompts.critique()], prompts.critique_shape())
            return read_findings(answer.content)
        answer = await self.ask([*talk, prompts.reflection()], prompts.reflection_shape())
        return read_reflection(answer.content, self.source.text, " ".join(texts.values()))

    async def _fitted(self, talk: list[Message], texts: dict[str, str]) -> dict[str, Passed]:
        """Return the texts vetted and within the limit: if one is too long, request a shorter one once, then cut."""
        passed = self._vetted(texts)
        limit = MOST_WORDS[self.style]
        longest = max(passed, key=lambda name: passed[name].words)
        if passed[longest].words > limit:
            order = prompts.shortening(passed[longest].words, self.style, longest)
            talk = [*_up_to_user(talk), prompts.said(texts), order]
            passed = await self._shorter(talk, passed)
        return _unlike({name: fit(text, limit) for name, text in passed.items()})

    async def _shorter(self, talk: Sequence[Message], passed: dict[str, Passed]) -> dict[str, Passed]:
        """Return the answer to the request for a shorter text; each part keeps the shorter of its two texts."""
        try:
            shorter = self._vetted(await self._texts(talk))
        except Unfit:
            return passed
        return {name: min(text, shorter.get(name, text), key=lambda each: each.words) for name, text in passed.items()}

    def _vetted(self, texts: dict[str, str]) -> dict[str, Passed]:
        """Return the parts that pass vetting; an unfit part is left out as long as another passes.

        Raises:
            Unfit: no part passes.
        """
        measure = self._measure()
        passed: dict[str, Passed] = {}
        failure = Unfit("The model's answer contains no blurb.")
        for name, text in texts.items():
            try:
                passed[name] = vet(text, measure)
            except Unfit as exc:
                failure = exc
        if not passed:
            raise failure
        if len(passed) < len(texts):
            return {name: replace(text, trimmed=True) for name, text in passed.items()}
        return passed

    def _measure(self) -> Measure:
        share = SHARE_NEWCOMER if self.brief.reader is Reader.NEWCOMER else SHARE
        return Measure(
            source=self.source,
            limit=MOST_WORDS[self.style],
            prompt=prompts.orders(self.brief, self.style),
            share=0.0 if self.brief.translates else share,
        )


def _unlike(passed: Mapping[str, Passed]) -> dict[str, Passed]:
    """Return the parts without those that repeat the text of an earlier one."""
    first: dict[str, str] = {}
    for name, text in passed.items():
        first.setdefault(text.text, name)
    return {name: passed[name] for name in first.values()}


def _up_to_user(talk: Sequence[Message]) -> list[Message]:
    """Return the messages up to the user's last one: chat templates require the roles to alternate."""
    last = max(index for index, message in enumerate(talk) if message.role == "user")
    return list(talk[: last + 1])
