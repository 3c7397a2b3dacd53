"""Modals for reading and pasting. Pure functions. `subscription_form.py` has the subscription modal."""

import json
from collections.abc import Iterable, Mapping

from bots.chat.phrases import cut, pieces
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.replies import Reply
from bots.domain.requests import Lookup, Request, Summarize
from bots.slack.actions import AnswerRequest
from bots.slack.blocks import Json, plain, said
from bots.slack.compact import paper_pieces
from bots.slack.entries import head_pieces
from bots.slack.fields import MAX_FIELD, Refused, choice, filled, refused, text_input
from bots.slack.message_text import papers_in
from bots.slack.messages import Piece
from bots.slack.outgoing import reply_pieces
from bots.slack.payloads import location_of
from summarizer import Style

# docs.slack.dev/reference/views and docs.slack.dev/surfaces/modals
MAX_TITLE = 24
MAX_BLOCKS = 100
MAX_METADATA = 3000
#: Slack refuses a view of 250 kB; this leaves room for the parts outside the blocks.
MAX_BYTES = 220_000
#: The callback id in the payload of a submitted modal.
SUMMARIZE = "summarize"

_STYLES = {Style.ONE_LINE: "One line", Style.SHORT: "Short", Style.STRUCTURED: "Structured"}
_MOST_TITLE = 300
_TITLES: Mapping[type, str] = {
    replies.Card: "Paper",
    replies.CardList: "Papers",
    replies.BlurbReply: "In short",
    replies.DigestReply: "Digest",
    replies.SubscriptionList: "Subscriptions",
    replies.WholeAbstract: "Abstract",
    replies.SavedList: "Saved papers",
    replies.Citation: "BibTeX",
    replies.HelpReply: "Help",
    replies.Problem: "Request failed",
}


def modal(title: str, blocks: Iterable[Json], *, channel: Channel, subscription: str = "", **more: object) -> Json:
    """Return a modal; requests made in it belong to the channel.

    Args:
        subscription: the id of the subscription that it edits; empty for none.
    """
    about = {"channel": channel.channel, **({"order": subscription} if subscription else {})}
    return {
        "type": "modal",
        "title": plain(title, MAX_TITLE),
        "close": plain("Close", MAX_TITLE),
        "private_metadata": json.dumps(about)[:MAX_METADATA],
        "blocks": list(blocks),
        **more,
    }


def styles() -> Mapping[str, str]:
    """Return the blurb styles for a menu: value to label."""
    return {style.value: label for style, label in _STYLES.items()}


def fitted(shown: Iterable[Piece], blocks: int = MAX_BLOCKS, size: int = MAX_BYTES) -> list[Json]:
    """Return the blocks of as many pieces as fit in a view, and a count of those left out."""
    kept: list[Json] = []
    waiting = list(shown)
    while waiting:
        # One block is reserved for the count of pieces left out.
        size -= len(json.dumps(waiting[0].blocks))
        if len(kept) + len(waiting[0].blocks) > blocks - 1 or size < 0:
            return [*kept, said(f"{len(waiting):,} more do not fit here.")]
        kept += waiting.pop(0).blocks
    return kept


def reply_modal(reply: Reply, channel: Channel) -> Json:
    """Return a reply of any kind as a modal."""
    return modal(_TITLES.get(type(reply), "Paperwire"), fitted(reply_pieces(reply)), channel=channel)


def preview_modal(digest: Digest) -> Json:
    """Return the digest that a subscription would produce now, as a modal without buttons."""
    shown = (*head_pieces(digest), *paper_pieces(digest, buttons=False))
    return modal("Preview", fitted(shown), channel=digest.channel)


def summarize_modal(channel: Channel, text: str = "", title: str = "") -> Json:
    """Return the modal for pasting an abstract; it has two fields, because a Slack field takes 3,000 characters."""
    advice = (
        f"Each field takes {MAX_FIELD:,} characters. A text of more than {2 * MAX_FIELD:,} belongs in a direct message "
        "to me; of a paper that is online, the address is enough."
    )
    first, second, *_ = (*pieces(text, MAX_FIELD), "", "")
    blocks = [
        said(advice),
        text_input("abstract", "Abstract", first, optional=False, multiline=True, max_length=MAX_FIELD),
        text_input("more", "The rest, if it did not fit above", second, multiline=True, max_length=MAX_FIELD),
        text_input("title", "Title", title, hint="Optional. Helps to separate the paper's own work from earlier work."),
        choice("style", "Style", styles(), Style.SHORT, kind="radio_buttons"),
    ]
    return modal("Summarize", blocks, channel=channel, callback_id=SUMMARIZE, submit=plain("Summarize", MAX_TITLE))


def read_summarize(payload: object) -> AnswerRequest | Refused:
    """Return the request in a submitted modal, or its validation errors.

    Raises:
        BadCommand: the modal is not ours.
    """
    location = location_of(payload)
    view = payload.get("view") if isinstance(payload, dict) else None
    first, second = filled(view, "abstract"), filled(view, "more")
    # A text that fills the first field was cut there, possibly within a word.
    text = (first + second if len(first) >= MAX_FIELD else f"{first} {second}").strip()
    if not text:
        return refused([("abstract", "Paste an abstract, or the address of a paper.")])
    links = papers_in(text)
    if links and len(text.split()) == 1:
        request: Request = Lookup(channel=location.channel, user=location.user, text=links[0])
    else:
        title = cut(" ".join(filled(view, "title").split()), _MOST_TITLE)
        style = next((style for style in Style if style.value == filled(view, "style")), Style.SHORT)
        request = Summarize(channel=location.channel, user=location.user, text=text, title=title, style=style)
    return AnswerRequest(location=location, request=request)
