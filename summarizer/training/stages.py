"""Keep the result of each stage of a training in a folder, so that a stopped run goes on where it was."""

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

_Result = TypeVar("_Result")
_RUN = "run.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stages:
    """The stages of one run, each a file in a folder that nobody else writes to."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, options: Mapping[str, object], inputs: list[Path]) -> "Stages":
        """Return the stages of a run.

        Args:
            options: what was asked for, as JSON; a stage made for other options is not used.
            inputs: the data files; a stage made from other content is not used.

        Raises:
            ValueError: the folder holds the stages of another run.
        """
        folder.mkdir(parents=True, exist_ok=True)
        run = {"options": dict(options), "inputs": [sha256(path.read_bytes()).hexdigest() for path in inputs]}
        path = folder / _RUN
        if path.exists() and json.loads(path.read_text(encoding="utf-8")) != run:
            raise ValueError(f"{folder} holds the stages of another training; name an empty folder with --work")
        path.write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
        return cls(folder=folder)

    def result(self, name: str, make: Callable[[], _Result]) -> _Result:
        """Return the result of a stage: the kept one, else that of `make`, which is then kept."""
        path = self.folder / f"{name}.pickle"
        if path.exists():
            kept: _Result = pickle.loads(path.read_bytes())  # noqa: S301  # written by this run, into its own folder
            return kept
        made = make()
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(pickle.dumps(made))
        unfinished.replace(path)
        return made
