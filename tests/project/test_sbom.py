"""Tests that the list of components agrees with the lock, says every licence, and is part of the image."""

import json

import devsbom
from tests.conftest import ROOT
from tests.project.test_locks import PROJECT, pins, plain

FOUND = json.loads(devsbom.TARGET.read_text(encoding="utf-8"))
COMPONENTS = FOUND["components"]
#: Words of licences under which the product could not be given on as it is.
REFUSED = ("AGPL", "Affero", "SSPL", "Commons Clause", "BUSL", "proprietary")


def test_it_lists_what_the_lock_pins() -> None:
    """Every locked package is in the list with its version, and nothing else is."""
    listed: dict[str, set[str]] = {}
    for each in COMPONENTS:
        listed.setdefault(plain(each["name"]), set()).add(each["version"])
    assert pins("core") == listed


def test_it_is_of_this_product() -> None:
    """The list names the product and its version, and each component once by its package URL."""
    about = FOUND["metadata"]["component"]
    assert (PROJECT["project"]["name"], PROJECT["project"]["version"]) == (about["name"], about["version"])
    assert ("CycloneDX", "1.6") == (FOUND["bomFormat"], FOUND["specVersion"])
    urls = [each["purl"] for each in COMPONENTS]
    assert sorted(set(urls)) == sorted(urls)
    assert all(url == f"pkg:pypi/{each['name']}@{each['version']}" for url, each in zip(urls, COMPONENTS, strict=True))


def test_every_licence_is_known_and_allowed() -> None:
    """Only packages for other platforms, which are not installed here, may lack a licence; none forbids our use."""
    without = [each["name"] for each in COMPONENTS if "licenses" not in each and "properties" not in each]
    assert [] == without
    said = {each["name"]: json.dumps(each.get("licenses", "")) for each in COMPONENTS}
    assert {} == {name: words for name, words in said.items() if any(each in words for each in REFUSED)}


def test_the_image_has_it() -> None:
    """The image takes the list along with what is installed, and nobody has to find it in a checkout."""
    built, _, run = (ROOT / "deploy/docker/Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")
    assert "COPY deploy/sbom.cdx.json /opt/paperwire/share/sbom/" in built
    assert "COPY --from=build /opt/paperwire /opt/paperwire" in run


def test_what_the_tool_found_is_made_plain() -> None:
    """Package servers' addresses are left out; the platform that a package is for is kept."""
    component = {
        "name": "colorama", "version": "0.4.6", "purl": "pkg:pypi/colorama@0.4.6",
        "description": "requirements line 9: colorama==0.4.6 ; sys_platform == 'win32'     --hash=sha256:ab",
        "externalReferences": [{"url": "https://example.org/colorama", "hashes": []}],
    }  # fmt: skip
    made = devsbom.made({"specVersion": "1.6", "metadata": {"component": {}}, "components": [component]})
    assert "example.org" not in json.dumps(made)
    assert [{"name": "paperwire:marker", "value": "sys_platform == 'win32'"}] == made["components"][0]["properties"]
