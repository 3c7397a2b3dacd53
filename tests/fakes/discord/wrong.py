"""What is wrong with a body, and the nested form in which Discord says so.

docs.discord.com, Reference, "Error messages": every fault stands in an `_errors` list under the keys that lead to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

INVALID_FORM_BODY = 50035  # docs.discord.com, Opcodes and status codes
EMPTY_MESSAGE = 50006  # the same page
#: Discord takes the body and does nothing with that part of it. No test should need it, so it is noted all the same.
NO_EFFECT = 0

#: What the codes beside 50035 say, in the words of the same page.
_SENTENCES = ((EMPTY_MESSAGE, "Cannot send an empty message"),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """One fault: where it is, and the word and the sentence Discord has for it."""

    path: Path
    code: str
    message: str
    #: The JSON error code of the whole answer; NO_EFFECT where Discord would answer as if nothing were wrong.
    top: int = INVALID_FORM_BODY

    @property
    def refused(self) -> bool:
        """Whether Discord refuses a body for it; what it merely passes over is noted and lets the body through."""
        return self.top != NO_EFFECT

    def under(self, *path: str | int) -> "Wrong":
        """Return it as seen from further out."""
        return replace(self, path=(*path, *self.path))

    def __str__(self) -> str:
        """Say it on one line, for failing tests."""
        return f"{'.'.join(map(str, self.path)) or '(body)'}: {self.message} [{self.code}]"


def refusals(wrongs: Iterable[Wrong]) -> tuple[Wrong, ...]:
    """Return those for which Discord would refuse the body."""
    return tuple(each for each in wrongs if each.refused)


def error_body(wrongs: Iterable[Wrong]) -> Json:
    """Return what Discord answers: the nested faults, or a bare code where only the whole is wrong."""
    found = tuple(wrongs)
    form = [each for each in found if each.top == INVALID_FORM_BODY]
    bare = [each for each in found if each.refused and each.top != INVALID_FORM_BODY]
    if bare and not form:
        # A body that is no valid form is refused before anybody asks what it would do.
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
