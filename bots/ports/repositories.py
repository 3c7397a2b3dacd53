"""Interfaces to the database: subscriptions, digests, papers, people and workspaces."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bots.domain.channels import Channel, Reader
from bots.domain.installations import Installation
from bots.domain.mailboxes import Mailbox
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import HiddenPaper
from bots.domain.retention import Pruned, Retention
from bots.domain.subscriptions import Subscription
from bots.ports.leases import Leases
from bots.ports.ledger import Ledger
from bots.ports.opinions import Follows, Tastes
from bots.ports.paper_index import PaperIndex
from bots.ports.programs import Archive, Credentials
from bots.ports.published import Listings, Published
from bots.ports.sign_ins import SignIns
from bots.ports.tenants import Deeds, Plans
from bots.search.records import Matches
from bots.selection import Query
from summarizer import Blurb

#: Under it the shelf stores papers that were shown on request; no real source has this name.
SHOWN_ON_REQUEST = "asked for"


class Subscriptions(Protocol):
    """Stores subscriptions."""

    async def keep_subscription(self, subscription: Subscription) -> None:
        """Store a subscription, replacing the one with the same id."""
        ...

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """Return a subscription by its id."""
        ...

    async def subscriptions(self, channel: Channel | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions of a channel, or all of them, oldest first."""
        ...

    async def subscription_counts(self, channel: Channel) -> tuple[int, int]:
        """Return the numbers of subscriptions of a channel and of its whole workspace."""
        ...

    async def drop_subscription(self, subscription_id: str) -> bool:
        """End a subscription; its runs and posted papers stay. Return False if there was none."""
        ...


class Shelf(Protocol):
    """Stores known papers, for look-ups and to distinguish a new list from a stale one.

    A private paper belongs to the owner of a place, and is read only with a place of that owner. Private and public
    records of one paper are stored apart, so nothing of a private record is ever read without its owner.
    """

    async def remember(self, papers: Sequence[Paper], *, source: str, day: date, place: Channel | None = None) -> None:
        """Store papers as listed by a source on a day; a paper stored already is merged with the new record.

        Raises:
            ValueError: a paper is private, and no place is given whose owner it belongs to.
        """
        ...

    async def known(self, source: str, before: date, *, place: Channel | None = None) -> frozenset[PaperId]:
        """Return the papers a source listed in the 14 days before a day."""
        ...

    async def paper(self, paper_id: PaperId, *, place: Channel | None = None) -> Paper | None:
        """Return a stored paper by any of its names; a public record comes first, private ones fill its gaps."""
        ...

    async def search_papers(self, words: str, limit: int, *, place: Channel | None = None) -> tuple[Paper, ...]:
        """Return stored papers whose title or abstract contain all the words, best match first."""
        ...

    async def find_papers(self, query: Query, limit: int, *, words: str = "", place: Channel | None = None) -> Matches:
        """Return stored papers that match a query; those that contain all the words come first, best match first.

        The first 5,000 papers that the database cannot rule out are compared with the whole query.
        """
        ...


class BlurbCache(Protocol):
    """Stores blurbs by the input they were made from."""

    async def blurb(self, key: str) -> Blurb | None:
        """Return the blurb stored under a key."""
        ...

    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:
        """Store a blurb under a key."""
        ...


class Readers(Protocol):
    """Stores the papers that people saved and those they turned down for a channel.

    Any name of a paper identifies it.
    """

    async def save_paper(self, reader: Reader, paper: Paper, *, now: datetime) -> bool:
        """Add a paper to a person's list; return False and change nothing if it is there already."""
        ...

    async def unsave_paper(self, reader: Reader, paper_id: PaperId) -> bool:
        """Remove a paper from a person's list; return False if it is not there."""
        ...

    async def saved_papers(self, reader: Reader, words: str = "") -> tuple[Paper, ...]:
        """Return the papers a person saved, the latest first.

        With words, only papers whose title or abstract contain them all.
        """
        ...

    async def turn_down(self, channel: Channel, paper_id: PaperId, *, user: str, now: datetime) -> bool:
        """Record that a person turned a paper down for a channel; return False if that person did so before."""
        ...

    async def take_back(self, channel: Channel, paper_id: PaperId) -> bool:
        """Withdraw, for every person, that a paper was turned down for a channel; return False if it was not."""
        ...

    async def hidden_papers(self, channel: Channel) -> tuple[HiddenPaper, ...]:
        """Return the papers turned down in a channel, without their records: each once, the last turned down first."""
        ...

    async def turned_down(self, channel: Channel, papers: Collection[PaperId]) -> frozenset[PaperId]:
        """Return which of the papers were turned down in the channel, by any person."""
        ...


class VectorCache(Protocol):
    """Stores vectors of public texts by the text they were made from."""

    async def vectors(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Return the vectors stored under some of the keys."""
        ...

    async def keep_vectors(self, vectors: Mapping[str, bytes], *, now: datetime) -> None:
        """Store each vector under its key."""
        ...


class Counters(Protocol):
    """Records one-time events and counts daily usage."""

    async def once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Record an event; return True for exactly one caller per kind and key, however many call at once.

        The event is remembered for at least a day.
        """
        ...

    async def undo_once(self, kind: str, key: str) -> None:
        """Forget an event whose handling failed, so that `once` returns True again for one caller."""
        ...

    async def spend(self, reader: Reader, kind: str, *, day: date, amount: int = 1, limit: int) -> bool:
        """Add to a person's count for a day; return False and count nothing if that would exceed the limit.

        A reader without a user stands for the whole workspace.
        """
        ...


class Workspaces(Protocol):
    """Stores the workspaces that installed Paperwire; tokens that outlast the process are encrypted."""

    async def keep_installation(self, installation: Installation) -> None:
        """Store an installation, replacing the one of the same workspace."""
        ...

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation of a workspace.

        Raises:
            StoreError: none of the keys decrypts it.
        """
        ...

    async def installations(self, platform: str) -> tuple[Installation, ...]:
        """Return every installation on a platform, ordered by workspace.

        Raises:
            StoreError: none of the keys decrypts one of them.
        """
        ...

    async def drop_installation(self, platform: str, workspace: str) -> bool:
        """Delete the installation of a workspace and nothing else; return False if there was none."""
        ...

    async def reseal_installations(self) -> int:
        """Re-encrypt with the newest key each installation and credential that an older one encrypted; return how many.

        Raises:
            StoreError: none of the keys decrypts one of them; then none is changed.
        """
        ...

    async def workspaces(self, platform: str) -> tuple[str, ...]:
        """Return every workspace of a platform that has stored data, sorted; a workspace without a name is left out."""
        ...

    async def purge_workspace(self, platform: str, workspace: str) -> int:
        """Delete every row that belongs to a workspace, in one transaction; return the number of rows.

        No part of the deleted text remains in the database's file.
        """
        ...

    async def damage(self, *, seconds: float) -> tuple[str, ...]:
        """Return what is damaged in the database, each as a clause; empty if nothing is.

        An examination that takes longer than `seconds` ends, and what was not examined is a clause, too.
        """
        ...

    async def expire(self, *, now: datetime) -> int:
        """Delete the texts that have reached their end, of every workspace; return the number of rows.

        These are private papers that are no longer listed, stored blurbs and vectors, the texts of messages that were
        sent long ago and of ended subscriptions, and old events and counts. A person's saved papers, a channel's
        feedback, its subscriptions and what is followed have no end.
        """
        ...

    async def prune(self, kept: Retention, *, now: datetime, most: int) -> Pruned:
        """Delete one batch of what is older than its retention, and return what was deleted; nothing when all is gone.

        That a paper was posted in a channel is kept for ever, under every name that the paper ever had. A run is kept
        if one of its parts may still be posted, or if it is the last of a subscription, or its last with no source
        missing. A paper is kept if a source listed it since, or if a channel hid it or said something of it.

        Args:
            kept: how long things are kept.
            now: the current time.
            most: the number of runs, or of listings of papers, in a batch.
        """
        ...


class Mailboxes(Protocol):
    """Stores the mail addresses that digests are sent to; `purge_workspace` deletes one with everything it has."""

    async def keep_mailbox(self, mailbox: Mailbox) -> Mailbox:
        """Store a mailbox, replacing the one with the same id; return the stored one.

        If another mailbox has the same address, nothing is changed, and that one is returned.
        """
        ...

    async def mailbox(self, mailbox_id: str) -> Mailbox | None:
        """Return a mailbox by its id."""
        ...

    async def mailbox_of(self, address_key: str) -> Mailbox | None:
        """Return the mailbox with an address."""
        ...

    async def mailboxes(self) -> tuple[Mailbox, ...]:
        """Return all mailboxes, oldest first."""
        ...


class Store(
    Subscriptions,
    Ledger,
    Leases,
    Shelf,
    Listings,
    Published,
    Archive,
    PaperIndex,
    BlurbCache,
    VectorCache,
    Readers,
    Tastes,
    Follows,
    Counters,
    Workspaces,
    Mailboxes,
    SignIns,
    Credentials,
    Plans,
    Deeds,
    Protocol,
):
    """Combines all of the above in one database.

    Every method raises StoreError, with what to do, if the database cannot be read or written.
    """
