"""Parses the commands about a paper that was shown or about a person's saved papers: each takes a paper, or words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bots.commands.arguments import QUOTES, Call, one_line, options_of, short_enough
from bots.commands.topics import COMMAND, shown, takes_no_more, wrong
from bots.domain.errors import BadCommand, BadPaperId
from bots.domain.export_formats import ExportFormat
from bots.domain.paper_ids import PaperId, PaperRef, read_ref
from bots.domain.requests import (
    Abstract,
    Cite,
    Hidden,
    MoreLike,
    NotForUs,
    Request,
    Save,
    Saved,
    Taste,
    TasteStep,
    Unhide,
    Unsave,
)
from bots.translation.speech import gettext

#: The id of a paper that has only a title: `bots.sources` derives it from the title's words.
_BY_TITLE = re.compile("text:(?P<value>[0-9a-f]{16})")
#: After the paper of `hide`: say what hiding does before it is done.
ASK = "ask"
#: Pages hold several papers, and no channel hides a hundred thousand.
_PAGE = re.compile("[1-9][0-9]{0,3}")


#: The formats of `cite`, by the words that people write for them.
_FORMATS: Mapping[str, ExportFormat] = {
    **{each.value: each for each in ExportFormat},
    "bib": ExportFormat.BIBTEX,
    "csl": ExportFormat.CSL_JSON,
    "json": ExportFormat.CSL_JSON,
    "zotero": ExportFormat.RIS,
    "endnote": ExportFormat.RIS,
    "excel": ExportFormat.CSV,
    "md": ExportFormat.MARKDOWN,
}


def written(paper_id: PaperId) -> str:
    """Return an id as a command contains it, so that it is parsed back into the same id."""
    # Ids may be percent-encoded (%2F) in a URL, so a literal per cent sign would be decoded.
    return str(paper_id).replace("%", "%25")


def _abstract(call: Call) -> Request:
    ref = _ref(call, call.rest)
    return Abstract(channel=call.channel, user=call.user, paper_id=ref.id, version=ref.version)


def _save(call: Call) -> Request:
    return Save(channel=call.channel, user=call.user, paper_id=_paper(call, call.rest))


def _unsave(call: Call) -> Request:
    return Unsave(channel=call.channel, user=call.user, paper_id=_paper(call, call.rest))


def _hide(call: Call) -> Request:
    words = call.rest.split()
    asks = len(words) > 1 and words[-1].lower() == ASK
    named = " ".join(words[:-1]) if asks else call.rest
    return NotForUs(channel=call.channel, user=call.user, paper_id=_paper(call, named), sure=not asks)


def _unhide(call: Call) -> Request:
    return Unhide(channel=call.channel, user=call.user, paper_id=_paper(call, call.rest))


def _hidden(call: Call) -> Request:
    page = one_line(call.rest).strip(QUOTES)
    if not page:
        return Hidden(channel=call.channel, user=call.user)
    if not _PAGE.fullmatch(page):
        raise wrong(call.topic, gettext("“{text}” is not the number of a page.", text=shown(page)))
    return Hidden(channel=call.channel, user=call.user, page=int(page))


def _saved(call: Call) -> Request:
    return Saved(channel=call.channel, user=call.user, words=short_enough(call, one_line(call.rest)))


def _like(call: Call) -> Request:
    said, words = options_of(call)
    named = _paper(call, " ".join(word.text for word in words))
    return MoreLike(channel=call.channel, user=call.user, paper_id=named, limit=said.limit)


def _cite(call: Call) -> Request:
    *words, last = one_line(call.rest).strip(QUOTES).split() or [""]
    form = _FORMATS.get(last.lower().removeprefix("as="), None)
    named = " ".join(words) if form else call.rest
    asked = Cite(channel=call.channel, user=call.user, form=form or ExportFormat.BIBTEX)
    if not named.strip(QUOTES):
        return asked
    ref = _ref(call, named)
    return replace(asked, paper_id=ref.id, version=ref.version)


def _interests(call: Call) -> Request:
    step, _, rest = one_line(call.rest).partition(" ")
    known = {each.value: each for each in TasteStep}
    if step.lower() not in known and step:
        said = shown(one_line(call.rest))
        advice = gettext(
            "To have papers on them come first, say so in a subscription: {form}.", form=f"/paper edit interests {said}"
        )
        raise wrong(call.topic, gettext("“{text}” is nothing that “interests” does.", text=said), advice)
    asked = Taste(channel=call.channel, user=call.user, step=known[step.lower() or TasteStep.SHOW])
    if asked.step is not TasteStep.LIKE:
        if rest:
            raise wrong(call.topic, takes_no_more(f"interests {step}", rest))
        return asked
    if not rest:
        raise wrong(call.topic, gettext("Which papers?"))
    return replace(asked, papers=tuple(_ref(call, each) for each in rest.replace(",", " ").split()))


OF_PAPER: Mapping[str, Callable[[Call], Request]] = {
    "abstract": _abstract,
    "save": _save,
    "unsave": _unsave,
    "saved": _saved,
    "like": _like,
    "hide": _hide,
    "unhide": _unhide,
    "hidden": _hidden,
    "cite": _cite,
    "interests": _interests,
}


def _paper(call: Call, text: str) -> PaperId:
    return _ref(call, text).id


def _ref(call: Call, text: str) -> PaperRef:
    named = short_enough(call, one_line(text).strip(QUOTES))
    if not named:
        raise wrong(call.topic, gettext("Which paper?"))
    titled = _BY_TITLE.fullmatch(named)
    if titled:
        return PaperRef(id=PaperId(scheme="text", value=titled["value"]))
    try:
        # The id alone: of more words, such as "hide all but 2004.15011", none may be dropped.
        return read_ref(named)
    except BadPaperId:
        raise _no_paper(call, named) from None


def _no_paper(call: Call, text: str) -> BadCommand:
    advice = gettext("Give its id, address or DOI; {command} finds it by words.", command=f"{COMMAND} search")
    return wrong(call.topic, gettext("“{text}” is not the id of a paper.", text=shown(text)), advice)
