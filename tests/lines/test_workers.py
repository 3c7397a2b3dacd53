"""The lines of `paperwire run` and `paperwire worker` to Postgres are spoilt while digests are posted.

Every fault on each line, with the times until all is well again, is `python3 dev.py bench lines`.
"""

from pathlib import Path

import pytest

from tests.kills.processes import Role
from tests.lines.workers import open_lines
from tests.store.stores import needs_postgres
from tests.support.fault_proxy import Fault

pytestmark = [needs_postgres, pytest.mark.slow, pytest.mark.timeout(900)]

_LOST = "the job queue cannot be reached; it is tried again until it can"


async def test_a_spoilt_line_to_the_database_costs_no_digest(tmp_path: Path) -> None:
    """Each slot is posted once; no process ends; each fault is a line in the log, and no traceback."""
    async with open_lines(tmp_path, hurried=True) as lines:
        await lines.round(Fault.RESET, (Role.WORKER,), 1.0)
        await lines.round(Fault.SILENT, (Role.WORKER, Role.REPLICA), 1.0)
        verdict = await lines.verdict()
        assert () == verdict.faults
        assert (4, 0, 0) == (verdict.slots, verdict.lost, verdict.doubled)
        assert [(1, []), (1, [])] == [(each.starts, each.ended) for each in lines.processes.values()]
    for role in Role:
        log = lines.log(role)
        assert log.count(_LOST) <= 2, log
        assert "Traceback" not in log
    assert _LOST in lines.log(Role.WORKER)
