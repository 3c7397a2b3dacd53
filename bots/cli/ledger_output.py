"""Formats the ledger as lines for people and as data for programs. Pure functions."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bots.chat.phrases import clean, counted, sentence, short_day
from bots.console.outgoing import Line, LineStyle
from bots.delivery.operator_results import PartRow, Replayed, RunRow
from bots.domain.runs import DeliveryState, RunState

#: The width of the longest state and a gap.
_INDENT = 10
#: States that may need action by the operator.
_TROUBLE = (RunState.FAILED, RunState.SKIPPED, DeliveryState.DEAD, DeliveryState.AMBIGUOUS)


def run_lines(rows: tuple[RunRow, ...], *, zone: ZoneInfo, now: datetime) -> Iterator[Line]:
    """Yield the lines of the runs: for each its state and key, its channel, its time, and its result.

    Args:
        rows: the runs.
        zone: the time zone for runs that belong to no subscription.
        now: the current instant.
    """
    yield Line(look=LineStyle.HEAD, text=f"{counted(len(rows), 'run')}, newest first")
    for row in rows:
        run, place = row.run, str(row.subscription.channel) if row.subscription else ""
        state, when = _standing(row, row.subscription.timezone if row.subscription else zone, now)
        missing = f"Missing: {clean(run.missing)}" if run.missing else ""
        yield from _row(run.state, state, run.key, (place, when), (run.note, missing))


def _standing(row: RunRow, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    """Return a run's state, and the time since or until which it has that state."""
    run = row.run
    if run.state is RunState.QUEUED and run.not_before and run.not_before > now:
        return "postponed", f"until {_instant(run.not_before, zone)}"
    if run.state in (RunState.QUEUED, RunState.RUNNING):
        return run.state.value, f"since {_instant(run.started or run.created, zone)}"
    return run.state.value, _instant(run.finished or run.created, zone)


def part_lines(rows: tuple[PartRow, ...], *, zone: ZoneInfo) -> Iterator[Line]:
    """Yield the lines of the parts: for each its state and run, its channel, its attempts, and its result."""
    yield Line(look=LineStyle.HEAD, text=f"{counted(len(rows), 'part')}, newest run first")
    for row in rows:
        part = row.part
        # The ledger's state "ambiguous" is shown to people as "held": the part waits until a person has checked it.
        state = "held" if part.state is DeliveryState.AMBIGUOUS else part.state.value
        place = f"part {part.part.number} of {part.part.total} for {part.part.channel}"
        facts = (place, *_tries(row, row.subscription.timezone if row.subscription else zone), f"key {part.key}")
        yield from _row(part.state, state, part.run_key, facts, (part.last_error,))


def _tries(row: PartRow, zone: ZoneInfo) -> Iterator[str]:
    part = row.part
    if part.part.paper_ids:
        yield counted(len(part.part.paper_ids), "paper")
    if part.first_attempt_at:
        yield f"first tried {_instant(part.first_attempt_at, zone)}"
    if part.attempts > 1:
        yield counted(part.attempts, "attempt")
    if part.message_id:
        yield f"message {part.message_id}"


def _row(
    state: RunState | DeliveryState, called: str, key: str, facts: tuple[str, ...], said: tuple[str, ...]
) -> Iterator[Line]:
    yield Line(look=LineStyle.GAP)
    yield Line(look=LineStyle.FORM, text=key, mark=called, indent=_INDENT)
    yield Line(look=LineStyle.META, text=" · ".join(filter(None, map(clean, facts))), indent=_INDENT)
    look = LineStyle.WARNING if state in _TROUBLE else LineStyle.TEXT
    yield from (Line(look=look, text=text, indent=_INDENT) for text in map(sentence, said) if text)


def run_line(row: RunRow) -> str:
    """Return a run in one line: "a1b2c3@2026-11-24T09:00: done, 5 papers in 1 part."."""
    return sentence(f"{row.run.key}: {row.run.state}" + (f", {row.run.note}" if row.run.note else ""))


def replay_line(item: Replayed) -> str:
    """Return the result of one replayed slot in one line, its time in its subscription's time zone."""
    subscription = item.subscription
    slot = f" of {item.due.slot.time:%H:%M} {subscription.timezone}" if item.due else ""
    note = f" ({item.run.note})" if item.run and item.run.note else ""
    return clean(f"{subscription.id}{slot} in {subscription.channel} {item.said}{note}")


def run_data(row: RunRow) -> dict[str, object]:
    """Return a run as JSON-compatible values; `slot` is local time in `timezone`, every other instant is UTC."""
    run, subscription = row.run, row.subscription
    return {
        "key": run.key,
        "subscription": run.subscription_id,
        "channel": str(subscription.channel) if subscription else None,
        "slot": str(run.slot),
        "timezone": str(subscription.timezone) if subscription else None,
        "state": run.state.value,
        "created": _iso(run.created),
        "started": _iso(run.started),
        "finished": _iso(run.finished),
        "not_before": _iso(run.not_before),
        "missing": run.missing,
        "note": run.note,
    }


def part_data(row: PartRow) -> dict[str, object]:
    """Return a part as JSON-compatible values."""
    part = row.part
    return {
        "key": part.key,
        "run": part.run_key,
        "channel": str(part.part.channel),
        "number": part.part.number,
        "total": part.part.total,
        "state": part.state.value,
        "attempts": part.attempts,
        "first_attempt_at": _iso(part.first_attempt_at),
        "lease_until": _iso(part.lease_until),
        "message_id": part.message_id,
        "last_error": part.last_error,
        "papers": [str(paper) for paper in part.part.paper_ids],
    }


def _instant(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{short_day(local.date())} {local:%H:%M:%S} {zone}"


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
