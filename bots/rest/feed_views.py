"""Answers the requests for feeds: of a channel, of a query, of an author."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID, uuid5

from bots.domain.channels import Channel, Reader
from bots.domain.credentials import CredentialKind
from bots.domain.digests import Entry
from bots.domain.errors import BadQuery
from bots.domain.posted import PostedPaper
from bots.domain.subscriptions import DIGEST_STYLE
from bots.feeds import Feed, FeedFormat, FeedItem, feed_item, written
from bots.feeds.feed import sound
from bots.rest.calls import Call, Outlet, Response
from bots.rest.conditional import conditional
from bots.rest.cursors import mark_cursor, read_mark
from bots.rest.feed_keys import key_id_of, opens, title_of
from bots.rest.problems import bad, missing
from bots.selection import Pick, parse_query

#: Items of a page: feed readers ask about once an hour, in which a channel gets at most one digest.
_PAGE = 30
#: Pages of a query's feed: readers want what is new, and archives have the API.
_MOST_PAGES = 20
_LONGEST_QUERY = 500
#: The space of the ids of feeds, drawn at random once.
_SPACE = UUID("0f4c1f5e-90b3-4b1b-8a4e-2f4c2f3f7c55")
#: A feed that everyone may read may be kept by a shared cache; five minutes are no delay to anyone.
_PUBLIC, _PRIVATE = "public, max-age=300", "private, max-age=300"


async def channel_feed(outlet: Outlet, call: Call) -> Response:
    """Return the papers that were posted in a channel, the latest message first.

    Raises:
        ApiProblem: the address is of no channel, or was replaced.
    """
    form, token = _form(call), call.parts["token"]
    channel, title, public = await _opened(outlet, token, call.now)
    before = read_mark(call.query.get("before", ""))
    store = outlet.service.store
    page = await store.posted_papers(channel, limit=_PAGE, before=before)
    more = bool(page) and bool(await store.posted_papers(channel, limit=1, before=page[-1].mark))
    items = await _items(outlet, page, public=public)
    own = f"{outlet.url}/feeds/channel/{quote(token, safe='')}.{form}"
    feed = Feed(
        id=f"urn:uuid:{uuid5(_SPACE, f'channel {channel}')}",
        title=sound(title) or "Paperwire",
        description="The papers that were posted in the channel.",
        home=f"{outlet.url}/",
        url=_with(own, before=call.query.get("before", "")),
        following=_with(own, before=mark_cursor(page[-1].mark)) if more else "",
        items=items,
    )
    return _answer(call, feed, form, _PUBLIC if public else _PRIVATE)


async def _opened(outlet: Outlet, token: str, now: datetime) -> tuple[Channel, str, bool]:
    """Return the channel that an address opens, the title of its feed, and whether everyone may read it."""
    for name, channel in outlet.public_channels:
        if token == str(channel):
            return channel, name, True
    key_id = key_id_of(token)
    key = await outlet.service.store.credential(CredentialKind.FEED, key_id) if key_id else None
    if key is None or not opens(key, token, now=now):
        raise missing(
            "There is no feed at this address.", "Its address may have been replaced: ask who gave it to you."
        )
    return key.channel, title_of(key), False


async def _items(outlet: Outlet, page: tuple[PostedPaper, ...], *, public: bool) -> tuple[FeedItem, ...]:
    shown = await _public(outlet, page) if public else page
    picks = [Pick(paper=each.paper) for each in shown]
    entries = await outlet.service.digest_builder.entries(picks, DIGEST_STYLE)
    made = (feed_item(entry, each.mark.at) for entry, each in zip(entries, shown, strict=True))
    return _unique(made)


async def _public(outlet: Outlet, page: tuple[PostedPaper, ...]) -> tuple[PostedPaper, ...]:
    """Return what everyone may read: of a paper that a workspace also has in a private file, the public record."""
    found = await outlet.service.store.public_papers([each.paper.id for each in page])
    known = {name: paper for paper in found for name in paper.names}
    return tuple(replace(each, paper=known[each.paper.id]) for each in page if each.paper.id in known)


async def search_feed(outlet: Outlet, call: Call) -> Response:
    """Return the newest public papers that match a query.

    Raises:
        ApiProblem, BadQuery: there is no query, or it cannot be read.
    """
    words = call.query.get("q", "").strip()
    if not words:
        raise bad("There is no query.", "Give one as `?q=`, such as ?q=ti:agents or ?q=“KV cache”.")
    return await _of_query(outlet, call, words, title=f"Papers: {words}", own=_with(_path(outlet, call), q=words))


async def author_feed(outlet: Outlet, call: Call) -> Response:
    """Return the newest public papers of an author.

    Raises:
        ApiProblem, BadQuery: there is no name.
    """
    name = " ".join(call.query.get("name", "").replace('"', " ").split())
    if not any(map(str.isalpha, name)):
        raise bad("There is no name.", "Give one as `?name=`, such as ?name=Ada+Lovelace.")
    own = _with(_path(outlet, call), name=name)
    return await _of_query(outlet, call, f'au:"{name}"', title=f"Papers by {name}", own=own)


async def _of_query(outlet: Outlet, call: Call, words: str, *, title: str, own: str) -> Response:
    form, page = _form(call), _page(call)
    if len(words) > _LONGEST_QUERY:
        raise BadQuery(f"The query has more than {_LONGEST_QUERY} characters.", hint="Give a shorter one.")
    most = page * _PAGE
    query = parse_query(words)
    async with outlet.searching.turn(Reader(platform="web", user=call.client)):
        found = (await outlet.service.store.find_papers(query, most + 1, place=None)).papers
    made = (feed_item(Entry(paper=paper)) for paper in found[most - _PAGE : most] if not paper.private)
    joint = "&" if "?" in own else "?"
    feed = Feed(
        id=f"urn:uuid:{uuid5(_SPACE, f'query {words}')}",
        title=sound(title)[:200] or "Papers",
        description="New papers, as their sources list them.",
        home=f"{outlet.url}/search?{urlencode({'q': words})}",
        url=own if page == 1 else f"{own}{joint}page={page}",
        following=f"{own}{joint}page={page + 1}" if len(found) > most and page < _MOST_PAGES else "",
        items=tuple(sorted(_unique(made), key=lambda item: item.updated, reverse=True)),
    )
    return _answer(call, feed, form, _PUBLIC)


def _answer(call: Call, feed: Feed, form: FeedFormat, cache: str) -> Response:
    return conditional(call, written(feed, form), form.media_type, feed.updated, cache=cache)


def _unique(made: Iterable[FeedItem | None]) -> tuple[FeedItem, ...]:
    """Return the items that could be made, each id once: the first, which is the latest."""
    found: dict[str, FeedItem] = {}
    for item in filter(None, made):
        found.setdefault(item.id, item)
    return tuple(found.values())


def _form(call: Call) -> FeedFormat:
    return FeedFormat(call.parts["form"])


def _page(call: Call) -> int:
    said = call.query.get("page", "1")
    if not (said.isascii() and said.isdigit() and len(said) < 4 and 1 <= int(said) <= _MOST_PAGES):
        raise bad(f"There is no page {said[:20]!r}.", f"Pages are numbered from 1 to {_MOST_PAGES}.")
    return int(said)


def _path(outlet: Outlet, call: Call) -> str:
    return f"{outlet.url}{call.path}"


def _with(address: str, **query: str) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode(kept)}" if kept else address
