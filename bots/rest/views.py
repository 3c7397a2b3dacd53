"""The operations of the API: each turns a call into the request that a chat would send, and the reply into JSON."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from bots.commands import read_given, subscription_of
from bots.domain import replies, requests
from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadPaperId
from bots.domain.export_formats import ExportFormat
from bots.domain.paper_ids import PaperId, PaperRef, read_ref
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from bots.domain.requests import SearchOrder
from bots.domain.subscriptions import SortBy
from bots.exports import exported, file_name
from bots.presentation.reply_data import as_json, entry_data, paper_data
from bots.rest.calls import Response
from bots.rest.cursors import mark_cursor, offset_cursor, read_mark, read_offset
from bots.rest.operations import Asking, Json, belongs, checked_text
from bots.rest.problems import ApiProblem, bad, missing, refused
from bots.selection import Pick
from summarizer import Style

#: Characters of a pasted abstract; the summarizer has its own, lower limit and says so.
MOST_PASTED = 50_000
PERIODS = {"day": 1, "week": 7, "month": 31}
_NO_CONTENT = 204


async def _answered(asking: Asking, request: requests.Request) -> Reply:
    """Return the reply to a request.

    Raises:
        ApiProblem: the reply reports a problem.
    """
    reply = await asking.outlet.service.answer(request)
    if isinstance(reply, replies.Problem):
        raise refused(reply)
    return reply


async def search(asking: Asking) -> Json:
    """List papers that match words or a query."""
    values = asking.values
    offset, limit = read_offset(values["cursor"] or ""), values["limit"]
    request = requests.Search(
        **asking.where,
        words=values["q"],
        limit=limit,
        offset=offset,
        order=SearchOrder(values["order"]),
        only=values["only"] or "",
        live=values["live"] == "true",
    )
    # A library may take its time, in which the processor is free.
    reader = Reader(platform="web", user=f"token {asking.token.id}")
    async with nullcontext() if request.live else asking.outlet.searching.turn(reader):
        reply = await _answered(asking, request)
    if isinstance(reply, replies.Card):
        return {"items": [entry_data(reply.entry)], "total": 1, "notes": [], "next_cursor": None}
    if not isinstance(reply, replies.CardList):
        raise ApiProblem(503, "The search gave no list.")
    after = reply.offset + len(reply.entries)
    more = reply.total is not None and after < reply.total and len(reply.entries) > 0
    return {
        "items": [entry_data(entry) for entry in reply.entries],
        "total": reply.total,
        "notes": list(reply.notes),
        "next_cursor": offset_cursor(after) if more else None,
    }


async def paper(asking: Asking) -> Json:
    """Show one paper with its blurb."""
    ref = _ref(asking.values["id"])
    request = requests.Abstract(**asking.where, paper_id=ref.id, version=ref.version)
    reply = await _answered(asking, request)
    if not isinstance(reply, replies.WholeAbstract):
        raise ApiProblem(503, "The look-up gave no paper.")
    return entry_data(await asking.outlet.service.digest_builder.blurbs.entry(reply.paper, Style.SHORT))


async def summarize(asking: Asking) -> Json:
    """Condense an abstract; nothing of it is stored."""
    text = checked_text(asking.body, "text", most=MOST_PASTED, required=True)
    title = checked_text(asking.body, "title", most=1000)
    style = checked_text(asking.body, "style", most=20) or Style.ONE_LINE
    if style not in set(Style):
        raise bad("`style` is not one of its values.", f"Give one of: {', '.join(Style)}.")
    return as_json(
        await _answered(asking, requests.Summarize(**asking.where, text=text, title=title, style=Style(style)))
    )


async def trending(asking: Asking) -> Json:
    """List the public papers that sources listed on a day, in a week or in a month, the most popular first."""
    values, store = asking.values, asking.outlet.service.store
    offset, limit = read_offset(values["cursor"] or ""), values["limit"]
    last = values["day"]
    if last is None:
        days = await store.listed_days(asking.call.now.date(), limit=1)
        last = days[0][0] if days else asking.call.now.date()
    first = last - timedelta(days=min(PERIODS[values["period"]] - 1, (last - last.min).days))
    names = await store.listed_papers(first, last, sort_by=SortBy(values["order"]), limit=offset + limit + 1)
    papers = await store.public_papers(names[offset : offset + limit])
    more = len(names) > offset + limit
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "items": await _entries(asking, papers),
        "next_cursor": offset_cursor(offset + limit) if more else None,
    }


async def _entries(asking: Asking, papers: Sequence[Paper]) -> list[Json]:
    made = await asking.outlet.service.digest_builder.entries([Pick(paper=each) for each in papers], Style.ONE_LINE)
    return [entry_data(entry) for entry in made]


async def posted(asking: Asking) -> Json:
    """List the papers that were posted in a channel, the last message first."""
    values, channel = asking.values, _channel(asking)
    store = asking.outlet.service.store
    page = await store.posted_papers(channel, limit=values["limit"], before=read_mark(values["cursor"] or ""))
    more = bool(page) and bool(await store.posted_papers(channel, limit=1, before=page[-1].mark))
    items = [{"paper": paper_data(each.paper), "posted_at": each.mark.at.isoformat()} for each in page]
    return {"items": items, "next_cursor": mark_cursor(page[-1].mark) if more else None}


def _channel(asking: Asking) -> Channel:
    named = asking.values["channel"]
    try:
        channel = Channel.parse(named) if named else asking.token.channel
    except ValueError as error:
        raise bad("`channel` is no channel.", "Write it like this: slack:T012AB3CD:C012AB3CD.") from error
    if not belongs(channel, asking.token):
        raise ApiProblem(403, "This channel is not of the token's workspace.", "Make a token for that workspace.")
    return channel


async def subscriptions(asking: Asking) -> Json:
    """List the subscriptions of the token's workspace, each with the instant it is next due."""
    listed = await asking.outlet.service.standing(among=lambda channel: belongs(channel, asking.token))
    return {"items": as_json(listed)["items"]}


async def subscribe(asking: Asking) -> Json:
    """Create a subscription of the token's channel, with the options that chats have."""
    given = [(name, value) for name in asking.body for value in _options(asking, name)]
    made = subscription_of(read_given(given, today=asking.call.now.date()), asking.token.channel)
    return as_json(await _answered(asking, requests.Subscribe(**_here(asking), subscription=made)))


#: The options of a subscription, as chats have them, and what each says.
OPTIONS = {
    "source": "Where the papers come from, such as arxiv:cs.CL; several are separated by commas.",
    "query": "Keywords and fields that papers must match.",
    "interests": "Subjects in plain words: the papers nearest to them come first.",
    "category": "Categories of the papers, such as cs.CL, stat.*",
    "sort": "trending or newest.",
    "limit": "Maximum number of papers.",
    "style": "The form of the blurbs: one-line, short or structured.",
    "at": "Times of day such as 09:00,17:30, or announced.",
    "on": "Days: weekdays, daily, mon-fri.",
    "zone": "Time zone such as Europe/Berlin.",
    "every": "day, week or month.",
    "empty": "On days without papers: say, trouble or silent.",
}


def _options(asking: Asking, name: str) -> Sequence[str]:
    if name not in OPTIONS:
        raise bad("There is an option that no subscription has.", f"Give some of: {', '.join(OPTIONS)}.")
    return (checked_text(asking.body, name, most=500),)


async def unsubscribe(asking: Asking) -> Response:
    """End a subscription of the token's channel."""
    held = await asking.outlet.service.store.subscription(asking.values["id"])
    if held is None or held.channel != asking.token.channel:
        raise missing("There is no such subscription.", f"GET {asking.call.path.rpartition('/')[0]} lists them.")
    request = requests.Unsubscribe(**_here(asking), subscription_id=held.id)
    await _answered(asking, request)
    return Response(status=_NO_CONTENT, type="")


def _here(asking: Asking) -> dict[str, Any]:
    return {"channel": asking.token.channel, "user": asking.token.user}


async def saved(asking: Asking) -> Json:
    """List the saved papers of the token's person, the latest first."""
    reply = await _answered(asking, requests.Saved(**asking.where, words=asking.values["words"] or ""))
    if not isinstance(reply, replies.SavedList):
        raise ApiProblem(503, "The list gave no papers.")
    offset, limit = read_offset(asking.values["cursor"] or ""), asking.values["limit"]
    shown = reply.papers[offset : offset + limit]
    more = len(reply.papers) > offset + limit
    return {
        "items": [paper_data(each) for each in shown],
        "total": len(reply.papers),
        "next_cursor": offset_cursor(offset + limit) if more else None,
    }


async def save(asking: Asking) -> Json:
    """Add a paper to the saved papers of the token's person."""
    ref = _ref(asking.values["id"])
    return as_json(await _answered(asking, requests.Save(**asking.where, paper_id=ref.id)))


async def unsave(asking: Asking) -> Json:
    """Remove a paper from the saved papers of the token's person."""
    ref = _ref(asking.values["id"])
    return as_json(await _answered(asking, requests.Unsave(**asking.where, paper_id=ref.id)))


async def export(asking: Asking) -> Response:
    """Write a paper, or all saved papers, as a file."""
    form = ExportFormat(asking.values["format"])
    if asking.values["paper"]:
        ref = _ref(asking.values["paper"])
        reply = await _answered(asking, requests.Abstract(**asking.where, paper_id=ref.id, version=ref.version))
    else:
        reply = await _answered(asking, requests.Saved(**asking.where))
    papers = reply.papers if isinstance(reply, replies.SavedList) else ()
    if isinstance(reply, replies.WholeAbstract):
        papers = (reply.paper,)
    named = {"Content-Disposition": f'attachment; filename="{file_name(form)}"'}
    return Response(body=exported(papers, form), type=f"{form.media_type}; charset=utf-8", headers=named)


def _ref(text: str) -> PaperRef:
    """Return the paper that an address names.

    Raises:
        ApiProblem: the text is no id.
    """
    if text.startswith("text:"):
        return PaperRef(id=PaperId.parse(text))
    try:
        return read_ref(text)
    except BadPaperId as error:
        raise bad("This is not the id, the address or the DOI of a paper.", error.hint) from error
