"""Over a few simulated weeks with power cuts, full disks, lost responses and source failures, the ledger balances."""

from pathlib import Path

import pytest

from tests.crash.year import Balance, Year


def claims(balance: Balance) -> dict[str, int]:
    """Return the counts that must be zero."""
    return {name: getattr(balance, name) for name in ("unexplained", "doubled", "lost", "slots_missed")}


@pytest.mark.parametrize("days", [5, pytest.param(30, marks=[pytest.mark.slow, pytest.mark.timeout(300)])])
async def test_the_ledger_balances(tmp_path: Path, days: int) -> None:
    """Planned parts are sent, held or dead, dead ones with a reason; no slot is missed, no part doubled or lost."""
    balance = await Year(file=tmp_path / "year.sqlite3", subscriptions=12, days=days, power_cuts=3 * days).pass_by()

    assert {"unexplained": 0, "doubled": 0, "lost": 0, "slots_missed": 0} == claims(balance)
    assert balance.parts == balance.sent + balance.held + balance.dead
    assert 12 * days == balance.digests
    assert 0 < balance.restarts
