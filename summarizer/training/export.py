"""Writes the trained network as it is shipped: an ONNX graph of bytes, the tokenizer, and the list of both."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from summarizer.training.network import Exported, Network

_INPUTS = {"ids": {1: "tokens"}, "groups": {0: "groups", 1: "tokens"}}
_OUTPUTS = {name: {0: "groups"} for name in ("salience", "roles", "vectors")}
#: The oldest that has all operators of the graph, so that old releases of onnxruntime can read it.
_OPSET = 17


def export(network: Network, base: Path, folder: Path, version: str) -> None:
    """Write `encoder.onnx`, `tokenizer.json` and `manifest.json` into `folder`.

    Weights become bytes, one scale for each output of a matrix: with one for a whole matrix, vectors had a cosine of
    0.95 with those before, with one for each output 0.99.
    """
    folder.mkdir(parents=True, exist_ok=True)
    example = (torch.ones(1, 8, dtype=torch.long), torch.ones(2, 8))
    with TemporaryDirectory() as temporary, torch.no_grad():
        plain = Path(temporary) / "plain.onnx"
        torch.onnx.export(
            Exported(network).eval(),
            example,
            plain,
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes=_INPUTS | _OUTPUTS,
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(plain, folder / "encoder.onnx", per_channel=True, weight_type=QuantType.QInt8)
    shutil.copy(base / "tokenizer.json", folder / "tokenizer.json")
    write_manifest(folder, version)


def write_manifest(folder: Path, version: str) -> None:
    """Write which files belong to the encoder and what they contain."""
    names = ("encoder.onnx", "tokenizer.json")
    manifest = {
        "version": version,
        "sha256": {name: sha256((folder / name).read_bytes()).hexdigest() for name in names},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
