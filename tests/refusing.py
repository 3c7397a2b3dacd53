"""A store that refuses one of its methods, as a full disk or a locked file does; everything else is the real one's."""

from typing import TYPE_CHECKING, Any

from bots.errors import StoreError
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


if TYPE_CHECKING:

    class Refusing(Store):  # type: ignore[no-redef]  # what it looks like from outside
        """The store given, but for one method."""

        left: int

        def __init__(self, store: Store, method: str, *, times: int = 1) -> None: ...
