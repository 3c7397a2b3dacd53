"""Checks whether an object that third-party code returned can be an adapter at all."""

import math

from bots.ports.rate_limits import Rate, RateLimits


def misfit(adapter: object, platform: str) -> str:
    """Return why an object cannot be the adapter of a platform, in one sentence; empty if it can."""
    try:
        return _misfit(adapter, platform)
    except Exception as error:  # noqa: BLE001 - even comparing a third-party value may raise
        return f"its adapter failed with {type(error).__name__} when it was checked."


def _misfit(adapter: object, platform: str) -> str:
    missing = [
        each for each in ("compose", "notice", "shrink", "post", "find") if not callable(attribute(adapter, each))
    ]
    if missing:
        return f"its adapter has no method {', '.join(missing)}."
    if platform and attribute(adapter, "platform") != platform:
        return f"it names its platform {attribute(adapter, 'platform')!r} but is registered as {platform!r}."
    limits = attribute(adapter, "limits")
    if not (isinstance(limits, RateLimits) and _is_count(limits.at_once)):
        return "its adapter's limits are not valid RateLimits."
    rates = (limits.channel, limits.platform, *((limits.group,) if limits.group else ()))
    valid = all(map(_is_rate, rates)) and callable(limits.group_of)
    return "" if valid else "its adapter's limits are not valid RateLimits."


def _is_rate(rate: object) -> bool:
    return (
        isinstance(rate, Rate)
        and _is_count(rate.count)
        and type(rate.seconds) in (int, float)
        and math.isfinite(rate.seconds)
        and rate.seconds >= 0
    )


def _is_count(number: object) -> bool:
    return type(number) is int and number >= 1


def attribute(adapter: object, name: str) -> object:
    """Return an attribute of third-party code; None if it has none, or if reading it fails."""
    try:
        return getattr(adapter, name, None)
    except Exception:  # noqa: BLE001 - a property may raise anything; then it is not there
        return None
