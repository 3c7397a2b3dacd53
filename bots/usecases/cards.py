"""Answers look-ups and searches: one paper as a card, several as a list of cards."""

import asyncio
from dataclasses import dataclass, replace

from bots.digests.builder import DigestBuilder
from bots.domain import replies, requests
from bots.domain.digests import Entry
from bots.domain.errors import BadQuery
from bots.domain.papers import Paper
from bots.ports import SHOWN_ON_REQUEST, Adapters, Clock, Store
from bots.selection import Pick
from bots.translation.speech import gettext
from bots.usecases.lookup import Found, PaperLookup, is_ref, named_in, same_title
from bots.usecases.paper_search import PaperSearch
from bots.usecases.postings import Postings
from bots.usecases.search_index import SearchIndex
from summarizer import Style

#: A paper shown alone has space for its result; a paper in a list has one line.
_CARD_STYLE = Style.SHORT
_LIST_STYLE = Style.ONE_LINE
#: The number of hits that fit one screen of chat.
_LOOKUP_LIMIT = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Cards:
    """Finds papers for people and shows them."""

    store: Store
    digest_builder: DigestBuilder
    paper_lookup: PaperLookup
    search_index: SearchIndex
    clock: Clock
    adapters: Adapters

    async def lookup(self, request: requests.Asked, text: str) -> replies.Card | replies.CardList:
        """Return the papers that a text names by ids, or those that its words find.

        Raises:
            BadPaperId: the text is an address that names no paper.
            PaperNotFound, SourceDown: as `PaperLookup.by_refs`.
        """
        refs = named_in(text)
        if not refs:
            return await self._words(request, text)
        # An earlier version must not become what later look-ups take for the newest.
        newest = all(ref.version is None for ref in refs)
        if len(refs) == 1:
            paper, note = await self.paper_lookup.by_ref(refs[0], request.here)
            if not note:
                return await self._card(request, paper, remember=newest)
            return await self.listed(request, text, Found(papers=(paper,), notes=(note,)), remember=newest)
        found = await self.paper_lookup.by_refs(refs, _LOOKUP_LIMIT, request.here)
        return await self.listed(request, text, found, remember=newest)

    async def _words(self, request: requests.Asked, words: str) -> replies.Card | replies.CardList:
        found = await self._search.find(_as_search(request, words))
        exact = [paper for paper in found.papers if same_title(paper.title, words)]
        if found.total == 1 or exact:
            return await self._card(request, exact[0] if exact else found.papers[0])
        return await self.listed(request, words, found)

    async def search(self, request: requests.Search) -> replies.Card | replies.CardList:
        """Return one page of the papers that fit a search.

        Raises:
            BadQuery: there is no word, or an operator or a sign that cannot be obeyed.
            SourceDown: no library could be searched, and no stored paper fits.
        """
        if not any(map(str.isalnum, request.words)):
            hint = gettext("Give words of a title or an abstract.")
            raise BadQuery(gettext("There are no words to search for."), hint=hint)
        if is_ref(request.words):
            return await self.lookup(request, request.words)
        found = await self._search.find(request)
        # Without libraries, everything found is stored already.
        listed = await self.listed(request, request.words, found, remember=request.live, blurbs=request.blurbs)
        return replace(listed, total=found.total, offset=request.offset)

    @property
    def _search(self) -> PaperSearch:
        return PaperSearch(shelf=self.store, index=self.search_index, paper_lookup=self.paper_lookup)

    async def _card(self, request: requests.Asked, paper: Paper, *, remember: bool = True) -> replies.Card:
        # Side by side: to store a paper, it may have to wait for those of digests.
        _, entry = await asyncio.gather(
            self._remember(request, (paper,) if remember else ()),
            self.digest_builder.blurbs.entry(paper, _CARD_STYLE),
        )
        (shown,) = await self._postings.of(request, (entry,))
        return replies.Card(entry=shown)

    async def listed(
        self, request: requests.Asked, words: str, found: Found, *, remember: bool = True, blurbs: bool = True
    ) -> replies.CardList:
        """Return papers as a list of cards, with where they were posted.

        Args:
            request: who asks, and where.
            words: what was asked for.
            found: the papers, with notes.
            remember: whether to store them.
            blurbs: whether each gets a blurb.
        """
        await self._remember(request, found.papers if remember else ())
        if blurbs:
            entries = await self.digest_builder.entries([Pick(paper=paper) for paper in found.papers], _LIST_STYLE)
        else:
            entries = tuple(Entry(paper=paper) for paper in found.papers)
        return replies.CardList(words=words, entries=await self._postings.of(request, entries), notes=found.notes)

    @property
    def _postings(self) -> Postings:
        return Postings(index=self.store, adapters=self.adapters)

    async def _remember(self, request: requests.Asked, papers: tuple[Paper, ...]) -> None:
        """Store shown papers on our shelf, so that later requests about them work even if every library fails.

        A private paper that is known here stays as it is: it belongs to the place that its source is read for, and a
        look at it does not put off its end.
        """
        new = [
            paper
            for paper in papers
            if not paper.private or await self.store.paper(paper.id, place=request.here) is None
        ]
        await self.store.remember(new, source=SHOWN_ON_REQUEST, day=self.clock().date(), place=request.here)


def _as_search(request: requests.Asked, words: str) -> requests.Search:
    return requests.Search(
        channel=request.channel,
        user=request.user,
        trusted=request.trusted,
        place=request.place,
        words=words,
        limit=_LOOKUP_LIMIT,
    )
