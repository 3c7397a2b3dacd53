"""What the fake platforms in processes of their own have in common: a log of what is measured."""

from typing import Any


class Log(list[Any]):
    """A fake's log that keeps what is measured: the whole log of ten thousand posts would only fill the memory."""

    def __init__(self) -> None:
        super().__init__()
        #: When each message was accepted, in seconds since the epoch, and its channel.
        self.posts: list[tuple[float, str]] = []
        #: Requests that exceeded a limit.
        self.refused = 0

    def append(self, happening: Any) -> None:
        """Keep a message or a refusal; leave out everything else."""
        if happening.kind == "message":
            self.posts.append((happening.at, happening.channel))
        self.refused += happening.more.get("status") == 429 or happening.more.get("error") == "ratelimited"
