"""What a worker is told: which house it opens, how patient it is, and where it dies."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One worker's task; its times are seconds, far shorter than the product's own and in the same order."""

    #: A path or a database address.
    database: str
    #: Where the chat server or Slack listens.
    chat: str
    #: What the worker says goes there, and which points it passed.
    log: str
    #: How many runs must have ended before the worker ends.
    runs: int
    #: The point that kills it, such as `confirm:before`; empty for none.
    point: str = ""
    #: Which passing of the point kills.
    passing: int = 1
    #: Posts, then records: no part is leased, so what is not recorded as sent is posted without asking.
    naive: bool = False
    #: Of the Slack workspace or the Discord bot that posts; empty for the fake chat.
    token: str = ""
    #: Which of the two it is.
    platform: str = "slack"
    #: Whether Slack's library may repeat calls as it does of itself.
    repeats: bool = False
    timeout: float = 0.3
    #: Outlasts the time-out, as the product's does.
    lease: float = 0.8
    claim: float = 0.4
    look_every: float = 0.1
    #: How long posts under way may take to end at a signal.
    grace: float = 12.0

    def written(self) -> str:
        """Return the job as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, line: str) -> "Job":
        """Return the job that `written` wrote."""
        return cls(**json.loads(line))
