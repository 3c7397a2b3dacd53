"""A transcript of everything that happened, to read from top to bottom."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from textwrap import indent

from tests.fakes.slack.happenings import Happening
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.mrkdwn import shown
from tests.fakes.slack.reading import controls, lumps, named

#: Kinds of log entry that people do not see; left out by default.
_BEHIND = frozenset(
    {
        "ack",
        "ambiguous",
        "bad answer",
        "call",
        "drafted",
        "fault",
        "late ack",
        "missed",
        "pong",
        "redelivered",
        "socket",
        "unacked",
        "withheld",
    }
)
_PLAIN = {
    "command": "types",
    "action": "presses",
    "shortcut": "uses the shortcut",
    "submitted": "submits",
    "home": "goes to the app:",
    "reacted": "reacts",
    "joined": "joins",
    "member_joined_channel": "is invited",
    "member_left_channel": "is removed",
    "channel_archive": "archives the channel",
    "channel_unarchive": "brings the channel back from the archive",
    "group_archive": "archives the channel",
    "group_unarchive": "brings the channel back from the archive",
    "installed": "lets the app in:",
    "notice": "is told by Slack:",
    "status": "is busy:",
}
_CHANGES = {"updated": "changes it to", "deleted": "removes", "unfurled": "shows under the link"}


class Transcript:
    """Writes the transcript of one fake Slack."""

    def __init__(self, hub: Hub, *, zone: tzinfo = UTC, everything: bool = False) -> None:
        self._hub = hub
        self._zone = zone
        #: Whether to include the entries that people do not see: calls, sockets, faults.
        self._everything = everything

    def text(self) -> str:
        """Return the whole transcript."""
        return "\n".join(self.lines(self._hub.happenings.all))

    def lines(self, happenings: Iterable[Happening]) -> list[str]:
        """Return the lines for some log entries."""
        return [self.line(each) for each in happenings if self._everything or each.kind not in _BEHIND]

    def line(self, happening: Happening) -> str:
        """Return the text for one log entry; message texts are indented below it."""
        when = datetime.fromtimestamp(happening.at, self._zone).strftime("%H:%M:%S")
        return f"{when}  {self._said(happening)}"

    def _said(self, it: Happening) -> str:
        who, where = self._name(it.team, it.who), self._place(it)
        if it.kind in ("message", "ephemeral"):
            return f"{who}{where}{self._whom(it)}:{self._body(it)}"
        if it.kind in _CHANGES:
            return f"{who}{where} {_CHANGES[it.kind]}:{self._body(it)}"
        if it.kind == "view":
            return self._view(it)
        if it.kind in _BEHIND:
            error = it.more.get("error", "")
            return f"  · {it.kind}: {it.text}{f' -> {error}' if error else ''}"
        return f"{who}{where} {_PLAIN.get(it.kind, it.kind)} {it.text}".rstrip()

    def _view(self, it: Happening) -> str:
        how, _, title = it.text.partition(": ")
        who = self._name(it.team, it.who)
        if how == "closed":
            return f"{who} no longer sees the window {title}"
        names = self._names(it.team)
        body = "\n".join(shown(named(lump.leaves, names)) for lump in lumps(it.more["raw"]["blocks"]))
        pressed = [each for each in controls(it.more["raw"]["blocks"]) if each.element["type"] == "button"]
        labels = [each.label for each in pressed]
        red = "".join(f"\n(!) {error}" for error in it.more["errors"].values())
        return f"{who} sees the window {title} ({how}):{_set_off(body + _row(labels) + red)}"

    def _body(self, it: Happening) -> str:
        files = "".join(f"\n(file {name})" for name in it.more.get("files", []))
        return _set_off(it.more["seen"] + _row(it.more["controls"]) + files)

    def _whom(self, it: Happening) -> str:
        only = it.more.get("only_for")
        return f" (only {self._name(it.team, only)} sees it)" if only else ""

    def _name(self, team: str, user: str) -> str:
        workspace = self._hub.world.workspaces.get(team)
        known = workspace.users.get(user) if workspace else None
        return known.real_name if known else user or self._hub.manifest.name

    def _names(self, team: str) -> dict[str, str]:
        workspace = self._hub.world.workspaces.get(team)
        return {each.id: each.name for each in workspace.channels.values()} if workspace else {}

    def _place(self, it: Happening) -> str:
        workspace = self._hub.world.workspaces.get(it.team)
        channel = workspace.channels.get(it.channel) if workspace else None
        if channel is None:
            return ""
        place = " in direct messages" if channel.im_with else f" in #{channel.name}"
        return place + (", in a thread" if it.more.get("thread") else "")


def _row(labels: list[str]) -> str:
    return f"\n{'  '.join(f'[{label}]' for label in labels)}" if labels else ""


def _set_off(text: str) -> str:
    return f"\n{indent(text.strip(), ' ' * 12)}" if text.strip() else ""
