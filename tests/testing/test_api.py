"""The public API has exactly the names in docs/reference/plug-in-api.md, and imports no large libraries."""

import re
import subprocess
import sys
import types
from collections.abc import Iterator

import bots.api
import bots.testing
from tests.conftest import ROOT

PAGE = ROOT / "docs/reference/plug-in-api.md"
#: A row of the table: `name` in its first cell.
_ROW = re.compile(r"^\| `([\w.]+)` \|", re.MULTILINE)
#: Modules that bots.api must not import: databases, chat libraries, models, test tools.
HEAVY = {"aiohttp", "alembic", "discord", "hypothesis", "onnxruntime", "pytest", "slack_sdk", "sqlalchemy", "torch"}


def offered() -> Iterator[str]:
    """Yield all public names: those of the API, those in the modules that it exports, and those of the test kit."""
    for name in bots.api.__all__:
        held = getattr(bots.api, name)
        if isinstance(held, types.ModuleType):
            inside = getattr(held, "__all__", None) or [each for each in dir(held) if defined_in(held, each)]
            yield from (f"{name}.{each}" for each in inside)
        else:
            yield name
    yield from (f"testing.{name}" for name in bots.testing.__all__)


def defined_in(module: types.ModuleType, name: str) -> bool:
    """Return whether a public class or function is defined in the module itself."""
    return not name.startswith("_") and getattr(getattr(module, name), "__module__", "") == module.__name__


def test_the_page_lists_every_public_name() -> None:
    """A name that is added, renamed or removed without a change to the page fails this test."""
    assert sorted(offered()) == sorted(_ROW.findall(PAGE.read_text(encoding="utf-8")))


def test_every_public_name_says_what_it_is() -> None:
    """All classes and functions of the API have a docstring; constants and unions of types need none."""
    named = {name: getattr(bots.api, name) for name in bots.api.__all__}
    silent = [name for name, held in named.items() if isinstance(held, type | types.FunctionType) and not held.__doc__]
    assert [] == silent


def test_the_api_imports_nothing_heavy() -> None:
    """Importing the API loads no database, chat library, model or test tool."""
    code = f"import bots.api, sys; print(sorted({HEAVY} & {{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout
