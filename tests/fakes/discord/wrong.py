"""Validation errors of a body, and the nested form in which Discord reports them.

docs.discord.com, Reference, "Error messages": every error is in an `_errors` list below the keys of its path.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

INVALID_FORM_BODY = 50035  # docs.discord.com, Opcodes and status codes
EMPTY_MESSAGE = 50006  # the same page
#: Discord accepts the body and ignores this part of it; it is recorded all the same, because no test should need it.
NO_EFFECT = 0

#: Messages of the other codes, from the same page.
_SENTENCES = ((EMPTY_MESSAGE, "Cannot send an empty message"),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """One error in a body: its path, and Discord's code and message."""

    path: Path
    code: str
    message: str
    #: JSON error code of the whole response; NO_EFFECT if Discord ignores the error.
    top: int = INVALID_FORM_BODY

    @property
    def refused(self) -> bool:
        """Whether Discord refuses a body because of it; an error that Discord ignores is only recorded."""
        return self.top != NO_EFFECT

    def under(self, *path: str | int) -> "Wrong":
        """Return the error with a path prefix."""
        return replace(self, path=(*path, *self.path))

    def __str__(self) -> str:
        """Return one line, for messages of failing tests."""
        return f"{'.'.join(map(str, self.path)) or '(body)'}: {self.message} [{self.code}]"


def refusals(wrongs: Iterable[Wrong]) -> tuple[Wrong, ...]:
    """Return the errors for which Discord would refuse the body."""
    return tuple(each for each in wrongs if each.refused)


def error_body(wrongs: Iterable[Wrong]) -> Json:
    """Return Discord's error body: the nested errors, or only a code if the whole body is wrong."""
    found = tuple(wrongs)
    form = [each for each in found if each.top == INVALID_FORM_BODY]
    bare = [each for each in found if each.refused and each.top != INVALID_FORM_BODY]
    if bare and not form:
        # Discord checks the form of a body before its effect.
        said = dict(_SENTENCES).get(bare[0].top, bare[0].message)
        return {"code": bare[0].top, "message": said}
    return {"code": INVALID_FORM_BODY, "message": "Invalid Form Body", "errors": _nested(form or found)}


def _nested(wrongs: Iterable[Wrong]) -> Json:
    tree: Json = {}
    for each in wrongs:
        at = tree
        for step in each.path:
            at = at.setdefault(str(step), {})
        at.setdefault("_errors", []).append({"code": each.code, "message": each.message})
    return tree
