"""Records for tests: those of the test kit, under the name that the tests use."""

from bots.testing.clock import NOW
from bots.testing.samples import (
    CHANNEL,
    DAY,
    a_blurb,
    a_digest,
    a_long_digest,
    a_paper,
    a_subscription,
    an_entry,
    five_papers,
)

__all__ = [
    "CHANNEL",
    "DAY",
    "NOW",
    "a_blurb",
    "a_digest",
    "a_long_digest",
    "a_paper",
    "a_subscription",
    "an_entry",
    "five_papers",
]
