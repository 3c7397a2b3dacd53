"""Tests of texts that are no lists of papers: each is refused by its name, and copied lists stay."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.errors import SourceRefused
from bots.sources.reading import other_texts
from bots.sources.reading.formats import parse

# A slow example on a busy machine is not a failure.
PATIENT = settings(deadline=None)
PARAGRAPH = (
    "We study how cats spend the winter in Oslo, and we find that most of them stay inside. A survey of two hundred "
    "homes shows that warm windows are the best predictor of where a cat is found at noon, whatever its age."
)
SECRET = "DISCORD_TOKEN=MTIzNDU2Nzg5"
TEXTS = {
    "an e-mail or a letter": [
        f"From: Ada Smith <ada@example.org>\nTo: Bo Jones\nSubject: Cats\n\nHi Bo,\n\n{PARAGRAPH}\n\nBest\nAda\n",
        f"Hi Bo,\n{PARAGRAPH}\nSee you\n{PARAGRAPH}\n", f"Dear Dr. Jones:\n{PARAGRAPH}\n",
        f"Received: from a by b\nDKIM-Signature: v=1\nSubject: x\n\n{PARAGRAPH}\n",
    ],
    "a file of settings": [
        f"# tokens\n{SECRET}\nSLACK_TOKEN=xoxb\n", SECRET, f"export {SECRET}\n{PARAGRAPH}\n{PARAGRAPH}\n",
        '[project]\nname = "cats"\nversion = "1.0"\n\n[tool.ruff]\nline-length = 120\n',
        "services:\n  web:\n    image: cats\n    restart: always\n",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{'b3BlbnNzaC1rZXktdjEA' * 20}\n",
    ],
    "source code": [
        (f'"""Cats."""\n\nimport os\nfrom sys import argv\n\n\ndef cats(n: int) -> int:\n    """{PARAGRAPH}"""\n'
         "    total = 0\n    return total\n"),
        "\n".join(["SELECT * FROM cats;", f"-- {PARAGRAPH}", "INSERT INTO cats VALUES (1);", "DROP TABLE dogs;"]),
        f"diff --git a/x b/x\nindex 1234567..89abcde 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n {PARAGRAPH}\n",
        f'#: cats.py:1\nmsgid "Cats"\nmsgstr "Katzen"\n\n#: cats.py:2\nmsgid "{PARAGRAPH}"\nmsgstr "{PARAGRAPH}"\n',
        f"#include <stdio.h>\nint main() {{\n  printf(\"x\");\n  // {PARAGRAPH}\n  return 0;\n}}\n",
    ],
    "a log": [
        f"2026-11-30 00:00:01 INFO start\n2026-11-30 00:00:02 ERROR {PARAGRAPH}\n2026-11-30 00:00:03 INFO end\n",
        f'Starting\nTraceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: {PARAGRAPH}\n',
        f"Nov 30 00:00:01 host sshd: a\nNov 30 00:00:02 host sshd: {PARAGRAPH}\nNov 30 00:00:03 host sshd: b\n",
    ],
    "subtitles": [f"1\n00:00:01,000 --> 00:00:04,000\n{PARAGRAPH}\n\n2\n00:00:05,000 --> 00:00:06,000\nYes.\n",
                  f"WEBVTT\n\n00:01.000 --> 00:04.000\n{PARAGRAPH}\n"],
    "a calendar or a book of addresses": [
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Ada Smith\nNOTE:{PARAGRAPH}\nEND:VCARD\n",
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Cats\nDESCRIPTION:{PARAGRAPH}\nEND:VEVENT\n",
    ],
    "a web page (HTML)": [f"<!-- saved -->\n<html><p>{PARAGRAPH}</p></html>", f"<p>Cats</p>\n<p>{PARAGRAPH}</p>",
                          f"<!-- a --><!-- b\nc -->\n<!DOCTYPE html>\n<p>{PARAGRAPH}"],
    "a LaTeX document": [f"\\section{{Introduction}}\n{PARAGRAPH}\n", f"  \\subsection*{{Cats}}\n{PARAGRAPH}\n"],
    "a document in Markdown": [
        f"# Cats\n\n{PARAGRAPH}\n\n## Use\n\n{PARAGRAPH}\n", f"Changelog\n\n## 1.0\n\n- {PARAGRAPH}\n\n## 0.9\n\n- x\n",
        f"[![Build](https://a.b/c.svg)](https://a.b)\n\nCats\n{PARAGRAPH}\n",
    ],
    "PubMed's text export": [
        (f"1. J Cats. 2024 May 17;12(3):45-67. doi: 10.5555/cats.\n\nCats in winter.\n\nSmith A(1), Jones B.\n\nAuthor "
        f"information:\n(1)University of Oslo.\n\n{PARAGRAPH}\n\nDOI: 10.5555/cats\nPMID: 12345678\n"),
    ],
    "the text of a whole paper": [
        f"Cats in Winter\nAda Smith\nAbstract\n{PARAGRAPH}\n1 Introduction\n{PARAGRAPH}\n2 Related Work\n{PARAGRAPH}\n",
        (f"Cats in Winter\n{PARAGRAPH}\nIntroduction\n{PARAGRAPH}\nMethods\n{PARAGRAPH}\nResults\n{PARAGRAPH}\n"
         "References\n[1] Smith\n"),
    ],
    "a page of a site that is no list of papers": [
        f"Privacy policy\n{PARAGRAPH}\n", f"Checking your browser before accessing example.org.\n{PARAGRAPH}\n",
        f"example.org\nPlease enable JavaScript and cookies to continue\n{PARAGRAPH}\n",
        f"404 Not Found\n{PARAGRAPH}\n",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in TEXTS.items() for body in bodies])
def test_what_is_no_list_of_papers_is_refused_by_name(name: str, body: str) -> None:
    """Mail, programs, logs, settings and documents are named, and nothing of what they say is quoted."""
    with pytest.raises(SourceRefused) as refused:
        parse(body, "file:x")
    assert f"looks like {name}" in str(refused.value)
    assert "MTIz" not in f"{refused.value} {refused.value.hint}"
    assert "cats spend" not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    "body",
    ["\n".join(f"Part {number} of a Tale\n" + f"{PARAGRAPH}\n" * 7 for number in range(3)),
     "Home\nNews\nSport\nWeather\nTravel\nMore\nAbout\nContact\nJobs\nHelp\nLogin\n" + PARAGRAPH,
     "Cats at Noon\nWe went out to see the cats of the old harbour, and it rained until the late evening came.\n" * 3,
     "x = 1; y = 2;\n" + PARAGRAPH, "1234 5678 / 91011\n" + PARAGRAPH, "Cats\n" + "12.5 13.5 14.5 15.5. " * 20],
)  # fmt: skip
def test_a_text_that_is_nothing_known_gives_no_papers(body: str) -> None:
    """A tale, a page with one paragraph, or lines that are no titles give no paper, and the error quotes nothing."""
    with pytest.raises(SourceRefused, match="No paper was found") as refused:
        parse(body, "file:x")
    assert "Sport" not in refused.value.hint


TITLES = (
    "A paper about cats in the winter of Oslo", "Error Correction by Cats", "Class Imbalance (and What to Do)",
    "Dear Diary: Cats as Authors", "404 Cats: A Data Set", "Privacy Policy Analysis with Models", "P vs. NP?",
    "Introduction to Cats", "From: Here to There in Vision", "2026-11-30: A Day in Data", "SELECT: Choosing Papers",
    "Access Denied: On Locks", "return of the cats", "Logs, Traces and Metrics", "CatGPT",
)  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_copied_lists_stay(title: str) -> None:
    """Titles that look a little like code, mail or pages are titles, alone and in a list."""
    assert [title] == [paper.title for paper in parse(f"{title}\n{PARAGRAPH}\n", "x").papers]
    body = f"Trending papers\nCats at Noon\n{PARAGRAPH}\n{title}\n{PARAGRAPH}\n"
    assert ["Cats at Noon", title] == [paper.title for paper in parse(body, "x").papers]


def test_a_short_abstract_below_its_label_stays() -> None:
    """A list whose abstracts are labelled may have short ones."""
    block = "A paper about cats {}\nAda Smith, Bo Jones\nAbstract\nWe study cats. They sleep.\n"
    papers = parse(block.format("in Oslo") + block.format("in Bergen"), "x").papers
    assert ["A paper about cats in Oslo", "A paper about cats in Bergen"] == [paper.title for paper in papers]
    assert {("Ada Smith", "Bo Jones")} == {paper.authors for paper in papers}


def test_each_paper_of_a_real_listing_stays(shared: Path) -> None:
    """Every pair of lines of a real listing is a title and an abstract, also alone."""
    lines = (shared / "data/trending/trending-papers.txt").read_text(encoding="utf-8").split("\n")[2:]
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    assert 229 == sum(len(parse(f"{title}\n{abstract}\n", "x").papers) for title, abstract in pairs)


@given(st.text(max_size=400))
@PATIENT
def test_any_text_is_judged(written: str) -> None:
    """Every judgement accepts any text."""
    judges = [getattr(other_texts, name) for name in dir(other_texts) if name.startswith("looks_like_")]
    assert len(judges) == 10
    assert all(isinstance(judge(written), bool) for judge in judges)
