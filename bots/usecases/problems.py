"""Failures as the person who sent the request should see them. Pure functions."""

from bots.chat.secret_texts import for_chat, without_secrets
from bots.domain.errors import PaperNotFound, PaperwireError, RequestError, SettingsError
from bots.domain.replies import Problem, Trouble


def problem(error: PaperwireError, *, trusted: bool = False) -> Problem:
    """Return a failure as the person who sent the request should see it.

    Args:
        error: the failure.
        trusted: whether the person is the operator; nobody else is told the paths and hosts of this machine.
    """
    if trusted:
        return Problem(message=without_secrets(str(error)), hint=without_secrets(error.hint), kind=_trouble(error))
    return Problem(message=for_chat(str(error), error.place), hint=for_chat(error.hint), kind=_trouble(error))


def _trouble(error: PaperwireError) -> Trouble:
    match error:
        case RequestError():
            return Trouble.REQUEST
        case PaperNotFound():
            return Trouble.MISSING
        case SettingsError():
            return Trouble.SETTINGS
    return Trouble.FAILURE
