"""Tests that declared dependencies, locks, imports and documentation agree."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement

import dev
import devenv
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
DIRECT = {
    "core": PROJECT["project"]["dependencies"],
    "dev": PROJECT["project"]["dependencies"] + EXTRAS["dev"],
    "build": PROJECT["dependency-groups"]["build"],
    "installer": PROJECT["dependency-groups"]["installer"],
}
#: The lock whose packages a file may import: the product's, or the developers' as well. The longest matching path
#: prefix decides.
MAY_IMPORT = {
    "bots/": "core",
    "bots/testing/": "dev",
    "summarizer/": "core",
    "summarizer/evaluation/evaluate.py": "dev",
    "summarizer/training/": "dev",
    "tests/": "dev",
}


def entries(lock: str) -> list[str]:
    """Return the requirements of a lock file, each with its hashes on one line, without comments."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pins(lock: str) -> dict[str, set[str]]:
    """Return each package's locked versions: one, or one per Python version."""
    found: dict[str, set[str]] = {}
    for line in entries(lock):
        wanted = Requirement(line.partition("--hash")[0])
        found.setdefault(plain(wanted.name), set()).update(each.version for each in wanted.specifier)
    return found


def plain(name: str) -> str:
    """Return a package's normalised name, as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", dev.LOCKS)
def test_every_locked_package_is_pinned_and_hashed(lock: str) -> None:
    """Each entry names one version and the hash of every archive that may be installed for it."""
    loose = [
        line
        for line in entries(lock)
        if not re.fullmatch(r"\S+==\S+( ;[^#]+?)?( +--hash=sha256:[0-9a-f]{64})+ *", line)
    ]
    assert [] == loose
    assert entries(lock)


@pytest.mark.parametrize("lock", dev.LOCKS)
def test_no_lock_says_where_packages_come_from(lock: str) -> None:
    """No lock contains a URL or host, because each machine has its own index or mirror."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert [] == re.findall(r"\w+://\S*|--(?:extra-)?index\S*|--find-links\S*|\b[\w-]+\.(?:org|com|net|io)\b", text)


@pytest.mark.parametrize("lock", dev.LOCKS)
def test_the_locks_hold_what_the_project_asks_for(lock: str) -> None:
    """Every direct dependency is locked in a version that pyproject.toml allows: the locks are up to date."""
    held = pins(lock)
    for wanted in map(Requirement, DIRECT[lock]):
        versions = held.get(plain(wanted.name), set())
        assert versions, f"{wanted.name} is not in {lock}.txt; run: python3 dev.py lock"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted} but locked {versions}"


def test_a_developer_has_what_a_user_has() -> None:
    """The locks agree, so tests run with exactly the versions that the product is installed with."""
    core, whole, build = pins("core"), pins("dev"), pins("build")
    assert core == {name: whole.get(name) for name in core}
    assert {name: whole[name] for name in build.keys() & whole.keys()} == {
        n: build[n] for n in build.keys() & whole.keys()
    }


def test_the_locked_builder_is_the_one_the_project_names() -> None:
    """The build backend of pyproject.toml is in the lock for building."""
    builders = [Requirement(text) for text in PROJECT["build-system"]["requires"]]
    assert [] == [str(builder) for builder in builders if plain(builder.name) not in pins("build")]


def test_torch_is_in_no_lock() -> None:
    """No lock contains torch, because the right build depends on the machine."""
    assert [] == [lock for lock in dev.LOCKS if "torch" in pins(lock)]


def test_no_version_with_a_known_hole_is_allowed() -> None:
    """No release of transformers is allowed that runs a model's code unasked: up to 5.2.0, CVE-2026-5241."""
    [wanted] = [each for each in map(Requirement, DIRECT["core"]) if each.name == "transformers"]
    assert [] == [version for version in ("4.57.6", "5.0.0", "5.2.0") if wanted.specifier.contains(version)]


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_what_is_imported_is_declared(part: str) -> None:
    """Every third-party import is a direct dependency, not just a dependency of another package."""
    # Extras of the product that the lock of the tools has as well: their tests are run by everyone.
    extras = [text for extra in (*devenv.UNLOCKED, "dkim", "otel", "scale") for text in EXTRAS[extra]]
    declared = {plain(Requirement(text).name) for text in [*DIRECT[MAY_IMPORT[part]], *extras]}
    # The tests use two packages that come with pytest and httpx: the plugin for async tests, and the version parser.
    declared |= {"anyio", "packaging"} if part == "tests/" else set()
    owners = packages_distributions()
    own = {"bots", "summarizer", "tests", "dev", "devenv", "devsbom"}
    undeclared = {
        (path, root)
        for path, root in imports(part)
        if root not in own | sys.stdlib_module_names and not declared & set(map(plain, owners.get(root, [root])))
    }
    assert set() == undeclared


def imports(part: str) -> set[tuple[str, str]]:
    """Return the file and top-level name of every import in the files to which this part's rule applies."""
    found = set()
    for file in sorted((ROOT / part.partition("/")[0]).rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        if part != max(filter(path.startswith, MAY_IMPORT), key=len):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            found |= {(path, name.partition(".")[0]) for name in names}
    return found


def test_the_extra_for_plug_ins_asks_for_what_is_locked() -> None:
    """What a plug-in's author installs to test it is a part of what our own tests run with."""
    assert set(EXTRAS["testing"]) <= set(EXTRAS["dev"])


def test_every_dependency_is_accounted_for() -> None:
    """docs/dependencies.md has a row for every direct dependency, with the locked version."""
    rows = [
        line.split("|")[1:3] for line in (ROOT / "docs/dependencies.md").read_text("utf-8").splitlines() if "|" in line
    ]
    told = {plain(name): version for names, versions in rows for name, version in paired(names, versions)}
    wanted = {plain(Requirement(text).name): lock for lock in DIRECT for text in DIRECT[lock]}
    held = {name: pins(lock)[name] for name, lock in wanted.items()}
    assert set() == wanted.keys() - told.keys()
    assert {} == {name: versions for name, versions in held.items() if told[name] and told[name] not in versions}


def paired(names: str, versions: str) -> list[tuple[str, str]]:
    """Return the packages of one row, each with its version.

    A row may name two packages; the second version may be left out.
    """
    left, right = ([part.strip() for part in cell.split(",")] for cell in (names, versions))
    return [(name, right[place] if place < len(right) else "") for place, name in enumerate(left)]
