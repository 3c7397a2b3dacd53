"""Claims about the checks on a model folder before any file in it is loaded."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import BadModel, EngineDown
from summarizer.engines.generative.model_files import MANIFEST, check_folder, fingerprint, write_manifest
from summarizer.engines.generative.model_source import GenerativeSettings, folder_of, name_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def tensors(values: bytes = b"\0" * 8) -> bytes:
    """Return a whole safetensors file with one tensor."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, len(values)]}}).encode()
    return len(header).to_bytes(8, "little") + header + values


def model_folder(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    """Create the files of a model folder and return the folder."""
    found = {"config.json": b'{"model_type": "t5"}', "model.safetensors": tensors(), "tokenizer.json": b"{}"}
    for name, content in (files or found).items():
        (folder / name).write_bytes(content)
    return folder


def test_a_whole_folder_passes(tmp_path: Path) -> None:
    """A folder with a configuration, safetensors weights and a matching manifest passes."""
    check_folder(model_folder(tmp_path))
    write_manifest(tmp_path)
    check_folder(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """The message names the missing file."""
    (model_folder(tmp_path) / name).unlink()
    with pytest.raises(BadModel, match=name):
        check_folder(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The message names the missing folder."""
    with pytest.raises(BadModel, match=r"no model folder .*nowhere"):
        check_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("config.json", b"{}"),
        ("config.json", b"\xff\xfe"),
        ("config.json", b"[" * 100_000),
        ("model.safetensors", b""),
        ("model.safetensors", b"\x80\x04 not tensors"),
        ("model.safetensors", tensors()[:-1]),
        ("model.safetensors", tensors() + b"\0"),
        ("model.safetensors", (1 << 63).to_bytes(8, "little") + b"{}"),
        ("sha256.json", b"nonsense"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    """The message names the damaged file, before a library reads it."""
    (model_folder(tmp_path) / name).write_bytes(content)
    with pytest.raises(BadModel, match=name):
        check_folder(tmp_path)


@given(content=st.binary(max_size=200))
def test_no_file_of_weights_breaks_the_check(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """For random bytes, the check raises BadModel and nothing else."""
    folder = model_folder(tmp_path_factory.mktemp("model"))
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(BadModel, match=r"model\.safetensors"):
        check_folder(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.ckpt", "tf_model.h5"])
def test_weights_that_could_run_a_program_are_refused(tmp_path: Path, name: str) -> None:
    """A folder with only pickled weights is refused, and the message names the file."""
    model_folder(tmp_path, {"config.json": b'{"model_type": "t5"}', name: b"\x80\x04."})
    with pytest.raises(BadModel, match=f"{name} .*safetensors"):
        check_folder(tmp_path)


def test_every_shard_must_be_there(tmp_path: Path) -> None:
    """Every shard of the weights is checked, and a missing one is named."""
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    files = {"config.json": b'{"model_type": "t5"}', "model.safetensors.index.json": json.dumps(index).encode()}
    model_folder(tmp_path, {**files, "model-1.safetensors": tensors()})
    with pytest.raises(BadModel, match="model-2"):
        check_folder(tmp_path)
    (tmp_path / "model-2.safetensors").write_bytes(tensors())
    check_folder(tmp_path)


@pytest.mark.parametrize("name", ["../model.safetensors", "/etc/passwd", "", "..", "a\\b", 7])
def test_an_index_cannot_point_out_of_its_folder(tmp_path: Path, name: object) -> None:
    """Only plain names of files in the folder are accepted."""
    index = json.dumps({"weight_map": {"a": name}}).encode()
    model_folder(tmp_path, {"config.json": b'{"model_type": "t5"}', "model.safetensors.index.json": index})
    with pytest.raises(BadModel, match=r"index\.json"):
        check_folder(tmp_path)


def test_an_adapter_is_no_model(tmp_path: Path) -> None:
    """An adapter is refused, because it would download the model it adapts."""
    (model_folder(tmp_path) / "adapter_config.json").write_text('{"base_model_name_or_path": "some/model"}')
    with pytest.raises(BadModel, match="adapter_config"):
        check_folder(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_an_altered_file_is_named(tmp_path: Path, name: str) -> None:
    """One changed value in a well-formed file is found with the manifest."""
    write_manifest(model_folder(tmp_path))
    altered = {"config.json": b'{"model_type": "t6"}', "model.safetensors": tensors(b"\1" * 8), "tokenizer.json": b"[]"}
    (tmp_path / name).write_bytes(altered[name])
    with pytest.raises(BadModel, match=f"{name} was altered"):
        check_folder(tmp_path)


def test_a_file_added_later_is_named(tmp_path: Path) -> None:
    """A file that a loader might open but the manifest does not list is refused."""
    write_manifest(model_folder(tmp_path))
    (tmp_path / "generation_config.json").write_text("{}")
    with pytest.raises(BadModel, match="generation_config"):
        check_folder(tmp_path)


def test_a_file_removed_later_is_named(tmp_path: Path) -> None:
    """A file that the manifest lists but the folder lacks is refused."""
    write_manifest(model_folder(tmp_path))
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(BadModel, match="tokenizer"):
        check_folder(tmp_path)


def test_a_manifest_cannot_point_out_of_its_folder(tmp_path: Path) -> None:
    """A manifest that names a file outside the folder is refused."""
    (model_folder(tmp_path) / MANIFEST).write_text(json.dumps({"../secret": "0"}))
    with pytest.raises(BadModel, match="not a file of this folder"):
        check_folder(tmp_path)


def test_the_version_tells_altered_models_apart(tmp_path: Path) -> None:
    """With a manifest, the model's name changes with any of its files."""
    settings = GenerativeSettings(model=str(model_folder(tmp_path)))
    assert tmp_path.name == name_of(settings)
    write_manifest(tmp_path)
    before = name_of(settings)
    assert f"{tmp_path.name}@{fingerprint(tmp_path)}" == before
    (tmp_path / "model.safetensors").write_bytes(tensors(b"\1" * 8))
    write_manifest(tmp_path)
    assert before != name_of(settings)


@pytest.mark.parametrize("revision", ["", "main", "v1.0", COMMIT[:12], COMMIT + "0", COMMIT[:-1] + "g"])
def test_a_hub_model_without_its_commit_is_refused(revision: str) -> None:
    """A branch, a tag or a shortened commit is refused, because it may later refer to other weights."""
    with pytest.raises(BadModel, match="40 hexadecimal digits"):
        folder_of(GenerativeSettings(model="some/model", revision=revision))


def test_a_hub_model_that_is_not_here_is_down_when_offline() -> None:
    """Offline, a model that was never downloaded raises EngineDown."""
    settings = GenerativeSettings(model="some/model", revision=COMMIT, offline=True)
    assert f"some/model@{COMMIT}" == name_of(settings)
    with pytest.raises(EngineDown, match="not downloaded"):
        folder_of(settings)


def test_a_folder_needs_no_commit(tmp_path: Path) -> None:
    """A local folder needs no revision."""
    assert tmp_path == folder_of(GenerativeSettings(model=str(tmp_path)))


@pytest.mark.parametrize("wrong", [{"model": ""}, {"num_beams": 0}, {"max_batch": 0}, {"window": -1.0}])
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    """An empty model, no beam, no batch and a negative window are refused."""
    with pytest.raises(ValueError, match="at least 1"):
        GenerativeSettings(**{"model": "folder", **wrong})  # type: ignore[arg-type]  # the point of the test
