"""Looks a folder of weights over before anything in it is opened: complete, not pickled, not altered.

Needs no library: what is wrong with a folder can be said on a machine that could not run the model.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from summarizer.errors import BadModel

#: Beside the weights: an object with the SHA-256 of every file the model is made of, by name.
MANIFEST = "sha256.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
#: What a model is made of; anything else in its folder (a README, a licence) is never opened.
OPENED = (".json", ".safetensors", ".jinja", ".txt", ".model")
#: Formats that can carry a program which runs when the file is opened.
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack")
#: The format's own limit: a header is at most 100 MB (safetensors, README, "Format").
_LONGEST_HEADER = 100_000_000
_CHUNK = 1 << 20


def check_folder(folder: Path) -> None:
    """Make sure that the folder holds a whole model in safetensors which agrees with its manifest, if it has one.

    Raises:
        BadModel: it does not; names the file.
    """
    if not folder.is_dir():
        raise BadModel(f"There is no model folder {folder}.")
    if "model_type" not in _object(folder / "config.json"):
        raise BadModel(f"{folder / 'config.json'} does not say what kind of model it is (model_type).")
    if (folder / "adapter_config.json").exists():
        raise BadModel(f"{folder / 'adapter_config.json'}: an adapter is no model of its own; merge it into one first.")
    for weights in _weights(folder):
        _check_weights(weights)
    _check_manifest(folder)


def fingerprint(folder: Path) -> str:
    """Return a short hash of the folder's manifest; empty where there is none."""
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()[:8]
    except OSError:
        return ""


def write_manifest(folder: Path) -> Path:
    """Write down the SHA-256 of every file the model is made of, and return the manifest's path."""
    hashes = {path.name: _sha256(path) for path in _opened(folder)}
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    return manifest


def _object(path: Path) -> dict[str, object]:
    """Read a file that holds one JSON object."""
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
    """Return the files the library will open, the shards of an index or the one file."""
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
    """Tell the name of a file in this folder from a way out of it."""
    return bool(name) and name not in {".", ".."} and not set(name) & set("/\\:\0")


def _check_weights(path: Path) -> None:
    """Hold the file's size to what its own header says; what was cut short in copying is found before it is loaded."""
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
    """Yield the files a loader may open, in order of name."""
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
