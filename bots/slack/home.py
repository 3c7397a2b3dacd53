"""The home tab: a person's digests and saved papers on one page. Pure functions."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bots.chat.phrases import clean, cut, sentence
from bots.domain.replies import SavedList, Subscribed
from bots.presentation import digest_text, subscription_text
from bots.slack.blocks import MAX_LINE, Json, actions, button, divider, header, leaf, place, rich, said, small
from bots.slack.controls import Control, subscription_row
from bots.slack.entries import saved_piece
from bots.slack.fields import text_input
from bots.slack.modals import MAX_BYTES, fitted
from bots.translation.speech import gettext, ngettext, pgettext

#: With their buttons, these leave room for the rest of the page; a view holds 100 blocks.
MOST_SUBSCRIPTIONS = 12
MOST_SAVED = 15
_MOST_NEWS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The content of a person's home tab."""

    #: The subscriptions of the person's channels, each with its next due time.
    subscriptions: tuple[Subscribed, ...] = ()
    #: The person's saved papers, or those that match the search words.
    saved: SavedList = field(default_factory=SavedList)
    #: The news of this version, one sentence each.
    news: tuple[str, ...] = ()
    #: What cannot be shown, one sentence each.
    missing: tuple[str, ...] = ()
    #: The person's direct messages with the bot; empty if they are not known.
    direct: str = ""


def home_view(home: Home) -> Json:
    """Return the home tab as the view that `views.publish` accepts."""
    blocks = [
        *_top(),
        *_subscriptions(home.subscriptions),
        *(said(line) for line in map(clean, home.missing) if line),
        divider(),
        *_saved(home.saved),
        divider(),
        *_bottom(home.news),
    ]
    # What is pressed here belongs to the person's direct messages, which a press in the tab does not name.
    about = {"private_metadata": json.dumps({"home": home.direct})} if home.direct else {}
    return {"type": "home", "blocks": blocks, **about}


def _top() -> Iterator[Json]:
    yield header(gettext("Papers, in short"))
    yield actions(
        [
            button(pgettext("button", "New subscription"), Control.SUBSCRIBE),
            button(pgettext("button", "Summarize a text"), Control.SUMMARIZE),
            button(pgettext("button", "Help"), Control.HELP),
        ],
        "home",
    )


def _subscriptions(subscriptions: tuple[Subscribed, ...]) -> Iterator[Json]:
    yield header(gettext("Next digests"))
    if not subscriptions:
        yield said(gettext("None of your channels has a subscription yet. In a channel, type /paper subscribe."))
    shown = {item.subscription.id: item for item in subscriptions}
    for item in list(shown.values())[:MOST_SUBSCRIPTIONS]:
        yield from _subscription(item)
    yield from _left_out(
        len(shown) - MOST_SUBSCRIPTIONS, gettext("/paper subscriptions in a channel lists all of its subscriptions.")
    )


def _subscription(item: Subscribed) -> Iterator[Json]:
    subscription = item.subscription
    lines = (
        sentence(subscription_text.capital(subscription_text.when_text(subscription))),
        sentence(subscription_text.capital(subscription_text.what_text(subscription))),
    )
    due = cut(subscription_text.due_text(item), MAX_LINE)
    where = [
        place(subscription.channel.channel, gettext("Your direct messages"), bold=True),
        leaf(f" · {due}", bold=True),
    ]
    yield rich(where, *([leaf(cut(line, MAX_LINE))] for line in lines))
    row = subscription_row(subscription, resting=item.paused or not subscription.enabled)
    if row:
        yield row


def _saved(saved: SavedList) -> Iterator[Json]:
    yield header(gettext("Saved papers"))
    words = cut(clean(saved.words), MAX_LINE)
    if saved.papers or words:
        yield _search(words)
        yield said(digest_text.saved_headline(saved))
    else:
        yield said(gettext("No saved papers yet. Press Save under a paper to add it here."))
    if saved.papers and not words:
        yield actions([button(pgettext("button", "All as BibTeX"), Control.SAVED_CITE)], "saved")
    pieces = (saved_piece(paper, number) for number, paper in enumerate(saved.papers[:MOST_SAVED], start=1))
    yield from fitted(pieces, size=MAX_BYTES // 2)
    yield from _left_out(len(saved.papers) - MOST_SAVED, gettext("Search for them by words of their titles."))


def _search(words: str) -> Json:
    when = {"trigger_actions_on": ["on_enter_pressed"]}
    label, inside = pgettext("label", "Search"), pgettext("placeholder", "Words, then Enter")
    block = text_input("search", label, words, placeholder=inside, dispatch_action_config=when)
    return {**block, "element": {**block["element"], "action_id": Control.SAVED_SEARCH}, "dispatch_action": True}


def _left_out(number: int, advice: str) -> Iterable[Json]:
    more = ngettext("{number} more.", "{number} more.", number)
    return [said(f"{more} {advice}")] if number > 0 else []


def _bottom(news: tuple[str, ...]) -> Iterator[Json]:
    lines = [line for line in map(clean, news) if line][:_MOST_NEWS]
    if lines:
        yield header(gettext("What is new"))
        yield said(*lines)
    ways = gettext(
        "Anywhere: /paper with a paper's id, address or title; or mention me, or send me a message, with a link."
    )
    hint = small(ways, gettext("To condense a message, choose Summarize from its menu."))
    if hint:
        yield hint
