"""Whose rows a transaction may see on Postgres, where row-level policies hold every query to it.

A policy lets a row through if its transaction serves all workspaces, or the row's own. What a transaction serves is
said in settings that end with it, so a connection that is shared, also by a pooler in transaction mode, carries nothing
over. A transaction that says nothing sees no row of any workspace.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from bots.store.columns import AnyText

_TEXT = AnyText()
#: One statement, because each is a round trip. The names are read by the policies: `bots.store.isolation`.
_SAY = text(
    "SELECT set_config('paperwire.scope', :scope, true), set_config('paperwire.platform', :platform, true),"
    " set_config('paperwire.workspace', :workspace, true), set_config('paperwire.channel', :channel, true)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Whose rows a transaction may see: those of all workspaces, of one, or of none."""

    #: `all`, `one`, or empty for none.
    kind: str = ""
    platform: str = ""
    workspace: str = ""
    #: Rows without a workspace are seen from their own channel alone.
    channel: str = ""

    @classmethod
    def of(cls, given: Mapping[str, object], otherwise: "Scope") -> "Scope":
        """Return the workspace that the arguments of a method name, by their names; without one, another."""
        if {"platform", "workspace"} <= given.keys():
            return cls(kind="one", platform=str(given["platform"]), workspace=str(given["workspace"]))
        for each in given.values():
            # A channel, a person, an installation, a sign-in: whatever names a workspace.
            platform, workspace = getattr(each, "platform", None), getattr(each, "workspace", None)
            if platform is not None and workspace is not None:
                where = getattr(each, "channel", "")
                return cls(kind="one", platform=platform, workspace=workspace, channel=where)
        return otherwise

    def say(self, connection: Connection) -> None:
        """Hold the connection's transaction to this scope; SQLite has no policies."""
        if connection.dialect.name != "postgresql":
            return
        words = {"platform": self.platform, "workspace": self.workspace, "channel": self.channel}
        stored = {name: _TEXT.process_bind_param(word, connection.dialect) for name, word in words.items()}
        connection.execute(_SAY, {"scope": self.kind, **stored})


#: The rows of no workspace; what belongs to nobody, such as public papers, is seen all the same.
NOBODYS = Scope()
#: For the schedule, the ledger and the operator, who work on the rows of all workspaces.
EVERYBODYS = Scope(kind="all")
