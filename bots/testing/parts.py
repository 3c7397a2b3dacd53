"""The contract of every adapter for parts: rate limits, notices, and smaller parts."""

import json
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from hypothesis import given

from bots.domain.digests import Digest, Part
from bots.domain.replies import Problem
from bots.ports import Adapter
from bots.testing import hostile
from bots.testing.comparing import links_of, post_all, squeezed
from bots.testing.looping import in_loop
from bots.testing.samples import a_long_digest
from bots.testing.stage import Stage

NOTICE = Problem(message="The subscription a1b2c3 is paused: no such channel", hint="Then: resume a1b2c3")
#: A part of 40 papers is halved about 80 times, and each half is shortened a few times.
_MOST_STEPS = 2000


@hostile.readable
class PartContract:
    """The tests of the messages that an adapter makes; `AdapterContract` inherits them."""

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        """Return a new, empty stage."""
        raise NotImplementedError

    @in_loop
    async def test_limits_let_something_through(self) -> None:
        """An adapter's rate limits permit posts, and those for a channel are not higher than those for the platform."""
        async with self.stage() as stage:
            limits = stage.adapter.limits
        paces = (limits.channel, limits.platform)
        assert all(pace.count >= 1 and pace.seconds > 0 for pace in paces)
        assert limits.channel.gap >= limits.platform.gap
        assert limits.at_once >= 1

    @in_loop
    async def test_notice_is_shown(self) -> None:
        """A notice is composed for its channel, contains no paper, and states the problem and the remedy."""
        async with self.stage() as stage:
            parts = stage.adapter.notice(stage.channel, NOTICE)
            assert parts
            assert list(range(1, len(parts) + 1)) == [part.number for part in parts]
            assert {(stage.channel, len(parts), ())} == {(part.channel, part.total, part.paper_ids) for part in parts}
            await post_all(stage, [replace(part, payload=json.loads(json.dumps(part.payload))) for part in parts])
            seen = squeezed(stage.seen())
        assert squeezed("The subscription a1b2c3 is paused: no such channel.") in seen
        assert squeezed("Then: resume a1b2c3") in seen

    @hostile.patient
    @given(message=hostile.texts, hint=hostile.texts)
    @in_loop
    async def test_hostile_notice(self, message: str, hint: str) -> None:
        """Whatever text a platform's error had, a notice exceeds no limit, notifies no one and injects nothing."""
        async with self.stage() as stage:
            await post_all(stage, stage.adapter.notice(stage.channel, Problem(message=message, hint=hint)))
            assert [] == stage.injected(())
            assert stage.seen().strip()

    @pytest.mark.parametrize("length", [0, 1, 2, 7, 40])
    @in_loop
    async def test_shrinking_keeps_every_paper_in_order(self, length: int) -> None:
        """The smaller parts have the papers of the larger one, each once, in order, and shrinking ends."""
        async with self.stage() as stage:
            for part in stage.adapter.compose(replace(a_long_digest(length), channel=stage.channel)):
                waiting = [part]
                for pieces in shrunk(stage.adapter, part):
                    held_together(waiting.pop(), pieces, stage)
                    waiting += pieces

    @hostile.patient
    @given(digest=hostile.digests)
    @in_loop
    async def test_a_smaller_part_is_inside_the_limits(self, digest: Digest) -> None:
        """Each smaller part can be posted, and none notifies people or splits an escape or a link."""
        async with self.stage() as stage:
            for part in stage.adapter.compose(replace(digest, channel=stage.channel)):
                for number, pieces in enumerate(shrunk(stage.adapter, part)):
                    for piece in pieces:
                        assert await stage.adapter.post(piece, f"{part.number}-{number}-{piece.number}")
            assert [] == stage.injected(links_of(entry.paper for entry in digest.entries))


def shrunk(adapter: Adapter, part: Part) -> list[tuple[Part, ...]]:
    """Return the result of each call that makes a part smaller, until none can be made smaller."""
    steps: list[tuple[Part, ...]] = []
    waiting = [part]
    while waiting:
        assert len(steps) < _MOST_STEPS
        pieces = adapter.shrink(waiting.pop())
        steps.append(pieces)
        waiting += pieces
    return steps


def held_together(larger: Part, pieces: tuple[Part, ...], stage: Stage) -> None:
    """Assert that the smaller parts keep the papers in order and are numbered, and that each has a smaller payload."""
    papers = tuple(paper for piece in pieces for paper in piece.paper_ids)
    assert papers == (larger.paper_ids if pieces else ())
    assert {stage.channel} >= {piece.channel for piece in pieces}
    assert [(number, len(pieces)) for number in range(1, len(pieces) + 1)] == [
        (piece.number, piece.total) for piece in pieces
    ]
    assert all(len(json.dumps(piece.payload)) < len(json.dumps(larger.payload)) for piece in pieces)
