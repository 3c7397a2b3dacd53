"""The pages of e-mail as HTML: sign up, confirm, preferences, leave. Pure functions."""

from collections.abc import Sequence
from functools import cache

from bots.chat.phrases import listed
from bots.domain.subscriptions import Subscription
from bots.email.links import BASE
from bots.email.page_texts import CHOICES, LEAVE, SIGN_UP
from bots.email.preferences import Choices, shown
from bots.pages.html import Templates
from bots.presentation import subscription_text
from bots.translation.formats import in_a_row
from bots.translation.speech import gettext, pgettext


@cache
def _templates() -> Templates:
    return Templates("bots.email")


def sign_up_page(domains: Sequence[str], wrong: str = "") -> str:
    """Return the page to sign up on.

    Args:
        domains: the domains whose people may sign up; `*` is anyone.
        wrong: what is wrong with the address that was entered.
    """
    who = "" if "*" in domains else gettext("For addresses at {domains}.", domains=listed(domains, "or"))
    action = f"{BASE}/sign-up"
    return _templates().page(
        "page_sign_up.html", title=gettext("Papers in your mail"), says=SIGN_UP, action=action, who=who, wrong=wrong
    )


def said_page(title: str, *lines: str, links: Sequence[tuple[str, str]] = ()) -> str:
    """Return a page that says something, and links to what to do next."""
    return _templates().page("page_said.html", title=title, lines=lines, links=links)


def confirm_page(action: str, chosen: Choices) -> str:
    """Return the page on which a new reader confirms the address and chooses."""
    lines = (gettext("Choose what you get and when; you can change it at any time."),)
    title = gettext("Confirm your daily papers")
    return _choices_page(title, action, chosen, lines=lines, button=pgettext("button", "Subscribe"))


def preferences_page(
    action: str,
    chosen: Choices,
    subscription: Subscription,
    *,
    leave: str,
    said: str = "",
    paused: bool = False,
    others: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the page on which a reader changes a subscription.

    Args:
        action: where the form is sent.
        chosen: the form as it is filled in.
        subscription: the subscription that it changes.
        leave: the address of the page to unsubscribe on.
        said: what was done.
        paused: whether the subscription is paused.
        others: the reader's other subscriptions, each with the address of its page.
    """
    return _choices_page(
        gettext("Your preferences"),
        action,
        chosen,
        lines=(),
        button=pgettext("title", "Save"),
        subscription=subscription.id,
        said=said,
        paused=paused,
        others=others,
        leave=leave,
    )


def _choices_page(title: str, action: str, chosen: Choices, **values: object) -> str:
    plain: dict[str, object] = {"subscription": "", "said": "", "paused": False, "others": (), "leave": ""}
    given = {**plain, **values}
    return _templates().page("page_choices.html", title=title, says=CHOICES, action=action, form=shown(chosen), **given)


def leave_page(action: str, stay: str) -> str:
    """Return the page with the button that unsubscribes."""
    return _templates().page(
        "page_leave.html", title=pgettext("button", "Unsubscribe"), says=LEAVE, action=action, stay=stay
    )


def described(subscription: Subscription) -> str:
    """Return a subscription in words: "up to 5 papers from Hugging Face, …, weekdays at 09:00 UTC"."""
    return in_a_row((subscription_text.what_text(subscription), subscription_text.when_text(subscription)))
