"""Reads what people ask for in words of their own: "send me papers about robots on Fridays", "what about this paper?".

A wish is read only if it says when, or names a source: words alone may be the title of a paper.
"""

import re

from bots.commands.arguments import ALLOWED
from bots.commands.named_sources import sources_in
from bots.commands.sentences import understood

#: "Find papers about diffusion" looks for diffusion, and "show me papers on diffusion" is a search, too.
ABOUT = re.compile(
    r"^(?:me\s+|us\s+)?(?:(?:any|some|the|new|recent|latest|more)\s+)*(?:papers?|articles?|preprints?|works?)\s+"
    r"(?:about|on|regarding)\s+(?=\S)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"(?:(?:send|give|get|bring|post|deliver|show)\s+(?:(?:to\s+)?(?:me|us)\s+|here\s+|this\s+channel\s+)?"
    r"|(?:i|we)(?:\s+(?:want|need|wish|would\s+like)|['’]d\s+like)\s+)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PAPERS = re.compile(
    r"(?P<before>.*?)\b(?:papers?|articles?|preprints?|digests?|updates)\b(?P<after>.*)", re.IGNORECASE | re.DOTALL
)
#: Praise and articles before a subject.
_BEFORE = re.compile(
    r"(?:(?:the|some|any|all|a|an|few|of|best|top|latest|newest|new|recent|good|great|hottest|most\s+\w+|my|our)\s+)+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:the\s+)?(?:(?:top|best)\s+)?(?P<number>[0-9]{1,2})\s+(?P<subject>\S.*)", re.IGNORECASE)
_NEWS = re.compile(
    r"(?:what['’]?s\s+new|what\s+is\s+new|anything\s+new|any\s+news|(?:the\s+)?(?:new|latest|todays?['’]?s?)\s+papers?)"
    r"(?:\s+today)?\s+(?:on|in|from|at)\s+(?P<source>\S.{0,80}?)(?:\s+today)?",
    re.IGNORECASE,
)
#: Words before a title in a question; a title itself rarely begins with them, and is found without them, too.
_QUESTION = re.compile(
    r"(?:(?:and\s+)?(?:what|how)\s+about|have\s+you\s+(?:seen|read)|did\s+you\s+(?:see|read)|do\s+you\s+(?:know|have)"
    r"|(?:do\s+you\s+have\s+)?any\s+(?:thoughts|opinions?)\s+on|what\s+do\s+you\s+(?:think|make)\s+(?:of|about)"
    r"|tell\s+(?:me|us)\s+(?:more\s+)?about|look\s+(?:up|for)|(?:show|give|get|find)\s+(?:me|us))\s+"
    r"(?:(?:the|this)\s+(?:paper|article|preprint)\s*(?:called|titled|named)?[\s,:]*)?(?=\S)",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"(?:show|give|get|send|bring|find|recommend|suggest)\s+(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
#: "How do I subscribe?" asks for help with it.
_HOW = re.compile(
    r"how\s+(?:do|can|could|should|would|to)(?:\s+(?:i|we|you|one))?\s+(?P<word>[a-z]+)(?:\s+\S+){0,8}", re.IGNORECASE
)
#: Words for a text that only its writer sees: a chat does not tell which message is meant.
_THIS = frozenset(
    {"this", "it", "that", "this thread", "the thread", "this message", "this paper", "above", "the above"}
)
_WHEN = ("at", "on", "every")
#: Characters: nobody orders papers in more, and each word is compared with many names.
_LONGEST = 300


def ordered(text: str) -> str:
    """Return the words of `subscribe` that a wish stands for; empty if the text is none, or does not say when."""
    wish = _WISH.fullmatch(text) if len(text) <= _LONGEST else None
    papers = _PAPERS.fullmatch(wish["rest"]) if wish else None
    if papers is None:
        return ""
    read = understood(papers[0].split(), _WHEN)
    if not read.options and not read.faults:
        return ""
    before, after = papers["before"].strip(), papers["after"].strip()
    if not before or _is_a_clause(before):
        return f"{before} papers {after}".strip()
    if numbered := _NUMBERED.fullmatch(before):
        return f"{numbered['number']} papers about {numbered['subject']} {after}"
    subject = _BEFORE.sub("", f"{before} ", count=1).strip()
    return f"papers about {subject} {after}" if subject and not _is_a_clause(subject) else f"{subject} papers {after}"


def _is_a_clause(text: str) -> bool:
    """Return whether words are a clause of a subscription: an amount, a source, days."""
    read = understood(f"{text} papers".split(), ALLOWED["subscribe"])
    return bool(read.options) and not read.left and not read.faults


def news_from(text: str) -> str:
    """Return the source of which a text asks the news, as "what's new on arXiv cs.CL?" does; empty if it asks none."""
    found = _NEWS.fullmatch(text.strip(" .!?"))
    return found["source"] if found and sources_in(found["source"]) else ""


def sought(text: str) -> str:
    """Return the words of a search for papers about something; empty if a text asks for none."""
    asks = _SHOWN.fullmatch(text)
    words = asks["rest"] if asks else title_in(text)
    return words if ABOUT.match(words) else ""


def asked_how(text: str) -> str:
    """Return the command that a text asks how to use; empty if it asks for nothing of the kind."""
    how = _HOW.fullmatch(text[:_LONGEST])
    return how["word"] if how else ""


def points(text: str) -> bool:
    """Return whether a text only points at another: "this thread"."""
    return text.lower().strip(" .!?") in _THIS


def title_in(text: str) -> str:
    """Return the title in a question such as "what about Attention Is All You Need?"; any other text as it is."""
    found = _QUESTION.match(text)
    return text[found.end() :].strip(' "“”?!') or text if found else text
