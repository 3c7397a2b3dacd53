"""A fake mail server with the chat server's interface: the same mishaps and stages, and the mailboxes of a scene."""

import random
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from bots.domain.channels import Channel
from bots.domain.mailboxes import Mailbox
from tests.fakes.chat_server import Stage
from tests.fakes.chat_troubles import Kind, Mishap, Switched
from tests.fakes.mail_server import At, FakeMailServer, MailFault
from tests.support.factories import NOW

#: Longer than a worker's mail may take.
_HANGS = 1.5
_FAULTS: Mapping[Mishap, MailFault] = {
    Mishap.ANSWER_LOST: MailFault(at=At.ACCEPTED),
    Mishap.REFUSED: MailFault(at=At.CONTENT, answer="451 4.7.1 not now, try again in 0 seconds"),
    Mishap.DOWN_BEFORE: MailFault(at=At.CONTENT, answer="421 4.3.2 shutting down, try again in 0 seconds"),
    Mishap.DOWN_AFTER: MailFault(at=At.ACCEPTED),
    Mishap.HANGS: MailFault(at=At.CONTENT, answer="451 4.3.0 too late", after=_HANGS),
    Mishap.RESET: MailFault(at=At.CONTENT),
    Mishap.HALF_OPEN: MailFault(at=At.ACCEPTED, answer="250 2.0.0 too late", after=_HANGS),
    Mishap.TOO_LARGE: MailFault(at=At.CONTENT, answer="552 5.3.4 too big"),
    Mishap.CLOSED: MailFault(at=At.CONTENT, answer="550 5.1.1 no such user"),
}


class MailServer:
    """A mail server and the mailboxes of everybody in the scene."""

    def __init__(self, *, seed: int = 0, merges: bool = True) -> None:
        #: Called for every mail when it is received and when it is accepted.
        self.heed: Callable[[Stage, str], None] = lambda _stage, _key: None
        self.fake = FakeMailServer(merges=merges)
        self.fake.heed = lambda accepted: self.heed(Stage.ACCEPTED if accepted else Stage.RECEIVED, "")
        self.fake.mishap = self._mishap
        self.mailboxes: list[Mailbox] = []
        self._switched: list[Switched] = []
        self._random = random.Random(seed)  # noqa: S311 - the mishaps are to be the same again

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        await self.fake.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        await self.fake.__aexit__(kind, error, trace)

    @property
    def url(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.fake.port}"

    def channel(self, name: str) -> Channel:
        """Return a mailbox as a subscription names it."""
        mailbox = Mailbox(
            id=name,
            address=address_of(name),
            address_key=address_of(name),
            secret="secret",
            created=NOW,
            confirmed=NOW,
        )
        self.mailboxes.append(mailbox)
        return mailbox.channel

    def switch(self, *mishaps: Switched) -> None:
        """Switch mishaps on; the first that applies to a mail decides its outcome."""
        self._switched += [each for each in mishaps if each.kind is Kind.POST]

    def _mishap(self, recipient: str) -> MailFault | None:
        struck = next((each for each in self._switched if each.strikes(Kind.POST, recipient, self._random)), None)
        return _FAULTS[struck.mishap] if struck else None


def address_of(name: str) -> str:
    """Return the address of a mailbox of the scene."""
    return f"{name}@example.org"
