"""How a blurb comes about between us and a model: asked once, or drafted, looked over and refined."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from summarizer.blurb import Style
from summarizer.engines.limits import MOST_WORDS
from summarizer.engines.writing import prompts
from summarizer.engines.writing.model_output import read_findings, read_reflection, read_texts
from summarizer.engines.writing.prompts import Brief, Message, Mode, Reader, Shape
from summarizer.engines.writing.reading import Source
from summarizer.engines.writing.vetting import SHARE, SHARE_NEWCOMER, Measure, Passed, Unfit, fit, vet


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A model's text, and whether it was made to be JSON."""

    content: str
    was_json: bool


#: Sends messages and returns the answer; raises EngineDown.
Ask = Callable[[Sequence[Message], Shape], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One blurb under way."""

    ask: Ask
    source: Source
    style: Style
    brief: Brief

    async def write(self) -> dict[str, Passed]:
        """Return what may be shown, by the names of the parts, each within its limit.

        Raises:
            Unfit: nothing may.
            EngineDown: the model cannot be asked.
        """
        talk = prompts.opening(self.source, self.style, self.brief)
        texts = await self._texts(talk)
        if self.brief.mode is not Mode.PLAIN:
            texts = await self._refined(talk, texts)
        return await self._fitted(talk, texts)

    async def _texts(self, talk: Sequence[Message]) -> dict[str, str]:
        answer = await self.ask(talk, prompts.blurb_shape(self.style))
        return read_texts(answer.content, prompts.fields_of(self.style), must_be_json=answer.was_json)

    async def _refined(self, talk: list[Message], texts: dict[str, str]) -> dict[str, str]:
        """Return the texts after one look at them; where nothing was found they stand as they are."""
        talk.append(prompts.said(texts))
        findings = await self._findings(talk, texts)
        if not findings:
            return texts
        # What the model answered is not repeated to it: only findings that hold go on.
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
        """Return the texts vetted and within the limit: asked once more where one is too long, then cut."""
        passed = self._vetted(texts)
        limit = MOST_WORDS[self.style]
        longest = max(passed, key=lambda name: passed[name].words)
        if passed[longest].words > limit:
            order = prompts.shortening(passed[longest].words, self.style, longest)
            talk = [*_up_to_user(talk), prompts.said(texts), order]
            passed = await self._shorter(talk, passed)
        return {name: fit(text, limit) for name, text in passed.items()}

    async def _shorter(self, talk: Sequence[Message], passed: dict[str, Passed]) -> dict[str, Passed]:
        """Return the answer to the order to be shorter; what is no better is left alone."""
        try:
            shorter = self._vetted(await self._texts(talk))
        except Unfit:
            return passed
        return {name: min(text, shorter.get(name, text), key=lambda each: each.words) for name, text in passed.items()}

    def _vetted(self, texts: dict[str, str]) -> dict[str, Passed]:
        """Return the parts that may be shown; one that may not is left out as long as another may.

        Raises:
            Unfit: no part may.
        """
        measure = self._measure()
        passed: dict[str, Passed] = {}
        failure = Unfit("The model's answer holds no blurb.")
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
            prompt=prompts.system_text(self.brief),
            share=0.0 if self.brief.translates else share,
        )


def _up_to_user(talk: Sequence[Message]) -> list[Message]:
    """Return the messages up to the user's last: templates want turns to alternate."""
    last = max(index for index, message in enumerate(talk) if message["role"] == "user")
    return list(talk[: last + 1])
