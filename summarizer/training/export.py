"""Write the trained network in its shipped form: an ONNX graph with 8-bit weights, the tokenizer, and a manifest."""

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
#: The oldest opset with all operators of the graph, so that old releases of onnxruntime can read it.
_OPSET = 17


def export(network: Network, base: Path, folder: Path, version: str) -> None:
    """Write `encoder.onnx`, `tokenizer.json` and `manifest.json` to `folder`.

    Weights are quantised to bytes with one scale per output of a matrix: vectors then have a cosine of 0.99 with those
    before; with one scale per matrix it was 0.95.
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
    """Write the manifest: the version, and the SHA-256 of each file of the encoder."""
    names = ("encoder.onnx", "tokenizer.json")
    manifest = {
        "version": version,
        "sha256": {name: sha256((folder / name).read_bytes()).hexdigest() for name in names},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
