"""Column types that return exactly the stored value, on SQLite and on Postgres."""

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from bots.store.rules import utc

#: Starts an escaped character; it is escaped itself, so that every text is restored exactly.
_ESCAPE = "\x1b"
# Postgres refuses NUL in text, and no encoding represents half a surrogate pair; both occur in text from outside.
_UNSAFE = re.compile(f"[\x00{_ESCAPE}\ud800-\udfff]")
_ESCAPED = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")


class AnyText(TypeDecorator[str]):
    """Stores text of any characters and any length, sorted by character code on every database."""

    # Postgres would otherwise sort by the server's language, so two servers would list the same rows differently.
    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text().with_variant(Text(collation="C"), "postgresql")
    cache_ok: bool | None = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text with every character escaped that a database refuses."""
        return None if value is None else _UNSAFE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        """Return the original text."""
        return None if value is None else _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


class Instant(TypeDecorator[datetime]):
    """Stores an aware instant as UTC and returns it as UTC."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = DateTime(timezone=True)
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; SQLite has no time zones, so it gets a naive one."""
        if value is None:
            return None
        aware = utc(value)
        return aware.replace(tzinfo=None) if dialect.name == "sqlite" else aware

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
