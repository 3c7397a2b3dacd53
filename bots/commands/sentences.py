"""Reads a sentence about a digest, such as "to cs.CL at 9am on weekdays", as the options of the command.

Only what is certain is read. Every other word is left, so that the person is asked; nothing is dropped or guessed.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from bots.commands.clause_words import AMOUNT, NO_RHYTHM, NUMBERS, ORDERS, PARTS, RHYTHMS, RHYTHMS_HINT, TYPED_DAYS
from bots.commands.clocks import is_announced, is_of_either_half, says_time, times_in
from bots.commands.days import FutureDay, day_of, weekdays_in
from bots.commands.named_sources import nearest, sources_in
from bots.commands.options import READERS, Options
from bots.commands.subjects import ABOUT, FILLERS, no_source, subject_of
from bots.commands.topics import shown
from bots.commands.zones import zones_named
from bots.domain.errors import BadQuery, RequestError
from bots.translation.formats import listed
from bots.translation.speech import gettext

#: The most words of one clause: "Mondays, Tuesdays, Wednesdays, Thursdays and Fridays".
_MOST_WORDS = 10
_AT = frozenset({"at", "@", "um", "à", "a", "las", "gegen"})
_IN = frozenset({"in", "zone", "timezone", "tz"})
_FROM = frozenset({"from", "of", "to", "via", "von", "de", "for", "and"})
_EACH = frozenset({"on", "every", "each", "jeden", "jede", "cada", "chaque", "am"})
_SLIP = 0.84
#: Words that name days only after "every" or "on"; alone they are words of a subject.
_DAYS_OF_SUBJECTS = frozenset("day all morning evening mon tue wed thu fri sat sun tag tues weds thur thurs".split())
#: Names of sources that are words of a subject as well.
_SOURCES_OF_SUBJECTS = frozenset({"sample", "file"})
#: Words after a time that are cities, too.
_NO_ZONES = frozenset("on of in every each from about to for and the best most man same with at".split())
#: Options whose value is a text of any words.
_TEXTS = frozenset({"query", "interests"})
#: Options that have clauses of their own.
_CLAUSED = frozenset({"at", "on", "zone", "every", "source", "day"})

#: The options that a clause stands for, and the place behind it.
_Clause = tuple[Sequence[tuple[str, str]], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A sentence as options, the words that were not understood, and what may mean two things."""

    options: Sequence[tuple[str, str]] = ()
    #: The places of the words.
    left: Sequence[int] = ()
    faults: Sequence[RequestError] = ()


@dataclass(kw_only=True, slots=True)
class _Reader:
    """Reads one run of words from left to right."""

    words: Sequence[str]
    keys: Collection[str]
    today: date | None
    options: list[tuple[str, str]] = field(default_factory=list)
    #: The words of the subject, if one was begun, and whether another clause has ended it.
    subject: list[int] | None = None
    ended: bool = False
    left: list[int] = field(default_factory=list)
    faults: list[RequestError] = field(default_factory=list)
    #: Whether no word is skipped until the first clause: the words before it may belong to a text.
    strict: bool = False
    #: Whether the clause before is a time of day: a city behind it is its time zone.
    timed: bool = False
    #: The hour of the part of the day that was said; empty if none was.
    hour: str = ""

    def read(self) -> None:
        place = 0
        while place < len(self.words):
            found = next(filter(None, (clause(self, place) for clause in _CLAUSES)), None)
            if found is None:
                self._take_word(place)
                place, self.timed = place + 1, False
                continue
            options, end = found
            self.strict = False
            self.options += options
            if self.subject and all(self.word(each) in FILLERS for each in self.subject):
                self.subject = None  # "to the sample day about agents": "to the" has begun no subject.
            self.ended = self.ended or bool(self.subject)
            self.timed, place = bool(options) and options[0][0] == "at", end

    def _take_word(self, place: int) -> None:
        word = self.word(place)
        if self.subject is not None and not (self.ended and self.subject):
            self.subject.append(place)
        elif self.strict:
            self.left.append(place)
        elif self.subject is None and word in ABOUT and place + 1 < len(self.words):
            self.subject = [place] if word == "by" else []
        elif word not in FILLERS:
            self.left.append(place)

    def word(self, place: int) -> str:
        return self.words[place].lower().strip(",;:!?") if place < len(self.words) else ""

    def text(self, start: int, end: int) -> str:
        return " ".join(self.words[start:end]).strip(",;:!? ")

    def spans(self, start: int) -> Iterator[tuple[str, int]]:
        """Yield the texts that begin at a place, the longest first, each with the place behind it."""
        for end in range(min(start + _MOST_WORDS, len(self.words)), start, -1):
            yield self.text(start, end), end


def understood(
    words: Sequence[str], keys: Collection[str], today: date | None = None, *, strict: bool = False
) -> Understood:
    """Return the options that a run of words stands for.

    Args:
        words: words as typed, with no option among them.
        keys: the options that the command accepts; other clauses are not looked for.
        today: the day from which "yesterday" is counted.
        strict: whether the words before the first clause may belong to something else, so that none is skipped.
    """
    reader = _Reader(words=words, keys=keys, today=today, strict=strict)
    reader.read()
    if reader.hour and "at" not in {name for name, _ in reader.options}:
        reader.options.append(("at", reader.hour))
    _read_subject(reader)
    for place in (*reader.left, *(reader.subject or ())):
        if (fault := _slip(reader.text(place, place + 1))) is not None:
            reader.faults.append(fault)
            # The "on" of "on Mundays" is a part of the same mistake.
            spared = (place, place - 1) if place and reader.word(place - 1) in _EACH else (place,)
            reader.left = [each for each in reader.left if each not in spared]
    return Understood(options=reader.options, left=reader.left, faults=reader.faults)


def _read_subject(reader: _Reader) -> None:
    places = reader.subject or ()
    try:
        subject = subject_of([reader.words[place] for place in places])
    except BadQuery as error:
        reader.faults.append(error)
        return
    if subject and ("query" not in reader.keys or not any(map(str.isalpha, subject))):
        reader.left += places
    elif subject:
        reader.options.append(("query", subject))


def _named(day: str) -> str:
    return day.capitalize() if day.rstrip("s").endswith("day") and not day.startswith("week") else day


def _slip(word: str) -> RequestError | None:
    near = get_close_matches(word.lower(), TYPED_DAYS, n=2, cutoff=_SLIP)
    if not near or word.lower() in TYPED_DAYS:
        return None
    # "Mondays" and "Sundays" are equally near to "Mundays"; "monday" beside "mondays" adds nothing.
    same = near[-1].rstrip("s") == near[0].rstrip("s")
    meant = listed((_named(day) for day in near[: 1 if same else 2]), "or")
    said = gettext("“{text}” is no word for days.", text=shown(word))
    return BadQuery(said, hint=gettext("Did you mean {guess}?", guess=meant))


# ── the clauses ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _amount(reader: _Reader, place: int) -> _Clause | None:
    for text, end in reader.spans(place):
        found = AMOUNT.fullmatch(text.lower())
        number = (found["number"] or found["top"]) if found else ""
        if number and (number.isdecimal() or number in NUMBERS):
            return [("limit", str(NUMBERS.get(number, number)))], end
    return None


def _times(reader: _Reader, place: int) -> _Clause | None:
    led = reader.word(place) in _AT
    for text, end in reader.spans(place + led + (led and reader.word(place + 1) in _AT)):
        if led and is_announced(text):
            return [("at", "announced")], end
        parts = times_in(text)
        if not parts or not (led or all(says_time(part) for part in parts)):
            continue
        if end > place + led + 1 and "limit" in reader.keys and _amount(reader, end - 1):
            continue  # "at noon, 20 papers" says how many, and no second time.
        if len(parts) == 1 and is_of_either_half(parts[0]):
            reader.faults.append(
                BadQuery(
                    gettext("“{text}” may be in the morning or in the afternoon.", text=parts[0]),
                    hint=gettext("Write {first} or {second}.", first=f"{parts[0]}am", second=f"{parts[0]}pm"),
                )
            )
            return [], end
        return [("at", ", ".join(parts))], end
    return None


def _zone(reader: _Reader, place: int) -> _Clause | None:
    led = reader.word(place) in _IN
    if not led and "/" not in reader.word(place) and (not reader.timed or reader.word(place) in _NO_ZONES):
        return None
    for text, end in reader.spans(place + led + (reader.word(place + 1) == "zone")):
        if zones_named(text):
            return [("zone", text)], end
    return None


def _days(reader: _Reader, place: int) -> _Clause | None:
    led = reader.word(place) in _EACH
    if reader.word(place) == "the":
        return None
    for text, end in reader.spans(place):
        if NO_RHYTHM.fullmatch(text.lower()):
            reader.faults.append(
                BadQuery(gettext("A digest cannot come “{text}”.", text=shown(text)), hint=gettext(RHYTHMS_HINT))
            )
            return [], end
        if (rhythm := RHYTHMS.get(text.lower())) is not None:
            return [("every", rhythm)], end
        if not weekdays_in(text) or (end == place + 1 and (led or text.lower() in _DAYS_OF_SUBJECTS)):
            continue
        if "at" in reader.keys:
            reader.hour = PARTS.get(reader.word(end)) or PARTS.get(text.lower().rpartition(" ")[2], reader.hour)
        return [("on", text)], end + (reader.word(end) in PARTS)
    return None


def _order(reader: _Reader, place: int) -> _Clause | None:
    """Return the order of the papers, where no subject has begun: "trending papers", "newest first"."""
    if reader.subject:
        return None
    for text, end in reader.spans(place):
        if (order := ORDERS.get(text.lower())) is not None:
            return [("sort", order)], end + (reader.word(end) in ("on", "at"))
    return None


def _source(reader: _Reader, place: int) -> _Clause | None:
    led = int(reader.word(place) in _FROM)
    led += bool(led) and reader.word(place + 1) == "the"
    for text, end in reader.spans(place + led):
        certain = reader.word(place) == "from" or (reader.subject is None and not reader.strict)
        if (certain or text.lower() not in _SOURCES_OF_SUBJECTS) and (specs := sources_in(text)):
            return [("source", ",".join(specs))], end
    if reader.word(place) != "from":
        return None
    for end in (place + led + 1, place + led + 2):
        if meant := nearest(reader.text(place + led, end)):
            text = reader.text(place + led, end)
            reader.faults.append(no_source(text, meant))
            return [], min(end, len(reader.words))
    return None


def _day(reader: _Reader, place: int) -> _Clause | None:
    led = reader.word(place) in ("from", "of", "for", "on")
    for span, end in reader.spans(place + led):
        text = span.removesuffix("'s").removesuffix("’s")
        try:
            day_of(text, reader.today)
        except BadQuery as error:
            if isinstance(error, FutureDay) or text.lower() == "yesterday":
                reader.faults.append(error)
                return [], end
            continue
        return [("day", text)], end
    return None


def _option(reader: _Reader, place: int) -> _Clause | None:
    """Return an option that is typed without its sign: "limit 3"."""
    name = reader.word(place)
    if name not in reader.keys or name in _CLAUSED or (name in _TEXTS and reader.subject is not None):
        return None
    if name in _TEXTS:
        end = len(reader.words)
        return ([(name, reader.text(place + 1, end))], end) if place + 1 < end else None
    for text, end in reader.spans(place + 1):
        try:
            READERS[name](Options(today=reader.today), text)
        except RequestError:
            continue
        return [(name, text)], end
    return None


def _of(key: str, clause: Callable[[_Reader, int], _Clause | None]) -> Callable[[_Reader, int], _Clause | None]:
    return lambda reader, place: clause(reader, place) if key in reader.keys else None


#: Tried in this order at each word.
_CLAUSES: Sequence[Callable[[_Reader, int], _Clause | None]] = (
    _of("limit", _amount),
    _of("at", _times),
    _of("on", _days),
    _of("sort", _order),
    _of("zone", _zone),
    _of("source", _source),
    _of("day", _day),
    _option,
)
