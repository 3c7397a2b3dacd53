"""Converts records to JSON and back: the fields that a row does not store in columns of their own. Pure functions."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.papers import Paper, PaperId, Signals, merge
from bots.domain.posted import PostedMark, PostedPaper
from bots.domain.runs import Delivery, Run
from bots.domain.same_paper import joined, same_paper, told_apart, unique
from bots.domain.subscriptions import Every, Hours, Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.store.rules import utc
from summarizer import Blurb, Span, Style

_Record = TypeVar("_Record")


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """Defines how one field is written as JSON and read back."""

    write: Callable[[Any], object]
    read: Callable[[Any], Any]

    @property
    def or_none(self) -> "Form":
        """The same form for a field that may be None."""
        return Form(
            write=lambda value: None if value is None else self.write(value),
            read=lambda value: None if value is None else self.read(value),
        )

    def many(self, kind: Callable[[Iterable[Any]], Any] = tuple) -> "Form":
        """Return the form of a field with several such values; sets are written sorted, so equal sets look equal."""
        ordered: Callable[[Iterable[Any]], Iterable[Any]] = sorted if kind is frozenset else list
        return Form(
            write=lambda values: [self.write(value) for value in ordered(values)],
            read=lambda values: kind(self.read(value) for value in values),
        )


def read_name(text: str) -> PaperId:
    """Return the id that `str(PaperId)` wrote, even an empty one: every stored id must be readable."""
    scheme, _, value = text.partition(":")
    return PaperId(scheme=scheme, value=value)


#: Text, numbers and booleans are stored in JSON unchanged.
AS_IT_IS = Form(write=lambda value: value, read=lambda value: value)
NAME = Form(write=str, read=read_name)
DAY = Form(write=date.isoformat, read=date.fromisoformat)
TIME = Form(write=time.isoformat, read=time.fromisoformat)
INSTANT = Form(write=lambda instant: utc(instant).isoformat(), read=datetime.fromisoformat)
ZONE = Form(write=str, read=ZoneInfo)


@dataclass(frozen=True, kw_only=True, slots=True)
class Body(Generic[_Record]):
    """Defines how a record is written as a JSON object: every field except those stored in columns.

    A field that the object lacks, because it was written before the field existed, gets its default.
    """

    record: type[_Record]
    forms: Mapping[str, Form]
    #: Fields stored in columns, passed to `read` by keyword.
    columns: frozenset[str] = frozenset()

    def write(self, record: _Record) -> dict[str, object]:
        """Return the record as JSON-compatible values."""
        return {name: self._form(name).write(getattr(record, name)) for name in self._names()}

    def read(self, values: Mapping[str, Any], **columns: object) -> _Record:
        """Return the record that `write` wrote, completed with the fields stored in columns.

        Raises:
            StoreError: this program cannot read it, for example a time zone that this machine does not know.
        """
        try:
            known = {name: self._form(name).read(values[name]) for name in self._names() if name in values}
            return self.record(**known, **columns)
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"A stored {self.record.__name__} cannot be read: {error}") from error

    @property
    def form(self) -> Form:
        """This body as the form of a field that holds such a record."""
        return Form(write=self.write, read=self.read)

    def _form(self, name: str) -> Form:
        return self.forms.get(name, AS_IT_IS)

    def _names(self) -> list[str]:
        kept: Any = self.record
        return [field.name for field in fields(kept) if field.name not in self.columns]


_TEXTS = AS_IT_IS.many()

SIGNALS = Body(record=Signals, forms={})
PAPER = Body(
    record=Paper,
    forms={
        "id": NAME,
        "authors": _TEXTS,
        "published": INSTANT.or_none,
        "announced": DAY.or_none,
        "categories": _TEXTS,
        "keywords": _TEXTS,
        "signals": SIGNALS.form,
        "aliases": NAME.many(frozenset),
    },
)
HOURS = Body(record=Hours, forms={"start": TIME, "end": TIME})
SUBSCRIPTION = Body(
    record=Subscription,
    forms={
        "sources": _TEXTS,
        "categories": _TEXTS,
        "sort_by": Form(write=str, read=SortBy),
        "style": Form(write=str, read=Style),
        "timezone": ZONE,
        "times": TIME.many(),
        "weekdays": Form(write=int, read=Weekday).many(frozenset),
        "every": Form(write=str, read=Every),
        "wait": TIME.or_none,
        "quiet": HOURS.form.or_none,
        "empty": Form(write=str, read=WhenEmpty),
        "look": Form(write=str, read=Look),
        "resumes": INSTANT.or_none,
    },
    columns=frozenset({"id", "channel", "enabled", "created"}),
)
SPAN = Body(record=Span, forms={})
BLURB = Body(record=Blurb, forms={"evidence": SPAN.form.many(), "warnings": _TEXTS})
NAMES = NAME.many()


def frozen(delivery: Delivery) -> Delivery:
    """Return the part with its payload as it will be read back, independent of the caller's later changes.

    Raises:
        ValueError, TypeError: the payload is not made of JSON values.
    """
    payload = json.loads(json.dumps(delivery.part.payload, allow_nan=False))
    return replace(delivery, part=replace(delivery.part, payload=payload))


def in_utc(run: Run) -> Run:
    """Return the run with its instants in UTC.

    Raises:
        ValueError: one of the instants is naive.
    """
    started, finished, not_before = (
        None if instant is None else utc(instant) for instant in (run.started, run.finished, run.not_before)
    )
    return replace(run, created=utc(run.created), started=started, finished=finished, not_before=not_before)


def shelved(kept: Iterable[Paper], new: Iterable[Paper]) -> tuple[tuple[Paper, ...], frozenset[PaperId]]:
    """Return the papers that the new records add or change, and the ids that no longer exist.

    An id no longer exists when a new record shows that two stored papers are one.

    Args:
        kept: every stored paper that shares a name with one of the new.
        new: records as a source returned them.

    Raises:
        ValueError: an instant of a new record is naive.
    """
    before = {paper.id: paper for paper in kept}
    after, homes = dict(before), {name: paper.id for paper in before.values() for name in paper.names}
    for paper in unique(tuple(map(same_instants, new))):
        own, same = told_apart(paper, lambda name: after.get(homes[name]) if name in homes else None)
        first, *others = sorted(same, key=lambda known: known.id) or (None,)
        whole, gone = (own, []) if first is None else joined(first, others, own)
        for known in (*gone, *((first,) if first else ())):
            del after[known.id]
        after[whole.id] = whole
        homes.update(dict.fromkeys(whole.names, whole.id))
    changed = tuple(paper for name, paper in after.items() if before.get(name) != paper)
    return changed, frozenset(before.keys() - after.keys())


def by_owner(
    papers: Sequence[Paper], place: Channel | None
) -> tuple[tuple[Paper, ...], dict[Channel, tuple[Paper, ...]]]:
    """Return the public papers, and the private ones by their owner.

    Raises:
        ValueError: a paper is private, and no place says to whom it belongs.
    """
    public = tuple(each for each in papers if not each.private)
    private = tuple(each for each in papers if each.private)
    if private and place is None:
        raise ValueError(f"the private paper {private[0].id} has no owner")
    return public, {place.owner: private} if private and place is not None else {}


def as_seen(public: Sequence[Paper], private: Sequence[Paper] = ()) -> Paper | None:
    """Return the paper with some name as the owners of its private records see it; None if there is none.

    A public record comes first, its gaps filled from the private ones. If it is of another paper, as with a wrong id in
    a file, then the private one is what the owner was shown under that name.
    """
    known = public[0] if public else None
    for own in private:
        known = merge(known, own) if known is not None and same_paper(known, own) else own
    return known


def shown(papers: Iterable[Paper], mark: PostedMark) -> list[PostedPaper]:
    """Return the papers of a message, each once: two records of one paper may have been joined since."""
    return [PostedPaper(paper=paper, mark=mark) for paper in {paper.id: paper for paper in papers}.values()]


def same_instants(paper: Paper) -> Paper:
    """Return the paper with its instant in UTC.

    Raises:
        ValueError: the instant is naive.
    """
    return paper if paper.published is None else replace(paper, published=utc(paper.published))
