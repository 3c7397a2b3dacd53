"""The contract of every adapter besides digests and replies: rate limits, notices and smaller parts."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from bots.domain import replies
from bots.domain.digests import Digest, Part
from tests.contracts.places import PLACES, Place
from tests.contracts.test_adapters import a_long_digest, every_place, hostile_digests, links_of, post_all, squeezed
from tests.support import hostile


@every_place
def test_limits_let_something_through(name: str) -> None:
    """Every adapter has a rate limit above zero, and the one per channel is no higher than the one for the platform."""
    limits = PLACES[name]().adapter.limits
    paces = (limits.channel, limits.platform)
    assert all(pace.count >= 1 and pace.seconds > 0 for pace in paces)
    assert limits.channel.gap >= limits.platform.gap
    assert limits.at_once >= 1


NOTICE = replies.Problem(message="The subscription a1b2c3 is paused: no such channel", hint="Then: resume a1b2c3")


@every_place
async def test_notice_is_shown(name: str) -> None:
    """A notice is composed for its channel, shows no paper, and says what is wrong and what to do."""
    place = PLACES[name]()
    parts = place.adapter.notice(place.channel, NOTICE)
    assert parts
    assert list(range(1, len(parts) + 1)) == [part.number for part in parts]
    assert {(place.channel, len(parts), ())} == {(part.channel, part.total, part.paper_ids) for part in parts}
    await post_all(place, [replace(part, payload=json.loads(json.dumps(part.payload))) for part in parts])
    assert squeezed("The subscription a1b2c3 is paused: no such channel.") in squeezed(place.seen())
    assert squeezed("Then: resume a1b2c3") in squeezed(place.seen())


@every_place
@hostile.patient
@given(message=hostile.texts, hint=hostile.texts)
async def test_hostile_notice(name: str, message: str, hint: str) -> None:
    """No text of a platform's error makes a notice break a limit, ping a person or contain injected content."""
    place = PLACES[name]()
    await post_all(place, place.adapter.notice(place.channel, replies.Problem(message=message, hint=hint)))
    assert [] == place.injected(())
    assert place.seen().strip()


def shrunk(place: Place, part: Part) -> list[tuple[Part, ...]]:
    """Return every step by which a part is made smaller, until it cannot be made smaller."""
    steps: list[tuple[Part, ...]] = []
    waiting = [part]
    while waiting:
        # A part of 40 papers takes about 80 halvings, and each half is shortened a few times.
        assert len(steps) < 2000
        pieces = place.adapter.shrink(waiting.pop())
        steps.append(pieces)
        waiting += pieces
    return steps


@every_place
@pytest.mark.parametrize("length", [0, 1, 2, 7, 40])
def test_shrinking_keeps_every_paper_in_order(name: str, length: int) -> None:
    """The smaller parts contain the papers of the larger one, each once, in order, and shrinking ends."""
    place = PLACES[name]()
    for part in place.adapter.compose(replace(a_long_digest(length), channel=place.channel)):
        waiting = [part]
        for pieces in shrunk(place, part):
            larger = waiting.pop()
            waiting += pieces
            papers = tuple(paper for piece in pieces for paper in piece.paper_ids)
            assert papers == (larger.paper_ids if pieces else ())
            assert {place.channel} >= {piece.channel for piece in pieces}
            assert [(number, len(pieces)) for number in range(1, len(pieces) + 1)] == [
                (piece.number, piece.total) for piece in pieces
            ]
            assert all(len(json.dumps(piece.payload)) < len(json.dumps(larger.payload)) for piece in pieces)


@every_place
@hostile.patient
@given(digest=hostile_digests)
async def test_a_smaller_part_is_inside_the_limits(name: str, digest: Digest) -> None:
    """Each smaller part can be posted, and none of them pings a person or breaks an escape or a link."""
    place = PLACES[name]()
    for part in place.adapter.compose(replace(digest, channel=place.channel)):
        for number, pieces in enumerate(shrunk(place, part)):
            for piece in pieces:
                assert await place.adapter.post(piece, f"{part.number}-{number}-{piece.number}")
    assert [] == place.injected(links_of(entry.paper for entry in digest.entries))
