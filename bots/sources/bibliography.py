"""A bibliography on the web: BibTeX, RIS or any other list of papers that a file may be, by its address."""

import asyncio
from typing import ClassVar
from urllib.parse import urlsplit

from bots.chat.encodings import decode
from bots.config.source_descriptions import SourceDescription
from bots.config.values import Setting, addresses
from bots.domain.errors import SettingsError, SourceRefused
from bots.domain.harvests import Harvest
from bots.ports import SourceQuery
from bots.sources._allowed_hosts import reach_of
from bots.sources._unpacking import GZIP, Broken, TooLarge, gunzipped
from bots.sources.context import SourceContext
from bots.sources.listed_papers import for_day
from bots.sources.page_answers import check_status, named_address
from bots.sources.reading.formats import parse, refused_bytes
from bots.sources.reading.result import Reading
from bots.sources.web import Page, Web
from bots.translation.speech import gettext_lazy

# The whole ACL Anthology as BibTeX has 40 MB; a group's library has some hundred kilobytes.
_LIMIT = 20 * 1024 * 1024
_TYPES = "application/x-bibtex, application/x-research-info-systems, text/plain;q=0.9, */*;q=0.5"


class Bibliography:
    """The papers of a bibliography at an address, such as a group's library exported by its reference manager."""

    description: ClassVar[SourceDescription] = SourceDescription(
        title="bibliography",
        says="BibTeX, RIS, CSV or JSON at an address, such as a group's library",
        argument="The address of the list (https), such as a public library of Zotero in BibTeX.",
        usage="bib:URL",
        examples=("bib:https://aclanthology.org/volumes/2024.acl-long.bib",),
        settings=(
            Setting(
                name="feed_hosts",
                default="",
                says="Addresses in your own network, such as http://feeds.lab.example.org, that `feed:` and `bib:` may "
                "read although they are not on the public internet. Anybody in a connected chat can then read feeds "
                "and bibliographies there.",
                read=addresses,
            ),
        ),
        # There is no bibliography of everybody's to offer.
        offered=False,
        open_web=True,
    )

    def __init__(self, address: str, web: Web) -> None:
        self.spec = f"bib:{address}"
        self._address = address
        self._host = urlsplit(address).hostname or ""
        self._web = web

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "Bibliography":
        """Return the source of `bib:https://…`.

        Raises:
            SettingsError: the argument is no address that may be read.
        """
        if not argument.strip():
            raise SettingsError(
                gettext_lazy("A bibliography needs an address."),
                hint=gettext_lazy("Write bib:https://… with the list's address."),
            )
        return cls(named_address(argument, "bib", reach_of(cls.description, context.settings)), context.web)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the papers of the list; if they have days on which they were listed, those of the requested day.

        What a channel has shown, it does not show again, so that a digest brings what was added to the list.
        """
        page = await self._web.get(self._address, accept=_TYPES, limit=_LIMIT)
        check_status(page, gettext_lazy("The list at {host}", host=self._host))
        # In a thread: a large bibliography takes seconds.
        reading = await asyncio.to_thread(self._read, page)
        return for_day(self.spec, reading, ask, gettext_lazy("The list"))

    def _read(self, page: Page) -> Reading:
        body = page.body
        if body.startswith(GZIP):
            try:
                body = gunzipped(body, _LIMIT)
            except (TooLarge, Broken) as error:
                raise SourceRefused(
                    gettext_lazy("The list at {host} is a damaged or far too large gzip file.", host=self._host)
                ) from error
        if refused := refused_bytes(body, self.spec):
            raise refused
        if not body.strip():
            raise SourceRefused(
                gettext_lazy("The list at {host} is empty.", host=self._host), hint=gettext_lazy("Check the address.")
            )
        written = decode(body)
        if written is None:
            raise SourceRefused(
                gettext_lazy("The list at {host} is not text.", host=self._host),
                hint=gettext_lazy("Give the address of BibTeX or RIS."),
            )
        return parse(written, self.spec)
