"""The interface to what is stored of people who are signed in at the web page."""

from datetime import datetime
from typing import Protocol

from bots.domain.sign_ins import SignIn


class SignIns(Protocol):
    """Stores who is signed in at the web page."""

    async def keep_sign_in(self, given: SignIn) -> None:
        """Store a sign-in, replacing the one with the same key; without a workspace it is not stored."""
        ...

    async def sign_in(self, key: str, *, now: datetime) -> SignIn | None:
        """Return the sign-in with a key, unless it has expired."""
        ...

    async def sign_ins(self, *, now: datetime) -> tuple[SignIn, ...]:
        """Return every sign-in that has not expired, the latest first; of one instant, by key."""
        ...

    async def drop_sign_in(self, key: str) -> bool:
        """Delete a sign-in; return False if there is none."""
        ...
