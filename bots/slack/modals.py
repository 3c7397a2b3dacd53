"""Modals for reading and pasting. Pure functions. `subscription_form.py` has the subscription modal."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bots.chat.phrases import cut, pieces
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.paper_ids import PaperRef
from bots.domain.replies import Reply
from bots.domain.requests import Lookup, Request, Summarize
from bots.presentation.labels import style_labels
from bots.slack.actions import AnswerRequest, Show
from bots.slack.blocks import Json, plain, said
from bots.slack.compact import paper_pieces
from bots.slack.controls import Control
from bots.slack.entries import head_pieces
from bots.slack.fields import MAX_FIELD, Refused, choice, filled, place_input, refused, text_input
from bots.slack.message_text import papers_in
from bots.slack.messages import Piece
from bots.slack.outgoing import reply_pieces
from bots.slack.payloads import location_of, metadata_of
from bots.translation.languages import ENGLISH
from bots.translation.speech import current, gettext, ngettext, pgettext
from summarizer import Style

# docs.slack.dev/reference/views and docs.slack.dev/surfaces/modals
MAX_TITLE = 24
MAX_BLOCKS = 100
MAX_METADATA = 3000
#: Slack refuses a view of 250 kB; this leaves room for the parts outside the blocks.
MAX_BYTES = 220_000
#: The callback id in the payload of a submitted modal.
SUMMARIZE = "summarize"
SHARE = "share"

_NONE: Mapping[str, str] = {}
_MOST_TITLE = 300
#: A text of so few words that names a paper is no abstract: “see arXiv: 1706.03762, please”.
_FEW_WORDS = 6


def modal(
    title: str, blocks: Iterable[Json], *, channel: Channel, about: Mapping[str, str] = _NONE, **more: object
) -> Json:
    """Return a modal; requests made in it belong to the channel.

    Args:
        title: its title.
        blocks: its content.
        channel: the channel.
        about: what else is stored in its metadata, by names; empty values are left out.
        more: further fields of the view.
    """
    spoken = "" if current() == ENGLISH else current().code
    kept = {"channel": channel.channel, "language": spoken, **about}
    return {
        "type": "modal",
        "title": plain(title, MAX_TITLE),
        "close": plain(pgettext("title", "Close"), MAX_TITLE),
        "private_metadata": json.dumps({name: value for name, value in kept.items() if value})[:MAX_METADATA],
        "blocks": list(blocks),
        **more,
    }


def styles() -> Mapping[str, str]:
    """Return the blurb styles for a menu: value to label."""
    return style_labels()


def _title(reply: Reply) -> str:
    titles: Mapping[type, str] = {
        replies.Card: pgettext("title", "Paper"),
        replies.CardList: pgettext("title", "Papers"),
        replies.BlurbReply: pgettext("title", "In short"),
        replies.DigestReply: pgettext("title", "Digest"),
        replies.SubscriptionList: pgettext("title", "Subscriptions"),
        replies.WholeAbstract: pgettext("title", "Abstract"),
        replies.SavedList: pgettext("title", "Saved papers"),
        replies.Citation: pgettext("title", "BibTeX"),
        replies.HelpReply: pgettext("title", "Help"),
        replies.Problem: pgettext("title", "Request failed"),
    }
    return titles.get(type(reply), "Paperwire")


def fitted(shown: Iterable[Piece], blocks: int = MAX_BLOCKS, size: int = MAX_BYTES) -> list[Json]:
    """Return the blocks of as many pieces as fit in a view, and a count of those left out."""
    kept: list[Json] = []
    waiting = list(shown)
    while waiting:
        # One block is reserved for the count of pieces left out.
        size -= len(json.dumps(waiting[0].blocks))
        if len(kept) + len(waiting[0].blocks) > blocks - 1 or size < 0:
            return [
                *kept,
                said(ngettext("{number} more does not fit here.", "{number} more do not fit here.", len(waiting))),
            ]
        kept += waiting.pop(0).blocks
    return kept


def reply_modal(reply: Reply, channel: Channel, *, direct: str = "") -> Json:
    """Return a reply of any kind as a modal.

    Args:
        reply: the reply.
        channel: the channel that requests made in the modal belong to.
        direct: the person's direct messages, if the modal is opened from the home tab: then no channel can have a paper
            hidden from it.
    """
    blocks = fitted(reply_pieces(reply))
    kept = list(filter(None, map(_of_person, blocks))) if direct else blocks
    return modal(_title(reply), kept, channel=channel, about={"home": direct})


def _of_person(block: Json) -> Json | None:
    """Return a block without the button that concerns a channel; None if nothing is left."""
    if block.get("type") != "actions":
        return block
    left = [each for each in block["elements"] if each.get("action_id") != Control.NOT_FOR_US]
    return {**block, "elements": left} if left else None


def share_modal(channel: Channel, paper: str, direct: str = "") -> Json:
    """Return the modal that asks in which channel a paper is shown."""
    blocks = [
        place_input("place", pgettext("label", "Channel")),
        said(gettext("The paper is shown there with its blurb.")),
    ]
    about = {"paper": paper, "home": direct}
    title = pgettext("title", "Share")
    return modal(title, blocks, channel=channel, about=about, callback_id=SHARE, submit=plain(title, MAX_TITLE))


def read_share(payload: object) -> AnswerRequest:
    """Return the request in a submitted share modal.

    Raises:
        RequestError: the modal is not ours.
    """
    location, view = location_of(payload), payload.get("view") if isinstance(payload, dict) else None
    there = replace(location.channel, channel=filled(view, "place") or location.channel.channel)
    ref = PaperRef.parse(metadata_of(view, "paper"))
    request = Lookup(channel=there, user=location.user, text=ref.key)
    return AnswerRequest(location=replace(location, channel=there), request=request, show=Show.CHANNEL)


def preview_modal(digest: Digest) -> Json:
    """Return the digest that a subscription would produce now, as a modal without buttons."""
    shown = (*head_pieces(digest), *paper_pieces(digest, buttons=False))
    return modal(pgettext("title", "Preview"), fitted(shown), channel=digest.channel)


def summarize_modal(channel: Channel, text: str = "", title: str = "", *, direct: str = "") -> Json:
    """Return the modal for pasting an abstract; it has two fields, because a Slack field takes 3,000 characters."""
    advice = gettext(
        "Each field takes {most} characters. A text of more than {both} belongs in a direct message to me; of a paper "
        "that is online, the address is enough.",
        most=MAX_FIELD,
        both=2 * MAX_FIELD,
    )
    more = pgettext("label", "The rest, if it did not fit above")
    hint = pgettext("hint", "Optional. Helps to separate the paper's own work from earlier work.")
    first, second, *_ = (*pieces(text, MAX_FIELD), "", "")
    blocks = [
        said(advice),
        text_input(
            "abstract", pgettext("label", "Abstract"), first, optional=False, multiline=True, max_length=MAX_FIELD
        ),
        text_input("more", more, second, multiline=True, max_length=MAX_FIELD),
        text_input("title", pgettext("label", "Title"), title, hint=hint),
        choice("style", pgettext("label", "Style"), styles(), Style.SHORT, kind="radio_buttons"),
    ]
    name = pgettext("title", "Summarize")
    submit = plain(name, MAX_TITLE)
    return modal(name, blocks, channel=channel, about={"home": direct}, callback_id=SUMMARIZE, submit=submit)


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
        return refused([("abstract", gettext("Paste an abstract, or the address of a paper."))])
    links = papers_in(text)
    if links and len(text.split()) <= _FEW_WORDS:
        request: Request = Lookup(channel=location.channel, user=location.user, text=" ".join(links))
    else:
        title = cut(" ".join(filled(view, "title").split()), _MOST_TITLE)
        style = next((style for style in Style if style.value == filled(view, "style")), Style.SHORT)
        request = Summarize(channel=location.channel, user=location.user, text=text, title=title, style=style)
    return AnswerRequest(location=location, request=request)
