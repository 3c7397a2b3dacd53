"""Real but tiny models: created, trained on a few blurbs and saved as safetensors, within seconds. Needs torch.

The tests load them with the same code as a model of 400 million parameters.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer import Abstract, Style
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.engines.generative.prompts import by_part, message, whole
from summarizer.text.sentences import first_sentence

#: The training data of the models: abstracts, each with a blurb that it supports.
BLURBS: Mapping[Abstract, str] = {
    Abstract(
        title="Gradient Postcards",
        text="Fast links between data centres are expensive. We propose postcards, a method that sends only the 30 "
        "largest entries of each gradient. Experiments on three tasks show 40% less traffic.",
    ): "A method sends only the 30 largest entries of each gradient.",
    Abstract(
        title="Reading Tables Aloud",
        text="Blind readers rarely hear what a table says. We introduce a reader that names rows and columns first. "
        "In a study with 24 blind readers it halves the time to an answer.",
    ): "A reader names rows and columns first and halves the time to an answer.",
    Abstract(
        title="Cold Starts of Small Clouds",
        text="Small clouds start slowly when nobody has asked for hours. We keep a snapshot of memory on disk. "
        "Servers then answer within 80 ms, and no code changes.",
    ): "A snapshot of memory on disk lets servers answer within 80 ms.",
}
PAPERS = tuple(BLURBS)
STRUCTURED = (
    "Problem: Fast links between data centres are expensive.\n"
    "Approach: A method sends only the 30 largest entries of each gradient.\n"
    "Result: Experiments on three tasks show 40% less traffic."
)
CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
#: T5's prefix for the task, as in the configuration of its published models.
PREFIX = "summarize: "
_PAD, _END, _START = 0, 1, 2
_MARKS = ("<pad>", "</s>", "<s>", "<|user|>", "<|assistant|>", "<|system|>")
#: With a loss this small, every token of a trained blurb is almost certain.
_LEARNT = 0.02
_MOST_STEPS = 400


def save_bert(folder: Path, tokens: Path) -> None:
    """Save a BERT with one layer and random weights, of the encoder's width and with its tokens."""
    from transformers import BertConfig, BertModel

    config = BertConfig(hidden_size=384, num_hidden_layers=1, num_attention_heads=12, intermediate_size=64)
    BertModel(config).save_pretrained(folder)
    shutil.copy(tokens, folder / "tokenizer.json")


def save_mpnet(folder: Path) -> None:
    """Save an MPNet with one layer and random weights, and a tokenizer with its special tokens."""
    from transformers import MPNetConfig, MPNetModel

    tokenizer = _tokenizer(before="<s>", behind="</s>")
    config = MPNetConfig(
        vocab_size=len(tokenizer),
        hidden_size=48,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=64,
        pad_token_id=_PAD,
    )
    MPNetModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def save_t5(folder: Path, blurbs: Mapping[Abstract, str] = BLURBS, *, taught: bool = True) -> Path:
    """Save a T5 trained on the given blurbs, or one with random weights."""
    from transformers import T5Config, T5ForConditionalGeneration

    tokenizer = _tokenizer(before="", behind="</s>")
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=48,
        d_kv=12,
        d_ff=96,
        num_layers=1,
        num_heads=4,
        dropout_rate=0.0,
        decoder_start_token_id=_PAD,
        task_specific_params={"summarization": {"prefix": PREFIX}},
    )
    asked = {PREFIX + whole(abstract, Style.ONE_LINE)[0].source.text: blurb for abstract, blurb in blurbs.items()}
    asked |= {PREFIX + text: blurb for text, blurb in part_blurbs(PAPERS[0]).items()}
    return _save(folder, _new(T5ForConditionalGeneration, config), tokenizer, asked if taught else {})


def save_bart(folder: Path, blurbs: Mapping[Abstract, str] = BLURBS) -> Path:
    """Save a BART trained on the given blurbs."""
    from transformers import BartConfig, BartForConditionalGeneration

    tokenizer = _tokenizer(before="<s>", behind="</s>")
    config = BartConfig(
        vocab_size=len(tokenizer),
        d_model=48,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=96,
        decoder_ffn_dim=96,
        dropout=0.0,
        pad_token_id=_PAD,
        bos_token_id=_START,
        eos_token_id=_END,
        decoder_start_token_id=_END,
        forced_eos_token_id=_END,
        max_position_embeddings=256,
    )
    asked = {whole(abstract, Style.ONE_LINE)[0].source.text: blurb for abstract, blurb in blurbs.items()}
    return _save(folder, _new(BartForConditionalGeneration, config), tokenizer, asked)


def _llama(tokenizer: Any, length: int, **more: Any) -> Any:
    """Return the shape of a small Llama that reads so many tokens."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=length,
        pad_token_id=_PAD,
        bos_token_id=_START,
        eos_token_id=_END,
        **more,
    )


def save_chat(folder: Path, *, template: str | None = CHAT_TEMPLATE) -> Path:
    """Save a Llama that knows the blurbs in its own chat template, and one abstract in the structured style."""
    from transformers import LlamaForCausalLM

    tokenizer = _tokenizer(before="", behind="")
    tokenizer.chat_template = CHAT_TEMPLATE
    config = _llama(tokenizer, 1024, tie_word_embeddings=True)
    wanted = [(abstract, Style.ONE_LINE, blurb) for abstract, blurb in BLURBS.items()]
    wanted.append((PAPERS[0], Style.STRUCTURED, STRUCTURED))
    asked = {_asked(tokenizer, abstract, style): blurb for abstract, style, blurb in wanted}
    model = _new(LlamaForCausalLM, config)
    _teach_to_go_on(model, tokenizer, asked)
    tokenizer.chat_template = template
    return _save(folder, model, tokenizer, {})


def save_random_chat(folder: Path) -> Path:
    """Save a Llama with random weights and a chat template, long enough for the prompts of the remote engine."""
    from transformers import LlamaForCausalLM

    tokenizer = _tokenizer(before="", behind="")
    tokenizer.chat_template = CHAT_TEMPLATE
    return _save(folder, _new(LlamaForCausalLM, _llama(tokenizer, 4096)), tokenizer, {})


def part_blurbs(abstract: Abstract) -> Mapping[str, str]:
    """Return the input of a seq2seq model for each part of a structured blurb, with its first sentence as the blurb."""
    return {
        task.source.text: first_sentence(task.source.text)
        for task in by_part(abstract, Style.STRUCTURED, ExtractiveEngine().judge)
    }


def _new(kind: Any, config: Any) -> Any:
    import torch

    torch.set_num_threads(1)  # two threads are slower for this little work
    torch.manual_seed(0)
    return kind(config)


def _asked(tokenizer: Any, abstract: Abstract, style: Style) -> str:
    [task] = whole(abstract, style)
    turn = [{"role": "user", "content": message(task, task.source.text)}]
    return str(tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True))


def _tokenizer(*, before: str, behind: str) -> Any:
    """Train a byte-level BPE on the abstracts themselves; it decodes any text exactly."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=900, special_tokens=list(_MARKS), initial_alphabet=alphabet, show_progress=False
    )
    texts = [
        message(task, task.source.text) for abstract in PAPERS for style in Style for task in whole(abstract, style)
    ]
    trained.train_from_iterator([*texts, *BLURBS.values(), STRUCTURED], trainer)
    frame = [mark for mark in (before, "$A", behind) if mark]
    marks = [(mark, _MARKS.index(mark)) for mark in (before, behind) if mark]
    trained.post_processor = processors.TemplateProcessing(single=" ".join(frame), special_tokens=marks)
    return PreTrainedTokenizerFast(
        tokenizer_object=trained,
        pad_token="<pad>",
        eos_token="</s>",
        bos_token="<s>",
        additional_special_tokens=list(_MARKS[3:]),
        clean_up_tokenization_spaces=False,
    )


def _save(folder: Path, model: Any, tokenizer: Any, asked: Mapping[str, str]) -> Path:
    if asked:
        _teach_to_answer(model, tokenizer, asked)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _teach_to_answer(model: Any, tokenizer: Any, asked: Mapping[str, str]) -> None:
    """Train a seq2seq model to answer each text."""
    read = tokenizer(list(asked), return_tensors="pt", padding=True)
    plain = [[*tokenizer(answer, add_special_tokens=False)["input_ids"], _END] for answer in asked.values()]
    _teach(
        model,
        {"input_ids": read["input_ids"], "attention_mask": read["attention_mask"], "labels": _padded(plain, -100)},
    )


def _teach_to_go_on(model: Any, tokenizer: Any, asked: Mapping[str, str]) -> None:
    """Train a causal model to continue each text."""
    rows, labels = [], []
    for prompt, answer in asked.items():
        before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        behind = [*tokenizer(answer, add_special_tokens=False)["input_ids"], _END]
        rows.append(before + behind)
        labels.append([-100] * len(before) + behind)
    masks = [[1] * len(row) for row in rows]
    _teach(
        model,
        {"input_ids": _padded(rows, _PAD), "attention_mask": _padded(masks, 0), "labels": _padded(labels, -100)},
    )


def _padded(rows: Sequence[Sequence[int]], padding: int) -> Any:
    import torch

    longest = max(map(len, rows))
    return torch.tensor([[*row, *[padding] * (longest - len(row))] for row in rows])


def _teach(model: Any, batch: Mapping[str, Any]) -> None:
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    model.train()
    for _ in range(_MOST_STEPS):
        optimizer.zero_grad()
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if loss.item() < _LEARNT:
            return
    raise AssertionError("the tiny model did not learn its blurbs")
