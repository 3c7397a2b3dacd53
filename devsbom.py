"""Makes the list of components of the product in CycloneDX's format out of the lock: `python3 dev.py sbom`.

The tool cyclonedx-py reads the lock. Its list is made to depend on nothing but the lock and the packages themselves:
the addresses of package servers go, and each package's licence is read from its own metadata. The hashes of all
archives stay in the lock, where the installer checks them: a component would have one for each platform.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
#: Where the list is; the image has it too.
TARGET = ROOT / "deploy/sbom.cdx.json"
_LICENSE = "License :: OSI Approved :: "
#: What cyclonedx-py says of each package in the lock's own words, with the platform that it is for.
_MARKER = re.compile(r";\s*([^\\]+?)\s*(?:\\|--hash|$)")
#: Characters of a licence that is a name; some packages put the whole text there.
_LONGEST_NAME = 120


def made(found: dict[str, Any]) -> dict[str, Any]:
    """Return the tool's list as it is kept.

    Args:
        found: what `cyclonedx-py requirements` printed.
    """
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": found["specVersion"],
        "version": 1,
        "metadata": {"component": found["metadata"]["component"]},
        "components": sorted(map(_component, found["components"]), key=lambda each: str(each["bom-ref"])),
    }


def _component(found: dict[str, Any]) -> dict[str, Any]:
    marker = _MARKER.search(found.get("description", ""))
    licences = [*_licences(found["name"])]
    return {
        "type": "library",
        "bom-ref": found["purl"],
        "name": found["name"],
        "version": found["version"],
        "purl": found["purl"],
        **({"licenses": licences} if licences else {}),
        **({"properties": [{"name": "paperwire:marker", "value": marker[1]}]} if marker else {}),
    }


def _licences(name: str) -> Iterator[dict[str, Any]]:
    try:
        metadata = Distribution.from_name(name).metadata
    except PackageNotFoundError:
        return
    expression = (metadata.get_all("License-Expression") or [""])[0]
    if expression:
        yield {"expression": expression}
        return
    classifiers = metadata.get_all("Classifier") or ()
    classified = [each.removeprefix(_LICENSE) for each in classifiers if each.startswith(_LICENSE)]
    said = " ".join((metadata.get_all("License") or [""])[0].split())
    for each in classified or ([said] if 0 < len(said) <= _LONGEST_NAME else []):
        yield {"license": {"name": each}}


def main() -> int:
    """Read the tool's list from stdin and write ours."""
    TARGET.write_text(json.dumps(made(json.load(sys.stdin)), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
