"""Stores in which one method fails or sleeps, as with a full disk or a locked file; all others are the real store's."""

from typing import TYPE_CHECKING, Any

from bots.domain.errors import StoreError
from bots.ports import Store


class Refusing:
    """The given store, except that one method fails."""

    def __init__(self, store: Store, method: str, *, times: int = 1) -> None:
        self._store = store
        self._method = method
        self.left = times

    def __getattr__(self, name: str) -> Any:
        if name != self._method or not self.left:
            return getattr(self._store, name)

        async def refuse(*_: object, **__: object) -> Any:
            self.left -= 1
            raise StoreError("The database has no room left to grow.", hint="Free some space on its disk.")

        return refuse


class Sleepy:
    """The given store, on a machine that sleeps for 75 seconds right after the first lease."""

    def __init__(self, store: Store, bench: "Bench") -> None:
        self._store = store
        self._bench = bench
        self._slept = False

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name != "lease" or self._slept:
            return method

        async def lease(*arguments: object, **named: object) -> Any:
            self._slept = True
            taken = await method(*arguments, **named)
            self._bench.clock.turn(seconds=75)
            return taken

        return lease


if TYPE_CHECKING:
    from tests.support.doubles import Bench

    class Refusing(Store):  # type: ignore[no-redef]  # what it looks like from outside
        """The given store, except that one method fails."""

        left: int

        def __init__(self, store: Store, method: str, *, times: int = 1) -> None: ...

    class Sleepy(Store):  # type: ignore[no-redef]  # as above
        """The given store, on a machine that sleeps."""

        def __init__(self, store: Store, bench: Bench) -> None: ...
