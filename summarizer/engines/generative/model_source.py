"""The settings of a generative engine, and the source of its model: a local folder, or a pinned commit on the hub."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from summarizer.engines.generative.model_files import OPENED, fingerprint
from summarizer.errors import BadModel, EngineDown

_COMMIT = re.compile(r"[0-9a-f]{40}")
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


class Device(StrEnum):
    """The device a model runs on."""

    AUTO = "auto"
    CUDA = "cuda"
    MPS = "mps"
    CPU = "cpu"


@dataclass(frozen=True, kw_only=True, slots=True)
class GenerativeSettings:
    """The model of a generative engine, and how it runs."""

    #: A local folder, or the id of a model on the Hugging Face hub (`owner/name`).
    model: str
    #: For a hub id: the full commit, 40 hexadecimal digits. A branch or tag can be moved to other weights.
    revision: str = ""
    device: Device = Device.AUTO
    #: Use a hub model only if it has been downloaded before; a folder never needs the network.
    offline: bool = False
    #: 1 is greedy decoding; the TLDR systems on BART were measured with 2 (Cachola et al. 2020).
    num_beams: int = 2
    max_new_tokens: int = 256
    #: An abstract has about 300 tokens; memory and time grow with the longest text in a batch.
    max_input_tokens: int = 1024
    max_batch: int = 16
    #: Seconds that a batch waits for more requests: short compared with the second or more that a batch takes.
    window: float = 0.02
    #: The prefix of a seq2seq model's input; None for the one in its configuration, such as T5's "summarize: ".
    prefix: str | None = None

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            ValueError: no model is named, or a number is too small.
        """
        numbers = (self.num_beams, self.max_new_tokens, self.max_input_tokens, self.max_batch)
        if not self.model or min(numbers) < 1 or self.window < 0:
            raise ValueError("A generative engine needs a model, and its numbers must be at least 1.")


def name_of(settings: GenerativeSettings) -> str:
    """Return the version of the model: a folder's name with its manifest's hash, or a hub id with its commit."""
    if not (folder := Path(settings.model).expanduser()).is_dir():
        return f"{settings.model}@{settings.revision}" if settings.revision else settings.model
    marks = fingerprint(folder)
    return f"{folder.resolve().name}@{marks}" if marks else folder.resolve().name


def folder_of(settings: GenerativeSettings) -> Path:
    """Return the folder of the model, downloaded from the hub unless it is a local folder."""
    folder = Path(settings.model).expanduser()
    if folder.is_dir() or not _HUB_ID.fullmatch(settings.model):
        return folder
    if not _COMMIT.fullmatch(settings.revision):
        raise BadModel(
            f"{settings.model!r} is no folder here; as a hub id it needs the full commit as its revision, "
            f"40 hexadecimal digits, not {settings.revision!r}."
        )
    return _fetched(settings)


def _fetched(settings: GenerativeSettings) -> Path:
    """Return the hub model's folder in the local cache, downloaded if necessary: weights and tables, no code."""
    from huggingface_hub import snapshot_download  # takes half a second to load
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    kinds, below = [f"*{suffix}" for suffix in OPENED], ["*/*"]
    try:
        path = snapshot_download(
            settings.model,
            revision=settings.revision,
            local_files_only=settings.offline,
            allow_patterns=kinds,
            ignore_patterns=below,
        )
    except LocalEntryNotFoundError as exc:
        why = "and is not downloaded here" if settings.offline else "and the hub cannot be reached"
        raise EngineDown(f"{settings.model}@{settings.revision} is a hub model {why}.") from exc
    except HfHubHTTPError as exc:
        raise BadModel(f"The hub does not give {settings.model}@{settings.revision}: {first_line(exc)}.") from exc
    except (OSError, ValueError) as exc:
        raise EngineDown(f"{settings.model} could not be downloaded: {first_line(exc)}.") from exc
    return Path(path)


def first_line(exc: BaseException) -> str:
    """Return the first line of an error message; libraries write long ones."""
    lines = str(exc).strip().splitlines()
    return lines[0][:200].rstrip(".") if lines else type(exc).__name__
