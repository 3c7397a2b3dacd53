"""Check a folder of weights before any file in it is loaded: complete, not pickled, not altered.

Needs no library, so a bad folder is reported even on a machine that cannot run the model.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from summarizer.errors import BadModel

#: The manifest next to the weights: a JSON object of file names and their SHA-256, for every file of the model.
MANIFEST = "sha256.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
#: The suffixes of a model's files; other files in the folder (a README, a licence) are never opened.
OPENED = (".json", ".safetensors", ".jinja", ".txt", ".model")
#: Formats that can contain code which runs when the file is opened.
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack")
#: The limit of the format: a header has at most 100 MB (safetensors, README, "Format").
_LONGEST_HEADER = 100_000_000
_CHUNK = 1 << 20


def check_folder(folder: Path) -> None:
    """Check that the folder contains a whole model in safetensors which matches its manifest, if it has one.

    Raises:
        BadModel: the folder fails a check; the message names the file.
    """
    if not folder.is_dir():
        raise BadModel(f"There is no model folder {folder}.")
    if "model_type" not in _object(folder / "config.json"):
        raise BadModel(f"{folder / 'config.json'} does not say what kind of model it is (model_type).")
    if (folder / "adapter_config.json").exists():
        raise BadModel(
            f"{folder / 'adapter_config.json'}: an adapter is not a complete model; merge it into its base model first."
        )
    for weights in _weights(folder):
        _check_weights(weights)
    _check_manifest(folder)


def fingerprint(folder: Path) -> str:
    """Return a short hash of the folder's manifest; empty if it has none."""
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()[:8]
    except OSError:
        return ""


def write_manifest(folder: Path) -> Path:
    """Write the SHA-256 of every file of the model to the manifest, and return the manifest's path."""
    hashes = {path.name: _sha256(path) for path in _opened(folder)}
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    return manifest


def _object(path: Path) -> dict[str, object]:
    """Return the JSON object that a file contains."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise BadModel(f"{path} is missing or cannot be read ({type(exc).__name__}).") from exc
    except (ValueError, RecursionError) as exc:
        raise BadModel(f"{path} is damaged: it is not JSON.") from exc
    if not isinstance(found, dict):
        raise BadModel(f"{path} is damaged: it does not hold a JSON object.")
    return found


# -- the weights ----------------------------------------------------------------------------------


def _weights(folder: Path) -> list[Path]:
    """Return the files that the library will open: the shards of an index, or the single file."""
    if (folder / WEIGHTS).exists():
        return [folder / WEIGHTS]
    if (folder / INDEX).exists():
        return _shards(folder / INDEX)
    pickled = sorted(path.name for path in folder.iterdir() if path.suffix in _PICKLED)
    if pickled:
        raise BadModel(
            f"{folder / pickled[0]} is in a format that can run a program when it is opened, so it is not; "
            f"only safetensors is read, and {WEIGHTS} is missing."
        )
    raise BadModel(f"{folder / WEIGHTS} is missing.")


def _shards(index: Path) -> list[Path]:
    placed = _object(index).get("weight_map")
    names = set(placed.values()) if isinstance(placed, dict) else set()
    if not names or not all(isinstance(name, str) and _is_plain(name) for name in names):
        raise BadModel(f"{index} is damaged: it does not name the files of the weights.")
    return [index.parent / name for name in sorted(names)]


def _is_plain(name: str) -> bool:
    """Return whether the name is that of a file in the folder itself, not a path out of it."""
    return bool(name) and name not in {".", ".."} and not set(name) & set("/\\:\0")


def _check_weights(path: Path) -> None:
    """Check the file's size against its header, so that a truncated copy is found before it is loaded."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(min(length, _LONGEST_HEADER)))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        whole = path.stat().st_size == 8 + length + max(ends, default=0)
    except OSError as exc:
        raise BadModel(f"{path} is missing or cannot be read ({type(exc).__name__}).") from exc
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as exc:
        raise BadModel(f"{path} is damaged: it is not in the safetensors format.") from exc
    if not whole:
        raise BadModel(f"{path} is damaged: it is not as long as its header says.")


# -- the manifest ---------------------------------------------------------------------------------


def _check_manifest(folder: Path) -> None:
    if not (folder / MANIFEST).exists():
        return
    told = _object(folder / MANIFEST)
    if wrong := [name for name in told if not _is_plain(name)]:
        raise BadModel(f"{folder / MANIFEST} names {wrong[0]!r}, which is not a file of this folder.")
    unlisted = sorted({path.name for path in _opened(folder)} - told.keys())
    if unlisted:
        raise BadModel(f"{folder / unlisted[0]} is not in {MANIFEST}: it was added later.")
    for name, expected in told.items():
        if _sha256(folder / name) != expected:
            raise BadModel(f"{folder / name} was altered: its SHA-256 is not the one in {MANIFEST}.")


def _opened(folder: Path) -> Iterator[Path]:
    """Yield the files that a loader may open, sorted by name."""
    for path in sorted(folder.iterdir()):
        if path.suffix in OPENED and path.name != MANIFEST and path.is_file():
            yield path


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as exc:
        raise BadModel(f"{path} is missing or cannot be read ({type(exc).__name__}).") from exc
    return digest.hexdigest()
