"""The generative engine: any seq2seq or chat model that transformers can load, run in this process.

The output of the model is not trusted: unsupported sentences are left out. If no sentence is left, the engine raises
EngineDown for this abstract, so that the next engine of a chain takes over.
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
#: Decoding settings that are taken from the model. Excluded are those that add randomness or make a news summarizer
#: write its usual 56 tokens or more.
_KEPT = (
    "bad_words_ids", "bos_token_id", "decoder_start_token_id", "early_stopping", "eos_token_id", "forced_bos_token_id",
    "forced_eos_token_id", "length_penalty", "no_repeat_ngram_size", "pad_token_id", "suppress_tokens",
)  # fmt: skip
#: Tokenizers without a limit report one of 10^30.
_NO_LIMIT = 1_000_000


class GenerativeEngine:
    """Condenses abstracts with a model in this process; concurrent calls share a batch."""

    engine = "generative"

    def __init__(self, settings: GenerativeSettings) -> None:
        """Store the settings; the model is loaded for the first abstract."""
        self._settings = settings
        #: Finds the problem, approach and result sentences for a model that only shortens.
        self._extractive = ExtractiveEngine()
        self.model = name_of(settings)
        self._loaded: _Model | None = None
        self._refusal: SummarizerError | None = None
        self._batcher: Batcher[Task, Answer] = Batcher(
            self._answer, length=lambda task: len(task.source.text), most=settings.max_batch, window=settings.window
        )

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style` by the model, vetted against the abstract.

        Raises:
            TextTooShort: the text has fewer words than an abstract.
            TextTooLong: the text has more characters than an abstract.
            EngineMissing: torch is not installed.
            BadModel: the model cannot be loaded; raised again for every abstract without another attempt.
            EngineDown: the abstract supports nothing that the model wrote, or the model's device failed.
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
        """Load the model once; this runs on the batch thread, so never twice at the same time."""
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
    """A loaded model and its tokenizer; everything runs on one thread."""

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
            raise BadModel(f"{folder} has no chat template, so it cannot be prompted.")
        self._prepare_tokenizer(folder)
        self._prefix = self._own_prefix() if settings.prefix is None else settings.prefix
        self._marks = _marks(self._tokenizer)

    def answer(self, tasks: Sequence[Task]) -> list[Answer]:
        """Return the model's answers to all tasks, generated in one batch.

        Raises:
            EngineDown: the device failed, for example for lack of memory, or the model can read too few tokens.
        """
        try:
            asked = [self._prompt(task) for task in tasks]
            room = min(self._settings.max_new_tokens, max(task.room for task in tasks))
            written = self._generate([prompt for prompt, _ in asked], room)
        except EngineDown:
            raise
        except Exception as exc:  # torch, the tokenizer and the model's template raise errors of any type
            raise EngineDown(f"The model failed on {self._device}: {first_line(exc)}.") from exc
        return [
            Answer(text=text, finished=finished, unread_words=unread)
            for (text, finished), (_, unread) in zip(written, asked, strict=True)
        ]

    def _prepare_tokenizer(self, folder: Path) -> None:
        """Set the padding token and the padding side: left for a chat model, which continues where the text ends."""
        if self._tokenizer.pad_token is None:
            if self._tokenizer.eos_token is None:
                raise BadModel(f"The tokenizer in {folder} has neither a padding token nor an end-of-text token.")
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._tokenizer.padding_side = "left" if self.chats else "right"

    def _own_prefix(self) -> str:
        """Return the prefix that the model's configuration sets for texts to summarize."""
        tasks = getattr(self._model.config, "task_specific_params", None) or {}
        return str(tasks.get("summarization", {}).get("prefix", ""))

    def _prompt(self, task: Task) -> tuple[str, int]:
        """Return the prompt, and how many words of the text had to be left out."""
        limit, task = self._limit(task.room), prompts.unmarked(task, self._marks)
        kept, unread = prompts.shortened(
            task.source.text, lambda start: len(self._ids(self._framed(task, start))) <= limit
        )
        if not kept:
            raise EngineDown(f"The model can read {limit} tokens, which is too few for its task.")
        return self._framed(task, kept), unread

    def _framed(self, task: Task, text: str) -> str:
        """Return the text in the model's format: after its prefix, or in its chat template."""
        if not self.chats:
            return self._prefix + text
        turn = [{"role": "user", "content": prompts.message(task, text)}]
        # Models with a thinking mode must not use it: the thoughts would use up the tokens of the answer.
        return str(
            self._tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        )

    def _ids(self, prompt: str) -> list[int]:
        return list(self._tokenizer(prompt, add_special_tokens=not self.chats, verbose=False)["input_ids"])

    def _limit(self, room: int) -> int:
        """Return how many tokens the model may read; a chat model needs some of its context for the answer."""
        config = self._model.config.get_text_config()
        places = [
            getattr(config, name, None) for name in ("max_encoder_position_embeddings", "max_position_embeddings")
        ]
        taken = min(room, self._settings.max_new_tokens) if self.chats else 0
        known = [int(limit) for limit in (self._tokenizer.model_max_length, *places) if limit and limit < _NO_LIMIT]
        return min([self._settings.max_input_tokens, *(limit - taken for limit in known)])

    def _generate(self, prompts: list[str], room: int) -> list[tuple[str, bool]]:
        import torch  # an optional extra; takes a second to load

        read = self._tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=not self.chats)
        given = {name: read[name].to(self._device) for name in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            rows = self._model.generate(**given, generation_config=self._decoding(room))
        start = given["input_ids"].shape[1] if self.chats else 0
        return [self._read_out(row[start:].tolist()) for row in rows]

    def _decoding(self, room: int) -> Any:
        """Return the decoding settings: the most likely text, always the same for the same batch."""
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
        import transformers  # after torch: without torch it prints a warning
    except (ImportError, OSError) as exc:  # OSError if a shared library of torch cannot be loaded
        raise EngineMissing(_INSTALL) from exc
    transformers.utils.logging.disable_progress_bar()  # a progress bar does not belong in a bot's log


def _device(wanted: Device) -> str:
    """Return the name of an available device."""
    import torch  # as above

    there = {
        Device.CUDA: torch.cuda.is_available(),
        Device.MPS: torch.backends.mps.is_available(),
        Device.CPU: True,
    }
    if wanted is Device.AUTO:
        return next(device for device, works in there.items() if works).value
    if not there[wanted]:
        raise EngineDown(f"torch finds no {wanted.value} device on this machine.")
    return wanted.value


def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer  # as above

    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as exc:  # the library raises errors of any type on a damaged file
        raise BadModel(f"The tokenizer in {folder} cannot be read: {first_line(exc)}.") from exc


def _weights(folder: Path, device: str) -> Any:
    """Load the model; fail if a layer has no weights in the folder, because it would be filled with random numbers."""
    import torch  # as above
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM

    # Half the memory and about twice the speed on graphics cards with bfloat16. Not float16, in which T5 and Pegasus
    # overflow.
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
    """Return the strings that the tokenizer reads as control tokens."""
    added = tokenizer.added_tokens_decoder.values()
    return frozenset(str(token) for token in added if token.special or str(token).startswith(("<", "[")))
