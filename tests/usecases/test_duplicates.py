"""A second subscription to the same papers is recognised, however it is spelt."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bots.domain.channels import Channel
from bots.usecases.duplicates import duplicate_of, merged
from tests.support.factories import NOW, a_subscription

HELD = a_subscription(
    id="old", sources=("huggingface", "arxiv:cs.CL"), query="agents -survey", categories=("cs.CL",), made_by="U1"
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"times": (time(17),)},
        {"limit": 20},
        {"sources": ("arxiv:cs.CL", "huggingface")},
        {"query": " Agents   -survey "},
        {"categories": ("CS.cl",)},
        {"threaded": True, "settle": 3},
    ],
)
def test_the_same_papers(change: dict[str, object]) -> None:
    """Other times, another number or order, or another spelling bring the same papers."""
    assert HELD == duplicate_of(replace(HELD, id="", **change), [HELD])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"query": "agents"},
        {"sources": ("huggingface",)},
        {"categories": ()},
        {"interests": "proteins"},
        {"channel": Channel(platform="slack", workspace="T1", channel="C2")},
    ],
)
def test_other_papers(change: dict[str, object]) -> None:
    """Another filter, source or channel is another subscription."""
    assert None is duplicate_of(replace(HELD, id="", **change), [HELD])  # type: ignore[arg-type]


def test_a_merged_one_keeps_its_identity_and_is_on() -> None:
    """The old subscription keeps its id, age and maker, takes the new times, and sends nothing of a pause later."""
    paused = replace(HELD, enabled=False, off_because="gone", created=NOW - timedelta(days=9))
    new = merged(replace(HELD, id="new", times=(time(17),), made_by="U2"), paused, NOW)
    assert ("old", NOW - timedelta(days=9), "U1", (time(17),)) == (new.id, new.created, new.made_by, new.times)
    assert (True, "", NOW) == (new.enabled, new.off_because, new.resumes)
