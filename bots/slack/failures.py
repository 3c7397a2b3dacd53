"""What a person is told when Slack refuses an answer or does not confirm it. Pure functions."""

from slack_sdk.errors import SlackApiError

from bots.domain.replies import Problem, Trouble
from bots.slack.refusals import LATER, reason
from bots.slack.web_client import UNCONFIRMED, said_by
from bots.translation.speech import gettext

#: The failures of a call to Slack, whoever caused them.
FAILURES = (SlackApiError, *UNCONFIRMED)


def ours() -> Problem:
    """Return the problem to report for a fault of our own."""
    said = gettext("Something went wrong here, and it was not you.")
    return Problem(message=said, hint=gettext("Try again."), kind=Trouble.FAILURE)


def code_of(error: Exception) -> str:
    """Return Slack's error code, or the kind of another failure."""
    return said_by(error)[0] if isinstance(error, SlackApiError) else type(error).__name__


def unanswered(error: Exception) -> Problem:
    """Return the problem to report to a person whose modal or reply Slack refused or did not confirm."""
    if not isinstance(error, SlackApiError):
        message, hint = gettext("Slack did not confirm the answer."), gettext("If it is not there, ask again.")
        return Problem(message=message, hint=hint, kind=Trouble.FAILURE)
    word = said_by(error)[0]
    if "trigger" in word:
        message = gettext("The window could not be opened: Slack waits three seconds for it.")
        return Problem(message=message, hint=gettext("Try again."), kind=Trouble.FAILURE)
    if word in LATER:
        message = gettext("Slack accepts no more answers from Paperwire for the moment.")
        return Problem(message=message, hint=gettext("Try again in a minute."), kind=Trouble.FAILURE)
    why, remedy = reason(word)
    if why:
        return Problem(message=gettext("Slack refused the answer: {why}.", why=why), hint=remedy, kind=Trouble.FAILURE)
    return Problem(
        message=gettext("Slack refused the answer."),
        hint=gettext(
            "Try again. If it fails again, tell whoever runs Paperwire that Slack says “{word}”.", word=word or "?"
        ),
        kind=Trouble.FAILURE,
    )
