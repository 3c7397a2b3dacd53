"""Links between the saved papers of a person or a channel and a library of Zotero, and the push of what is new."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.domain.channels import Channel, Reader
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.errors import NotAllowed
from bots.domain.feedback import Sign
from bots.domain.papers import Paper
from bots.ports import Clock, Store
from bots.zotero.api import MOST_ITEMS, Written, ZoteroApi
from bots.zotero.items import item_key, item_of

_ID_BYTES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushed:
    """What a push did."""

    new: int
    #: In the library before, or deleted there by somebody; left as it is.
    known: int
    #: The titles of papers that Zotero refused, each with its reason.
    failed: Mapping[str, str]


def library_of(owner: Mapping[str, Any], group: str) -> str:
    """Return the library that a key may write to: the group's, or that of the key's owner.

    Raises:
        NotAllowed: the key may not write there.
    """
    access = owner.get("access") or {}
    if group:
        groups = access.get("groups") or {}
        if not (groups.get(group) or groups.get("all") or {}).get("write"):
            raise NotAllowed(
                f"This key may not write to the group {group}.", hint="Give it write access at zotero.org."
            )
        return f"groups/{group}"
    if not (access.get("user") or {}).get("write"):
        raise NotAllowed("This key may not write to the library.", hint="Give it write access at zotero.org.")
    return f"users/{owner.get('userID')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoteroLinks:
    """The links of a store."""

    store: Store
    clock: Clock

    async def add(self, place: Channel, *, person: bool, key: str, library: str, collection: str) -> Credential:
        """Store a link, replacing the one of the same place and library.

        Args:
            place: a channel, or a person as a place.
            person: whether it is a person.
            key: the key of the API, which is encrypted.
            library: `users/ID` or `groups/ID`.
            collection: the key of a collection; empty for none.

        Raises:
            StoreError: there is no key to encrypt it.
        """
        held = await self.store.credentials(CredentialKind.ZOTERO, place)
        same = next((each for each in held if each.facts.get("library") == library), None)
        made = Credential(
            kind=CredentialKind.ZOTERO,
            id=same.id if same else secrets.token_hex(_ID_BYTES),
            channel=place,
            created=self.clock(),
            facts={
                "person": person,
                "library": library,
                "collection": collection,
                "pushed": list(same.facts.get("pushed", ())) if same else [],  # type: ignore[call-overload]  # JSON
            },
            secrets={"key": key},
        )
        await self.store.keep_credential(made)
        return made

    async def push(self, link: Credential, api: ZoteroApi) -> Pushed:
        """Add the papers to the library that were saved since the last push.

        What was added is recorded after each request, so that a push that ends half-way is continued by the next one.

        Raises:
            NotAllowed, ZoteroError: Zotero refuses, or cannot be asked.
            StoreError: the database cannot be read or written.
        """
        before = frozenset(map(str, link.facts["pushed"]))  # type: ignore[call-overload]  # JSON
        papers = {item_key(paper): paper for paper in await self._saved(link)}
        left = [key for key in papers if key not in before]
        new, known, failed, done = 0, len(papers) - len(left), dict[str, str](), set(before)
        for start in range(0, len(left), MOST_ITEMS):
            keys = left[start : start + MOST_ITEMS]
            there = await api.existing(str(link.facts["library"]), keys)
            missing = [key for key in keys if key not in there]
            made = await self._create(link, api, [papers[key] for key in missing])
            new, known = new + len(made.new), known + len(there) + len(made.known)
            failed |= {papers[key].title: reason for key, reason in made.failed.items()}
            done |= {*there, *made.new, *made.known}
            await self.store.keep_credential(replace(link, facts={**link.facts, "pushed": sorted(done)}))
        return Pushed(new=new, known=known, failed=failed)

    async def _create(self, link: Credential, api: ZoteroApi, papers: Sequence[Paper]) -> Written:
        if not papers:
            return Written(new=(), known=(), failed={})
        items = [item_of(paper, str(link.facts["collection"])) for paper in papers]
        return await api.create(str(link.facts["library"]), items)

    async def _saved(self, link: Credential) -> Iterable[Paper]:
        """Return the saved papers of a person, or those that anybody saved in a channel, the first saved first."""
        place = link.channel
        if link.facts["person"]:
            reader = Reader(platform=place.platform, workspace=place.workspace, user=place.channel)
            return reversed(await self.store.saved_papers(reader))
        said = await self.store.feedback(place)
        return [each.paper for each in reversed(said) if each.sign is Sign.SAVED]
