"""The parameters of a worker: its database and chat, its timeouts, and the point at which it dies."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A worker's task; its times are in seconds, much shorter than the product's but in the same sequence of size."""

    #: A path or a database URL.
    database: str
    #: The URL of the chat server, Slack or Discord.
    chat: str
    #: Path of the worker's log; the points it passed are in a file next to it.
    log: str
    #: Number of runs that must end before the worker exits.
    runs: int
    #: The point at which it is killed, such as `confirm:before`; empty for none.
    point: str = ""
    #: The pass of the point at which it is killed, counted from 1.
    passing: int = 1
    #: Post first and record later: no part is leased, so a part not recorded as sent is posted again without a search.
    naive: bool = False
    #: Token of the Slack workspace's bot or the Discord bot; empty for the fake chat.
    token: str = ""
    #: Platform of the token: `slack` or `discord`.
    platform: str = "slack"
    #: Whether Slack's library may repeat calls, which is its default.
    repeats: bool = False
    #: `scheduler` defers runs to workers, `worker` carries them out; empty: one process does both.
    role: str = ""
    timeout: float = 0.3
    #: Longer than the timeout, as in the product.
    lease: float = 0.8
    claim: float = 0.4
    look_every: float = 0.1
    #: Time for posts in progress to finish after a signal.
    grace: float = 12.0
    #: How far the worker's clock is ahead of the chat's; negative if it is behind.
    ahead: float = 0.0
    #: By how much the worker's clock is set forward, or back, when it first passes the point `jump_at`.
    jump: float = 0.0
    jump_at: str = ""
    #: How late a part may still be posted; longer than any jump. Seconds.
    window: float = 6 * 3600.0

    def written(self) -> str:
        """Return the job as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, line: str) -> "Job":
        """Return the job in a line from `written`."""
        return cls(**json.loads(line))
