"""Saved papers, turned-down papers, one-time events, quota counts and installations, in dictionaries."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from bots.domain.channels import Channel, Reader
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.installations import Installation
from bots.domain.mailboxes import PLATFORM, Mailbox
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import HiddenPaper
from bots.store._hidden import grouped
from bots.store._memory_follows import MemoryFollows
from bots.store._memory_plans import MemoryPlans
from bots.store._memory_sign_ins import MemorySignIns
from bots.store.records import same_instants
from bots.store.rules import COUNTED_DAYS, REMEMBERED, check_spending, utc
from bots.store.search import rank, rows, wanted


class MemoryPeople(MemoryFollows, MemoryPlans, MemorySignIns):
    """Stores people's papers, counts and workspaces; see `bots.ports.Readers`, `Counters` and `Workspaces`."""

    def __init__(self) -> None:
        super().__init__()
        self._saved: dict[Reader, dict[PaperId, tuple[datetime, Paper]]] = {}
        self._turned_down: dict[Channel, dict[tuple[PaperId, str], datetime]] = {}
        self._events: dict[tuple[str, str], datetime] = {}
        self._used: dict[tuple[Reader, date, str], int] = {}
        self._installed: dict[tuple[str, str], Installation] = {}
        self._mailboxes: dict[str, Mailbox] = {}
        self._credentials: dict[tuple[CredentialKind, str], Credential] = {}

    async def save_paper(self, reader: Reader, paper: Paper, *, now: datetime) -> bool:
        """Add a paper to a person's list; return False and change nothing if it is there already."""
        mine = self._saved.setdefault(reader, {})
        names = frozenset[PaperId]().union(*(self.names(name, _place(reader)) for name in paper.names))
        if not names.isdisjoint(mine):
            return False
        mine[paper.id] = (utc(now), same_instants(paper))
        return True

    async def unsave_paper(self, reader: Reader, paper_id: PaperId) -> bool:
        """Remove a paper from a person's list; return False if it is not there."""
        mine = self._saved.get(reader, {})
        gone = self.names(paper_id, _place(reader)) & mine.keys()
        for name in gone:
            del mine[name]
        return bool(gone)

    async def saved_papers(self, reader: Reader, words: str = "") -> tuple[Paper, ...]:
        """Return the papers a person saved, the latest first; with words, only those that contain all of them."""
        asked = wanted(words)
        if words.strip() and not asked:
            return ()
        held = sorted(self._saved.get(reader, {}).values(), key=lambda kept: str(kept[1].id))
        held.sort(key=lambda kept: kept[0], reverse=True)
        return tuple(paper for _, paper in held if rank(*rows(paper), asked) is not None)

    async def turn_down(self, channel: Channel, paper_id: PaperId, *, user: str, now: datetime) -> bool:
        """Record that a person turned a paper down for a channel; return False if that person did so before."""
        said = self._turned_down.setdefault(channel, {})
        fresh = (paper_id, user) not in said
        said.setdefault((paper_id, user), utc(now))
        return fresh

    async def take_back(self, channel: Channel, paper_id: PaperId) -> bool:
        """Withdraw, for every person, that a paper was turned down for a channel; return False if it was not."""
        said, names = self._turned_down.get(channel, {}), self.names(paper_id, channel)
        gone = [each for each in said if each[0] in names]
        for each in gone:
            del said[each]
        if not said:
            self._turned_down.pop(channel, None)
        return bool(gone)

    async def hidden_papers(self, channel: Channel) -> tuple[HiddenPaper, ...]:
        """Return the papers turned down in a channel, without their records: each once, the last turned down first."""
        said = [(paper, user, at) for (paper, user), at in self._turned_down.get(channel, {}).items()]
        return grouped(said, lambda paper: {str(name) for name in self.names(paper, channel)})

    async def turned_down(self, channel: Channel, papers: Collection[PaperId]) -> frozenset[PaperId]:
        """Return which of the papers were turned down in the channel, by any person."""
        names = frozenset[PaperId]().union(
            *(self.names(paper, channel) for paper, _ in self._turned_down.get(channel, ()))
        )
        return names & frozenset(papers)

    async def once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Record an event; return True for exactly one caller per kind and key."""
        self._events = {name: at for name, at in self._events.items() if at >= utc(now) - REMEMBERED}
        fresh = (kind, key) not in self._events
        self._events.setdefault((kind, key), utc(now))
        return fresh

    async def undo_once(self, kind: str, key: str) -> None:
        """Forget an event."""
        self._events.pop((kind, key), None)

    async def spend(self, reader: Reader, kind: str, *, day: date, amount: int = 1, limit: int) -> bool:
        """Add to a person's count for a day."""
        check_spending(amount)
        used = self._used.get((reader, day, kind), 0) + amount
        if used > limit:
            return False
        self._used[reader, day, kind] = used
        return True

    async def keep_installation(self, installation: Installation) -> None:
        """Store an installation, replacing the one of the same workspace."""
        kept = replace(installation, installed_at=utc(installation.installed_at), extra=dict(installation.extra))
        self._installed[installation.platform, installation.workspace] = kept

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation of a workspace."""
        return self._installed.get((platform, workspace))

    async def installations(self, platform: str) -> tuple[Installation, ...]:
        """Return every installation on a platform, ordered by workspace."""
        return tuple(kept for place, kept in sorted(self._installed.items()) if place[0] == platform)

    async def drop_installation(self, platform: str, workspace: str) -> bool:
        """Delete the installation of a workspace and nothing else; return False if there was none."""
        return self._installed.pop((platform, workspace), None) is not None

    async def reseal_installations(self) -> int:
        """Do nothing: data that ends with the process is not encrypted."""
        return 0

    async def keep_mailbox(self, mailbox: Mailbox) -> Mailbox:
        """Store a mailbox, unless another one has its address; return the stored one."""
        other = await self.mailbox_of(mailbox.address_key)
        if other is not None and other.id != mailbox.id:
            return other
        confirmed = None if mailbox.confirmed is None else utc(mailbox.confirmed)
        self._mailboxes[mailbox.id] = replace(mailbox, created=utc(mailbox.created), confirmed=confirmed)
        return self._mailboxes[mailbox.id]

    async def mailbox(self, mailbox_id: str) -> Mailbox | None:
        """Return a mailbox by its id."""
        return self._mailboxes.get(mailbox_id)

    async def mailbox_of(self, address_key: str) -> Mailbox | None:
        """Return the mailbox with an address."""
        return next((each for each in self._mailboxes.values() if each.address_key == address_key), None)

    async def mailboxes(self) -> tuple[Mailbox, ...]:
        """Return all mailboxes, oldest first."""
        return tuple(sorted(self._mailboxes.values(), key=lambda each: (each.created, each.id)))

    async def keep_credential(self, credential: Credential) -> None:
        """Store a credential, replacing the one of its kind and id."""
        kept = replace(credential, created=utc(credential.created), secrets=dict(credential.secrets))
        self._credentials[credential.kind, credential.id] = replace(kept, facts=json.loads(json.dumps(kept.facts)))

    async def credential(self, kind: CredentialKind, credential_id: str) -> Credential | None:
        """Return a credential by its id."""
        return self._credentials.get((kind, credential_id))

    async def credentials(self, kind: CredentialKind, channel: Channel | None = None) -> tuple[Credential, ...]:
        """Return the credentials of a kind, of one channel or of all, oldest first."""
        held = [each for each in self._credentials.values() if each.kind == kind and channel in (None, each.channel)]
        return tuple(sorted(held, key=lambda each: (each.created, each.id)))

    async def drop_credential(self, kind: CredentialKind, credential_id: str) -> bool:
        """Delete a credential; return False if there was none."""
        return self._credentials.pop((kind, credential_id), None) is not None

    def owners(self) -> tuple[Reader | Channel | Installation, ...]:
        """Return the owners of everything stored here."""
        counted = (count[0] for count in self._used)
        mailboxes = (each.channel for each in self._mailboxes.values())
        said = (*self._turned_down, *self._feedback, *self._follows, *self._consents)
        signed_in = (
            Channel(platform=each.platform, workspace=workspace)
            for each in self._sign_ins.values()
            for workspace in each.workspaces
        )
        let_in = (each.channel for each in self._credentials.values())
        theirs = (*mailboxes, *signed_in, *let_in, *self._planned())
        return (*self._private, *self._saved, *said, *counted, *theirs, *self._installed.values())

    async def damage(self, *, seconds: float) -> tuple[str, ...]:  # noqa: ARG002 - the port's
        """Return nothing: data in memory is not on a disk."""
        return ()

    async def expire(self, *, now: datetime) -> int:
        """Delete what has reached its end; return the number of entries."""
        gone = self._expire_papers(now) + self._expire_vectors(now)
        gone += self._expire_sign_ins(now) + self._expire_deeds(now)
        events = [name for name, at in self._events.items() if at < utc(now) - REMEMBERED]
        counts = [count for count in self._used if count[1] < utc(now).date() - timedelta(days=COUNTED_DAYS)]
        for event in events:
            del self._events[event]
        for count in counts:
            del self._used[count]
        return gone + len(events) + len(counts)

    def _forget_people(self, platform: str, workspace: str) -> int:
        """Delete everything stored here for a workspace and its people; return the number of entries."""

        def theirs(who: Reader | Channel) -> bool:
            return (who.platform, who.workspace) == (platform, workspace)

        private = list(filter(theirs, self._private))
        papers = sum(len(self._private.pop(owner).papers) for owner in private)
        saved, channels = list(filter(theirs, self._saved)), list(filter(theirs, self._turned_down))
        counts = [count for count in self._used if theirs(count[0])]
        gone = sum(len(self._saved.pop(reader)) for reader in saved)
        gone += sum(len(self._turned_down.pop(channel)) for channel in channels)
        gone += len([self._used.pop(count) for count in counts]) + self._forget_feedback(platform, workspace)
        gone += self._forget_follows(platform, workspace) + self._forget_plans(platform, workspace)
        gone += self._forget_sign_ins(platform, workspace)
        credentials = [key for key, each in self._credentials.items() if theirs(each.channel)]
        gone += len([self._credentials.pop(key) for key in credentials])
        gone += platform == PLATFORM and self._mailboxes.pop(workspace, None) is not None
        return gone + papers + (self._installed.pop((platform, workspace), None) is not None)


def _place(reader: Reader) -> Channel:
    return Channel(platform=reader.platform, workspace=reader.workspace)
