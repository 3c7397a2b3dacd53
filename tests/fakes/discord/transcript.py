"""A transcript of everything that happened, to read from top to bottom."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from textwrap import indent

from tests.fakes.discord.happenings import Happening
from tests.fakes.discord.hub import Hub
from tests.fakes.discord.world import DIRECTS, THREADS

#: Kinds of log entry that people do not see; left out by default.
_BEHIND = frozenset({"ack", "bad answer", "call", "fault", "gateway", "hook", "missed", "nonce", "offline", "wrong"})
_PLAIN: Mapping[str, str] = {
    "command": "uses",
    "press": "presses",
    "submit": "submits",
    "installed": "brings the app along",
    "joined": "joins",
    "left": "is put out of",
    "registered": "offers",
    "notice": "is told by Discord:",
    "thread": "begins a thread:",
    "modal": "sees the window",
}
_CHANGES: Mapping[str, str] = {
    "updated": "changes it to",
    "deleted": "removes",
    "published": "publishes",
    "pinned": "pins",
}


class Transcript:
    """Writes the transcript of one fake Discord."""

    def __init__(self, hub: Hub, *, zone: tzinfo = UTC, everything: bool = False) -> None:
        self._hub = hub
        self._zone = zone
        #: Whether to include the entries that people do not see: calls, the gateway, faults.
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
        who = (it.who or self._hub.bot.name).title()
        where = self._place(it.channel)
        if it.kind in ("message", "ephemeral") and it.more["loading"]:
            return f"{who}{where} is thinking …"
        if it.kind in ("message", "ephemeral"):
            return f"{who}{where}{self._whom(it)}:{_body(it)}"
        if it.kind in _CHANGES:
            return f"{who}{where} {_CHANGES[it.kind]}{self._whom(it)}:{_body(it)}"
        if it.kind in _BEHIND:
            return f"  · {it.kind}: {it.text}{_outcome(it)}"
        labels = f": {', '.join(it.more['labels'])}" if "labels" in it.more else ""
        return f"{who}{where} {_PLAIN.get(it.kind, it.kind)} {it.text}{labels}".rstrip()

    def _whom(self, it: Happening) -> str:
        only = self._hub.world.users.get(it.more.get("only_for") or "")
        return f" (only {only.name.title()} sees it)" if only else ""

    def _place(self, channel: str) -> str:
        found = self._hub.world.channels.get(channel)
        if found is None:
            return ""
        if found.type in DIRECTS:
            return " in direct messages"
        return f" in the thread {found.name}" if found.type in THREADS else f" in #{found.name}"


def _outcome(it: Happening) -> str:
    status, error = it.more.get("status"), it.more.get("error") or {}
    return f" -> {status} {error.get('code', '')} {error.get('message', '')}".rstrip() if status else ""


def _body(it: Happening) -> str:
    row = "  ".join(f"[{label}]" for label in it.more["controls"])
    files = [f"(file {name})" for name in it.more["files"]]
    pings = [f"(pings {', '.join(it.more['pings'])})"] if it.more["pings"] else []
    text = "\n".join(filter(None, [it.text.strip(), row, *files, *pings]))
    return f"\n{indent(text, ' ' * 12)}" if text else ""
