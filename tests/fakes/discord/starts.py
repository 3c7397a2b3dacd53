"""The session start limit: how many sessions may be started in a day (docs.discord.com, Gateway)."""

from collections.abc import Callable

from tests.fakes.discord import limits


class Starts:
    """Counts the sessions of the running day, which begins with its first session."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        #: How many may be started in a day; after one more the token is no longer valid.
        self.total = limits.IDENTIFIES
        self._begun: list[float] = []

    def note(self) -> None:
        """Count a session that starts now."""
        self._begun.append(self._clock())

    @property
    def remaining(self) -> int:
        """How many more may be started today."""
        return self.total - len(self._of_today())

    @property
    def reset_after(self) -> float:
        """Seconds until all may be started again."""
        today = self._of_today()
        return today[0] + limits.IDENTIFY_DAY - self._clock() if today else limits.IDENTIFY_DAY

    def _of_today(self) -> list[float]:
        now, first = self._clock(), 0
        while first < len(self._begun) and self._begun[first] + limits.IDENTIFY_DAY <= now:
            ends = self._begun[first] + limits.IDENTIFY_DAY
            first = next((at for at, begun in enumerate(self._begun) if begun >= ends), len(self._begun))
        return self._begun[first:]
