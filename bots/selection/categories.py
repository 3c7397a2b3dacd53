"""Parses and matches category patterns: `cs.CL` is one category, `cs.*` and `cs` are all of computer science."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from bots.domain.arxiv_taxonomy import ARCHIVES, CATEGORIES
from bots.domain.errors import BadQuery
from bots.translation.formats import sentences
from bots.translation.speech import gettext

# arXiv's categories are `cs.CL`, `cond-mat.mtrl-sci`, `hep-th`; bioRxiv's are words, `cancer biology`.
_CATEGORY = re.compile(r"[^\W_][\w &/-]*(?:\.[\w-]+)*(?:\.?\*)?")
#: Longer than any category of arXiv, bioRxiv or medRxiv ("obstetrics and gynecology").
_LONGEST = 60
#: An archive with fewer categories has them all in the hint.
_FEW = 12


def read_category(text: str) -> str:
    """Return a category pattern without surrounding white space.

    Raises:
        BadQuery: the text is not a category pattern.
    """
    pattern = " ".join(text.split())
    if len(pattern) > _LONGEST or not _CATEGORY.fullmatch(pattern):
        raise BadQuery(
            gettext("“{text}” is not a category.", text=pattern[:_LONGEST]),
            hint=gettext("Write one category, such as cs.CL, or cs.* for all of an archive."),
        )
    _check_exists(pattern)
    return pattern


def _check_exists(pattern: str) -> None:
    """Refuse a name with a dot that arXiv does not have; names without one may be those of any other site.

    Raises:
        BadQuery: there is no such category or archive; the hint names the most similar one.
    """
    name = pattern.casefold()
    archive = name.partition(".")[0]
    if "." not in name or name in CATEGORIES or (name.endswith("*") and archive in ARCHIVES):
        return
    near = get_close_matches(name, CATEGORIES, n=1)
    if archive in ARCHIVES:
        same = [CATEGORIES[each] for each in CATEGORIES if each.startswith(f"{archive}.")]
        few = len(same) < _FEW
        hint = gettext("Those of {archive} are {names}.", archive=archive, names=", ".join(same)) if few else ""
    else:
        hint = ""
    meant = gettext("Did you mean {guess}?", guess=CATEGORIES[near[0]]) if near else ""
    raise BadQuery(
        gettext("arXiv has no category “{category}”.", category=pattern),
        hint=sentences(meant, hint or gettext("arxiv.org/category_taxonomy lists them all.")),
    )


def in_category(pattern: str, categories: Iterable[str]) -> bool:
    """Return whether the pattern matches any of the categories, ignoring case."""
    return any(_is_meant(pattern.casefold(), category.casefold()) for category in categories)


def _is_meant(pattern: str, category: str) -> bool:
    archive = pattern.removesuffix(".*")
    if archive.endswith("*"):
        return category.startswith(archive.rstrip("*"))
    return category == archive or category.startswith(f"{archive}.")
