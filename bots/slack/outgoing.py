"""Render digests and replies as messages for `chat.postMessage`, within every limit of Slack. Pure functions."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from bots.chat.phrases import cut, sentence
from bots.chat.rendering import ReplyRenderers, number_parts
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, Part
from bots.domain.replies import Reply
from bots.presentation import digest_text, subscription_text
from bots.slack import care
from bots.slack.blocks import (
    MAX_LINE,
    MAX_SECTION,
    Json,
    actions,
    button,
    header,
    leaf,
    place,
    preformatted,
    rich,
    said,
    small,
)
from bots.slack.compact import paper_pieces, picked_piece
from bots.slack.controls import Control, subscription_row, undo_row
from bots.slack.entries import (
    abstract_pieces,
    blurb_piece,
    entry_piece,
    head_pieces,
    hit_piece,
    saved_piece,
)
from bots.slack.hidden import hidden_pieces, noted_pieces
from bots.slack.messages import Piece, halves, message, messages, payload, pieces_of
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop, ngettext, pgettext

#: The slash command that begins every typed command.
COMMAND = "/paper"
#: Number of saved papers shown, which fill three messages; a longer list is better searched.
MOST_SAVED = 40
#: Number of BibTeX characters shown; three messages hold as many.
_MOST_CITED = 25_000
#: Commands that open a window if nothing follows them.
_ALONE = {
    "subscribe": gettext_noop("Without anything after it, it opens a form."),
    "summarize": gettext_noop("Without anything after it, it opens a window to paste into."),
}
_NEEDS_YOU = "Paperwire needs your attention"


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as parts: at least one, every entry whole in exactly one.

    The first part of a threaded digest is its header alone; the other parts belong in that message's thread.
    """
    head, entries = tuple(head_pieces(digest)), tuple(paper_pieces(digest))
    groups = (*messages(head), *messages(entries)) if digest.threaded else messages((*head, *entries))
    threads = [digest.threaded and place > 0 for place in range(len(groups))]
    return number_parts(
        digest.channel, [(payload(group, in_thread=hangs), group) for group, hangs in zip(groups, threads, strict=True)]
    )


def notice_parts(channel: Channel, problem: replies.Problem) -> tuple[Part, ...]:
    """Return an admin notice as parts."""
    groups = messages((Piece(blocks=(header(_NEEDS_YOU),), says=_NEEDS_YOU), *_problem(problem)))
    return number_parts(channel, [(payload(group), group) for group in groups])


def smaller(part: Part) -> tuple[Part, ...]:
    """Return a part in two halves, or its only piece shortened; none if it is too short to cut."""
    return number_parts(part.channel, halves(part.payload, pieces_of(part.payload, part.paper_ids)))


def mentioned(part: Part) -> frozenset[str]:
    """Return the ids of the people whom a part mentions."""
    return care.mentioned(part.payload["blocks"])  # type: ignore[arg-type]  # as `payload` made it


def without_mentions(part: Part, users: Collection[str]) -> Part:
    """Return a part that mentions these people no more."""
    held = pieces_of(part.payload, part.paper_ids)
    pieces = [replace(each, blocks=care.without(each.blocks, users)) for each in held]
    return replace(part, payload=payload(pieces, in_thread=bool(part.payload.get("in_thread"))))


def reply_messages(reply: Reply) -> tuple[Json, ...]:
    """Return the messages that show a reply of any kind; at least one."""
    return tuple(map(message, messages(reply_pieces(reply))))


def picked_messages(reply: Reply) -> tuple[Json, ...]:
    """Return the messages for a paper that was picked from a menu: its buttons; or the problem with it."""
    if isinstance(reply, replies.WholeAbstract):
        return (message([picked_piece(reply.paper)]),)
    return reply_messages(digest_text.not_picked(reply) if isinstance(reply, replies.Problem) else reply)


def reply_pieces(reply: Reply) -> Iterable[Piece]:
    """Return a reply of any kind as indivisible pieces."""
    return _RENDERERS.render(reply)


def _line(text: str) -> Piece:
    return Piece(blocks=(said(text),), says=text)


def _card(reply: replies.Card) -> Iterator[Piece]:
    piece = entry_piece(reply.entry, 1, numbered=False)
    made = small(digest_text.made_by(reply.entry.blurb)) if reply.entry.blurb else None
    # Under the buttons, so that it does not distract from them.
    yield replace(piece, blocks=(*piece.blocks, made)) if made else piece


def _card_list(reply: replies.CardList) -> Iterator[Piece]:
    yield _line(digest_text.found_line(reply))
    yield from (hit_piece(entry, number) for number, entry in enumerate(reply.entries, start=1))
    yield from (_line(sentence(note)) for note in reply.notes if sentence(note))


def _lines(lines: Iterable[str], channel: Channel | None = None) -> Json:
    """Return lines, the first in bold; the channel is shown where the first line has a place for it."""
    first, *rest = lines
    before, mark, after = cut(first, MAX_LINE).partition(subscription_text.PLACE if channel else "\n")
    head = [leaf(before, bold=True)]
    if channel and mark:
        head += [place(channel.channel, bold=True), *([leaf(after, bold=True)] if after else [])]
    return rich(head, *([leaf(cut(line, MAX_LINE))] for line in rest if line))


def _changed(reply: replies.Changed) -> Piece:
    lines = subscription_text.changed_lines(reply, place=subscription_text.PLACE)
    row = undo_row(reply.subscription) if isinstance(reply, replies.Unsubscribed) else _row(_item(reply))
    channel = (reply if isinstance(reply, replies.Unsubscribed) else _item(reply)).subscription.channel
    says = " ".join(subscription_text.changed_lines(reply))
    return Piece(blocks=(_lines(lines, channel), *((row,) if row else ())), says=says)


def _item(reply: replies.Subscribed | replies.Paused | replies.Resumed) -> replies.Subscribed:
    return reply if isinstance(reply, replies.Subscribed) else reply.item


def _row(item: replies.Subscribed) -> Json | None:
    return subscription_row(item.subscription, resting=item.paused or not item.subscription.enabled)


def subscription_pieces(reply: replies.SubscriptionList) -> Iterator[Piece]:
    """Return the subscriptions in a list, each with its buttons."""
    says = subscription_text.subscriptions_headline(reply)
    headline = subscription_text.subscriptions_headline(reply, place=subscription_text.PLACE) if reply.channel else says
    new = actions([button(pgettext("button", "New subscription"), Control.SUBSCRIBE)], "orders")
    yield Piece(blocks=(_lines((headline,), reply.channel), new), says=says)
    shown: set[str] = set()
    for item, lines in zip(reply.items, subscription_text.listed_lines(reply), strict=True):
        # Two rows of one subscription would have the same block id.
        row = None if item.subscription.id in shown else _row(item)
        shown.add(item.subscription.id)
        yield Piece(blocks=(_lines(lines), *((row,) if row else ())), says=" ".join(lines))


def saved_pieces(reply: replies.SavedList) -> Iterator[Piece]:
    """Return a person's saved papers; of a long list, the newest, and how to search for the others."""
    headline = digest_text.saved_headline(reply)
    cite = (
        (actions([button(pgettext("button", "All as BibTeX"), Control.SAVED_CITE)], "saved"),)
        if reply.papers and not reply.words
        else ()
    )
    yield Piece(blocks=(_lines((headline,)), *cite), says=headline)
    yield from (saved_piece(paper, number) for number, paper in enumerate(reply.papers[:MOST_SAVED], start=1))
    left = len(reply.papers) - MOST_SAVED
    if left > 0:
        yield _line(
            ngettext(
                "{number} more is not shown. To find it: /paper saved with words of the title.",
                "{number} more are not shown. To find them: /paper saved with words of the title.",
                left,
            )
        )


def _citation(reply: replies.Citation) -> Iterator[Piece]:
    headline = digest_text.citation_headline(reply)
    yield _line(headline)
    room = _MOST_CITED
    for number, lines in enumerate(digest_text.citation_blocks(reply)):
        text = cut("\n".join(lines), MAX_SECTION)
        room -= len(text)
        if room < 0:
            left = max(reply.papers - number, 1)
            yield _line(ngettext("{number} more does not fit in a chat.", "{number} more do not fit in a chat.", left))
            return
        yield Piece(blocks=(preformatted(text),), says=lines[0])


def help_pieces(reply: replies.HelpReply) -> Iterator[Piece]:
    """Return the help topics: what each command does, and examples to copy."""
    yield Piece(blocks=(header(gettext("Commands")),), says=gettext("What you can ask"))
    for topic in reply.topics:
        alone = gettext(_ALONE[topic.name]) if topic.name in _ALONE else ""
        says, example = _one(sentences(topic.says, alone)), _one(topic.example)
        typed = [*([f"{COMMAND} {topic.name}"] if topic.name in _ALONE else []), f"{COMMAND} {example}"]
        lines = ([leaf(says)], *([leaf(each, code=True)] for each in typed))
        yield Piece(blocks=(rich(*lines),), says=f"{typed[0]}: {says}")


def _one(text: str) -> str:
    return cut(" ".join(digest_text.text_lines(text)), MAX_LINE)


def _problem(reply: replies.Problem) -> Iterator[Piece]:
    lines = digest_text.problem_lines(reply)
    yield Piece(blocks=(_lines(lines[:1]),), says=lines[0])
    yield from map(_line, lines[1:])


def unfurl(entry: Entry, note: str = "") -> Json:
    """Return the unfurl of a link to a paper that a person posted, with a note below it, for `chat.unfurl`."""
    below = small(note) if note else None
    shown = entry_piece(entry, 1, numbered=False, buttons=False).blocks
    return {"blocks": [*shown, *((below,) if below else ())]}


_RENDERERS: ReplyRenderers[Iterable[Piece]] = ReplyRenderers(
    card=_card,
    card_list=_card_list,
    blurb=lambda reply: (blurb_piece(reply.blurb, digest_text.given_title(reply)),),
    digest=lambda reply: (*head_pieces(reply.digest), *paper_pieces(reply.digest)),
    changed=lambda reply: (_changed(reply),),
    subscriptions=subscription_pieces,
    abstract=lambda reply: abstract_pieces(reply.paper),
    saved=saved_pieces,
    citation=_citation,
    noted=noted_pieces,
    hidden=hidden_pieces,
    help=help_pieces,
    problem=_problem,
)
