"""Writes papers as a list in Markdown. Pure functions.

All outside text is escaped, so it is shown as it is written: it makes no link, heading or HTML of its own.
"""

import re
from collections.abc import Sequence

from bots.chat.phrases import safe_url
from bots.domain.papers import Paper
from bots.presentation.cited_facts import abstract_of
from bots.presentation.digest_text import meta_line, title_of

#: Characters with a meaning inside a line of CommonMark, of its common extensions (tables, strikethrough, mathematics,
#: footnotes) and of code hosts (issue numbers).
_MARKS = re.compile(r"[\\`*_{}\[\]<>()#|~$^=!]")
#: A code host notifies the person behind an @; a comment between the sign and the name stops that and is not shown.
_MENTION = re.compile(r"@(?=\w)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: Addresses that viewers turn into links although nobody marked them; an empty comment breaks them up.
_BARE_LINK = re.compile(r"(?<=://)|(?<=www)(?=\.)", re.IGNORECASE)
_BREAK = "<!-- -->"


def markdown(papers: Sequence[Paper]) -> str:
    """Return the papers as a list: title with link, facts, abstract; an empty text if there are none."""
    return "\n".join(map(_item, papers))


def _item(paper: Paper) -> str:
    url = safe_url(paper.url)
    title = _escaped(title_of(paper))
    # In angle brackets, brackets in an address do not end it; safe_url lets no angle bracket through.
    head = f"[**{title}**](<{url}>)" if url else f"**{title}**"
    code = safe_url(paper.code)
    facts = " · ".join(filter(None, (_escaped(meta_line(paper, code=False)), f"[code](<{code}>)" if code else "")))
    abstract = _escaped(abstract_of(paper))
    lines = (f"- {head}", f"  {facts}" if facts else "", f"\n  {abstract}" if abstract else "")
    return "  \n".join(filter(None, lines[:2])) + ("\n" + lines[2] if lines[2] else "") + "\n"


def _escaped(text: str) -> str:
    marked = _ENTITY.sub(r"\\&", _MARKS.sub(lambda found: f"\\{found[0]}", text))
    broken = _BARE_LINK.sub(_BREAK, _MENTION.sub(f"@{_BREAK}", marked))
    # At the beginning of a line these would begin a list or a rule.
    return re.sub(r"^([-+]|\d+(?=[.)]))", r"\\\1" if not broken[:1].isdigit() else r"\1\\", broken)
