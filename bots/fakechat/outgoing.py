"""Render digests and replies as messages within the fake chat's limits. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping

from bots.chat.blocks import Block, block_parts, smaller_parts
from bots.chat.phrases import cut, pieces, safe_url, sentence
from bots.chat.rendering import ReplyRenderers
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, Part
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from bots.fakechat.chat import MAX_BLOCKS, MAX_CHARS
from bots.fakechat.markup import escape
from bots.presentation import digest_text, hidden_text, posting_text, subscription_text
from summarizer import Blurb

# Longest text of each piece of a block, counted with escapes; together they leave 900 of MAX_CHARS to the blurb.
_MOST_TITLE = 500
_MOST_META = 400
_MOST_WHY = 300
_MOST_WARNING = 250
_MOST_URL = 300
#: A note, a headline or a line of help.
_MOST_LINE = 500


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as parts: at least one, every entry whole in exactly one."""
    return _parts(digest.channel, _digest_blocks(digest))


def notice_parts(channel: Channel, problem: replies.Problem) -> tuple[Part, ...]:
    """Return an admin notice as parts."""
    return _parts(channel, _RENDERERS.render(problem))


def smaller(part: Part) -> tuple[Part, ...]:
    """Return a part in two halves, or its only block cut to half its lines; empty if it is too short to cut."""
    return smaller_parts(part)


def _parts(channel: Channel, blocks: Iterable[Block]) -> tuple[Part, ...]:
    return block_parts(channel, tuple(blocks), budget=MAX_CHARS, most=MAX_BLOCKS)


def reply_payloads(reply: Reply) -> tuple[Mapping[str, object], ...]:
    """Return the messages that show a reply of any kind; at least one."""
    # Only the payloads of these parts are used; the caller knows the channel.
    return tuple(part.payload for part in _parts(Channel(platform="fakechat"), _RENDERERS.render(reply)))


def _fit(text: str, most: int) -> str:
    """Return the text escaped, cut at a word to at most `most` characters."""
    return escape(cut(text, most, lambda part: len(escape(part))))


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _digest_blocks(digest: Digest) -> Iterator[Block]:
    about = " · ".join(filter(None, (digest_text.tally_line(digest), digest_text.topic_line(digest))))
    yield _block(digest_text.headline(digest), about, digest_text.empty_line(digest))
    block = _compact_block if digest.compact else _entry_block
    yield from (block(entry, f"{number}. ") for number, entry in enumerate(digest.entries, start=1))
    yield from map(_block, digest_text.notes_lines(digest))


def _block(*lines: str) -> Block:
    return Block(text=_lines(*(_fit(line, _MOST_LINE) for line in lines)))


def _entry_block(entry: Entry, mark: str = "") -> Block:
    above = _lines(mark + _title(entry.paper), _fit(digest_text.meta_line(entry.paper, code=False), _MOST_META))
    warnings = digest_text.warning_lines(entry.blurb) if entry.blurb else ()
    below = _lines(
        _fit(" ".join(warnings), _MOST_WARNING),
        _fit(f"Why: {digest_text.why_line(entry)}", _MOST_WHY) if digest_text.why_line(entry) else "",
        _fit(posting_text.posted_text(entry.posted), _MOST_LINE),
        _link(entry.paper.code, "Code"),
    )
    # Two characters are for the line breaks around the blurb.
    room = MAX_CHARS - len(above) - len(below) - 2
    return Block(text=_lines(above, _fit_lines(digest_text.blurb_lines(entry), room), below), paper_id=entry.paper.id)


def _compact_block(entry: Entry, mark: str) -> Block:
    warnings = " ".join(digest_text.warning_lines(entry.blurb)) if entry.blurb else ""
    above = _lines(mark + _title(entry.paper), _fit(digest_text.short_meta_line(entry.paper), _MOST_META))
    blurb = _fit(" ".join(digest_text.blurb_lines(entry)), MAX_CHARS - len(above) - _MOST_WARNING - 2)
    return Block(text=_lines(above, blurb, _fit(warnings, _MOST_WARNING)), paper_id=entry.paper.id)


def _title(paper: Paper) -> str:
    title = _fit(digest_text.title_of(paper), _MOST_TITLE)
    url = _url(paper.url)
    # "|" would end the label early, and `escape` does not cover it.
    return f"<{url}|{title.replace('|', '∣')}>" if url else title


def _link(url: str, label: str) -> str:
    return f"<{_url(url)}|{label}>" if _url(url) else ""


def _url(url: str) -> str:
    """Return a URL escaped for a link; empty if it is unsafe or too long for a block."""
    escaped = escape(safe_url(url))
    return escaped if len(escaped) <= _MOST_URL else ""


def _fit_lines(lines: Iterable[str], room: int) -> str:
    """Return the lines escaped; the first line that does not fit is cut, and the lines after it are left out."""
    kept: list[str] = []
    for line in lines:
        fitted = _fit(line, room)
        kept.append(fitted)
        room -= len(fitted) + 1
        if fitted != escape(line) or room < 1:
            break
    return _lines(*kept)


def _card(reply: replies.Card) -> Iterator[Block]:
    yield _entry_block(reply.entry)
    if reply.entry.blurb:
        yield _block(digest_text.made_by(reply.entry.blurb))


def _card_list(reply: replies.CardList) -> Iterator[Block]:
    yield _block(digest_text.found_line(reply))
    yield from (_entry_block(entry, f"{number}. ") for number, entry in enumerate(reply.entries, start=1))
    yield from (_block(sentence(note)) for note in reply.notes if sentence(note))


def _blurb_block(blurb: Blurb, title: str) -> Block:
    above = _fit(title, _MOST_TITLE)
    warnings = _fit(" ".join(digest_text.warning_lines(blurb)), _MOST_WARNING)
    below = _lines(warnings, _fit(digest_text.made_by(blurb), _MOST_LINE))
    text = _fit_lines(digest_text.text_lines(blurb.text), MAX_CHARS - len(above) - len(below) - 2)
    return Block(text=_lines(above, text, below))


def _subscription_list(reply: replies.SubscriptionList) -> Iterator[Block]:
    yield _block(subscription_text.subscriptions_headline(reply))
    yield from (_block(*lines) for lines in subscription_text.listed_lines(reply))


def _whole_abstract(paper: Paper) -> Iterator[Block]:
    yield Block(text=_lines(_title(paper), _fit(digest_text.meta_line(paper, code=False), _MOST_META)))
    text = digest_text.abstract_text(paper)
    yield from (Block(text=escape(piece)) for piece in pieces(text, MAX_CHARS, lambda part: len(escape(part))))


def _saved_list(reply: replies.SavedList) -> Iterator[Block]:
    yield _block(digest_text.saved_headline(reply))
    for paper in reply.papers:
        about = " · ".join(filter(None, (digest_text.id_of(paper), digest_text.meta_line(paper, code=False))))
        yield Block(text=_lines(_title(paper), _fit(about, _MOST_META)))


def _hidden_list(reply: replies.HiddenList) -> Iterator[Block]:
    yield _block(hidden_text.hidden_headline(reply))
    for paper in reply.papers:
        title = _title(paper.paper) if paper.paper else _fit(hidden_text.hidden_title(paper), _MOST_TITLE)
        about = f"{hidden_text.hidden_by(paper)} · To undo it: unhide {hidden_text.typed_id(paper.paper_id)}"
        yield Block(text=_lines(title, _fit(about, _MOST_LINE)))
    if reply.page < reply.pages:
        yield _block(f"More: hidden {reply.page + 1}")


def _citation(reply: replies.Citation) -> Iterator[Block]:
    yield _block(digest_text.citation_headline(reply))
    yield from (Block(text=_fit_lines(lines, MAX_CHARS)) for lines in digest_text.citation_blocks(reply))


def _help(reply: replies.HelpReply) -> Iterator[Block]:
    yield _block("Commands")
    yield from (_block(topic.says, f"For example: {topic.example}") for topic in reply.topics)


_RENDERERS: ReplyRenderers[Iterable[Block]] = ReplyRenderers(
    card=_card,
    card_list=_card_list,
    blurb=lambda reply: (_blurb_block(reply.blurb, digest_text.given_title(reply)),),
    digest=lambda reply: _digest_blocks(reply.digest),
    changed=lambda reply: (_block(*subscription_text.changed_lines(reply)),),
    subscriptions=_subscription_list,
    abstract=lambda reply: _whole_abstract(reply.paper),
    saved=_saved_list,
    citation=_citation,
    noted=lambda reply: (_block(*hidden_text.noted_lines(reply)),),
    hidden=_hidden_list,
    help=_help,
    problem=lambda reply: map(_block, digest_text.problem_lines(reply)),
)
