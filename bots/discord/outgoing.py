"""Convert digests and replies into messages within all of Discord's limits. Pure functions."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from bots.chat.phrases import clean, cut, sentence
from bots.chat.rendering import ReplyRenderers, number_parts
from bots.discord import care
from bots.discord.compact import paper_pieces, picked_piece
from bots.discord.components import ACCENT, Json, Style, attached, button, row, text
from bots.discord.controls import Control, control_id, label_of, subscription_held
from bots.discord.entries import (
    MAX_LINE,
    abstract_pieces,
    blurb_piece,
    card_piece,
    head_pieces,
    hit_piece,
    packed,
    saved_piece,
    shortened,
    turns,
)
from bots.discord.hidden import hidden_pieces, noted_pieces
from bots.discord.markup import bold, channel_mention, code, code_block, heading, measure, subtext, when
from bots.discord.messages import Message, Piece, halves, message, messages, payload, pieces_of
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.export_formats import ExportFormat
from bots.domain.replies import Reply
from bots.domain.slots import quiet_until
from bots.presentation import digest_text, subscription_text
from bots.translation.speech import gettext, ngettext

#: A user-installed app may answer five times (docs.discord.com, Receiving and Responding, Followup Messages), and more
#: than five messages fill a screen.
MOST_MESSAGES = 5
#: Colour of the edge of an error message.
TROUBLE = 0xD98E32
#: docs.discord.com, Start Thread: a name of 1 to 100 characters.
MAX_NAME = 100
BIBTEX = "papers.bib"
#: Characters of BibTeX in one message; longer BibTeX is attached as a file.
_MAX_CITED = 3_000
_MAX_TOPIC = 500
_NEEDS_YOU = "Paperwire needs your attention"
#: Replies that concern only the requester.
_OWN = (
    replies.Problem, replies.Noted, replies.Subscribed, replies.Unsubscribed, replies.Paused, replies.Resumed,
    replies.SubscriptionList, replies.HiddenList,
)  # fmt: skip


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as parts: at least one, with every entry whole in exactly one part.

    All parts but the first belong in the first message's thread; the first part of a threaded digest is only the
    header.
    """
    head, entries = tuple(head_pieces(digest)), tuple(paper_pieces(digest))
    groups = (*messages(head), *messages(entries)) if digest.threaded else messages((*head, *entries))
    title = cut(clean(digest_text.headline(digest)), MAX_NAME)
    made = [(payload(group, title=title, in_thread=place > 0), group) for place, group in enumerate(groups)]
    return number_parts(digest.channel, made)


def notice_parts(channel: Channel, problem: replies.Problem) -> tuple[Part, ...]:
    """Return a notice to the operator as parts."""
    head = Piece(components=(text(heading(_NEEDS_YOU)),))
    groups = messages((head, *_problem(problem)))
    return number_parts(channel, [(payload(group, title=_NEEDS_YOU, in_thread=False), group) for group in groups])


def smaller(part: Part) -> tuple[Part, ...]:
    """Return the two halves of a part, or the part with its only piece cut shorter; empty if it is too short to cut."""
    return number_parts(part.channel, halves(part.payload, pieces_of(part.payload, part.paper_ids)))


def mentioned(part: Part) -> frozenset[str]:
    """Return the ids of the people whom a part mentions."""
    return frozenset(user for piece in pieces_of(part.payload, part.paper_ids) for user in piece.mentions)


def without_mentions(part: Part, users: Collection[str]) -> Part:
    """Return a part that mentions these people no more."""
    pieces = [
        replace(
            each,
            components=care.without(each.components, users),
            mentions=tuple(user for user in each.mentions if user not in users),
        )
        for each in pieces_of(part.payload, part.paper_ids)
    ]
    title, hangs = str(part.payload["title"]), bool(part.payload["thread"])
    return replace(part, payload=payload(pieces, title=title, in_thread=hangs))


def reply_messages(reply: Reply, *, share: bool = False) -> tuple[Message, ...]:
    """Return the messages that show a reply of any kind: at least one, at most `MOST_MESSAGES`.

    Args:
        reply: the reply.
        share: whether only the requester sees it, and may share it with the channel.
    """
    groups = _few(tuple(reply_pieces(reply)), _unseen(reply))
    accent = TROUBLE if isinstance(reply, replies.Problem) else ACCENT
    files, foot = _files(reply), _foot(reply, share=share)
    return tuple(Message(payload=message(group, accent=accent, foot=foot), files=files) for group in groups)


def picked_messages(reply: Reply) -> tuple[Message, ...]:
    """Return the messages for a paper that was picked from a menu: its buttons; or the problem with it."""
    if isinstance(reply, replies.WholeAbstract):
        return (Message(payload=message([picked_piece(reply.paper)])),)
    return reply_messages(digest_text.not_picked(reply) if isinstance(reply, replies.Problem) else reply)


def _foot(reply: Reply, *, share: bool) -> tuple[Json, ...]:
    if isinstance(reply, replies.Problem) and reply.kind is replies.Trouble.REQUEST:
        return (button(label_of(Control.HELP), control_id(Control.HELP)),)
    # Discord returns an attachment under an address that cannot be posted again, so it cannot be shared.
    alone = isinstance(reply, _OWN) or _files(reply)
    return (button(label_of(Control.SHARE), control_id(Control.SHARE)),) if share and not alone else ()


def _few(pieces: Sequence[Piece], advice: str) -> tuple[tuple[Piece, ...], ...]:
    """Return pieces in at most `MOST_MESSAGES` messages; a last line counts the omitted pieces and gives advice."""
    groups = messages(pieces)
    kept = sum(map(len, groups[:MOST_MESSAGES]))
    while len(groups) > MOST_MESSAGES:
        kept -= 1
        more = ngettext("{number} more is not shown here.", "{number} more are not shown here.", len(pieces) - kept)
        left = f"{more} {advice}"
        groups = messages((*pieces[:kept], _line(left.strip())))
    return groups


def _unseen(reply: Reply) -> str:
    advice = gettext("To find them: /paper saved with words of the title.")
    return advice if isinstance(reply, replies.SavedList) else ""


def reply_pieces(reply: Reply) -> Iterable[Piece]:
    """Return the content of a reply of any kind, in pieces that are never split."""
    return _RENDERERS.render(reply)


def _line(said: str, *rows: Json) -> Piece:
    return Piece(components=(text(shortened(said, MAX_LINE)), *rows))


def _headline(said: str, *rows: Json) -> Piece:
    return Piece(components=(text(heading(cut(said, MAX_LINE, measure), 3)), *rows))


def _card_list(reply: replies.CardList) -> Iterator[Piece]:
    yield _headline(digest_text.found_line(reply))
    counts = turns(entry.paper for entry in reply.entries)
    for number, (entry, turn) in enumerate(zip(reply.entries, counts, strict=True), start=1):
        yield hit_piece(entry, number, turn)
    notes = (subtext(shortened(sentence(note), MAX_LINE)) for note in reply.notes if sentence(note))
    yield from (Piece(components=(text(several),)) for several in packed(notes, 2 * MAX_LINE))


def _changed(reply: replies.Changed) -> Piece:
    lines = subscription_text.changed_lines(reply, place=subscription_text.PLACE)
    if isinstance(reply, replies.Unsubscribed):
        return Piece(components=(_subscription_text(lines, channel=reply.subscription.channel),))
    item = reply if isinstance(reply, replies.Subscribed) else reply.item
    shown = _subscription_text(lines, item, channel=item.subscription.channel)
    return Piece(components=(shown, *_subscription_row(item)))


def _subscription_text(
    lines: Iterable[str], item: replies.Subscribed | None = None, *, channel: Channel | None = None
) -> Json:
    first, *rest = lines
    head = _placed(bold(cut(first, MAX_LINE, measure)), channel)
    said = [head, *(shortened(line, MAX_LINE) for line in rest if line)]
    return text("\n".join((*said, *_on_their_clock(item))))


def _placed(marked: str, channel: Channel | None) -> str:
    """Return a line with the channel where it has a place for it."""
    return marked.replace(subscription_text.PLACE, channel_mention(channel), 1) if channel else marked


def _on_their_clock(item: replies.Subscribed | None) -> Iterator[str]:
    """Yield the time of the next digest in each reader's time zone, which may differ from the subscription's."""
    if item and item.next_due and item.subscription.enabled:
        due = quiet_until(item.subscription, item.next_due) or item.next_due
        local = gettext("In your time zone: {time}, {countdown}", time=when(due), countdown=when(due, "R"))
        yield subtext(local)


def _subscription_row(item: replies.Subscribed) -> tuple[Json, ...]:
    """Return the buttons of a subscription; none if one of its ids has an unexpected format."""
    held = subscription_held(item.subscription)
    resting = item.paused or not item.subscription.enabled
    named = (Control.EDIT, Control.RESUME if resting else Control.PAUSE, Control.UNSUBSCRIBE)
    ids = ((label_of(control), control_id(control, held)) for control in named)
    made = [button(label, custom_id) for label, custom_id in ids if held and custom_id]
    return (row(made),) if made else ()


def _subscriptions(reply: replies.SubscriptionList) -> Iterator[Piece]:
    new = row([button(label_of(Control.SUBSCRIBE), control_id(Control.SUBSCRIBE), Style.PRIMARY)])
    said = subscription_text.subscriptions_headline(reply, place=subscription_text.PLACE if reply.channel else "")
    yield Piece(components=(text(_placed(heading(said, 3), reply.channel)), new))
    shown: set[str] = set()
    for item, lines in zip(reply.items, subscription_text.listed_lines(reply), strict=True):
        # Two rows for one subscription would have the same custom ids.
        rows = () if item.subscription.id in shown else _subscription_row(item)
        shown.add(item.subscription.id)
        yield Piece(components=(_subscription_text(lines, item), *rows), apart=True)


def _saved(reply: replies.SavedList) -> Iterator[Piece]:
    cite = (
        (row([button(label_of(Control.SAVED_CITE), control_id(Control.SAVED_CITE))]),)
        if reply.papers and not reply.words
        else ()
    )
    yield _headline(digest_text.saved_headline(reply), *cite)
    yield from (saved_piece(paper, turn) for paper, turn in zip(reply.papers, turns(reply.papers), strict=True))


def _bibtex(reply: replies.Citation) -> str:
    return "\n\n".join("\n".join(lines) for lines in digest_text.citation_blocks(reply))


def _citation(reply: replies.Citation) -> Iterator[Piece]:
    yield _headline(digest_text.citation_headline(reply))
    for name, _ in _files(reply):
        yield Piece(components=(attached(name),))
        return
    if _bibtex(reply):
        yield Piece(components=(text(code_block(_bibtex(reply), "bibtex")),))


def _files(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Return the files attached to a reply: a format of another program, or BibTeX that is too long to copy."""
    if isinstance(reply, replies.Citation) and reply.form is not ExportFormat.BIBTEX:
        # A byte order mark, by which a spreadsheet knows the encoding, is kept.
        return ((f"papers{reply.form.suffix}", reply.text),) if reply.text.strip() else ()
    told = _bibtex(reply) if isinstance(reply, replies.Citation) else ""
    return ((BIBTEX, f"{told}\n"),) if len(told) > _MAX_CITED else ()


def _help(reply: replies.HelpReply) -> Iterator[Piece]:
    yield Piece(components=(text(heading(gettext("Commands"))),))
    yield from (Piece(components=(text(_topic(topic)),)) for topic in reply.topics)


def _topic(topic: replies.Topic) -> str:
    says, example = (" ".join(digest_text.text_lines(each)) for each in (topic.says, topic.example))
    return "\n".join(filter(None, (shortened(says, _MAX_TOPIC), code(cut(example, _MAX_TOPIC)))))


def _problem(reply: replies.Problem) -> Iterator[Piece]:
    first, *rest = digest_text.problem_lines(reply)
    yield Piece(components=(text(bold(cut(first, MAX_LINE, measure))),))
    yield from (
        Piece(components=(text(several),))
        for several in packed((shortened(line, MAX_LINE) for line in rest), 2 * MAX_LINE)
    )


_RENDERERS: ReplyRenderers[Iterable[Piece]] = ReplyRenderers(
    card=lambda reply: (card_piece(reply.entry),),
    card_list=_card_list,
    blurb=lambda reply: (blurb_piece(reply.blurb, digest_text.given_title(reply)),),
    digest=lambda reply: (*head_pieces(reply.digest), *paper_pieces(reply.digest)),
    changed=lambda reply: (_changed(reply),),
    subscriptions=_subscriptions,
    abstract=lambda reply: abstract_pieces(reply.paper),
    saved=_saved,
    citation=_citation,
    noted=noted_pieces,
    hidden=hidden_pieces,
    help=_help,
    problem=_problem,
)
