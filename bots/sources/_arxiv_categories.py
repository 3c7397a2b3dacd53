"""Parses and normalises the names of arXiv categories that people type."""

import re

from bots.domain.errors import SettingsError

# Archives with subcategories: a whole one exceeds the 2,000 items that a feed holds (arXiv/arxiv-feed).
_DIVIDED = frozenset("astro-ph cond-mat cs econ eess math nlin physics q-bio q-fin stat".split())
_SHAPE = re.compile(r"(?P<archive>[a-z]+(?:-[a-z]+)*)(?:\.(?P<subject>[a-z]{2}|[a-z]+-[a-z]+))?")
# At one request every three seconds, twenty categories take a minute.
_MOST = 20
HINT = "Write `arxiv:cs.CL`, or several as `arxiv:cs.CL+cs.LG`; arxiv.org/category_taxonomy lists the names."


def read_categories(argument: str) -> tuple[str, ...]:
    """Return the distinct categories of `cs.CL+stat.ML` in arXiv's spelling; an empty tuple for an empty argument.

    Raises:
        SettingsError: there are too many categories, or one is not the name of a category.
    """
    found = tuple(dict.fromkeys(_category(name) for name in re.split(r"[+,\s]+", argument.strip()) if name))
    if len(found) > _MOST:
        raise SettingsError(
            f"{len(found)} arXiv categories are too many for one source.", hint=f"Name at most {_MOST}."
        )
    return found


def _category(name: str) -> str:
    shape = _SHAPE.fullmatch(name.lower())
    if shape is None:
        raise SettingsError(f"{name[:40]!r} is no arXiv category.", hint=HINT)
    archive, subject = shape["archive"], shape["subject"]
    if subject is None and archive in _DIVIDED:
        raise SettingsError(f"`{archive}` is a whole archive: name its categories, as `{archive}.XX`.", hint=HINT)
    if subject is None:
        return archive
    # Uppercase as in cs.CL and astro-ph.GA, but not if the subject has a hyphen, as in physics.bio-ph.
    return f"{archive}.{subject if '-' in subject else subject.upper()}"
