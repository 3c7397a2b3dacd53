"""The contract of every adapter for digests: the tests of `ports.Adapter`, for any stage."""

import json
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from bots.domain.digests import Digest, Tally
from bots.domain.errors import ChannelGone, HistoryClosed, RequestError
from bots.domain.subscriptions import Look
from bots.ports import ChecksChannels, Timed
from bots.presentation.digest_text import empty_line, notes_lines, title_of
from bots.testing import hostile
from bots.testing.comparing import alike, links_of, post_all, squeezed
from bots.testing.looping import in_loop
from bots.testing.parts import PartContract
from bots.testing.samples import a_digest, a_long_digest, an_entry
from bots.testing.stage import Stage


class AdapterContract(PartContract):
    """The tests of an adapter; inherit from it, and return a new stage from `stage`.

    An adapter that responds to people also inherits `ConversationContract`, and one whose fake platform can fail also
    inherits `FaultContract`.
    """

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        """Return a new, empty stage; each test opens and closes its own."""
        raise NotImplementedError("Return a Stage: an empty channel of your platform, and your adapter.")

    @in_loop
    async def test_platform(self) -> None:
        """The adapter's platform is the platform of its channels."""
        async with self.stage() as stage:
            assert stage.channel.platform == stage.adapter.platform

    @pytest.mark.parametrize("length", [0, 1, 5, 40])
    @in_loop
    async def test_every_entry_in_one_part(self, length: int) -> None:
        """Composed parts are numbered from 1, state their total, and have every entry once, in order."""
        async with self.stage() as stage:
            digest = replace(a_long_digest(length), channel=stage.channel)
            parts = stage.adapter.compose(digest)
            assert list(range(1, len(parts) + 1)) == [part.number for part in parts]
            assert parts
            assert {len(parts)} == {part.total for part in parts}
            assert {stage.channel} == {part.channel for part in parts}
            assert digest.paper_ids == tuple(paper_id for part in parts for paper_id in part.paper_ids)

    @in_loop
    async def test_compose_is_pure(self) -> None:
        """Every instance composes the same digest to the same parts, and posts nothing."""
        async with self.stage() as stage, self.stage() as other:
            assert other.adapter.compose(a_digest()) == stage.adapter.compose(a_digest())
            assert "" == stage.seen()

    @in_loop
    async def test_payload_survives_storage(self) -> None:
        """A payload that was written as JSON and read again displays the same message."""
        async with self.stage() as fresh, self.stage() as stored:
            parts = fresh.adapter.compose(replace(a_long_digest(7), channel=fresh.channel))
            await post_all(fresh, parts)
            written = [replace(part, payload=json.loads(json.dumps(part.payload))) for part in parts]
            await post_all(stored, [replace(part, channel=stored.channel) for part in written])
            assert squeezed(fresh.seen()) == squeezed(stored.seen())

    @in_loop
    async def test_digest_is_shown(self) -> None:
        """Readers of a posted digest of cards see its day, all titles, blurbs, reasons and notes, and its counts."""
        async with self.stage() as stage:
            digest = replace(a_long_digest(12), channel=stage.channel, look=Look.CARDS)
            await post_all(stage, stage.adapter.compose(digest))
            seen = squeezed(stage.seen())
        assert squeezed("12 papers for Tuesday 24 November 2026") in seen
        assert squeezed("229 found · 3 seen before · 41 filtered out") in seen
        assert 12 == seen.count(squeezed("It is shown that this holds. " * 12))
        assert 12 == seen.count(squeezed("Why: matches attention"))
        assert all(squeezed(title_of(entry.paper)) in seen for entry in digest.entries)
        assert all(squeezed(line) in seen for line in notes_lines(digest))

    @in_loop
    async def test_no_look_leaves_out_a_title_or_a_blurb(self) -> None:
        """Readers of a digest in the compact look see its day and all titles and blurbs, too."""
        async with self.stage() as stage:
            digest = replace(a_long_digest(12), channel=stage.channel, look=Look.COMPACT)
            await post_all(stage, stage.adapter.compose(digest))
            seen = squeezed(stage.seen())
        assert squeezed("12 papers for Tuesday 24 November 2026") in seen
        assert 12 == seen.count(squeezed("It is shown that this holds. " * 12))
        assert all(squeezed(title_of(entry.paper)) in seen for entry in digest.entries)

    @in_loop
    async def test_empty_digest_says_why(self) -> None:
        """An empty digest is posted, and states why it is empty."""
        async with self.stage() as stage:
            digest = a_digest(channel=stage.channel, entries=(), tally=Tally(found=4, seen=4))
            await post_all(stage, stage.adapter.compose(digest))
            assert squeezed(empty_line(digest)) in squeezed(stage.seen())

    @in_loop
    async def test_missing_blurb_is_labelled(self) -> None:
        """If there is no blurb, readers see a label that says so before the abstract's first sentence."""
        async with self.stage() as stage:
            entry = an_entry(blurb=None, trouble="The abstract has 3 words", fallback="We begin.")
            await post_all(stage, stage.adapter.compose(a_digest(channel=stage.channel, entries=(entry,))))
            said = squeezed("No blurb: The abstract has 3 words. The abstract begins: We begin.")
            assert said in squeezed(stage.seen())

    @in_loop
    async def test_find_what_was_posted(self) -> None:
        """A posted message is found by its key, only in its channel and after its time.

        Its id is the one that `post` returned.
        """
        async with self.stage() as stage:
            find, channel, before = stage.adapter.find, stage.channel, stage.clock()
            (part, *_) = stage.adapter.compose(a_digest(channel=channel))
            message_id = await stage.adapter.post(part, "key")
            assert message_id
            if not stage.finds_its_own:
                with pytest.raises(HistoryClosed):
                    await find(channel, "key", before)
                return
            assert message_id == await find(channel, "key", before)
            assert message_id == await find(channel, "key", stage.clock())
            assert await find(channel, "key", stage.clock() + stage.skew + timedelta(seconds=1)) is None

    @in_loop
    async def test_platform_time(self) -> None:
        """An adapter that knows its platform's time finds a message that was posted after it; see `Timed`."""
        async with self.stage() as stage:
            adapter, before = stage.adapter, None
            if isinstance(adapter, Timed) and stage.finds_its_own:
                before = await adapter.platform_time()
            if before is None:
                pytest.skip("does not know its platform's time")
            assert before.tzinfo is not None
            (part, *_) = adapter.compose(a_digest(channel=stage.channel))
            assert await adapter.post(part, "key") == await adapter.find(stage.channel, "key", before)

    @in_loop
    async def test_check_channel(self) -> None:
        """An adapter that checks channels accepts one that it posts to, and no other text; see `ChecksChannels`."""
        async with self.stage() as stage:
            if not isinstance(stage.adapter, ChecksChannels):
                pytest.skip("does not check channels")
            await stage.adapter.check_channel(stage.channel)
            with pytest.raises((RequestError, ChannelGone)):
                await stage.adapter.check_channel(replace(stage.channel, channel="no such channel"))

    @pytest.mark.parametrize(("key", "elsewhere"), [("other", False), ("key", True)])
    @in_loop
    async def test_find_only_what_was_posted(self, key: str, elsewhere: bool) -> None:
        """A key that was not posted in a channel is not found there: None, or HistoryClosed if there is no history."""
        async with self.stage() as stage:
            (part, *_) = stage.adapter.compose(a_digest(channel=stage.channel))
            await stage.adapter.post(part, "key")
            asked = stage.elsewhere if elsewhere else stage.channel
            if stage.can_be_asked:
                assert await stage.adapter.find(asked, key, stage.clock()) is None
            else:
                with pytest.raises(HistoryClosed):
                    await stage.adapter.find(asked, key, stage.clock())

    @in_loop
    async def test_same_key_twice(self) -> None:
        """If the platform supports keys, a repeated key shows one message and returns its id; if not, it shows two."""
        async with self.stage() as stage:
            (part, *_) = stage.adapter.compose(a_digest(channel=stage.channel))
            ids = [await stage.adapter.post(part, "key") for _ in range(2)]
            shown = squeezed(stage.seen()).count(squeezed("5 papers for Tuesday"))
            assert (1 if stage.knows_keys else 2) == len(set(ids))
            assert (1 if stage.knows_keys else 2) == shown

    @hostile.patient
    @given(digest=hostile.digests)
    @in_loop
    async def test_hostile_digest(self, digest: Digest) -> None:
        """No paper, blurb, note or topic exceeds a limit, notifies people, or injects a character or a link."""
        async with self.stage() as stage:
            await post_all(stage, stage.adapter.compose(replace(digest, channel=stage.channel)))
            assert [] == stage.injected(links_of(entry.paper for entry in digest.entries))
            seen = alike(stage.seen())
        for entry in digest.entries:
            assert alike(title_of(entry.paper)[:40]) in seen
