"""The addresses of the site's pages. Pure functions."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from bots.domain.papers import PaperId

#: What browsers and web servers make of a part of a path that consists of dots alone.
_DOTS = ("", ".", "..")


def paper_address(paper_id: PaperId, form: str = "") -> str:
    """Return the address of a paper's page, or of a form of it such as `bib`."""
    written = str(paper_id)
    # A slash stays readable, as in a DOI, where it cannot be taken for another directory.
    plain = not any(part in _DOTS for part in written.split("/"))
    return f"/paper/{quote(written, safe=':/' if plain else ':')}" + (f"?{urlencode({'as': form})}" if form else "")


def with_query(path: str, values: Mapping[str, object]) -> str:
    """Return a path with a query; empty values are left out."""
    kept = {name: str(value) for name, value in values.items() if str(value)}
    return f"{path}?{urlencode(kept)}" if kept else path
