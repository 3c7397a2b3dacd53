"""Specs as people read and choose them: made from what sources say of themselves, and from nothing else."""

import pytest

from bots.config.source_catalogue import SOURCES, catalogue
from bots.presentation.source_text import apart, choices, hints, is_local, source_text, titles, together, usages
from bots.sources.feed_presets import PRESETS
from tests.conftest import ROOT


def test_the_readme_shows_how_every_source_describes_itself() -> None:
    """The README's table of sources has a row for each of ours: how its spec is written, and what it lists."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Where papers come from")[2].partition("\n\n")[2].partition("\n\n")[0]
    described = [each.description for each in catalogue().sources if not each.package]
    rows = [f"| `{each.usage.partition('[')[0] or each.examples[0]}` | {each.says} |" for each in described]
    assert len(SOURCES.built_in) == len(rows)
    assert rows == table.splitlines()[2:]


def test_the_page_of_sources_has_every_source_and_every_feed() -> None:
    """The reference names each source with its terms, and each feed that has a name."""
    page = (ROOT / "docs/reference/sources.md").read_text(encoding="utf-8").replace("\\|", "|")
    for each in catalogue().sources:
        if not each.package:
            assert f"| `{each.description.usage or each.description.examples[0]}` | {each.description.says} |" in page
            assert each.description.terms in page
    for name, preset in PRESETS.items():
        assert f"| `feed:{name}` | {preset.title} | {preset.caption} | {preset.terms} |" in page


def test_menus_offer_what_is_described_and_not_what_lies_on_this_machine() -> None:
    """Every example is offered with its caption, source by source; files and the sample day are in no menu."""
    offered = choices(most=100)
    assert "huggingface" == next(iter(offered))
    assert "Hugging Face, trending papers of the day" == offered["huggingface"]
    assert "arXiv cs.CL, language" == offered["arxiv:cs.CL"]
    expected = {"huggingface", "arxiv", "biorxiv", "medrxiv", "pubmed", "feed"}
    assert expected == {spec.partition(":")[0] for spec in offered}
    assert "feed nature, all sciences" == offered["feed:nature"]


@pytest.mark.parametrize("most", [1, 2, 5, 18, 25])
def test_a_small_menu_keeps_what_is_chosen_and_a_bit_of_every_source(most: int) -> None:
    """A menu is never longer than it may be; what is chosen comes before all else, then each source's usual list."""
    offered = choices(["osf:psy"], most=most)
    assert most == len(offered)
    assert "osf:psy" == offered["osf:psy"]
    assert (most > 2) == ("arxiv:cs.CL" in offered)
    assert (most > 6) == ("feed:acl" in offered)


@pytest.mark.parametrize(
    ("joined", "single"),
    [
        (["huggingface", "arxiv:cs.CL+cs.LG"], ["huggingface", "arxiv:cs.CL", "arxiv:cs.LG"]),
        (["arxiv", "file:a+b.bib", "nobody:x+y"], ["arxiv", "file:a+b.bib", "nobody:x+y"]),
        (["huggingface:week"], ["huggingface:week"]),
        ([], []),
    ],
)
def test_specs_are_taken_apart_and_put_together(joined: list[str], single: list[str]) -> None:
    """Only what a source says may be joined is joined, and nothing is lost on the way there and back."""
    assert single == list(apart(joined))
    assert joined == together(single)


def test_the_same_source_twice_is_one() -> None:
    """Sources that are chosen twice are asked once."""
    assert ["huggingface", "arxiv:cs.CL+cs.AI"] == together(
        ["arxiv:cs.CL", "huggingface", "arxiv:cs.AI", "huggingface", "arxiv:cs.CL"]
    )


def test_help_and_hints_show_specs_that_work() -> None:
    """Help shows how each spec is written, hints what people write for those that chats may name."""
    assert ("huggingface[:week|month|trending]", "arxiv:cs.CL+cs.LG", "biorxiv[:CATEGORY]") == usages()[:3]
    assert {"feed:NAME or feed:URL", "file:PATH", "sample", "pubmed:QUERY"} <= set(usages())
    assert ("Hugging Face", "arXiv cs.CL", "bioRxiv", "medRxiv") == hints()
    assert ("Hugging Face", "arXiv", "bioRxiv", "medRxiv", "PubMed") == titles()


@pytest.mark.parametrize(
    ("spec", "local"), [("file:a", True), ("file", True), ("arxiv:file:", False), ("nobody:/etc", False), ("", False)]
)
def test_only_what_says_so_is_local(spec: str, local: bool) -> None:
    """What lies on this machine is known by its source's description."""
    assert local == is_local(spec)


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("feed:nature", "feed nature"),
        ("feed:https://www.example.org/blog/rss.xml?a=1", "feed example.org rss.xml"),
        ("bib:https://api.zotero.org/groups/1/items?format=bibtex", "bibliography api.zotero.org items"),
        ("feed:https://example.org/", "feed example.org"),
        ("feed:https://[", "feed https://["),
        ("pubmed:crispr[tiab] AND humans[mh]", "PubMed crispr[tiab] AND humans[mh]"),
    ],
)
def test_an_address_is_shown_by_its_host(spec: str, shown: str) -> None:
    """A whole one would become a link in a chat; the last part of its path tells two feeds of a site apart."""
    assert shown == source_text(spec)


def test_a_local_path_shows_its_last_part_alone() -> None:
    """Where a file lies is nobody's business in a channel, on any system."""
    assert ["file papers.bib"] * 3 == [
        source_text(spec) for spec in ("file:/home/ann/papers.bib", "file:C:\\ann\\papers.bib", "file:papers.bib/")
    ]
