"""Several processes have one daily budget of tokens together."""

from dataclasses import dataclass
from datetime import date

from summarizer import EngineDown
from summarizer.engines.remote.circuit_breaker import Budget
from tests.support.doubles import Hand


async def test_several_processes_share_one_budget() -> None:
    """Each takes portions of the one allowance, and small remainders at its end: together they never exceed it."""
    shared = Shared()
    budgets = [Budget(10_000, Hand(), shared.take) for _ in range(3)]
    used, refused = 0, 0
    for turn in range(60):
        try:
            await budgets[turn % 3].reserve(300)
        except EngineDown:
            refused += 1
        else:
            budgets[turn % 3].settle(300, prompt=250, completion=50)
            used += 300
    assert 9_000 <= used <= 10_000
    assert refused >= 60 - 33
    assert used <= shared.taken <= 10_000


async def test_a_shared_budget_is_asked_for_in_portions() -> None:
    """A hundred requests of a process ask for fifty portions at most, and for none if there is no limit."""
    shared = Shared()
    budget, endless = Budget(100_000, Hand(), shared.take), Budget(0, Hand(), shared.take)
    for _ in range(100):
        for each in (budget, endless):
            await each.reserve(500)
            each.settle(500, prompt=400, completion=100)
    assert shared.asked <= 50


@dataclass
class Shared:
    """The count of all processes."""

    taken: int = 0
    asked: int = 0

    async def take(self, _day: date, tokens: int, allowance: int) -> bool:
        """Take tokens if they are left."""
        self.asked += 1
        if self.taken + tokens > allowance:
            return False
        self.taken += tokens
        return True
