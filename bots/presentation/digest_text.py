"""The texts that every adapter shows identically, as plain text without any platform's markup.

Every function accepts hostile text and returns single-spaced lines without control, invisible or direction-changing
characters. Each adapter does its own escaping and enforces its own message size.
"""

import re
from dataclasses import replace

from bots.chat.phrases import clean, cut, days_text, listed, safe_url, sentence
from bots.domain.digests import Digest, Entry, SourceNote
from bots.domain.export_formats import ExportFormat
from bots.domain.papers import Paper
from bots.domain.replies import BlurbReply, CardList, Citation, Noted, Problem, SavedList, Trouble
from bots.presentation.fact_text import appeared, popularity
from bots.presentation.source_text import source_text
from bots.presentation.tally_text import steps, why_none
from bots.translation.formats import sentences
from bots.translation.speech import gettext, ngettext
from bots.translation.stored_texts import recovered
from summarizer import Blurb
from summarizer.text.plain import to_plain

#: The longest title of 50,000 machine-learning papers has 217 characters; a longer text is not a title.
MAX_TITLE = 300
#: A collaboration may sign with a sentence; more of it does not help a reader.
MAX_NAME = 80
MAX_VENUE = 120
#: A TLDR of Semantic Scholar or OpenReview has one sentence, of 250 characters at most.
MAX_TLDR = 400
#: What sources write at the end of a list of authors that they cut short; it is no author.
_ET_AL = re.compile(r"(?:and\s)?(?:et\.?\s?al\.?|(?:many\s)?others|\.{3}|…)", re.IGNORECASE)
#: The engine that shortens sentences of the abstract, and those that write their own and check them against it
#: (`summarizer/engines/`). An engine of another package may do either.
_OWN_WORDS = "extractive"
_CHECKED = frozenset({"remote", "generative"})
_WITHDRAWN_NAMED = 3  # a few titles are read; the number of the others is enough to find them


def title_of(paper: Paper) -> str:
    """Return the title as plain text; a paper without a title is named by its id."""
    title = clean(to_plain(paper.title, dollar_math=paper.dollar_math))
    return cut(title, MAX_TITLE) or cut(gettext("Untitled paper {id}", id=clean(str(paper.id))), MAX_TITLE)


def given_title(reply: BlurbReply) -> str:
    """Return the title that was entered with a pasted abstract; may be empty."""
    return cut(clean(to_plain(reply.title)), MAX_TITLE)


def authors_line(paper: Paper, most: int = 3) -> str:
    """Return the first `most` authors and the number of the others, or "et al." where the source gives no number."""
    names = [name for name in (cut(clean(author), MAX_NAME) for author in paper.authors) if name]
    known = [name for name in names if not _ET_AL.fullmatch(name)]
    shown = ", ".join(known[:most])
    if len(known) < len(names):  # the source cut the list short: how many more there are, it does not say
        return f"{shown} et al." if known else ""
    left = len(known) - most
    more = ngettext("+ {number} more", "+ {number} more", left)
    return f"{shown} {more}" if left > 0 else shown


def facts(paper: Paper) -> tuple[str, ...]:
    """Return the facts shown under a paper's title, except its authors: day, venue or source, popularity."""
    place = cut(clean(to_plain(paper.venue)), MAX_VENUE) or source_text(paper.source)
    withdrawn = gettext("withdrawn") if paper.withdrawn else ""
    return tuple(filter(None, (withdrawn, appeared(paper), place, *popularity(paper.signals))))


def meta_line(paper: Paper, *, code: bool = True) -> str:
    """Return "authors · day · venue or source · upvotes · code", without the unknown facts.

    Args:
        code: whether to mention that code is available; not needed by an adapter that shows the code's URL.
    """
    has_code = gettext("code") if code and safe_url(paper.code) else ""
    return " · ".join(filter(None, (authors_line(paper), *facts(paper), has_code)))


def short_meta_line(paper: Paper) -> str:
    """Return "first author + 4 more · day · venue or source · upvotes": one line of facts, without the unknown ones."""
    few = authors_line(paper, 2 if len(paper.authors) <= 2 else 1)
    return " · ".join(filter(None, (few, *facts(paper))))


def why_line(entry: Entry) -> str:
    """Return why this paper is shown; may be empty."""
    return clean(entry.why)


def blurb_lines(entry: Entry) -> tuple[str, ...]:
    """Return the blurb; without a blurb, return the reason and the labelled start of the abstract."""
    if entry.blurb and has_blurb(entry):
        return text_lines(entry.blurb.text)
    trouble = sentence(entry.trouble) or gettext("the summarizer gave no readable text.")
    begins = clean(to_plain(entry.fallback, dollar_math=entry.paper.dollar_math))
    start = (gettext("The abstract begins: {text}", text=begins),) if begins else ()
    told = tldr_line(entry.paper)
    return (gettext("No blurb: {reason}", reason=trouble), *((told,) if told else start))


def tldr_line(paper: Paper) -> str:
    """Return the summary that a paper's source gives, with whose it is; empty if it gives none."""
    said = cut(clean(to_plain(paper.tldr, dollar_math=paper.dollar_math)), MAX_TLDR)
    by = cut(clean(paper.tldr_by), MAX_NAME)
    if not said:
        return ""
    return gettext("TLDR by {whom}: {text}", whom=by, text=said) if by else gettext("TLDR: {text}", text=said)


def has_blurb(entry: Entry) -> bool:
    """Return whether `blurb_lines` returns a blurb rather than its substitute."""
    return entry.blurb is not None and bool(text_lines(entry.blurb.text))


def made_by(blurb: Blurb) -> str:
    """Return in words how a blurb was made: from the abstract's own words, or written by which model."""
    if blurb.engine == _OWN_WORDS:
        return gettext("From the abstract's own words")
    model = clean(blurb.model) or clean(blurb.engine) or gettext("a model")
    if blurb.engine in _CHECKED:
        return gettext("Written by {model}, checked against the abstract", model=model)
    return gettext("Written by {model}", model=model)


def text_lines(text: str) -> tuple[str, ...]:
    """Return the non-empty lines of a blurb's text, each cleaned."""
    return tuple(filter(None, map(clean, text.splitlines())))


def warning_lines(blurb: Blurb) -> tuple[str, ...]:
    """Return the blurb's warnings for the reader, each as "Note: " and a full sentence."""
    return tuple(gettext("Note: {text}", text=said) for said in map(sentence, map(recovered, blurb.warnings)) if said)


def headline(digest: Digest) -> str:
    """Return "5 papers for Tuesday 24 November 2026", or "… for 21 to 24 November 2026"."""
    days = days_text(digest.first_day or digest.day, digest.day)
    if not digest.entries:
        return gettext("No papers to show for {days}", days=days)
    return ngettext("{number} paper for {days}", "{number} papers for {days}", len(digest.entries), days=days)


def topic_line(digest: Digest) -> str:
    """Return the digest's topic in words; may be empty."""
    return clean(digest.topic)


def tally_line(digest: Digest) -> str:
    """Return "229 found · 3 seen before · 41 filtered out · 1 withdrawn"; steps that removed nothing are left out."""
    return " · ".join(steps(digest.tally))


def notes_lines(digest: Digest) -> tuple[str, ...]:
    """Return a line for each source that returned too few papers; failures and empty lists read differently."""
    return tuple(map(note_line, digest.notes))


def note_line(note: SourceNote) -> str:
    """Return one source's note in one line: "Trouble with arXiv cs.CL: it did not answer in 120 seconds.".

    "Nothing new" is said only of a source that listed no papers.
    """
    reason = sentence(note.reason) or gettext("no reason is known.")
    if not note.source:
        return gettext("Note: {text}", text=reason)
    values = {"source": source_text(note.source), "reason": reason}
    if note.failed:
        return gettext("Trouble with {source}: {reason}", **values)
    if note.listed:
        return gettext("Note on {source}: {reason}", **values)
    return gettext("Nothing new from {source}: {reason}", **values)


def empty_line(digest: Digest) -> str:
    """Return why a digest is empty; an empty text if it is not, or if the notes on its sources say it.

    A failure is never reported as an absence of papers.
    """
    if digest.entries:
        return ""
    failed = [source_text(note.source) for note in digest.notes if note.failed]
    if failed and not digest.tally.found:
        return ""  # each failure has a note of its own, and once is enough
    missing = ngettext(
        "{sources} failed, so papers may be missing here.",
        "{sources} failed, so papers may be missing here.",
        len(failed),
        sources=listed(failed) if failed else "",
    )
    none = why_none(digest.tally, several_days=digest.first_day is not None, miss=_nearest_miss(digest))
    return sentences(none, missing if failed else "")


def _nearest_miss(digest: Digest) -> str:
    """Return a sentence on the best paper that the query excluded: it shows whether the query is too narrow."""
    if digest.nearest_miss is None:
        return ""
    votes = popularity(digest.nearest_miss.signals)[:1]
    title = cut(title_of(digest.nearest_miss), MAX_VENUE)
    if votes:
        return gettext("The nearest miss: “{title}” ({votes}).", title=title, votes=votes[0])
    return gettext("The nearest miss: “{title}”.", title=title)


def withdrawn_line(digest: Digest) -> str:
    """Return the titles of papers that were left out as withdrawn, for the operator; may be empty."""
    named = [f"“{cut(title_of(paper), MAX_VENUE)}”" for paper in digest.withdrawn]
    more = [f"{len(named) - _WITHDRAWN_NAMED:,} more"] if len(named) > _WITHDRAWN_NAMED else []
    return f"Withdrawn, and so not shown: {listed([*named[:_WITHDRAWN_NAMED], *more])}." if named else ""


def problem_lines(reply: Problem) -> tuple[str, ...]:
    """Return what went wrong and, if known, what to do about it."""
    return (
        sentence(reply.message) or gettext("Something went wrong; the cause is not known."),
        *text_lines(reply.hint),
    )


def found_line(reply: CardList) -> str:
    """Return how many papers match the given words, or are similar to the paper with that title."""
    said, held = cut(clean(reply.words), MAX_TITLE), len(reply.entries)
    none = gettext("No other paper is similar to “{title}”.", title=said)
    if not held:
        return none if reply.alike else gettext("No paper matches “{words}”.", words=said)
    if reply.alike:
        return ngettext("{number} paper similar to “{title}”", "{number} papers similar to “{title}”", held, title=said)
    return ngettext("{number} paper for “{words}”", "{number} papers for “{words}”", held, words=said)


def abstract_text(paper: Paper) -> str:
    """Return the whole abstract as one paragraph of plain text; a paper without one says so."""
    return clean(to_plain(paper.abstract, dollar_math=paper.dollar_math)) or gettext("Its source gives no abstract.")


def saved_headline(reply: SavedList) -> str:
    """Return how many papers a person has saved, or how many of them match the words, and how the words were read."""
    words, count = cut(clean(reply.words), MAX_TITLE), len(reply.papers)
    notes = map(sentence, reply.notes)
    if not reply.papers:
        none = gettext("No saved paper for “{words}”.", words=words)
        return " ".join((none if words else gettext("You have saved no papers yet."), *notes))
    found = ngettext("{number} saved paper", "{number} saved papers", count)
    if words:
        found = ngettext(
            "{number} saved paper for “{words}”", "{number} saved papers for “{words}”", count, words=words
        )
    return " ".join((sentence(found), *notes)) if reply.notes else found


def id_of(paper: Paper) -> str:
    """Return the id as a reader types it: `2004.15011`, `10.1145/3292500.3330701`."""
    return cut(clean(paper.id.value if paper.id.scheme in ("arxiv", "doi") else str(paper.id)), MAX_VENUE)


def citation_headline(reply: Citation) -> str:
    """Return how many papers are cited."""
    if not reply.papers:
        return gettext("You have saved no papers to cite yet.")
    if reply.form is ExportFormat.BIBTEX:
        return ngettext("{number} paper as BibTeX", "{number} papers as BibTeX", reply.papers)
    shown = reply.form.shown
    return ngettext("{number} paper as {format}", "{number} papers as {format}", reply.papers, format=shown)


def citation_blocks(reply: Citation) -> tuple[tuple[str, ...], ...]:
    """Return the lines of each entry, cleaned and with their indentation and their gaps of two spaces, as RIS has."""
    entries = (map(_indented, entry.splitlines()) for entry in reply.text.split("\n\n"))
    return tuple(filter(None, (tuple(filter(None, entry)) for entry in entries)))


def _indented(line: str) -> str:
    said = "  ".join(map(clean, line.split("  "))).rstrip()
    return f"  {said}" if said and line[:1].isspace() and not said[:1].isspace() else said


def not_picked(reply: Problem) -> Problem:
    """Return the problem with a paper that was picked from a digest, in words for who sees that digest."""
    if reply.kind is not Trouble.MISSING:
        return reply
    return replace(
        reply,
        message=gettext("Paperwire no longer has this paper, and no source can supply it."),
        hint=gettext("Its title in the digest still leads to its page."),
    )


def noted_line(reply: Noted) -> str:
    """Return what was done, as a full sentence."""
    return sentence(reply.said) or gettext("Noted.")
