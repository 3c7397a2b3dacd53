"""The shipped encoder: computes the salience of each piece of an abstract and the role and vector of each sentence.

At run time, only this file imports onnxruntime and tokenizers. `model/MODEL.md` describes how the weights were made.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.encoder.layout import Piece, lay_out
from summarizer.errors import BadModel

#: The folder of the shipped weights.
SHIPPED = Path(__file__).parent / "model"
_MANIFEST, _GRAPH, _TOKENIZER = "manifest.json", "encoder.onnx", "tokenizer.json"
_AGAIN = "Install Paperwire again to restore it."

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The output of the encoder for one abstract."""

    #: For each piece, how well it would serve as the blurb: a logit, comparable within one abstract.
    salience: Floats
    #: For each sentence that was read, the probability of each role, in the order of `Role`: (sentences, 5).
    roles: Floats
    #: For each sentence that was read, a vector of length 1, close to the one of all-MiniLM-L6-v2: (sentences, 384).
    sentences: Floats
    #: The vector of title and abstract together: (384,).
    paper: Floats


class Encoder:
    """An ONNX graph and its tokenizer; thread-safe, each call runs on one core."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Load the graph and the tokenizer from `folder`.

        Raises:
            BadModel: a file is missing or does not match the manifest.
        """
        manifest = _read_manifest(folder)
        graph, tokens = (_checked(folder / name, manifest) for name in (_GRAPH, _TOKENIZER))
        #: The version of the weights.
        self.version = str(manifest["version"])
        self._session, self._tokenizer = _opened(graph, tokens)

    def read(self, title: str, sentences: Sequence[str], pieces: Sequence[Piece]) -> Reading:
        """Return the encoder's output for the sentences of an abstract and for pieces of it.

        Args:
            title: may be empty.
            sentences: at least one.
            pieces: each the kept texts of one or more sentences, with the index of the sentence.
        """
        layout = lay_out(self._tokenizer, title, sentences)
        wanted = [layout.pieces(pieces, sentences), layout.ends(), layout.bodies(), layout.everything()]
        bounds = np.cumsum([len(rows) for rows in wanted])[:-1]
        given = {"ids": layout.ids[None], "groups": np.concatenate(wanted)}
        salience, roles, vectors = self._session.run(["salience", "roles", "vectors"], given)
        _, _, bodies, paper = np.split(vectors, bounds)
        return Reading(
            salience=np.split(salience, bounds)[0],
            roles=np.split(roles, bounds)[1],
            sentences=bodies,
            paper=paper[0],
        )


_kept = lru_cache(maxsize=2)(Encoder)
_opening = Lock()


def opened(folder: Path = SHIPPED) -> Encoder:
    """Return the encoder of a folder; it is loaded once per process.

    Raises:
        BadModel: a file is missing or does not match the manifest.
    """
    with _opening:
        return _kept(folder)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else exc
        raise BadModel(f"The encoder's list of files, {path.name}, cannot be read: {why}. {_AGAIN}") from exc
    if not (isinstance(manifest, dict) and isinstance(manifest.get("sha256"), dict) and "version" in manifest):
        raise BadModel(f"The encoder's list of files, {path.name}, is invalid. {_AGAIN}")
    return manifest


def _checked(path: Path, manifest: dict[str, Any]) -> bytes:
    """Return the file's content if its SHA-256 matches the manifest."""
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise BadModel(f"The encoder's file {path.name} cannot be read: {exc.strerror or exc}. {_AGAIN}") from exc
    if sha256(content).hexdigest() != manifest["sha256"].get(path.name):
        raise BadModel(f"The encoder's file {path.name} is not the file that was shipped. {_AGAIN}")
    return content


def _opened(graph: bytes, tokens: bytes) -> tuple[Any, Any]:
    # Read when the library is imported: without it, onnxruntime 1.32 writes a device id into the home folder and queues
    # events for its makers. `disable_telemetry_events()` comes too late for both.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    # Imported late, so that programs that never condense do not pay for it.
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    # Digests condense several abstracts concurrently: one core per abstract has a higher and steadier throughput than
    # all cores for each.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_str(tokens.decode())
    except Exception as exc:  # both libraries raise plain exceptions
        raise BadModel(f"The encoder cannot be loaded: {exc}. {_AGAIN}") from exc
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return session, tokenizer
