"""Check every number, name, acronym and negation of a blurb against its abstract. Pure; linear time; any input."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from summarizer.blurb import Abstract, Span
from summarizer.grounding.directions import turned_by
from summarizer.grounding.evidence import Evidence, ground, is_common, key_of
from summarizer.grounding.polarity import Reading, read, root
from summarizer.grounding.quantities import Quantity, Token, fold, is_amount, quantities, tokens
from summarizer.text.plain import count_words, to_plain
from summarizer.text.sentences import split_sentences

#: A shorter blurb says nothing worth posting, in words; real one-sentence abstracts have 12 or more.
_FEWEST_WORDS = 6
#: More claims are not worth listing one by one.
_MOST_WARNINGS = 5

#: Looked up in full: two letters would often match the initials of an abstract by chance.
_SHORT_FORMS = {
    "ai": "artificial intelligence",
    "ml": "machine learning",
    "rl": "reinforcement learning",
    "dl": "deep learning",
    "qa": "question answering",
    "mt": "machine translation",
    "cv": "computer vision",
    "vr": "virtual reality",
    "3d": "three-dimensional",
    "2d": "two-dimensional",
}
_ACRONYM = re.compile(r"[^\W\d_a-zß-ÿ]{2,}(?:'?s)?")
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,120})[”\"]")
_LABEL = re.compile(r"(?m)^(?:Problem|Approach|Result): ")
_BACK = re.compile(r"(?:it|its|they|their|this|these|those|such|he|she|both|the latter|the former)\b", re.IGNORECASE)
#: After these, a capital only shows that a sentence, quotation or list item starts.
_STARTS = re.compile(r"(?:[.!?:…•]['\"”’)]*|[\"“‘«-]|^)\s*$|\n\s*$")


class ClaimKind(StrEnum):
    """The kinds of claims that can be looked up in an abstract."""

    NUMBER = "number"
    NAME = "name"
    ACRONYM = "acronym"
    NEGATION = "negation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A statement of a blurb that its abstract may not support."""

    text: str
    kind: ClaimKind
    #: The range of the claim in the blurb.
    span: Span


def unsupported(blurb_text: str, abstract: Abstract) -> tuple[Claim, ...]:
    """Return the claims of the blurb that neither abstract nor title supports, in reading order.

    It checks numbers with their units, acronyms, names of models and data, quoted words, negations and hedges. LaTeX,
    thousands separators, Unicode dashes, plurals, case and the notation of a number make no difference. It never
    raises, and takes time linear in both texts.
    """
    return unsupported_by(blurb_text, ground(_sentences(abstract), to_plain(abstract.title)))


def _sentences(abstract: Abstract) -> list[str]:
    text, dollars = abstract.text, abstract.dollar_math
    spans = split_sentences(text, dollar_math=dollars)
    return [to_plain(text[span.start : span.end], dollar_math=dollars) for span in spans]


def unsupported_by(blurb_text: str, source: Evidence) -> tuple[Claim, ...]:
    """Return what `unsupported` returns, for an abstract that `ground` has already read."""
    found: list[Claim] = []
    # A label is the form's, not a claim; as an empty line of its length it leaves the positions as they are.
    said = _LABEL.sub(lambda label: " " * (len(label[0]) - 1) + "\n", blurb_text)
    for span in split_sentences(said, dollar_math="\\" in said):
        claims = _claims(_plain(said[span.start : span.end]), source)
        found.extend(_placed(claim, blurb_text, span) for claim in claims)
    return tuple(sorted(found, key=lambda claim: (claim.span.start, claim.span.end)))


def warnings_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Return one full sentence for the reader about each claim, at most five."""
    said = dict.fromkeys(_warning(claim) for claim in claims)
    return tuple(said)[:_MOST_WARNINGS]


def repaired(blurb_text: str, abstract: Abstract) -> str | None:
    """Return the blurb without the sentences that contain an unsupported claim.

    A sentence that refers back to a removed one is removed too. Returns None if the rest is too short to be posted.
    """
    source = ground(_sentences(abstract), to_plain(abstract.title))
    lines = [_repaired_line(line, source) for line in blurb_text.splitlines()]
    text = "\n".join(filter(None, lines))
    enough = count_words(_LABEL.sub("", text)) >= min(_FEWEST_WORDS, count_words(blurb_text))
    return text if text and enough else None


# -- what is said ---------------------------------------------------------------------------------


def _claims(sentence: str, source: Evidence) -> Iterator[Claim]:
    text = fold(sentence)
    found = tokens(text)
    for quantity in quantities(text, found):
        if not (_has_number(source, quantity) or _is_named(source, found, quantity)):
            yield _claim(sentence, quantity.start, quantity.end, ClaimKind.NUMBER)
        elif _is_opposite(source, found, quantity):
            yield _claim(sentence, quantity.start, quantity.end, ClaimKind.NEGATION)
    yield from _unknown_names(sentence, text, found, source)
    yield from _turned(sentence, read(text, found), source)


def _has_number(source: Evidence, said: Quantity) -> bool:
    """Return whether the abstract has the number, of the same kind and not counting other things."""
    for kind in (said.kind, said.shared or said.kind):
        near = source.numbers.get((said.value, kind))
        if near is not None:
            counted = root(said.counted.lower())
            return not counted or counted in near or counted not in source.words
    return (said.value, said.kind) == ("2", "") and not source.words.isdisjoint(("both", "pair"))


def _is_opposite(source: Evidence, found: Sequence[Token], said: Quantity) -> bool:
    """Return whether the sentence has the number go up where the abstract only has it go down, or the like."""
    turn = turned_by(found, said.index)
    return turn != 0 and source.turns.get((said.value, said.kind)) == frozenset({-turn})


def _is_named(source: Evidence, found: Sequence[Token], said: Quantity) -> bool:
    """Return whether the number is part of a name, as in "GPT 4"."""
    name = found[said.index - 1].text if said.index else ""
    return name[:1].isupper() and key_of(name + found[said.index].text) in source.names


def _unknown_names(sentence: str, text: str, found: Sequence[Token], source: Evidence) -> Iterator[Claim]:
    for token in found:
        kind = _kind_of_name(text, token)
        if kind and not _has_name(source, token.text):
            yield _claim(sentence, token.start, token.end, kind)
    for quoted in _QUOTED.finditer(text):
        if not _has_phrase(source, quoted[1]):
            yield _claim(sentence, quoted.start(), quoted.end(), ClaimKind.NAME)


def _kind_of_name(text: str, token: Token) -> ClaimKind | None:
    """Return whether a word is an acronym or a name; None for a common word."""
    word = token.text.rstrip("% ")
    if is_amount(word):
        # "5-shot" is a number; "2-DoF" is a number and a name.
        return ClaimKind.NAME if any(map(_is_marked, word.split("-")[1:])) else None
    if _ACRONYM.fullmatch(word):
        return ClaimKind.ACRONYM
    if any(map(_is_marked, word.split("-"))):
        return ClaimKind.NAME
    return ClaimKind.NAME if word[:1].isupper() and len(word) > 1 and not _starts(text, token) else None


def _is_marked(piece: str) -> bool:
    """Return whether a word looks like a name: it has a capital inside, or both letters and digits."""
    letters = any(map(str.isalpha, piece))
    digits = any("0" <= char <= "9" for char in piece)
    return any(map(str.isupper, piece[1:])) or (letters and digits and not is_amount(piece))


def _starts(text: str, token: Token) -> bool:
    return _STARTS.search(text[max(0, token.start - 8) : token.start]) is not None


def _has_name(source: Evidence, word: str) -> bool:
    """Return whether the abstract has the name: whole, without plural, as initials, or without its common words."""
    bare = re.sub(r"'s?$", "", word.rstrip("% "))
    names = [bare, bare.removesuffix("s"), f"{bare}s"]
    pieces = bare.split("-")
    core = [piece for piece in pieces if not is_common(piece)] if len(pieces) > 1 else []
    names += ["-".join(core), "".join(core).removesuffix("s")]
    if any(key in source.names for key in map(key_of, names) if key):
        return True
    if root(bare.lower()) in source.words or _spelt_out(source, bare):
        return True
    return bool(core) and not any(map(_has_digit, core)) and all(_has_name(source, piece) for piece in core)


def _has_phrase(source: Evidence, phrase: str) -> bool:
    """Return whether the abstract has the words of a phrase in this order, compared in overlapping groups of three."""
    keys = [key_of(token.text.rstrip("% ")) for token in tokens(phrase)]
    rows = ["".join(keys[index : index + 3]) for index in range(max(1, len(keys) - 2))]
    return not keys or source.names.issuperset(rows)


def _has_digit(piece: str) -> bool:
    return any(map(str.isdigit, piece))


def _spelt_out(source: Evidence, word: str) -> bool:
    short = word.removesuffix("s").lower()
    if long := _SHORT_FORMS.get(short):
        return key_of(long) in source.names
    return word[:2].isupper() and short in source.initials


def _turned(sentence: str, said: Reading, source: Evidence) -> Iterator[Claim]:
    """Yield the negations and hedges that the sentence adds to the abstract, and those that it loses."""
    for cue in said.cues:
        if cue.around and cue.around.isdisjoint(source.doubted if cue.doubts else source.denied):
            yield _claim(sentence, cue.start, cue.end, ClaimKind.NEGATION)
    for pairs, lost in ((said.undenied, source.only_denied), (said.undoubted, source.only_doubted)):
        for pair, (start, end) in pairs.items():
            if pair in lost:
                yield _claim(sentence, start, end, ClaimKind.NEGATION)


# -- how it is written ----------------------------------------------------------------------------


def _plain(sentence: str) -> str:
    return to_plain(sentence) if "\\" in sentence else sentence


def _claim(sentence: str, start: int, end: int, kind: ClaimKind) -> Claim:
    return Claim(text=sentence[start:end].strip(), kind=kind, span=Span(start=start, end=end))


def _placed(claim: Claim, blurb_text: str, sentence: Span) -> Claim:
    """Move the claim's range from its sentence to the blurb; in a sentence with TeX, it becomes the whole sentence."""
    start, end = sentence.start + claim.span.start, sentence.start + claim.span.end
    exact = blurb_text[start:end].strip() == claim.text
    return Claim(text=claim.text, kind=claim.kind, span=Span(start=start, end=end) if exact else sentence)


def _warning(claim: Claim) -> str:
    if claim.kind is ClaimKind.NEGATION:
        return f"The blurb may reverse the meaning of the abstract here: “{claim.text}”."
    return f"The abstract does not support “{claim.text}”."


def _repaired_line(line: str, source: Evidence) -> str:
    """Return one line of a blurb without unsupported sentences; the label stays if any sentence is left."""
    label = match.group() if (match := _LABEL.match(line)) else ""
    rest, kept, dropped = line[len(label) :], [], False
    wrong = [claim.span.start for claim in unsupported_by(rest, source)]
    for span in split_sentences(rest, dollar_math="\\" in rest):
        sentence = rest[span.start : span.end]
        dropped = any(span.start <= start < span.end for start in wrong) or (dropped and bool(_BACK.match(sentence)))
        kept += [] if dropped else [sentence]
    return label + " ".join(kept) if kept else ""
