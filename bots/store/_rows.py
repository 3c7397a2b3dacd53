"""Converts runs and parts to rows and back. Pure functions."""

from typing import Any

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.slots import Slot
from bots.store.records import NAMES, frozen


def run_row(run: Run) -> dict[str, object]:
    """Return the columns of a run."""
    return {
        "key": run.key,
        "subscription_id": run.subscription_id,
        "slot_day": run.slot.day,
        "slot_time": run.slot.time,
        "state": run.state,
        "created": run.created,
        "started": run.started,
        "finished": run.finished,
        "not_before": run.not_before,
        "missing": run.missing,
        "note": run.note,
    }


def as_run(row: Any) -> Run:
    """Return the run stored in a row of `digest_run`."""
    return Run(
        key=row.key,
        subscription_id=row.subscription_id,
        slot=Slot(day=row.slot_day, time=row.slot_time),
        state=RunState(row.state),
        created=row.created,
        started=row.started,
        finished=row.finished,
        not_before=row.not_before,
        missing=row.missing,
        note=row.note,
    )


def part_row(planned: Delivery, owner: int) -> dict[str, Any]:
    """Return the columns of a part that belongs to a tenant."""
    part = frozen(planned).part
    return {
        "key": planned.key,
        "run_key": planned.run_key,
        "tenant_id": owner,
        "channel": part.channel.channel,
        "number": part.number,
        "total": part.total,
        "payload": part.payload,
        "paper_ids": NAMES.write(part.paper_ids),
        "state": planned.state,
        "attempts": planned.attempts,
        "lease_until": planned.lease_until,
        "first_attempt_at": planned.first_attempt_at,
        "posted_after": planned.posted_after,
        "message_id": planned.message_id,
        "last_error": planned.last_error,
    }


def as_part(row: Any) -> Delivery:
    """Return the part stored in a row of `delivery` joined with its tenant."""
    return Delivery(
        key=row.key,
        run_key=row.run_key,
        part=Part(
            channel=Channel(platform=row.platform, workspace=row.workspace, channel=row.channel),
            number=row.number,
            total=row.total,
            payload=row.payload,
            paper_ids=NAMES.read(row.paper_ids),
        ),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        lease_until=row.lease_until,
        first_attempt_at=row.first_attempt_at,
        posted_after=row.posted_after,
        message_id=row.message_id,
        last_error=row.last_error,
    )
