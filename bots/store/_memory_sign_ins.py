"""Sign-ins of the web page in memory."""

from dataclasses import replace
from datetime import datetime

from bots.domain.sign_ins import SignIn
from bots.store.rules import utc


class MemorySignIns:
    """Stores sign-ins; see `bots.ports.SignIns`."""

    def __init__(self) -> None:
        super().__init__()
        self._sign_ins: dict[str, SignIn] = {}

    async def keep_sign_in(self, given: SignIn) -> None:
        """Store a sign-in, replacing the one with the same key."""
        self._sign_ins.pop(given.key, None)
        if given.workspaces:
            kept = tuple(sorted(set(given.workspaces)))
            made = replace(given, workspaces=kept, created=utc(given.created), expires=utc(given.expires))
            self._sign_ins[given.key] = made

    async def sign_in(self, key: str, *, now: datetime) -> SignIn | None:
        """Return the sign-in with a key, unless it has expired."""
        found = self._sign_ins.get(key)
        return found if found is not None and found.expires > utc(now) else None

    async def sign_ins(self, *, now: datetime) -> tuple[SignIn, ...]:
        """Return every sign-in that has not expired, the latest first."""
        found = [each for each in self._sign_ins.values() if each.expires > utc(now)]
        return tuple(sorted(sorted(found, key=lambda each: each.key), key=lambda each: each.created, reverse=True))

    async def drop_sign_in(self, key: str) -> bool:
        """Delete a sign-in; return False if there is none."""
        return self._sign_ins.pop(key, None) is not None

    def _expire_sign_ins(self, now: datetime) -> int:
        """Delete the sign-ins that have expired; return their number."""
        old = [key for key, each in self._sign_ins.items() if each.expires <= utc(now)]
        return len([self._sign_ins.pop(key) for key in old])

    def _forget_sign_ins(self, platform: str, workspace: str) -> int:
        """Remove a workspace from every sign-in, and those that have no other; return the number of entries."""
        theirs = [
            each for each in self._sign_ins.values() if (each.platform == platform and workspace in each.workspaces)
        ]
        for each in theirs:
            left = tuple(other for other in each.workspaces if other != workspace)
            if left:
                self._sign_ins[each.key] = replace(each, workspaces=left)
            else:
                del self._sign_ins[each.key]
        return len(theirs)
