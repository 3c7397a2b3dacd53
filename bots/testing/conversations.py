"""The contract of an adapter that responds to people: every kind of reply is displayed, and none does harm."""

from contextlib import AbstractAsyncContextManager

import pytest
from hypothesis import given

from bots.domain import replies
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from bots.testing import hostile
from bots.testing.answers import REPLIES
from bots.testing.comparing import links_of, squeezed
from bots.testing.looping import in_loop
from bots.testing.stage import Stage


@hostile.readable
class ConversationContract:
    """The tests of an adapter that responds to people; its stage has `show`."""

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        """Return a new, empty stage."""
        raise NotImplementedError

    @pytest.mark.parametrize(("reply", "said"), REPLIES, ids=lambda value: type(value).__name__)
    @in_loop
    async def test_every_reply_can_be_shown(self, reply: Reply, said: str) -> None:
        """A reply of any kind is displayed with the words that it must have."""
        async with self.stage() as stage:
            await stage.show(reply)
            assert squeezed(said) in squeezed(stage.seen())

    @hostile.patient
    @given(reply=hostile.answers)
    @in_loop
    async def test_hostile_reply(self, reply: Reply) -> None:
        """No reply exceeds a limit, notifies people, or injects a control character or a link."""
        async with self.stage() as stage:
            await stage.show(reply)
            assert [] == stage.injected(links_of(papers_of(reply)))
            assert stage.seen().strip()


def papers_of(reply: Reply) -> tuple[Paper, ...]:
    """Return the papers in a reply, whose addresses may be linked."""
    match reply:
        case replies.Card():
            return (reply.entry.paper,)
        case replies.CardList():
            return tuple(entry.paper for entry in reply.entries)
        case replies.WholeAbstract():
            return (reply.paper,)
        case replies.SavedList():
            return reply.papers
        case replies.HiddenList():
            return tuple(hidden.paper for hidden in reply.papers if hidden.paper)
    return ()
