"""What a person is told when Slack refuses an answer or does not confirm it. Pure functions."""

from slack_sdk.errors import SlackApiError

from bots.domain.replies import Problem, Trouble
from bots.slack.refusals import LATER, reason
from bots.slack.web_client import UNCONFIRMED, said_by

#: The failures of a call to Slack, whoever caused them.
FAILURES = (SlackApiError, *UNCONFIRMED)
#: A fault of our own.
OURS = Problem(message="Something went wrong here, and it was not you.", hint="Try again.", kind=Trouble.FAILURE)


def code_of(error: Exception) -> str:
    """Return Slack's error code, or the kind of another failure."""
    return said_by(error)[0] if isinstance(error, SlackApiError) else type(error).__name__


def unanswered(error: Exception) -> Problem:
    """Return the problem to report to a person whose modal or reply Slack refused or did not confirm."""
    if not isinstance(error, SlackApiError):
        message, hint = "Slack did not confirm the answer.", "If it is not there, ask again."
        return Problem(message=message, hint=hint, kind=Trouble.FAILURE)
    word = said_by(error)[0]
    if "trigger" in word:
        message = "The window could not be opened, because Slack's limit of three seconds had passed."
        return Problem(message=message, hint="Try again.", kind=Trouble.FAILURE)
    if word in LATER:
        message = "Slack accepts no more answers from Paperwire for the moment."
        return Problem(message=message, hint="Try again in a minute.", kind=Trouble.FAILURE)
    why, remedy = reason(word)
    if why:
        return Problem(message=f"Slack refused the answer: {why}.", hint=remedy, kind=Trouble.FAILURE)
    return Problem(
        message="Slack refused the answer.",
        hint=f"Try again. If it fails again, tell whoever runs Paperwire that Slack says “{word or 'nothing'}”.",
        kind=Trouble.FAILURE,
    )
