"""Tests of the project rules that no linter checks, and proof that import-linter detects breaches of its contracts."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from statistics import median, quantiles

import pytest

from bots.ports import AdapterPlugin
from tests.conftest import ROOT

PRODUCT = ("bots", "summarizer")
RECORDS = (
    "bots/domain/channels",
    "bots/domain/digests",
    "bots/domain/papers",
    "bots/domain/replies",
    "bots/domain/requests",
    "bots/domain/runs",
    "summarizer/blurb",
)
#: Only the top layer, which starts the program, may read the clock; below it the time is an argument.
MAY_ASK_THE_TIME = ("bots/__main__.py", "bots/cli/", "bots/bootstrap/app.py")
CLOCKS = re.compile(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
#: The inner layers of each package, by the contract's id.
INNER = [key for key in CONTRACTS if key.startswith("layers-")]
HOMES = [
    (key, library) for key in CONTRACTS if key.startswith("home-") for library in CONTRACTS[key]["forbidden_modules"]
]


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path, with slashes, and the syntax tree of every module under the folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def dotted(node: ast.AST) -> str:
    """Return a dotted name as written (`os.environ`), or an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def uses(tree: ast.Module) -> Iterator[str]:
    """Yield every dotted name that the module uses; names imported with `from` are included (`os.environ`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield dotted(node)


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the number of lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


def table_lines(tree: ast.Module) -> int:
    """Return the number of lines of a module's own constants, because a table may be as long as its content."""
    tables = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in tables)


def tracked() -> list[Path]:
    """Return every file that is committed or would be."""
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("needs git to know which files are part of the project")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def lint(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run import-linter in the folder."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", code, "--no-logo", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


# ── code style ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_settings_read_the_environment() -> None:
    """Only bots.config.settings reads environment variables, so there is a single list of them.

    The encoder's session and the command line set some for libraries that are imported later.
    """
    may = {"bots/config/settings.py", "summarizer/encoder/session.py", "bots/__main__.py"}
    banned = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}
    found = [path for path, tree in modules(*PRODUCT) if path not in may and banned & set(uses(tree))]
    assert [] == found


def test_a_database_that_is_away_costs_a_line() -> None:
    """Who expects that the database cannot be used logs no traceback: a digest has a hundred such places."""
    found = [
        f"{path}:{handler.lineno}"
        for path, tree in modules(*PRODUCT)
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler) and handler.type is not None
        if "StoreError" in {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
        if any(use.endswith("_log.exception") for node in handler.body for use in uses(ast.Module([node], [])))
    ]
    assert [] == found


def test_only_the_top_layers_read_the_clock() -> None:
    """Below the top layer the time is an argument, so any day can be replayed."""
    found = [
        (path, use)
        for path, tree in modules(*PRODUCT)
        if not path.startswith(MAY_ASK_THE_TIME)
        for use in uses(tree)
        if CLOCKS.fullmatch(use)
    ]
    assert [] == found


def test_a_file_can_be_read_in_one_sitting() -> None:
    """No file is longer than 300 lines, not counting its tables."""
    long = {}
    for path, tree in modules(*PRODUCT, "tests"):
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines()) - table_lines(tree)
        if lines > 300:
            long[path] = lines
    assert {} == long


def test_functions_are_short() -> None:
    """Half of all function bodies are shorter than eight lines, and nine in ten are shorter than 25."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    lengths = [body_lines(node) for _, tree in modules(*PRODUCT) for node in ast.walk(tree) if isinstance(node, kinds)]
    assert 8 > median(lengths)
    assert 25 > quantiles(lengths, n=10)[-1]


def test_every_module_says_what_it_is_for() -> None:
    """Every module that contains code has a docstring."""
    assert [] == [path for path, tree in modules(*PRODUCT, "tests") if tree.body and not ast.get_docstring(tree)]


def test_names_say_what_a_thing_is() -> None:
    """No file, class or function has utils, helper or manager in its name."""
    empty = re.compile(r"utils?\b|helper|manager", re.IGNORECASE)
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    named = [(path, path) for path, _ in modules(*PRODUCT, "tests")]
    named += [(path, x.name) for path, tree in modules(*PRODUCT) for x in ast.walk(tree) if isinstance(x, kinds)]
    assert [] == [(path, name) for path, name in named if empty.search(name)]


@pytest.mark.parametrize("module", RECORDS)
def test_records_do_not_change(module: str) -> None:
    """Every dataclass in the record modules is frozen, keyword-only and has slots."""
    wanted = {("frozen", True), ("kw_only", True), ("slots", True)}
    tree = ast.parse((ROOT / f"{module}.py").read_text(encoding="utf-8"))
    records = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and dressing(node) is not None]
    assert [] == [record.name for record in records if not wanted <= set((dressing(record) or {}).items())]
    assert records


#: Where a record that could change would cost most: what is due, what was delivered, what is stored and what is served.
CORE = ("bots/domain/", "bots/delivery/", "bots/ports/", "bots/store/", "bots/endpoints/", "summarizer/grounding/")
#: Dataclasses there that are no records: state that changes.
CORE_STATE = {
    "bots/delivery/rate_limiter.py": {"_Lane"},
    "bots/delivery/local_permits.py": {"_Counted"},
    "bots/store/_shared_commits.py": {"_Shared"},
}


def test_every_dataclass_of_the_core_is_a_record() -> None:
    """In the core, every dataclass is frozen, keyword-only and has slots, but for the state that is named above."""
    wanted = {("frozen", True), ("kw_only", True), ("slots", True)}
    others: dict[str, set[str]] = {}
    for path, tree in modules(*PRODUCT):
        for node in ast.walk(tree) if path.startswith(CORE) else ():
            flags = dressing(node) if isinstance(node, ast.ClassDef) else None
            if isinstance(node, ast.ClassDef) and flags is not None and not wanted <= set(flags.items()):
                others.setdefault(path, set()).add(node.name)
    assert CORE_STATE == others


def dressing(record: ast.ClassDef) -> dict[str | None, object] | None:
    """Return the arguments of a class's dataclass decorator, or None if the class is not a dataclass."""
    for decorator in record.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else ast.Call(func=decorator, args=[], keywords=[])
        if dotted(call.func) in {"dataclass", "dataclasses.dataclass"}:
            return {each.arg: each.value.value for each in call.keywords if isinstance(each.value, ast.Constant)}
    return None


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_test_folder_is_a_package() -> None:
    """Every folder of tests has an __init__.py; otherwise `import bots` could find tests/bots."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [] == sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists())


def test_no_file_names_a_package_server_or_a_path_of_one_machine() -> None:
    """No committed file contains the address of a package server or a path on a developer's disk."""
    # Joined from parts, because otherwise this file would contain the names.
    servers = "|".join(map(re.escape, ("pypi" + ".org", "python" + "hosted", "npm" + "js", "download." + "pytorch")))
    places = r"(?<![\w.:/~-])/(?:root|work|Users/\w+|home/\w+)/"
    foreign = re.compile(f"{servers}|{places}".encode())
    found = {path.relative_to(ROOT).as_posix(): foreign.search(path.read_bytes()) for path in tracked()}
    assert {} == {path: hit.group() for path, hit in found.items() if hit}


PLUGS = [
    EntryPoint(name=name, value=value, group=group)
    for group, plugs in PROJECT["project"]["entry-points"].items()
    if group.startswith("paperwire.")
    for name, value in plugs.items()
]


@pytest.mark.parametrize("plug", PLUGS, ids=lambda plug: f"{plug.group}.{plug.name}")
def test_every_registered_plug_fits(plug: EntryPoint) -> None:
    """Every adapter that pyproject.toml registers is a record of one, every source and engine can be opened."""
    found = plug.load()
    assert isinstance(found, AdapterPlugin) if plug.group == "paperwire.adapters" else callable(found)


# ── the layers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_tree_keeps_every_contract() -> None:
    """The source tree breaks none of the import contracts."""
    done = lint(ROOT)
    assert 0 == done.returncode, done.stdout


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return import-linter's output for a copy of the tree that contains one breach of every contract."""
    copy = copy_tree(tmp_path_factory.mktemp("planted"))
    third_party = [f"import {library}" for _, library in HOMES]
    guilty = ["import bots.scheduling.dispatcher", "import summarizer.engines.extractive.engine", *third_party]
    (copy / "bots/sources/planted.py").write_text("\n".join(guilty), encoding="utf-8")
    (copy / "summarizer/planted.py").write_text("import bots.domain.papers", encoding="utf-8")
    with (copy / "bots/domain/slots.py").open("a", encoding="utf-8") as slots:
        slots.write("\nimport bots.delivery.run_executor\n")
    for contract in INNER:
        low, high = upward(contract)
        with file_of(copy, low).open("a", encoding="utf-8") as module:
            module.write(f"\nimport {high}\n")
    done = lint(copy, "--no-cache")
    assert 1 == done.returncode, done.stderr
    return done.stdout


def upward(contract: str) -> tuple[str, str]:
    """Return a module of the contract's lowest layer, and one of its highest layer, which the first may not import."""
    container, layers = CONTRACTS[contract]["containers"][0], CONTRACTS[contract]["layers"]
    return f"{container}.{layers[-1].split(' | ')[-1]}", f"{container}.{layers[0].split(' | ')[0]}"


def file_of(folder: Path, module: str) -> Path:
    """Return the file of a module or package."""
    path = folder / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def copy_tree(folder: Path) -> Path:
    """Copy the files that import-linter reads into the folder."""
    for package in PRODUCT:
        shutil.copytree(ROOT / package, folder / package, ignore=lambda _, names: [n for n in names if "cache" in n])
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def breaches(output: str, contract: str) -> str:
    """Return the part of import-linter's output about one broken contract."""
    name = str(CONTRACTS[contract]["name"])
    _, _, broken = output.partition("Broken contracts")
    _, _, told = broken.partition(f"{name}\n{'-' * len(name)}")
    return re.split(r"\n\n\n\S[^\n]*\n-{5,}\n", told)[0]


@pytest.mark.parametrize(
    ("contract", "breach"),
    [
        ("layers", "bots.sources.planted -> bots.scheduling.dispatcher"),
        ("layers", "bots.domain.slots -> bots.delivery.run_executor"),
        ("summarizer", "summarizer.planted -> bots.domain.papers"),
        ("engines", "bots.sources.planted -> summarizer.engines.extractive.engine"),
        *[(contract, " -> ".join(upward(contract))) for contract in INNER],
        *[(contract, f"bots.sources.planted -> {library}") for contract, library in HOMES],
    ],
)
def test_a_breach_is_found_and_named(planted: str, contract: str, breach: str) -> None:
    """Import-linter reports imports from the same layer, from a higher layer, and of a library in a wrong package."""
    assert breach in breaches(planted, contract)


def test_a_new_package_must_be_given_a_layer(tmp_path: Path) -> None:
    """A module under bots/ without a layer breaks the contract, even without any import."""
    copy = copy_tree(tmp_path)
    (copy / "bots/attic.py").write_text('"""A module without a layer."""\n', encoding="utf-8")
    done = lint(copy, "--no-cache", "--contract", "layers")
    assert 1 == done.returncode
    assert "- bots.attic" in breaches(done.stdout, "layers")
