"""A language model of one's own: any seq2seq or chat model that transformers can load, run in this process.

Nothing a model says is believed: what the abstract does not support is left out, and where nothing is left the
engine is down for this abstract, so that the next one answers.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from summarizer.blurb import Abstract, Blurb, Style
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.engines.generative import answers, prompts
from summarizer.engines.generative.answers import Answer
from summarizer.engines.generative.batching import Batcher
from summarizer.engines.generative.model_files import check_folder
from summarizer.engines.generative.model_source import Device, GenerativeSettings, first_line, folder_of, name_of
from summarizer.engines.generative.prompts import Task
from summarizer.engines.limits import check_length
from summarizer.errors import BadModel, EngineDown, EngineMissing, SummarizerError

__all__ = ["Device", "GenerativeEngine", "GenerativeSettings"]

_INSTALL = "The generative engine needs torch. Install it with: python3 dev.py install --extra transformers"
#: What a model's own settings may decide about decoding. Not on the list is what would make it random or would make
#: a news summarizer write its usual 56 tokens and more.
_KEPT = (
    "bad_words_ids", "bos_token_id", "decoder_start_token_id", "early_stopping", "eos_token_id", "forced_bos_token_id",
    "forced_eos_token_id", "length_penalty", "no_repeat_ngram_size", "pad_token_id", "suppress_tokens",
)  # fmt: skip
#: Tokenizers that know no limit say one of 10^30.
_NO_LIMIT = 1_000_000


class GenerativeEngine:
    """Condenses abstracts with a model in this process; calls that come together are answered in one batch."""

    engine = "generative"

    def __init__(self, settings: GenerativeSettings) -> None:
        """Keep the settings; the model is loaded when the first abstract comes."""
        self._settings = settings
        #: Tells a model that only shortens what is problem, approach and result.
        self._extractive = ExtractiveEngine()
        self.model = name_of(settings)
        self._loaded: _Model | None = None
        self._refusal: SummarizerError | None = None
        self._batcher: Batcher[Task, Answer] = Batcher(
            self._answer, length=lambda task: len(task.source.text), most=settings.max_batch, window=settings.window
        )

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style` by the model, held to what the abstract says.

        Raises:
            TextTooShort: fewer words than an abstract has.
            TextTooLong: more characters than an abstract has.
            EngineMissing: torch is not installed.
            BadModel: the model cannot be loaded; said again for every abstract without another try.
            EngineDown: the model wrote nothing that the abstract supports, or its device failed.
        """
        await asyncio.to_thread(check_length, abstract)
        model = self._loaded
        if model is None:
            model = await self._batcher.alone(self._load)
        plan = prompts.whole if model.chats else partial(prompts.by_part, judge=self._extractive.judge)
        tasks = await asyncio.to_thread(plan, abstract, style)
        written = await asyncio.gather(*map(self._batcher.ask, tasks))
        return await asyncio.to_thread(self._blurb, tasks, written)

    def _load(self) -> "_Model":
        """Load the model once; runs on the batches' thread, so never twice at a time."""
        if self._refusal:
            raise type(self._refusal)(str(self._refusal))
        try:
            self._loaded = self._loaded or _Model(self._settings)
        except (BadModel, EngineMissing) as exc:
            self._refusal = exc
            raise
        return self._loaded

    def _answer(self, tasks: Sequence[Task]) -> list[Answer]:
        return self._load().answer(tasks)

    def _blurb(self, tasks: Sequence[Task], written: Sequence[Answer]) -> Blurb:
        lines = answers.lines_of(tasks, written)
        return Blurb(
            text="\n".join(map(str, lines)),
            evidence=answers.evidence_of(lines),
            engine=self.engine,
            model=self.model,
            warnings=answers.warnings_about(tasks, written),
        )


# -- the model ------------------------------------------------------------------------------------


class _Model:
    """A model and its tokenizer, loaded; all of it runs on one thread."""

    def __init__(self, settings: GenerativeSettings) -> None:
        _find_libraries()
        folder = folder_of(settings)
        check_folder(folder)
        self._settings = settings
        self._device = _device(settings.device)
        self._tokenizer = _tokenizer(folder)
        self._model = _weights(folder, self._device)
        self.chats = not self._model.config.is_encoder_decoder
        if self.chats and not self._tokenizer.chat_template:
            raise BadModel(f"{folder} has no chat template, so it cannot be told what to do.")
        self._prepare_tokenizer(folder)
        self._prefix = self._own_prefix() if settings.prefix is None else settings.prefix
        self._marks = _marks(self._tokenizer)

    def answer(self, tasks: Sequence[Task]) -> list[Answer]:
        """Let the model write for all tasks at once.

        Raises:
            EngineDown: the device failed, for example for want of memory.
        """
        try:
            asked = [self._prompt(task) for task in tasks]
            room = min(self._settings.max_new_tokens, max(task.room for task in tasks))
            written = self._generate([prompt for prompt, _ in asked], room)
        except EngineDown:
            raise
        except Exception as exc:  # torch, the tokenizer and the model's template fail in ways of their own
            raise EngineDown(f"The model failed on {self._device}: {first_line(exc)}.") from exc
        return [
            Answer(text=text, finished=finished, unread_words=unread)
            for (text, finished), (_, unread) in zip(written, asked, strict=True)
        ]

    def _prepare_tokenizer(self, folder: Path) -> None:
        """Make it able to pad: before the text for a model that goes on writing where the text ends."""
        if self._tokenizer.pad_token is None:
            if self._tokenizer.eos_token is None:
                raise BadModel(f"The tokenizer in {folder} has neither a padding token nor one that ends a text.")
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._tokenizer.padding_side = "left" if self.chats else "right"

    def _own_prefix(self) -> str:
        """Return what the model's configuration says it wants before a text to summarize."""
        tasks = getattr(self._model.config, "task_specific_params", None) or {}
        return str(tasks.get("summarization", {}).get("prefix", ""))

    def _prompt(self, task: Task) -> tuple[str, int]:
        """Return what the model reads, and how many words of the text had to be left out."""
        limit, task = self._limit(task.room), prompts.unmarked(task, self._marks)
        kept, unread = prompts.shortened(
            task.source.text, lambda start: len(self._ids(self._framed(task, start))) <= limit
        )
        if not kept:
            raise EngineDown(f"The model can read {limit} tokens, which is too few for its task.")
        return self._framed(task, kept), unread

    def _framed(self, task: Task, text: str) -> str:
        """Return the text as the model wants it: behind its prefix, or in the turns of a talk."""
        if not self.chats:
            return self._prefix + text
        turn = [{"role": "user", "content": prompts.message(task, text)}]
        # Models that can think aloud first must not: the thoughts would use up the room for the answer.
        return str(
            self._tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        )

    def _ids(self, prompt: str) -> list[int]:
        return list(self._tokenizer(prompt, add_special_tokens=not self.chats, verbose=False)["input_ids"])

    def _limit(self, room: int) -> int:
        """Return how many tokens the model may read; one that goes on where the text ends needs room to write."""
        config = self._model.config.get_text_config()
        places = [
            getattr(config, name, None) for name in ("max_encoder_position_embeddings", "max_position_embeddings")
        ]
        taken = min(room, self._settings.max_new_tokens) if self.chats else 0
        known = [int(limit) for limit in (self._tokenizer.model_max_length, *places) if limit and limit < _NO_LIMIT]
        return min([self._settings.max_input_tokens, *(limit - taken for limit in known)])

    def _generate(self, prompts: list[str], room: int) -> list[tuple[str, bool]]:
        import torch  # an extra, and a second to load

        read = self._tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=not self.chats)
        given = {name: read[name].to(self._device) for name in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            rows = self._model.generate(**given, generation_config=self._decoding(room))
        start = given["input_ids"].shape[1] if self.chats else 0
        return [self._read_out(row[start:].tolist()) for row in rows]

    def _decoding(self, room: int) -> Any:
        """Return the settings of decoding: the likeliest text, always the same for the same batch."""
        from transformers import GenerationConfig  # as above

        own = self._model.generation_config
        kept = {name: value for name in _KEPT if (value := getattr(own, name, None)) is not None}
        kept["pad_token_id"] = self._tokenizer.pad_token_id
        return GenerationConfig(
            **kept, do_sample=False, num_beams=self._settings.num_beams, max_new_tokens=room, min_length=0
        )

    def _read_out(self, ids: list[int]) -> tuple[str, bool]:
        ends = self._model.generation_config.eos_token_id
        ends = ends if isinstance(ends, list) else [ends]
        text = self._tokenizer.decode(ids, skip_special_tokens=True)
        return str(text), any(end in ids[1:] for end in ends)


def _find_libraries() -> None:
    try:
        import torch  # noqa: F401
        import transformers  # behind torch: without it, it prints a warning
    except (ImportError, OSError) as exc:  # the second where a library of torch's own does not load
        raise EngineMissing(_INSTALL) from exc
    transformers.utils.logging.disable_progress_bar()  # a bar has no place in a bot's log


def _device(wanted: Device) -> str:
    """Return a device that is there."""
    import torch  # as above

    there = {
        Device.CUDA: torch.cuda.is_available(),
        Device.MPS: torch.backends.mps.is_available(),
        Device.CPU: True,
    }
    if wanted is Device.AUTO:
        return next(device for device, works in there.items() if works).value
    if not there[wanted]:
        raise EngineDown(f"There is no {wanted.value} device on this machine that torch can use.")
    return wanted.value


def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer  # as above

    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as exc:  # what the library raises on a damaged file is of any type
        raise BadModel(f"The tokenizer in {folder} cannot be read: {first_line(exc)}.") from exc


def _weights(folder: Path, device: str) -> Any:
    """Load the model; a layer whose weights are not in the folder would be filled with random numbers, so it fails."""
    import torch  # as above
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM

    # Half the memory and about twice the speed on graphics cards made for it. Not 16-bit floats of the other kind:
    # T5 and Pegasus overflow in them.
    short = device == Device.CUDA and torch.cuda.is_bf16_supported()
    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        config = AutoConfig.from_pretrained(folder, **safe)
        loader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
        model, report = loader.from_pretrained(
            folder,
            config=config,
            use_safetensors=True,
            dtype=torch.bfloat16 if short else torch.float32,
            output_loading_info=True,
            **safe,
        )
    except Exception as exc:  # as for the tokenizer
        raise BadModel(f"The model in {folder} cannot be loaded: {first_line(exc)}.") from exc
    lost = sorted(map(str, (*report["missing_keys"], *report["mismatched_keys"])))
    if lost:
        raise BadModel(f"The weights in {folder} do not fit its config.json: {len(lost)} are wrong, first {lost[0]}.")
    return model.eval().to(device)


def _marks(tokenizer: Any) -> frozenset[str]:
    """Return the strings that the tokenizer turns into commands."""
    added = tokenizer.added_tokens_decoder.values()
    return frozenset(str(token) for token in added if token.special or str(token).startswith(("<", "[")))
