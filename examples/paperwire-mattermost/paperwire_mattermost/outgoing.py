"""Renders a digest as messages in Mattermost's markdown, inside its limit. Pure functions."""

import re
from collections.abc import Iterable, Iterator

from bots.api import (
    Block,
    Channel,
    Digest,
    Entry,
    Paper,
    Part,
    block_parts,
    blocks_of,
    cut,
    digest_text,
    replies,
    safe_url,
)

#: Characters of one message: docs.mattermost.com, "Message limits"; servers before 5.0 took 4,000.
MAX_CHARS = 16_383
#: A message with more papers is unpleasant to read.
_MOST_BLOCKS = 10
# Maximum sizes of the pieces of an entry, with escapes; with two links of 2,000 they stay within MAX_CHARS.
_TITLE, _LINE, _BLURB = 1_000, 1_500, 6_000
#: The characters that a backslash escapes in Mattermost's markdown.
_SIGNS = re.compile(r"([\\`*{}\[\]()#+\-.!_>~|])")
#: A backslash does not prevent mentions, bare links or entities, so look-alike characters replace these signs.
_LOOK_ALIKES = ((re.compile("@"), "＠"), (re.compile(r":(?=/)"), "："), (re.compile(r"&(?=#?\w+;)"), "＆"))


def escape(text: str) -> str:
    """Return external text escaped, so that it is displayed unchanged, without mentions and links."""
    for sign, look_alike in _LOOK_ALIKES:
        text = sign.sub(look_alike, text)
    return _SIGNS.sub(r"\\\1", text)


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as parts: at least one, every entry whole in exactly one."""
    return _parts(digest.channel, _digest_blocks(digest))


def notice_parts(channel: Channel, problem: replies.Problem) -> tuple[Part, ...]:
    """Return a notice as parts."""
    return _parts(channel, (Block(text=_fit(line, _BLURB)) for line in digest_text.problem_lines(problem)))


def message_of(part: Part) -> str:
    """Return the text to post for a part: its blocks with an empty line between them."""
    return "\n\n".join(block.text for block in blocks_of(part))


def _parts(channel: Channel, blocks: Iterable[Block]) -> tuple[Part, ...]:
    return block_parts(channel, tuple(blocks), budget=MAX_CHARS, most=_MOST_BLOCKS, between=len("\n\n"))


def _digest_blocks(digest: Digest) -> Iterator[Block]:
    about = (digest_text.tally_line(digest), digest_text.topic_line(digest), digest_text.empty_line(digest))
    yield Block(text=_lines(f"**{escape(digest_text.headline(digest))}**", *(_fit(line, _LINE) for line in about)))
    for number, entry in enumerate(digest.entries, start=1):
        yield Block(text=_entry(entry, number), paper_id=entry.paper.id)
    yield from (Block(text=_fit(note, _LINE)) for note in digest_text.notes_lines(digest))


def _entry(entry: Entry, number: int) -> str:
    warnings = digest_text.warning_lines(entry.blurb) if entry.blurb else ()
    why = digest_text.why_line(entry)
    return _lines(
        f"**{number}\\. {_title(entry.paper)}**",
        _fit(digest_text.meta_line(entry.paper, code=False), _LINE),
        _blurb(entry),
        _fit(" ".join(warnings), _LINE),
        _fit(f"Why: {why}" if why else "", _LINE),
        _link("Code", entry.paper.code),
    )


def _blurb(entry: Entry) -> str:
    lines = digest_text.blurb_lines(entry)
    return _lines(*(_fit(line, _BLURB // len(lines)) for line in lines))


def _title(paper: Paper) -> str:
    title = _fit(digest_text.title_of(paper), _TITLE)
    return _link(title, paper.url) or title


def _link(label: str, url: str) -> str:
    safe = safe_url(url).replace("(", "%28").replace(")", "%29")
    return f"[{label}]({safe})" if safe and len(safe) <= _LINE else ""


def _fit(text: str, most: int) -> str:
    """Return text escaped and cut at a word to at most `most` characters."""
    return escape(cut(text, most, lambda part: len(escape(part))))


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))
