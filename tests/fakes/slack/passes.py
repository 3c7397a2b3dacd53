"""Short-lived credentials: triggers, response URLs, socket tickets, OAuth codes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.slack import limits
from tests.fakes.slack.problems import SlackRefusal


@dataclass(kw_only=True, slots=True)
class Trigger:
    """Allows the app to open a modal for a person, once."""

    id: str
    user: str
    team: str
    until: float
    used: bool = False


@dataclass(kw_only=True, slots=True)
class ReplyTo:
    """A response URL of a command or an interaction: docs.slack.dev on response_url."""

    key: str
    team: str
    channel: str
    user: str
    until: float
    #: The message whose button was clicked, which a response can replace or delete; None for a command.
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(kw_only=True, slots=True)
class Ticket:
    """A WebSocket URL that is valid for one connection."""

    key: str
    until: float
    used: bool = False
    #: Whether every handshake is refused (an injected fault).
    dead: bool = False


@dataclass(kw_only=True, slots=True)
class Code:
    """An OAuth code, to be exchanged for a token."""

    key: str
    team: str
    user: str
    scopes: frozenset[str]
    redirect_uri: str
    until: float
    whole_enterprise: bool = False
    used: bool = False


@dataclass(kw_only=True, slots=True)
class Passes:
    """All credentials that were issued, with one clock."""

    clock: Callable[[], float]
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, ReplyTo] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    given: int = 0

    def _key(self, prefix: str) -> str:
        self.given += 1
        return f"{prefix}{self.given:06d}"

    def trigger(self, team: str, user: str, *, expired: bool = False) -> Trigger:
        """Issue a trigger."""
        until = self.clock() + (0.0 if expired else limits.TRIGGER_SECONDS)
        key = f"{self._key('')}.{team}.f00dfeed"
        self.triggers[key] = Trigger(id=key, user=user, team=team, until=until)
        return self.triggers[key]

    def use_trigger(self, key: str) -> Trigger:
        """Use a trigger and return it; docs.slack.dev/reference/methods/views.open names the errors.

        Raises:
            SlackRefusal: the trigger is unknown, expired or used.
        """
        trigger = self.triggers.get(key)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusal("exchanged_trigger_id")
        if self.clock() >= trigger.until:
            raise SlackRefusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def reply_to(
        self, team: str, channel: str, user: str, *, message_ts: str | None = None, thread_ts: str | None = None
    ) -> ReplyTo:
        """Issue a response URL."""
        key, until = self._key("r"), self.clock() + limits.REPLY_SECONDS
        self.replies[key] = ReplyTo(
            key=key, team=team, channel=channel, user=user, until=until, message_ts=message_ts, thread_ts=thread_ts
        )
        return self.replies[key]

    def use_reply(self, key: str) -> ReplyTo:
        """Count a use of a response URL and return it.

        Raises:
            SlackRefusal: the URL is unknown, expired, or was used five times.
        """
        reply = self.replies.get(key)
        if reply is None:
            raise SlackRefusal("invalid_url", status=404)
        if self.clock() >= reply.until:
            raise SlackRefusal("expired_url", status=404)
        if reply.uses >= limits.REPLY_USES:
            raise SlackRefusal("used_url", status=404)
        reply.uses += 1
        return reply

    def ticket(self, *, dead: bool = False) -> Ticket:
        """Issue a ticket for a socket."""
        key = self._key("t")
        self.tickets[key] = Ticket(key=key, until=self.clock() + limits.TICKET_SECONDS, dead=dead)
        return self.tickets[key]

    def use_ticket(self, key: str) -> bool:
        """Return whether a ticket is valid for a handshake, and mark it as used."""
        ticket = self.tickets.get(key)
        if ticket is None or ticket.used or ticket.dead or self.clock() >= ticket.until:
            return False
        ticket.used = True
        return True

    def code(self, *, team: str, user: str, scopes: frozenset[str], redirect_uri: str, whole: bool = False) -> Code:
        """Issue an OAuth code."""
        key = self._key("code-")
        self.codes[key] = Code(
            key=key,
            team=team,
            user=user,
            scopes=scopes,
            redirect_uri=redirect_uri,
            until=self.clock() + limits.CODE_SECONDS,
            whole_enterprise=whole,
        )
        return self.codes[key]
