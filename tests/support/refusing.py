"""A store that refuses one of its methods, as a full disk or a locked file does; everything else is the real one's."""

from typing import TYPE_CHECKING, Any

from bots.domain.errors import StoreError
from bots.ports import Store


class Refusing:
    """The store given, but for one method."""

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
    """The store given, on a machine that falls asleep for a minute and a quarter right after the first lease."""

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
        """The store given, but for one method."""

        left: int

        def __init__(self, store: Store, method: str, *, times: int = 1) -> None: ...

    class Sleepy(Store):  # type: ignore[no-redef]  # as above
        """The store given, on a machine that falls asleep."""

        def __init__(self, store: Store, bench: Bench) -> None: ...
