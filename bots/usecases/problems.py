"""Failures as the person who sent the request should see them. Pure functions."""

import re

from bots.chat.secret_texts import for_chat, without_secrets
from bots.domain.errors import NotSetUp, PaperNotFound, PaperwireError, RequestError, SettingsError
from bots.domain.replies import Problem, Trouble
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop, localized
from bots.translation.stored_texts import recovered

#: A command of the terminal, or the name of a setting, which only the operator has.
_OF_THE_OPERATOR = re.compile(r"\bpaperwire [a-z]|\b[a-z]+\.[a-z]+_[a-z_]+\b|\bsetting [a-z]+\.[a-z]|PAPERWIRE_[A-Z]")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])(?= )|(?<=[。！？])(?=.)|(?=\n)")
_OPERATOR = "whoever runs Paperwire"
_TELL = gettext_noop("Tell whoever runs Paperwire here.")
_ASK = gettext_noop("Ask whoever runs Paperwire here to give it one, or choose another source.")


#: Errors of the records, which know no languages: they are recognised where they are shown.
OF_RECORDS = (
    gettext_noop("“{text}” is not the id or the address of a paper."),
    gettext_noop("Give an arXiv id (2004.15011), a DOI (10.1145/…), or the address of the paper's page."),
)


def problem(error: PaperwireError, *, trusted: bool = False) -> Problem:
    """Return a failure as the person who sent the request should see it.

    Args:
        error: the failure.
        trusted: whether the person is the operator; nobody else is told the paths and hosts of this machine.
    """
    if trusted:
        message, hint = without_secrets(str(error)), without_secrets(error.hint)
    elif isinstance(error, NotSetUp) and error.title:
        message = gettext("{source} is not set up here: it needs a key or an account.", source=error.title)
        hint = gettext(_ASK)
    else:
        message, hint = for_chat(str(error), error.place), hint_for_members(error.hint)
    return Problem(message=recovered(localized(message)), hint=recovered(localized(hint)), kind=_trouble(error))


def tell_operator() -> str:
    """Return what a member can do about what only the operator can mend."""
    return gettext(_TELL)


def hint_for_members(hint: str) -> str:
    """Return a hint as anybody in a chat may act on it: what needs a terminal becomes a word to the operator."""
    told = _BETWEEN_SENTENCES.split(for_chat(localized(hint)))
    left = [each for each in told if not _OF_THE_OPERATOR.search(each)]
    # Whoever hears of the operator already is not sent there a second time.
    named = any(tell_operator() in each for each in left) or _OPERATOR.lower() in hint.lower()
    known = len(left) == len(told) or (named and bool(left))
    kept = "".join(left).strip()
    if known:
        return kept
    return f"{kept}\n{tell_operator()}".strip() if "\n" in hint else sentences(kept, tell_operator())


def _trouble(error: PaperwireError) -> Trouble:
    match error:
        case RequestError():
            return Trouble.REQUEST
        case PaperNotFound():
            return Trouble.MISSING
        case SettingsError():
            return Trouble.SETTINGS
    return Trouble.FAILURE
