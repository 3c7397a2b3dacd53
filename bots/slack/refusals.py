"""What each of Slack's error codes means for a post: in words, with the remedy, and as an error. Pure functions.

Source of the codes: docs.slack.dev/reference/methods/chat.postMessage.
"""

from collections.abc import Mapping, Sequence

from slack_sdk.errors import SlackApiError

from bots.chat.http_dates import retry_after
from bots.chat.phrases import sentence
from bots.domain.errors import (
    AccessLost,
    ChannelGone,
    DeliveryError,
    HistoryClosed,
    PostRefused,
    PostTooLarge,
    PostUnknown,
)
from bots.slack.web_client import headers_of, said_by
from bots.translation.formats import sentences_lazy
from bots.translation.speech import LazyText, gettext, gettext_lazy, gettext_noop

#: Upper bound of a wait, whatever Slack's Retry-After says. Seconds.
_LONGEST_REST = 86_400.0

_INVITE = gettext_noop("In that channel, type /invite @Paperwire.")
_LET_POST = gettext_noop(
    "Whoever manages the channel can let apps post: channel details, Settings, Posting permissions."
)

#: Refusals of one channel: why, and how a person mends it.
GONE: Mapping[str, tuple[str, str]] = {
    "channel_not_found": (gettext_noop("Paperwire is not in that channel, or it was deleted"), _INVITE),
    "not_in_channel": (gettext_noop("Paperwire is not in that channel"), _INVITE),
    "is_archived": (
        gettext_noop("that channel is archived"),
        gettext_noop("Unarchive the channel, or end the subscription."),
    ),
    "restricted_action": (gettext_noop("apps may not post in that channel"), _LET_POST),
    "restricted_action_read_only_channel": (gettext_noop("that channel is read-only for apps"), _LET_POST),
    "restricted_action_thread_only_channel": (
        gettext_noop("that channel allows posts in threads only"),
        gettext_noop("Subscribe in another channel."),
    ),
    "channel_is_limited_access": (gettext_noop("only some people may post in that channel"), _LET_POST),
    "messages_tab_disabled": (
        gettext_noop("direct messages with Paperwire are switched off"),
        gettext_noop(
            "Ask whoever runs Paperwire to switch them on: the messages tab, under App Home in the app's settings."
        ),
    ),
    "no_permission": (
        gettext_noop("Paperwire may not post in that channel"),
        gettext_noop(
            "In that channel, type /invite @Paperwire. If it is there, whoever manages the channel can let apps post: "
            "channel details, Settings, Posting permissions."
        ),
    ),
}
_INSTALL = gettext_noop("Ask whoever runs Paperwire to install the app again and to give it its new token.")
_PERMISSIONS = gettext_noop("Ask whoever runs Paperwire to install the app again with all of its permissions.")
#: Refusals of a whole workspace, which end when somebody mends the app's access there.
LOST: Mapping[str, tuple[str, str]] = {
    "access_denied": (
        gettext_noop("Slack denies the app access"),
        gettext_noop("A workspace admin must allow the app."),
    ),
    "account_inactive": (gettext_noop("the app was removed from the workspace"), _INSTALL),
    "app_missing_action_url": (
        gettext_noop("the app's settings lack an address"),
        gettext_noop("Ask whoever runs Paperwire to set the app up again from its manifest."),
    ),
    "ekm_access_denied": (
        gettext_noop("an admin has suspended the app's posts"),
        gettext_noop("A workspace admin must allow the app again."),
    ),
    "enterprise_is_restricted": (
        gettext_noop("the organisation restricts the app"),
        gettext_noop("An admin of the organisation must allow it."),
    ),
    "invalid_auth": (gettext_noop("the app's token is not valid"), _INSTALL),
    "missing_scope": (
        gettext_noop("the app lacks a permission"),
        _PERMISSIONS,
    ),
    "not_allowed_token_type": (
        gettext_noop("the app's token is of the wrong kind"),
        gettext_noop("Ask whoever runs Paperwire to give it the app's bot token, which begins with xoxb-."),
    ),
    "not_authed": (gettext_noop("the app has no token"), _INSTALL),
    "org_login_required": (
        gettext_noop("the workspace is being moved to an organisation"),
        gettext_noop("It works again when Slack has finished the move."),
    ),
    "team_access_not_granted": (
        gettext_noop("the app is not allowed in this workspace"),
        gettext_noop("An admin of the organisation must add it."),
    ),
    "team_not_found": (
        gettext_noop("the app is not in this workspace"),
        gettext_noop("An admin of the organisation must add it."),
    ),
    "token_expired": (gettext_noop("the app's token has expired"), _INSTALL),
    "token_revoked": (gettext_noop("the app's token was revoked"), _INSTALL),
    "two_factor_setup_required": (
        gettext_noop("Slack requires two-factor authentication"),
        gettext_noop("The person who installed the app must set it up."),
    ),
}
#: What the operator does about some of them, who alone is told.
_MANIFEST = "The manifest with its permissions: paperwire slack manifest"
_OPERATOR: Mapping[str, str] = {"missing_scope": _MANIFEST, "app_missing_action_url": _MANIFEST}
#: Nothing was posted, and posting the same message again would fail too.
TOO_LARGE = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)
LATER = frozenset(
    {
        "accesslimited",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "team_added_to_org",
    }
)
#: The bot may never read this history.
_CLOSED = frozenset({"method_not_supported_for_channel_type", "missing_scope", "no_permission", "not_in_channel"})


def delivery_error(error: SlackApiError, *, asking: bool = False) -> DeliveryError:
    """Return a refusal as a delivery error.

    Args:
        error: Slack's refusal.
        asking: whether the call reads the history; an error that denies reading then becomes HistoryClosed.
    """
    said, status = said_by(error)
    if status == 429 or said in LATER:
        return PostRefused(gettext_lazy("Slack's rate limit is reached."), retry_after=_retry_after(error))
    if asking and said in _CLOSED:
        why, remedy = {**GONE, **LOST}.get(said, (_NO_HISTORY, ""))
        told = gettext_lazy("Paperwire may not read what was posted: {why} ({code}).", why=gettext_lazy(why), code=said)
        return HistoryClosed(told, hint=gettext_lazy(remedy) if remedy else "")
    if said in GONE:
        return ChannelGone(LazyText(lambda: sentence(_capital(reason(said)[0]))), hint=gettext_lazy(GONE[said][1]))
    if said in LOST:
        hint = sentences_lazy(gettext_lazy(LOST[said][1]), _OPERATOR.get(said, ""))
        return AccessLost(LazyText(lambda: f"{_capital(_lost(error))} ({said})."), hint=hint)
    if said in TOO_LARGE:
        return PostTooLarge(
            gettext_lazy("Slack refused the message as too large or malformed: {why}.", why=f"{said}{_details(error)}")
        )
    # fatal_error, internal_error and any 5xx: "it's possible some aspect of the operation succeeded".
    return PostUnknown(gettext_lazy("Slack failed: {why}.", why=said or str(status)))


_NO_HISTORY = gettext_noop("Slack keeps no history of it")


def _lost(error: SlackApiError) -> str:
    """Return why a workspace accepts nothing; a missing permission is named as the app's settings name it."""
    said = said_by(error)[0]
    needed = getattr(error.response, "data", None)
    scope = needed.get("needed") if said == "missing_scope" and isinstance(needed, dict) else ""
    if scope:
        return gettext("the app lacks the permission {permission}", permission=scope)
    return gettext(LOST[said][0])


def reason(said: str) -> tuple[str, str]:
    """Return why Slack refuses with an error code, as a clause, and the remedy, in the reader's language.

    Both are empty if it is not known.
    """
    why, remedy = GONE.get(said) or LOST.get(said) or ("", "")
    return (gettext(why), gettext(remedy)) if why else ("", "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _retry_after(error: SlackApiError) -> float | None:
    seconds = retry_after(headers_of(error))
    return None if seconds is None else min(seconds, _LONGEST_REST)


def _details(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    more: Sequence[object] = ((data or {}).get("response_metadata") or {}).get("messages") or ()
    return f" ({more[0]})" if more and isinstance(data, dict) else ""
