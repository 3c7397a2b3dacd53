"""What a look-up says of what it could not ask. Pure functions."""

from collections.abc import Sequence

from bots.domain.errors import SourceDown
from bots.translation.speech import gettext, gettext_lazy
from bots.usecases.library_calls import reasons, remedy
from bots.usecases.library_searches import Searched


def unasked_error(answers: Sequence[Searched]) -> SourceDown | None:
    """Return the error that no library could be searched; None if one was, or if none was asked."""
    failures = {answer.library: answer.error for answer in answers if answer.error}
    if not failures or len(failures) < len(answers):
        return None
    said = gettext_lazy("No library could be searched: {why}", why=reasons(failures))
    return SourceDown(said, hint=remedy(failures))


def other_version(shown: int | None, asked: int, why: str) -> str:
    """Return the note on a paper that is shown in another version than the one asked for."""
    if shown:
        return gettext(
            "This is version {shown}, because version {asked} could not be looked up: {why}",
            shown=shown,
            asked=asked,
            why=why,
        )
    return gettext(
        "This is the newest version known, because version {asked} could not be looked up: {why}", asked=asked, why=why
    )
