"""What a search knows of each stored paper: the stems of its texts, and the signature of its title."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bots.domain.papers import Paper
from bots.search.likeness import signature
from bots.selection.words import is_common, row_of, seen_text, words_of
from summarizer.text.words import stem

#: Characters of a stem; longer "words" are data. Postgres refuses more than 2,046 bytes.
_LONGEST = 64
#: Words of one text that are kept; an abstract has some 200, and a text of pages belongs to no paper.
_MOST = 2000
#: Authors whose names are searched; collaborations name thousands.
_MOST_AUTHORS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchEntry:
    """One paper as it is searched. Stems are separated by single spaces and occur as often as in the text."""

    title: str
    #: Of the abstract and the keywords.
    body: str
    #: Of the authors' names.
    names: str
    #: The title's signature.
    marks: bytes
    #: The words of title and names as they are written, against which typing errors are corrected.
    vocabulary: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Return a hash that changes with what is searched."""
        said = f"{self.title}\x00{self.body}\x00{self.names}\x00{self.marks.hex()}"
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def entry_of(paper: Paper) -> SearchEntry:
    """Return a paper as it is searched."""
    title = seen_text(paper.title, paper)
    names = [word for author in paper.authors[:_MOST_AUTHORS] for word in words_of(author)]
    body = words_of(" \n ".join((seen_text(paper.abstract, paper), *paper.keywords)))
    titled = words_of(title)
    return SearchEntry(
        title=_stems(titled),
        body=_stems(body),
        names=_stems(names),
        marks=signature(row_of(title)),
        vocabulary=frozenset(word for word in (*titled, *names) if len(word) <= _LONGEST and not is_common(word)),
    )


def asked_stems(words: Iterable[str]) -> dict[str, str]:
    """Return the stems to search for, each with the first of the words that has it; common words are left out."""
    found: dict[str, str] = {}
    for word in words:
        if not is_common(word):
            found.setdefault(stem(word[:_LONGEST]), word)
    return found


def _stems(words: Iterable[str]) -> str:
    stems = [stem(word[:_LONGEST]) for word in words if not is_common(word)]
    return " ".join(stems[:_MOST])
