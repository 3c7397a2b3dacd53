"""One process of the real command line: `paperwire run` or `paperwire worker`, with its settings in the environment."""

import importlib
import json
import os
import sys
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from bots.ports import Ledger

#: Imported before the fork, so that a process starts in a second: what both commands import while they start.
_MODULES = (
    "bots.bootstrap.monitoring",
    "bots.cli.digests",
    "bots.discord.app",
    "bots.scheduling.job_worker",
    "bots.scheduling.scheduler",
    "bots.slack.app",
    "bots.store.sql",
    "procrastinate.worker",
    "psycopg_pool",
)


@dataclass(frozen=True, kw_only=True)
class Program:
    """What one process does."""

    argv: tuple[str, ...]
    environ: dict[str, str] = field(default_factory=dict)
    #: Path of its log, which holds one JSON object a line.
    log: str
    #: Whether a dead process is noticed in five seconds, and a lost answer looked up in four.
    hurried: bool = False
    #: Whether it posts first and records later: no part is leased.
    naive: bool = False

    def written(self) -> str:
        """Return the program as one line of JSON."""
        return json.dumps(asdict(self))


def become(line: str) -> int:
    """Run the program of a line until it ends, and return its exit status."""
    program = Program(**json.loads(line))
    with Path(program.log).open("a", encoding="utf-8") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    for name in [name for name in os.environ if name.startswith("PAPERWIRE_")]:
        del os.environ[name]
    os.environ.update(program.environ)
    sys.argv = ["paperwire", *program.argv]
    if program.hurried:
        _hurry()
    if program.naive:
        _be_naive()
    from bots.__main__ import main

    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _hurry() -> None:
    """Shorten every time after which somebody counts as dead, in the sequence of size that the product's have."""
    from bots.delivery import held_claims
    from bots.delivery.part_delivery import PartDelivery
    from bots.delivery.run_executor import RunExecutor
    from bots.scheduling.job_worker import Rhythm
    from bots.scheduling.scheduler import Scheduler

    shorter: dict[type, dict[str, Any]] = {
        PartDelivery: {"lease": timedelta(seconds=4), "call": timedelta(seconds=2)},
        RunExecutor: {"claim": timedelta(seconds=30)},
        Rhythm: {"heartbeat": 1.0, "quiet": 2.0, "stalled": 5.0, "rescue": 0.5, "again": 0.2},
        Scheduler: {"look_every": 1.0},
    }
    for made, times in shorter.items():
        vars(made)["__init__"].__kwdefaults__.update(times)
    vars(held_claims)["_AFTER"] = timedelta(seconds=1)


def _be_naive() -> None:
    """Let the program forget its leases, as one does that posts first and records later."""
    from bots.bootstrap import app
    from bots.delivery.part_delivery import PartDelivery
    from tests.crash.traps import Forgetful

    vars(app)["PartDelivery"] = lambda *, ledger, **more: PartDelivery(ledger=cast("Ledger", Forgetful(ledger)), **more)


for each in _MODULES:
    importlib.import_module(each)
