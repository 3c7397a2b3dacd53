"""Parses and normalises the names of arXiv categories that people type."""

import re
from difflib import get_close_matches

from bots.domain.arxiv_taxonomy import ARCHIVES, CATEGORIES
from bots.domain.errors import SettingsError
from bots.translation.formats import sentences_lazy
from bots.translation.speech import gettext_lazy

# At one request every three seconds, twenty categories take a minute.
_MOST = 20
HINT = gettext_lazy("arxiv.org/category_taxonomy lists the names.")


def read_categories(argument: str) -> tuple[str, ...]:
    """Return the distinct categories of `cs.CL+stat.ML` in arXiv's spelling; an empty tuple for an empty argument.

    Raises:
        SettingsError: there are too many categories, or one is not the name of a category.
    """
    found = tuple(dict.fromkeys(_category(name) for name in re.split(r"[+,\s]+", argument.strip()) if name))
    if len(found) > _MOST:
        raise SettingsError(
            gettext_lazy("{given} arXiv categories are too many for one source.", given=len(found)),
            hint=gettext_lazy("Name at most {most}.", most=_MOST),
        )
    return found


def _category(name: str) -> str:
    known = CATEGORIES.get(name.lower())
    if known:
        return known
    # A whole archive exceeds the 2,000 items that a feed holds (arXiv/arxiv-feed).
    archive = name.lower().removesuffix("*").rstrip(".")
    if ARCHIVES.get(archive):
        example = f"{archive}.{ARCHIVES[archive][0]}"
        raise SettingsError(
            gettext_lazy(
                "“{archive}” is a whole archive: name its categories, as “{example}”.", archive=archive, example=example
            ),
            hint=HINT,
        )
    near = get_close_matches(name.lower()[:40], CATEGORIES, n=1)
    meant = gettext_lazy("Did you mean “{guess}”?", guess=CATEGORIES[near[0]]) if near else ""
    raise SettingsError(
        gettext_lazy("“{text}” is no arXiv category.", text=name[:40]), hint=sentences_lazy(meant, HINT)
    )
