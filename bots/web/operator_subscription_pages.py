"""The operator's pages on subscriptions: list them, preview one, edit, pause and resume it."""

from collections.abc import Mapping, Sequence

from bots.commands import form_errors, values_of
from bots.domain.errors import NotAllowed
from bots.domain.replies import DigestReply, Paused, Problem, Resumed, Subscribed
from bots.domain.requests import Edit, Pause, Preview, Request, Resume
from bots.domain.subscriptions import Every, Look, SortBy, Subscription
from bots.presentation import digest_text, subscription_text
from bots.web.cards import Card, card
from bots.web.operator_pages import HOME
from bots.web.rendering import page
from bots.web.site import Route, Site
from bots.web.visits import Answer, Need, Visit
from summarizer import Style

SUBSCRIPTIONS = f"{HOME}/subscriptions"
#: The fields of the form, each the name of an option, with its label.
_LINES = {
    "source": "Papers from", "query": "Only papers that match", "interests": "Interests", "category": "Categories",
    "limit": "Papers", "at": "At", "zone": "Time zone", "on": "On",
}  # fmt: skip
#: The fields with a few values, each with its label, and the words for each value.
_CHOICES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "look": ("Look", {Look.AUTO: "compact above five papers", Look.CARDS: "cards", Look.COMPACT: "compact"}),
    "style": ("Blurbs", {Style.ONE_LINE: "one line", Style.SHORT: "short", Style.STRUCTURED: "structured"}),
    "sort": ("Order", {SortBy.TRENDING: "trending first", SortBy.NEWEST: "newest first"}),
    "every": ("Brings", {Every.DAY: "each day's", Every.WEEK: "a week's best", Every.MONTH: "a month's best"}),
    "entries": ("Papers stand", {"inline": "in the channel", "thread": "in a thread"}),
}
_LONGEST = 1000
_WRONG = 422
#: Previews and changes a minute: a preview may ask every source.
_ACTS = 30


async def subscriptions(site: Site, visit: Visit) -> Answer:
    """Return every subscription, by channel."""
    standing = await site.service.standing()
    items = sorted(standing.items, key=lambda each: (each.subscription.channel, each.subscription.id))
    rows = [(each.subscription.id, str(each.subscription.channel), *_told(each), each.paused) for each in items]
    return page(site, visit, "operator_subscriptions.html", "Subscriptions", tab="subscriptions", rows=rows)


def _told(item: Subscribed) -> tuple[str, str, str]:
    subscription = item.subscription
    what, when = subscription_text.what_text(subscription), subscription_text.when_text(subscription)
    due = subscription_text.due_text(item).rstrip(".")
    return subscription_text.capital(what), when, subscription_text.capital(due)


async def subscription(site: Site, visit: Visit) -> Answer:
    """Return the page of one subscription."""
    held = await _held(site, visit)
    return await _page(site, visit, held, values_of(held))


async def change(site: Site, visit: Visit) -> Answer:
    """Do what a button of the page says, and return the page."""
    held, given = await _held(site, visit), visit.fields
    match given.get("do", ""):
        case "pause":
            return await _done(site, visit, Pause(channel=held.channel, trusted=True, subscription_id=held.id))
        case "resume":
            return await _done(site, visit, Resume(channel=held.channel, trusted=True, subscription_id=held.id))
        case "preview":
            return await _previewed(site, visit, held)
    values = {**values_of(held), **{name: given[name].strip()[:_LONGEST] for name in _names() if name in given}}
    if wrong := _wrong(values, held):
        return await _page(site, visit, held, values, wrong=wrong, status=_WRONG)
    options = tuple((name, values[name]) for name in _names())
    edit = Edit(channel=held.channel, trusted=True, subscription_id=held.id, options=options)
    return await _done(site, visit, edit, values)


def _names() -> tuple[str, ...]:
    return (*_LINES, *_CHOICES)


def _wrong(values: Mapping[str, str], held: Subscription) -> dict[str, str]:
    wrong = form_errors(values, held.channel)
    if not values["source"]:
        wrong["source"] = "Choose where the papers come from."
    return wrong


async def _held(site: Site, visit: Visit) -> Subscription:
    held = await site.service.store.subscription(visit.parts["id"])
    if held is None:
        raise NotAllowed("There is no such subscription.", hint="It may have been ended; the list has all there are.")
    return held


async def _done(site: Site, visit: Visit, request: Request, values: Mapping[str, str] | None = None) -> Answer:
    reply = await site.service.answer(request)
    held = await _held(site, visit)
    if isinstance(reply, Problem):
        said = " ".join(digest_text.problem_lines(reply))
        return await _page(site, visit, held, values or values_of(held), wrong={"": said}, status=_WRONG)
    changed = reply if isinstance(reply, Subscribed | Paused | Resumed) else None
    said = " ".join(subscription_text.changed_lines(changed)) if changed else "Done."
    return await _page(site, visit, held, values_of(held), said=said)


async def _previewed(site: Site, visit: Visit, held: Subscription) -> Answer:
    reply = await site.service.answer(Preview(channel=held.channel, trusted=True, subscription=held))
    if isinstance(reply, Problem):
        wrong = {"": " ".join(digest_text.problem_lines(reply))}
        return await _page(site, visit, held, values_of(held), wrong=wrong, status=_WRONG)
    if not isinstance(reply, DigestReply):
        raise TypeError(f"a preview is a digest or a problem, not {type(reply).__name__}")
    made = reply.digest
    cards = [(card(each), digest_text.why_line(each)) for each in made.entries]
    lines = (digest_text.tally_line(made), digest_text.empty_line(made), *digest_text.notes_lines(made))
    return await _page(site, visit, held, values_of(held), cards=cards, lines=tuple(filter(None, lines)))


async def _page(
    site: Site,
    visit: Visit,
    held: Subscription,
    values: Mapping[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
    said: str = "",
    cards: Sequence[tuple[Card, str]] = (),
    lines: Sequence[str] = (),
    status: int = 200,
) -> Answer:
    standing = await site.service.standing(held.channel)
    item = next((each for each in standing.items if each.subscription.id == held.id), Subscribed(subscription=held))
    what, when, due = _told(item)
    return page(
        site, visit, "operator_subscription.html", f"Subscription {held.id}", status=status, has_form=True,
        tab="subscriptions", channel=str(held.channel), told=(what, when, due), paused=item.paused,
fields=_LINES, choices=_CHOICES, values=values, wrong=wrong or {}, said=said,
        cards=cards, lines=lines,
    )  # fmt: skip


ROUTES = (
    Route(method="GET", path=SUBSCRIPTIONS, view=subscriptions, needs=Need.OPERATOR),
    Route(method="GET", path=f"{HOME}/subscription/{{id}}", view=subscription, needs=Need.OPERATOR),
    Route(method="POST", path=f"{HOME}/subscription/{{id}}", view=change, needs=Need.OPERATOR, per_minute=_ACTS),
)
