"""The subscription modal: its fields are the options of the command, read by the same grammar. Pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bots.chat.untrusted import text_at
from bots.commands import parse_command
from bots.commands.tokens import quoted
from bots.discord.fields import MAX_FIELD, Json, modal, select, text_input
from bots.discord.payloads import unreadable
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery, NotAllowed, RequestError
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.presentation.source_text import apart, choices, is_local, together
from bots.translation.speech import gettext, pgettext, pgettext_noop

#: Start of the modal's custom id; the ids of the subscription and the channel follow.
SUBSCRIBE = "order"
#: A menu holds no more options (docs.discord.com, String Select).
MOST_SOURCES = 25
#: Characters of an option's value (docs.discord.com, String Select, Select Option Structure).
_MOST_VALUE = 100
#: The option that keeps sources which the menu cannot hold.
AS_THEY_ARE = "as-they-are"
#: Where each language is mostly spoken: a guess that the person can change in the field.
_ZONES: Mapping[str, str] = {
    "de": "Europe/Berlin", "fr": "Europe/Paris", "es-ES": "Europe/Madrid", "ja": "Asia/Tokyo",
    "zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei", "ko": "Asia/Seoul", "it": "Europe/Rome", "pl": "Europe/Warsaw",
    "nl": "Europe/Amsterdam", "sv-SE": "Europe/Stockholm", "da": "Europe/Copenhagen", "no": "Europe/Oslo",
    "fi": "Europe/Helsinki", "cs": "Europe/Prague", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "tr": "Europe/Istanbul", "el": "Europe/Athens", "uk": "Europe/Kyiv", "bg": "Europe/Sofia", "hi": "Asia/Kolkata",
    "th": "Asia/Bangkok", "vi": "Asia/Ho_Chi_Minh", "en-GB": "Europe/London",
}  # fmt: skip
#: Characters typed in one field; the grammar's own limits are lower.
_MOST_TYPED = 600
FIELDS = ("sources", "query", "interests", "when", "more")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def zone_of(locale: str, *, last: ZoneInfo | None, default: ZoneInfo) -> ZoneInfo:
    """Return the time zone for a new subscription: the server's last one, else a guess, since Discord sends none."""
    return last or (ZoneInfo(_ZONES[locale]) if locale in _ZONES else default)


def subscription_modal(subscription: Subscription, *, typed: Mapping[str, str] | None = None) -> Json:
    """Return the modal for the fields of a subscription.

    Args:
        subscription: the subscription so far; its channel is where it posts.
        typed: earlier input that could not be read, to be shown again.
    """
    shown = {**_typed_of(subscription), **(typed or {})}
    chosen = _parts(typed["sources"]) if typed and "sources" in typed else list(apart(subscription.sources))
    offered = _offered(chosen)
    return modal(
        f"{SUBSCRIBE}:{subscription.id or '-'}:{subscription.channel.channel}",
        pgettext("title", "Edit subscription") if subscription.id else pgettext("title", "New subscription"),
        [
            select("sources", pgettext("label", "Sources"), offered, [*chosen, AS_THEY_ARE], many=True),
            text_input(
                "query",
                pgettext("label", "Only papers that match"),
                shown["query"],
                most=MAX_FIELD,
                hint=pgettext("hint", 'Words, "phrases", AND OR NOT, -word, (), ti: au: cat:. Empty: all papers.'),
                placeholder='"language model*" -survey',
            ),
            text_input(
                "interests",
                pgettext("label", "Interests, in plain words"),
                shown["interests"],
                most=_MOST_TYPED,
                paragraph=True,
                hint=pgettext("hint", "The papers nearest in meaning come first. Empty: sorted by sort= alone."),
            ),
            text_input(
                "when",
                pgettext("label", "Time and time zone"),
                shown["when"],
                most=200,
                required=True,
                hint=pgettext("hint", "09:00, 17:30 Europe/Vienna; or: announced Europe/Vienna"),
            ),
            text_input(
                "more",
                pgettext("label", "More options"),
                shown["more"],
                most=MAX_FIELD,
                hint="category=cs.CL sort=newest quiet=22:00-07:00 wait=11:00 empty=silent look=cards",
            ),
        ],
    )


def _offered(chosen: Sequence[str]) -> dict[str, str]:
    """Return the options of the menu of sources; if it cannot hold all that are chosen, one option keeps them all."""
    if not is_too_many(chosen):
        return {spec: said for spec, said in choices(chosen, most=MOST_SOURCES).items() if len(spec) <= _MOST_VALUE}
    kept = pgettext("option", "The {number} sources as they are, and those chosen here", number=len(chosen))
    return {
        AS_THEY_ARE: kept,
        **{spec: said for spec, said in choices((), most=MOST_SOURCES - 1).items() if len(spec) <= _MOST_VALUE},
    }


def is_too_many(chosen: Sequence[str]) -> bool:
    """Return whether a menu cannot hold the chosen sources: by their number, or by one's length or comma."""
    # Several values come back joined with commas.
    return len(chosen) > MOST_SOURCES or any(len(spec) > _MOST_VALUE or "," in spec for spec in chosen)


def _sources(fields: Mapping[str, str], base: Subscription) -> list[str]:
    """Return the chosen sources; the option that keeps them all stands for those of the subscription."""
    chosen = _parts(fields.get("sources", ""))
    if set(chosen) == set(apart(base.sources)):
        return list(base.sources)
    if AS_THEY_ARE not in chosen:
        return together(chosen)
    more = [spec for spec in chosen if spec != AS_THEY_ARE]
    return together([*apart(base.sources), *more]) if more else list(base.sources)


def _parts(chosen: str) -> list[str]:
    return [each.strip() for each in chosen.split(",") if each.strip()]


def _typed_of(subscription: Subscription) -> dict[str, str]:
    times = ", ".join(f"{clock:%H:%M}" for clock in sorted(subscription.times))
    return {
        "sources": ",".join(apart(subscription.sources)),
        "query": subscription.query,
        "interests": subscription.interests,
        "when": f"{times} {subscription.timezone}",
        "more": " ".join(_finer(subscription)),
    }


def _finer(subscription: Subscription) -> Iterator[str]:
    yield from (f"category={quoted(category)}" for category in subscription.categories)
    if subscription.sort_by is not SortBy.TRENDING:
        yield f"sort={subscription.sort_by}"
    if subscription.settle:
        yield f"settle={subscription.settle}"
    if subscription.wait:
        yield f"wait={subscription.wait:%H:%M}"
    if subscription.quiet:
        yield f"quiet={subscription.quiet}"
    if subscription.empty is not WhenEmpty.SAY:
        yield f"empty={subscription.empty}"
    if subscription.threaded:
        yield "entries=thread"
    if subscription.look is not Look.AUTO:
        yield f"look={subscription.look}"


def read_subscription(fields: Mapping[str, str], base: Subscription) -> Subscription:
    """Return the subscription that a submitted modal describes.

    Args:
        fields: the typed and chosen values.
        base: the subscription with the values that the modal does not show.

    Raises:
        RequestError: the subscription cannot be read.
    """
    more = " ".join(fields.get("more", "").split())
    unquoted = _QUOTED.sub("", more)
    # A typed source replaces the chosen sources: the menu always has one chosen.
    typed = re.search(r"\bsource=", unquoted)
    given = [] if typed else [f"source={quoted(spec)}" for spec in _sources(fields, base)]
    words = {name: fields.get(name, "").strip() for name in ("query", "interests")}
    given += [f"{name}={quoted(said)}" for name, said in words.items() if said]
    given += _when(fields.get("when", ""), base.timezone)
    kept = {"limit": f"limit={base.limit}", "style": f"style={base.style}"}
    given += [written for name, written in kept.items() if f"{name}=" not in unquoted]
    if not re.search(r"\b(?:every|on)=", unquoted):
        given.append(_rhythm_of(base))
    try:
        subscription = as_it_stood(parsed(" ".join(["subscribe", *given, more]), base.channel), base)
    except RequestError as error:
        raise _all_errors([*given, more], base, error) from error
    if any(map(is_local, subscription.sources)):
        said = gettext("Only the operator of Paperwire can use a file as a source.")
        raise NotAllowed(said, hint=gettext("Choose another source."))
    return subscription


_LABELS = {
    "source": pgettext_noop("label", "Sources"),
    "query": pgettext_noop("label", "Only papers that match"),
    "interests": pgettext_noop("label", "Interests"),
    "at": pgettext_noop("label", "Time"),
    "zone": pgettext_noop("label", "Time zone"),
}
_OTHER_FIELD = pgettext_noop("label", "More options")


def _all_errors(given: Sequence[str], base: Subscription, first: RequestError) -> RequestError:
    """Return one error that names what is wrong in every field, so that a person corrects them all at once."""
    found: dict[str, str] = {}
    for each in given:
        try:
            parsed(f"subscribe {each}", base.channel)
        except RequestError as error:
            label = pgettext(*_LABELS.get(each.partition("=")[0], _OTHER_FIELD))
            found[f"{label}: {error} {error.hint}".strip()] = label
    if len(found) < 2:
        return first
    return BadQuery("\n".join(found), hint=gettext("Press Change: what you wrote is still there."))


def _when(typed: str, zone: ZoneInfo) -> list[str]:
    """Return times and time zone as options: the time zone is the word with letters that is not a time of day."""
    words = typed.replace(",", " ").split()
    clocks = [word for word in words if word[:1].isdigit() or word.lower() in ("announced", "am", "pm")]
    zones = [word for word in words if word not in clocks]
    at = ",".join(clocks).replace(",am", "am").replace(",pm", "pm")
    return [*([f"at={at}"] if at else []), f"zone={quoted('_'.join(zones) or str(zone))}"]


def _rhythm_of(subscription: Subscription) -> str:
    days = ",".join(Weekday(day).name.lower() for day in sorted(subscription.weekdays))
    return f"every={subscription.every} on={days}"


def parsed(line: str, channel: Channel) -> Subscription:
    """Return the subscription that a subscribe command describes.

    Raises:
        RequestError: the command cannot be read.
    """
    request = parse_command(line, channel=channel)
    assert isinstance(request, Subscribe)  # noqa: S101 - the line begins with the command
    return request.subscription


def as_it_stood(subscription: Subscription, kept: Subscription) -> Subscription:
    """Return a subscription with the fields of the saved one that people do not change here."""
    return replace(
        subscription,
        id=kept.id,
        channel=kept.channel,
        created=kept.created,
        enabled=kept.enabled,
        off_because=kept.off_because,
        resumes=kept.resumes,
    )


def place_in(payload: object) -> tuple[str, str]:
    """Return the id of the subscription (or `-`) and of the channel in a submitted modal.

    Raises:
        BadCommand: the modal is not ours.
    """
    kind, _, rest = text_at(payload, "data", "custom_id").partition(":")
    subscription_id, _, channel = rest.partition(":")
    if kind != SUBSCRIBE or not subscription_id or not channel:
        raise unreadable()
    return subscription_id, channel
