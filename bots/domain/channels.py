"""Identifies channels and the people in them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Channel:
    """A place that messages are posted to."""

    #: The adapter's name: `slack`, `discord`, `email`, `console`, `fakechat`.
    platform: str
    #: The team, server or account of the channel; empty if the platform has none.
    workspace: str = ""
    channel: str = ""

    @property
    def owner(self) -> "Channel":
        """The owner of what is private here: the workspace, or the channel itself where the platform has none.

        So a direct message on Discord belongs to its person, and the terminal to the operator.
        """
        return Channel(platform=self.platform, workspace=self.workspace, channel="" if self.workspace else self.channel)

    @property
    def owners(self) -> tuple["Channel", ...]:
        """The owners whose private papers may be shown here.

        The operator may have named the channel without its workspace; then it has an owner of its own.
        """
        return tuple(dict.fromkeys((self.owner, Channel(platform=self.platform, channel=self.channel).owner)))

    def __str__(self) -> str:
        return ":".join(part for part in (self.platform, self.workspace, self.channel) if part)

    @classmethod
    def parse(cls, text: str) -> "Channel":
        """Return the channel named by `platform:channel` or `platform:workspace:channel`.

        A channel may be an address, as in `webhook:https://example.org/hook`, until its adapter names it by an id.

        Raises:
            ValueError: the text has neither form.
        """
        platform, _, rest = text.strip().partition(":")
        if platform and rest.startswith(("https://", "http://")):
            return cls(platform=platform, channel=rest)
        parts = [part.strip() for part in text.split(":")]
        if not all(parts) or len(parts) not in (2, 3):
            raise ValueError("give platform:channel or platform:workspace:channel")
        return cls(platform=parts[0], workspace=parts[1] if parts[2:] else "", channel=parts[-1])


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Reader:
    """A person on a platform, who saves papers and turns papers down."""

    platform: str
    workspace: str = ""
    #: The platform's id of the person.
    user: str = ""
