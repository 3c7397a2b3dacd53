"""The style sheet, the script and the icon of the site, each under an address that changes with its content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
#: Enough that two contents of one file never share an address.
_DIGITS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """A file of the site."""

    name: str
    type: str
    text: str

    @property
    def address(self) -> str:
        """The path at which it is served; browsers keep it for ever."""
        stem, _, ending = self.name.rpartition(".")
        return f"/static/{stem}.{hashlib.sha256(self.text.encode()).hexdigest()[:_DIGITS]}.{ending}"


@cache
def assets() -> Mapping[str, Asset]:
    """Return the files by name."""
    folder = files("bots.web").joinpath("static")
    found = sorted(each.name for each in folder.iterdir() if each.name.rpartition(".")[2] in _TYPES)
    return {
        name: Asset(name=name, type=_TYPES[name.rpartition(".")[2]], text=folder.joinpath(name).read_text("utf-8"))
        for name in found
    }


@cache
def addresses() -> Mapping[str, str]:
    """Return the address of each file by its name with an underscore for the dot, as templates write it."""
    return {name.replace(".", "_"): asset.address for name, asset in assets().items()}
