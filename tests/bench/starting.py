"""The start-up time of the program, compared with a Python process that does nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.rows import Row, best_of

_ABSTRACT = (
    b"Models are slow. We propose a network based only on attention. It reaches 28.4 BLEU on a hard task of 2014, "
    b"and it learns in a few days on eight cards."
)


def measure(_data: Path) -> Iterator[Row]:
    """Yield milliseconds from the start of the process to its end."""
    bare = best_of(5, lambda: _run("-c", "pass"))
    for what, arguments in {
        "paperwire --help": ("-m", "bots", "--help"),
        "paperwire summarize": ("-m", "bots", "summarize"),
        "paperwire digest --source sample": ("-m", "bots", "--database", ":memory:", "digest", "--source", "sample"),
    }.items():
        ours = best_of(5, lambda arguments=arguments: _run(*arguments))  # type: ignore[misc]  # mypy cannot infer a lambda's default
        yield Row(what=what, ours=ours, unit="ms", peer="python -c pass", theirs=bare)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], input=_ABSTRACT, capture_output=True, check=True)
