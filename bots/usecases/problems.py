"""Failures as the person who sent the request should see them. Pure functions."""

import re

from bots.chat.secret_texts import for_chat, without_secrets
from bots.domain.errors import NotSetUp, PaperNotFound, PaperwireError, RequestError, SettingsError
from bots.domain.replies import Problem, Trouble

#: A command of the terminal, or the name of a setting, which only the operator has.
_OF_THE_OPERATOR = re.compile(r"\bpaperwire [a-z]|\b[a-z]+\.[a-z]+_[a-z_]+\b|\bsetting [a-z]+\.[a-z]|PAPERWIRE_[A-Z]")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])(?= )|(?=\n)")
_OPERATOR = "hoever runs Paperwire"
_TELL = f"Tell w{_OPERATOR} here."
_ASK = f"Ask w{_OPERATOR} here to give it one, or choose another source."


def problem(error: PaperwireError, *, trusted: bool = False) -> Problem:
    """Return a failure as the person who sent the request should see it.

    Args:
        error: the failure.
        trusted: whether the person is the operator; nobody else is told the paths and hosts of this machine.
    """
    if trusted:
        return Problem(message=without_secrets(str(error)), hint=without_secrets(error.hint), kind=_trouble(error))
    if isinstance(error, NotSetUp) and error.title:
        message = f"{error.title} is not set up here: it needs a key or an account."
        return Problem(message=message, hint=_ASK, kind=_trouble(error))
    return Problem(message=for_chat(str(error), error.place), hint=hint_for_members(error.hint), kind=_trouble(error))


def hint_for_members(hint: str) -> str:
    """Return a hint as anybody in a chat may act on it: what needs a terminal becomes a word to the operator."""
    told = _BETWEEN_SENTENCES.split(for_chat(hint))
    left = [each for each in told if not _OF_THE_OPERATOR.search(each)]
    known = len(left) == len(told) or any(_OPERATOR in each for each in left)
    between = "\n" if "\n" in hint else " "
    return "".join(left if known else [*left, f"{between}{_TELL}"]).strip()


def _trouble(error: PaperwireError) -> Trouble:
    match error:
        case RequestError():
            return Trouble.REQUEST
        case PaperNotFound():
            return Trouble.MISSING
        case SettingsError():
            return Trouble.SETTINGS
    return Trouble.FAILURE
