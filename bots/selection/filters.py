"""Parses keyword queries: words, "phrases", AND OR NOT, -word, brackets, fields and a star at the end of a word.

    query   = all { OR all }
    all     = part { [AND] part }
    part    = { NOT | - | + } ( FIELD: part | ( query ) | "phrase" | word | [> | >= | < | <= | =] number [- number] )

Operators are read in any case; in quotes they are words. `!` is another spelling of the minus, and `+` adds nothing,
because every word is required. NOT binds most tightly, OR least. Signs of other search languages are refused.
Exclusions win: one beside other words counts for every alternative of its bracket, so "a OR b -c" is "(a OR b) -c".
"""

from dataclasses import dataclass

from bots.domain.errors import BadQuery
from bots.selection.amounts import DASHES, form, read_amount, read_part, signed
from bots.selection.categories import read_category
from bots.selection.fields import EXAMPLES, FIELDS, MEANT, NUMBERS, Field
from bots.selection.query import AllOf, Node, Query, Term, Without, all_of, any_of, near_name, negated
from bots.selection.tokens import Kind, Token, cleaned, foreign_sign, form_hint, term_text, tokens_of, written
from bots.selection.words import words_of
from bots.translation.formats import sentences
from bots.translation.speech import gettext

#: Maximum characters; a query is typed by hand and shown in a digest's header, and longer ones were pasted by mistake.
LONGEST = 500
#: Maximum nesting of brackets and fields; the recursive parser needs a limit, and no person nests deeper.
DEEPEST = 20

_SIGNS = (Kind.MINUS, Kind.PLUS)
#: Operators of other search languages, and their form in this one.
_FOREIGN = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "!": "NOT", "-": "NOT", "~": "NOT"}


def parse_query(text: str) -> Query:
    """Return the query that a text expresses; an empty text accepts every paper.

    Raises:
        BadQuery: the text cannot be parsed; the message says where, the hint shows the right form.
    """
    _check_length(text.strip())
    tokens = tuple(tokens_of(text))
    _check_plus(tokens)
    query = Query(root=_Reader(tokens=tokens).whole())
    # The canonical text can be longer, because `ti:(a b)` becomes `ti:a ti:b`; it must be a valid query, too.
    _check_length(str(query))
    return query


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise BadQuery(
            gettext("The query is {given} characters long; {most} is the most.", given=len(text), most=LONGEST),
            hint=gettext("Leave out words that others imply, or split it into two subscriptions."),
        )


def _check_plus(tokens: tuple[Token, ...]) -> None:
    """Refuse "+a OR b": elsewhere it requires a, and without the sign it would not."""
    plus = next((token for token in tokens if token.kind is Kind.PLUS), None)
    if plus is not None and any(token.is_operator("OR") for token in tokens):
        raise BadQuery(
            gettext("The sign + at character {place} cannot stand beside OR.", place=plus.at),
            hint=sentences(
                gettext("Bracket what may vary, and leave the sign out: {form}.", form="agents (plans OR tools)"),
                form_hint(),
            ),
        )


@dataclass(slots=True)
class _Reader:
    """Parses the tokens in one pass, from left to right."""

    tokens: tuple[Token, ...]
    place: int = 0

    def whole(self) -> Node:
        node = self.any_of(Field.ANYWHERE, 0) if self.tokens else AllOf()
        if self.here is not None:
            raise _closes_nothing(self.here)
        return node

    @property
    def here(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def any_of(self, where: Field, depth: int) -> Node:
        parts = [self.all_of(where, depth)]
        while self.here and self.here.is_operator("OR"):
            self.place += 1
            parts.append(self.all_of(where, depth))
        return all_of(parts[0]) if len(parts) == 1 else _alternatives(parts)

    def all_of(self, where: Field, depth: int) -> list[Node]:
        parts = [self.part(where, depth)]
        while self.here and self.here.kind is not Kind.CLOSE and not self.here.is_operator("OR"):
            # ANDNOT is the spelling of arXiv's own search; `part` parses it as NOT.
            self.place += self.here.is_operator("AND")
            parts.append(self.part(where, depth))
        return parts

    def part(self, where: Field, depth: int) -> Node:
        negative = False
        while self.here and (self.here.kind in _SIGNS or self.here.is_operator("NOT", "ANDNOT")):
            negative ^= self.here.kind is not Kind.PLUS
            self.place += 1
        node = self.positive(where, depth)
        return negated(node) if negative else node

    def positive(self, where: Field, depth: int) -> Node:
        token = self.here
        if token is None or token.kind in (Kind.CLOSE, Kind.OPERATOR):
            raise _nothing_here(self.tokens[self.place - 1] if self.place else None, token)
        self.place += 1
        match token.kind:
            case Kind.FIELD if where is Field.SOURCE and self.joins(token):
                return self.spec(token)
            case Kind.FIELD:
                return self.of_field(token, _deeper(depth, token))
            case Kind.OPEN:
                return self.bracket(token, where, _deeper(depth, token))
            case _ if where in NUMBERS:
                return read_amount(self.amount(token), where, token.at)
            case _ if where is Field.HAS:
                return read_part(token.text, token.at)
            case _:
                return _term(token, where)

    def of_field(self, token: Token, depth: int) -> Node:
        field = _field(token)
        if field in NUMBERS and self.here and self.here.kind is Kind.MINUS:
            raise signed(self.here, field)
        return self.part(field, depth)

    def joins(self, token: Token) -> bool:
        """Return whether the next word follows a colon at once, as in the source `arxiv:cs.CL`."""
        return self.here is not None and self.here.kind is Kind.WORD and self.here.at == token.at + len(token.text) + 1

    def spec(self, first: Token) -> Node:
        last = self.tokens[self.place]
        self.place += 1
        return _term(Token(Kind.WORD, f"{first.text}:{last.text}", first.at), Field.SOURCE)

    def amount(self, token: Token) -> str:
        """Return the text of a comparison, typed with spaces or without: `> 20`, `2024 – 2026`."""
        text = token.text
        if not any(map(str.isalnum, text)) and self.follows():
            text += self.tokens[self.place].text
            self.place += 1
        if self.here and self.here.text in DASHES and self.follows(1):
            text += f"-{self.tokens[self.place + 1].text}"
            self.place += 2
        return text

    def follows(self, ahead: int = 0) -> bool:
        """Return whether a number stands here, or some tokens ahead."""
        place = self.place + ahead
        return place < len(self.tokens) and self.tokens[place].text[:1].isdigit()

    def bracket(self, opened: Token, where: Field, depth: int) -> Node:
        node = self.any_of(where, depth)
        if self.here is None:
            raise _never_closed(opened)
        self.place += 1
        return node


def _nothing_here(before: Token | None, token: Token | None) -> BadQuery:
    """Return the error for a missing word between these two tokens."""
    if before is not None and before.kind is not Kind.OPEN:
        said = gettext("{word} at character {place} has nothing after it.", word=before.name, place=before.at)
        return BadQuery(said, hint=_what_follows(before))
    if token is None:
        return _never_closed(before)
    if token.kind is Kind.OPERATOR:
        said = gettext("{word} at character {place} has nothing before it.", word=token.name, place=token.at)
        hint = _literally(token) or gettext("Put a word before it, or leave it out.")
        return BadQuery(said, hint=sentences(hint, form_hint()))
    if before is None:
        return _closes_nothing(token)
    return BadQuery(
        gettext("The bracket at character {place} is empty.", place=before.at),
        hint=sentences(gettext("Put words into it, or leave it out."), form_hint()),
    )


def _what_follows(token: Token) -> str:
    """Return the hint that shows what may stand after a field, an operator or a sign."""
    if token.kind is Kind.FIELD:
        field = FIELDS.get(token.text.lower(), Field.ANYWHERE)
        example = EXAMPLES.get(field, "agents")
        if field in NUMBERS or field is Field.HAS:
            return form(field)
        return gettext("Write it like this: {form}.", form=f"{token.text}:{example}")
    if token.is_operator("NOT", "ANDNOT"):
        hint = gettext("Write what papers must not contain: {form}.", form="agents NOT survey")
    else:
        hint = gettext("Put a word after it, or leave it out.")
    return sentences(_literally(token) or hint, form_hint())


def _literally(token: Token) -> str:
    """Return how a small word is written that was not meant as an operator; empty for operators in capitals."""
    small = token.kind is Kind.OPERATOR and not token.text.isupper()
    return gettext("For the word itself, put it in quotes: {form}.", form=f'"{token.text}"') if small else ""


def _never_closed(opened: Token | None) -> BadQuery:
    return BadQuery(
        gettext("The bracket at character {place} is never closed.", place=opened.at if opened else 1),
        hint=sentences(gettext("Close it with ), or leave it out."), form_hint()),
    )


def _closes_nothing(token: Token) -> BadQuery:
    return BadQuery(
        gettext("The bracket at character {place} closes nothing.", place=token.at),
        hint=sentences(gettext("Leave it out, or open it with ( further in front."), form_hint()),
    )


def _deeper(depth: int, token: Token) -> int:
    if depth >= DEEPEST:
        raise BadQuery(
            gettext("The query is nested deeper than {most} at character {place}.", most=DEEPEST, place=token.at),
            hint=sentences(gettext("Use fewer brackets."), form_hint()),
        )
    return depth + 1


def _field(token: Token) -> Field:
    name = token.text[:40]
    if name.lower() in FIELDS:
        return FIELDS[name.lower()]
    near = MEANT.get(name.lower()) or near_name(name.lower(), FIELDS)
    guess = gettext("Did you mean {guess}?", guess=near if ":" in near else f"{near}:") if near else ""
    known = " ".join(f"{field}:" for field in Field if field)
    fields = gettext(
        "The fields are {fields}. A colon inside a text needs quotes: {form}.", fields=known, form=f'"{name}: …"'
    )
    raise BadQuery(
        gettext("There is no field “{field}” (character {place}).", field=f"{name}:", place=token.at),
        hint=sentences(guess, fields),
    )


def _term(token: Token, where: Field) -> Term:
    text = term_text(token)
    words = words_of(text)
    _check_term(token, text, words)
    if where is Field.CATEGORY:
        read_category(text)
    return Term(text=text, field=where, words=words, written=written(text))


def _check_term(token: Token, text: str, words: tuple[str, ...]) -> None:
    shown = cleaned(token.text)[:40]
    if not words:
        raise BadQuery(
            gettext("“{text}” at character {place} contains nothing to search for.", text=shown, place=token.at),
            hint=_instead(cleaned(token.text)),
        )
    sign = foreign_sign(text) if token.kind is Kind.WORD else None
    if sign is not None:
        at = token.at + max(token.text.find(text), 0) + sign[0]
        said = gettext("The sign {sign} at character {place} has no meaning here.", sign=text[sign[0]], place=at)
        raise BadQuery(said, hint=sign[1])
    if token.kind is Kind.WORD and "*" in text[:-1]:
        raise BadQuery(
            gettext("The star at character {place} is inside a word.", place=token.at + token.text.index("*")),
            hint=gettext("A star matches the rest of a word and belongs at its end: transform*"),
        )
    # One letter and a star match nearly every paper; people who type it usually mean "A* search".
    if text.endswith("*") and sum(map(len, words)) < 2:
        raise BadQuery(
            gettext("“{text}” at character {place} is too short before the star.", text=shown, place=token.at),
            hint=gettext('Give at least two letters before the star: transform*. For A* write "A* search".'),
        )


def _instead(text: str) -> str:
    if text in _FOREIGN:
        hint = gettext("Write {operator} in place of {sign}.", operator=_FOREIGN[text], sign=text)
        return sentences(hint, form_hint())
    return gettext("Leave the query empty to match every paper.") if text == "*" else form_hint()


def _alternatives(parts: list[list[Node]]) -> Node:
    """Return the alternatives without the exclusions that stand beside other words: these count for them all."""
    kept, excluded = list[Node](), list[Node]()
    for part in parts:
        wanted: list[Node] = [node for node in part if not isinstance(node, Without)]
        if wanted:
            excluded += [node for node in part if isinstance(node, Without)]
        kept.append(all_of(wanted or part))
    return all_of([any_of(kept), *excluded])
