"""A session of cosmic-ray: faults to plant, a sample of them, and what became of each.

Cosmic-ray is run as a program, and its session is a file of SQLite: `work_items`, `mutation_specs`, `work_results`.
"""

import ast
import json
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.bench.mutant_groups import EQUIVALENT

_SPECS = "SELECT job_id, module_path, operator_name, start_pos_row, start_pos_col FROM mutation_specs"
_DONE = """
SELECT module_path, operator_name, start_pos_row, test_outcome, output, diff
FROM mutation_specs JOIN work_results USING (job_id) WHERE worker_outcome != 'SKIPPED'
ORDER BY module_path, start_pos_row, start_pos_col
"""
_WAITING = "SELECT count(*) FROM work_items WHERE job_id NOT IN (SELECT job_id FROM work_results)"
#: What cosmic-ray writes as the output of tests that it ended, and how pytest names a test that it ended.
_TIMEOUT, _TIMED_OUT = "timeout", "Timeout (>"


class Outcome(StrEnum):
    """What became of a fault."""

    KILLED = "killed"
    #: The tests hung with it, or were very slow.
    TIMED_OUT = "timed out"
    #: Read by hand: nobody can tell the program with it from the one without.
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """A fault that was planted."""

    module: str
    line: int
    operator: str
    before: str
    after: str
    outcome: Outcome

    def __str__(self) -> str:
        """Return where it is and what it changes, and why it changes nothing if so."""
        why = EQUIVALENT.get((self.module, self.after), "") if self.outcome is Outcome.EQUIVALENT else ""
        lines = (f"    {self.module}:{self.line}", f"      - {self.before}", f"      + {self.after}")
        return "\n".join((*lines, f"      {why}") if why else lines)


class Session:
    """The faults of one group of modules."""

    def __init__(self, program: str, file: Path, tree: Path) -> None:
        """Remember the command of cosmic-ray, the session's file, and the copy of the checkout that it changes."""
        self._program, self._file, self._tree = program, file, tree

    def begin(self, modules: Sequence[str]) -> None:
        """Find every fault that can be planted in the modules; forget an earlier session."""
        self._file.unlink(missing_ok=True)
        self._modules = sorted(
            each.relative_to(self._tree).as_posix() for module in modules for each in self._tree.glob(module)
        )
        self._call("init", self._configuration("true", 1))

    def places(self) -> dict[tuple[str, int, int], list[str]]:
        """Return the ids of the faults by module, line and column, without annotations and calls of the log."""
        found: dict[tuple[str, int, int], list[str]] = {}
        quiet: dict[str, list[ast.AST]] = {}
        with self._opened() as session:
            for job, module, _, row, column in sorted(session.execute(_SPECS), key=lambda each: each[1:]):
                nodes = quiet.setdefault(module, list(_left_out(self._tree / module)))
                if not any(_covers(node, row, column) for node in nodes):
                    found.setdefault((module, row, column), []).append(job)
        return found

    def keep_only(self, jobs: Iterable[str]) -> None:
        """Mark every other fault as skipped."""
        kept = set(jobs)
        with self._opened() as session:
            others = [(job,) for job, *_ in session.execute(_SPECS) if job not in kept]
            session.executemany("INSERT INTO work_results (worker_outcome, job_id) VALUES ('SKIPPED', ?)", others)

    def forget_survivors(self) -> None:
        """Let the faults that survived be planted again."""
        with self._opened() as session:
            session.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")

    def waiting(self) -> int:
        """Return how many faults are still to be planted."""
        with self._opened() as session:
            [(count,)] = session.execute(_WAITING)
        return int(count)

    def execute(self, command: str, *, timeout: float) -> None:
        """Plant what is waiting, one fault after the other, and run the tests with each."""
        self._call("exec", self._configuration(command, timeout))

    def results(self) -> Sequence[Mutant]:
        """Return every fault that was planted."""
        with self._opened() as session:
            return tuple(_mutant(*row) for row in session.execute(_DONE))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file)) as session, session:
            yield session

    def _configuration(self, command: str, timeout: float) -> Path:
        """Write the settings; text in JSON is text in TOML."""
        modules = getattr(self, "_modules", [])
        file = self._file.with_suffix(".toml")
        file.write_text(
            f"[cosmic-ray]\nmodule-path = {json.dumps(modules)}\nexcluded-modules = []\n"
            f"timeout = {timeout:.1f}\ntest-command = {json.dumps(command)}\n"
            '[cosmic-ray.distributor]\nname = "local"\n',
            encoding="utf-8",
        )
        return file

    def _call(self, what: str, configuration: Path) -> None:
        subprocess.run((self._program, what, str(configuration), str(self._file)), cwd=self._tree, check=True)


def _left_out(module: Path) -> Iterator[ast.AST]:
    """Yield the parts of a module that no test needs to hold: annotations, aliases of types, calls of the log."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(returns=ast.expr() as said) | ast.AsyncFunctionDef(returns=ast.expr() as said):
                yield said
            case ast.arg(annotation=ast.expr() as said) | ast.AnnAssign(annotation=said):
                yield said
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log"))):
                yield node


def _covers(node: ast.AST, row: int, column: int) -> bool:
    begins, ends = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
    return begins <= (row, column) < ends


def _mutant(module: str, operator: str, line: int, outcome: str, output: str | None, diff: str | None) -> Mutant:
    lines = (diff or "").splitlines()[3:]
    before = " ".join(each[1:].strip() for each in lines if each.startswith("-"))
    after = " ".join(each[1:].strip() for each in lines if each.startswith("+"))
    return Mutant(
        module=module,
        line=line,
        operator=operator.removeprefix("core/"),
        before=before,
        after=after,
        outcome=_outcome(module, after, outcome, output),
    )


def _outcome(module: str, after: str, outcome: str, output: str | None) -> Outcome:
    if outcome == "SURVIVED":
        return Outcome.EQUIVALENT if (module, after) in EQUIVALENT else Outcome.SURVIVED
    hung = output == _TIMEOUT or _TIMED_OUT in (output or "")
    return Outcome.TIMED_OUT if hung else Outcome.KILLED
