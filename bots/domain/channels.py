"""What a channel is and what it asked for: which papers, how many, when, and how they read."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Channel:
    """A place messages are posted to."""

    #: The adapter's name: `slack`, `discord`, `email`, `console`, `fakechat`.
    platform: str
    #: The team, server or account it belongs to; empty where the platform has none.
    workspace: str = ""
    channel: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.platform, self.workspace, self.channel) if part)

    @classmethod
    def parse(cls, text: str) -> "Channel":
        """Return the channel that `platform:channel` or `platform:workspace:channel` names.

        Raises:
            ValueError: the text has no such form.
        """
        parts = [part.strip() for part in text.split(":")]
        if not all(parts) or len(parts) not in (2, 3):
            raise ValueError("give platform:channel or platform:workspace:channel")
        return cls(platform=parts[0], workspace=parts[1] if parts[2:] else "", channel=parts[-1])


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Reader:
    """A person on a platform: who saves papers and judges them."""

    platform: str
    workspace: str = ""
    #: The platform's id of the person.
    user: str = ""
