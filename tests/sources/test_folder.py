"""A folder of files, and a bibliography at an address: every list in them is read, and a bad one costs only itself."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from bots.domain.errors import SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness
from bots.ports import SourceQuery
from bots.sources.bibliography import Bibliography
from bots.sources.context import SourceContext
from bots.sources.file import PaperFile
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES

SOURCE = "bib"
ASK = SourceQuery(day=date(2026, 8, 19))
BIB = "@article{a, title={Postcards between neurons}, author={Lovelace, Ada}, doi={10.1000/1}, year={2026}}"
RIS = "TY  - JOUR\nTI  - Glaciers around volcanoes\nAU  - Tharp, Marie\nDO  - 10.1000/2\nER  - \n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a list in BibTeX and one in RIS, and beside them what is no list of papers."""
    made = tmp_path / "library"
    made.mkdir()
    (made / "a.bib").write_text(BIB)
    (made / "b.ris.gz").write_bytes(gzip.compress(RIS.encode()))
    (made / "paper.pdf").write_bytes(b"%PDF-1.7")
    (made / ".hidden.bib").write_text(BIB.replace("/1", "/3"))
    (made / "inner").mkdir()
    return made


async def test_every_list_in_a_folder_is_read(context: SourceContext, folder: Path) -> None:
    """In the order of the names; PDFs, hidden files and folders are left alone, and a paper in two files comes once."""
    (folder / "c.bib").write_text(BIB)
    source = PaperFile.open(str(folder), context)
    harvest = await source.recent(ASK)
    assert ["Postcards between neurons", "Glaciers around volcanoes"] == [paper.title for paper in harvest.papers]
    assert Freshness.FRESH == harvest.state
    assert {f"file:{folder}"} == {paper.source for paper in harvest.papers}


async def test_a_new_file_is_found(context: SourceContext, folder: Path) -> None:
    """A list that is put into the folder is in the next digest."""
    source = PaperFile.open(str(folder), context)
    assert 2 == len((await source.recent(ASK)).papers)
    (folder / "new.bib").write_text(BIB.replace("/1", "/4").replace("neurons", "glaciers"))
    assert 3 == len((await source.recent(ASK)).papers)
    (folder / "new.bib").unlink()
    assert 2 == len((await source.recent(ASK)).papers)


async def test_a_bad_file_costs_only_itself(context: SourceContext, folder: Path) -> None:
    """It is named, without its folder, and the others are listed."""
    (folder / "z.bib").write_bytes(b"%PDF-1.7")
    harvest = await PaperFile.open(str(folder), context).recent(ASK)
    assert 2 == len(harvest.papers)
    assert Freshness.PARTIAL == harvest.state
    assert "the file z.bib" in harvest.note
    assert str(folder) not in harvest.note


async def test_a_folder_without_lists_is_an_error(context: SourceContext, tmp_path: Path) -> None:
    """An empty folder, or one of which no file can be read, is no empty day."""
    source = PaperFile.open(str(tmp_path), context)
    for raising in (source.check, source._read):
        with pytest.raises(SourceRefused, match="has no file of papers"):
            raising()
    (tmp_path / "x.bib").write_bytes(b"%PDF-1.7")
    with pytest.raises(SourceRefused, match="looks like a PDF"):
        await source.recent(ASK)


def test_a_link_out_of_the_folder_is_not_followed(context: SourceContext, folder: Path, tmp_path: Path) -> None:
    """A link in a folder that others can write to shows nothing else of this machine."""
    (tmp_path / "secret.bib").write_text(BIB.replace("/1", "/9"))
    (folder / "link.bib").symlink_to(tmp_path / "secret.bib")
    reading, _ = PaperFile.open(str(folder), context)._read()
    assert 2 == len(reading.papers)


# ── at an address ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["library.bib", "papers.jsonl"])
async def test_a_bibliography_at_an_address_is_read(context: SourceContext, server: PaperServer, name: str) -> None:
    """As a file is, in any of its formats."""
    harvest = await Bibliography.open(f"{server.url}/feeds/{name}", context).recent(ASK)
    from_disk = await PaperFile.open(str(SAMPLES / "files" / name), context).recent(ASK)
    assert [paper.id for paper in from_disk.papers] == [paper.id for paper in harvest.papers]


@pytest.mark.parametrize("body", [BIB.encode(), RIS.encode(), gzip.compress(BIB.encode()), BIB.encode("utf-16")])
async def test_it_may_be_compressed_and_in_any_encoding(
    context: SourceContext, server: PaperServer, body: bytes
) -> None:
    """As a file may."""
    server.script("/feeds/library.bib", Answer(body=body))
    assert 1 == len((await Bibliography.open(f"{server.url}/feeds/library.bib", context).recent(ASK)).papers)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body=b"<!doctype html><html><body>Sign in</body></html>"), "a web page"),
        (Answer(body=b""), "is empty"),
        (Answer(body=b"%PDF-1.7 x"), "a PDF"),
        (Answer(status=404), "HTTP 404"),
        (Answer(status=503), "does not answer"),
        (Answer(body=gzip.compress(BIB.encode())[:-20]), "damaged"),
    ],
)
async def test_what_is_no_bibliography_is_refused(
    context: SourceContext, server: PaperServer, answer: Answer, said: str
) -> None:
    """A page, a PDF, nothing: an error that names it, and no empty day."""
    server.script("/feeds/library.bib", *[answer] * 4)
    with pytest.raises((SourceDown, SourceRefused), match=said):
        await Bibliography.open(f"{server.url}/feeds/library.bib", context).recent(ASK)


@pytest.mark.parametrize("typed", ["", "papers.bib", "/etc/passwd", "file:///etc/passwd", "http://10.0.0.1/x.bib"])
async def test_only_a_public_address_is_a_bibliography(context: SourceContext, typed: str) -> None:
    """A path of this machine is the source `file`, which only the operator may use."""
    with pytest.raises(SettingsError):
        Bibliography.open(typed, context)
