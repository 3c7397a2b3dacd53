"""Leases between processes whose clocks differ or are set: respected long enough, and not for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bots.delivery import lease_watch
from bots.delivery.lease_watch import LeaseWatch
from bots.domain.digests import Part
from bots.domain.runs import Delivery, DeliveryState
from tests.support.factories import CHANNEL

_NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_CALL, _LEASE, _MOST = timedelta(seconds=30), timedelta(seconds=90), timedelta(minutes=10)
_ZERO = timedelta()


def sending(attempts: int = 1, *, until: datetime | None = _NOW + _LEASE) -> Delivery:
    """Return a part that a process is sending under a lease."""
    part = Part(channel=CHANNEL, number=1, total=1, payload={})
    state = DeliveryState.SENDING
    return Delivery(key="k", run_key="r", part=part, state=state, attempts=attempts, lease_until=until)


def left(watch: LeaseWatch, delivery: Delivery, ticks: float, now: datetime) -> timedelta:
    """Return what is left of another process's lease."""
    return watch.left(delivery, ticks, now, least=_CALL, most=_MOST)


def test_a_lease_of_the_same_clock() -> None:
    """With equal clocks a lease is respected until it expires."""
    watch = LeaseWatch()
    assert _LEASE == left(watch, sending(), 0, _NOW)
    assert timedelta(seconds=1) == left(watch, sending(), 89, _NOW + timedelta(seconds=89))
    assert _ZERO == left(watch, sending(), 90, _NOW + _LEASE)


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(minutes=5), timedelta(days=1)])
def test_our_clock_is_ahead_of_theirs(ahead: timedelta) -> None:
    """With a clock that is ahead, a lease is still respected for as long as the other's call may take."""
    watch = LeaseWatch()
    assert _CALL == left(watch, sending(), 0, _NOW + ahead)
    assert timedelta(seconds=10) == left(watch, sending(), 20, _NOW + ahead)
    assert _ZERO == left(watch, sending(), 30, _NOW + ahead)


@pytest.mark.parametrize("behind", [timedelta(days=1), timedelta(days=400)])
def test_our_clock_is_behind_theirs(behind: timedelta) -> None:
    """With a clock that is behind, a lease is respected for ten minutes, and not until our clock gets there."""
    watch = LeaseWatch()
    assert _MOST == left(watch, sending(), 0, _NOW - behind)
    assert _ZERO == left(watch, sending(), 600, _NOW - behind)


def test_each_attempt_is_watched_anew() -> None:
    """When another process tries again, its attempt is respected from then on."""
    watch = LeaseWatch()
    left(watch, sending(1), 0, _NOW)
    assert _ZERO == left(watch, sending(1), 90, _NOW + _LEASE)
    assert _CALL == left(watch, sending(2, until=_NOW), 90, _NOW + _LEASE)


def test_a_lease_of_our_own_lasts_as_long_as_we_meant() -> None:
    """Our own lease ends when it was to end, however the clock was set meanwhile."""
    watch = LeaseWatch()
    before = sending(0)
    watch.took(before, 0, least=_CALL, most=_LEASE)
    assert _LEASE == left(watch, sending(1), 0, _NOW - timedelta(days=1))
    assert _ZERO == left(watch, sending(1), 90, _NOW - timedelta(days=1))
    assert timedelta(seconds=20) == left(watch, sending(1), 10, _NOW + timedelta(days=1))


def test_a_part_that_was_freed_is_respected_for_one_call() -> None:
    """A part of a process that was killed may still be on its way: it is looked up after the time of one call."""
    watch = LeaseWatch()
    assert _CALL == left(watch, sending(until=None), 0, _NOW)
    assert _ZERO == left(watch, sending(until=None), 30, _NOW)
    watch.forget(sending())
    assert _CALL == left(watch, sending(until=None), 30, _NOW)


def test_leases_that_others_end_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tells when another process ends a part that was watched here: those seen last are remembered."""
    monkeypatch.setattr(lease_watch, "_MOST", 3)
    watch = LeaseWatch()
    for number in range(9):
        left(watch, replace(sending(), key=str(number)), number, _NOW)
    assert 3 == len(watch._seen)
    assert _CALL - timedelta(seconds=2) == left(watch, replace(sending(until=_NOW), key="8"), 10, _NOW)
