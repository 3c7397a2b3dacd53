"""Tests of dates, encodings and JSON records as their makers write them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.encodings import decode
from bots.chat.script_checks import is_plausible
from bots.domain.errors import SourceRefused
from bots.domain.papers import PaperId
from bots.presentation.digest_text import facts
from bots.sources.reading.dates import instant, names_day
from bots.sources.reading.disk import read_text
from bots.sources.reading.formats import parse

# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024/04/03/", "2024-04-03"), ("2024///", "2024-01-01"), ("2024-5-1", "2024-05-01"),
         ("20240501", "2024-05-01"),
        ("1 Dec 2024", "2024-12-01"), ("Dec 1, 2024", "2024-12-01"), ("May 2024", "2024-05-01"),
         ("2024 May", "2024-05-01"),
        ("2024 May 12", "2024-05-12"), ("2024 Jan-Feb", "2024-01-01"), ("May/June 2021", "2021-05-01"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02"), ("2024-01-01 10:00:00+00:00", "2024-01-01"),
        (1_700_000_000, "2023-11-14"), (1_700_000_000_000, "2023-11-14"), (2024, "2024-01-01"),
         (20240501, "2024-05-01"),
        ({"date-parts": [[2024, 5]]}, "2024-05-01"), ({"date-parts": [["2024", "5", "1"]]}, "2024-05-01"),
        ({"raw": "May 2024"}, "2024-05-01"), ("févr. 2020", "2020-02-01"), ("Okt. 2020", "2020-10-01"),
        # A day and a month that may be either way round leave the year.
        ("01/12/2024", "2024-01-01"),
        ("in press", None), ("", None), ("9999-01-01", None), (True, None), (float("nan"), None), (-5, None),
         (10**400, None),
        ({"date-parts": [[]]}, None), ({"date-parts": [["x"]]}, None), ({"raw": {"raw": "2020"}}, None),
    ],
)  # fmt: skip
def test_dates_are_read_in_every_form(written: object, day: str | None) -> None:
    """The dates of exports, dumps and mail become the first instant of what they name, and what is no date is none."""
    read = instant(written)
    assert day == (read.date().isoformat() if read else None)


@pytest.mark.parametrize(
    ("known", "date"),
    [
        (True, "2024-05-01"), (True, "2024/05/01"), (True, "20240501"), (True, "1 May 2024"), (True, "May 1, 2024"),
        (True, {"date-parts": [[2024, 5, 1]]}), (True, {"raw": "2024-05-01"}), (True, 1714521600),
        (True, "2024-05-01T00:00:00Z"), (True, "1 Jan 2024"), (True, {"date-parts": [["2024", "1", "1"]]}),
        (True, "Wed, 01 May 2024 00:00:00 GMT"), (True, "2024 May 1"),
        (False, "2024-05"), (False, "May 2024"), (False, "2024"), (False, 2024), (False, "2024-01-01"),
        (False, {"date-parts": [[2024, 5]]}), (False, "2024/05"), (False, "2024 May-Jun"), (False, "20240101"),
        (False, None), (False, "soon"),
    ],
)  # fmt: skip
def test_a_date_names_its_day_or_not(known: bool, date: object) -> None:
    """The first of a month is a day where the source writes it, and stands for the month where it does not."""
    assert known == names_day(date)


@pytest.mark.parametrize(
    ("shown", "body"),
    [
        ("1 May 2024", '[{{"title": "A", "doi": "10.5555/x", "date": "2024-05-01"}}]'),
        ("May 2024", '[{{"title": "A", "doi": "10.5555/x", "date": "2024-05"}}]'),
        ("2024", '[{{"title": "A", "doi": "10.5555/x", "year": 2024}}]'),
        ("2024", '[{{"title": "A", "doi": "10.5555/x", "date": "2024-01-01"}}]'),
        ("1 May 2024", '[{{"title": "A", "doi": "10.5555/x", "issued": {{"date-parts": [[2024, 5, 1]]}}}}]'),
        ("May 2024", '[{{"title": "A", "doi": "10.5555/x", "issued": {{"date-parts": [[2024, 5]]}}}}]'),
        ("1 May 2024", "@article{{k, title={{A}}, author={{B, C}}, date={{2024-05-01}}}}"),
        ("1 May 2024", "@article{{k, title={{A}}, author={{B, C}}, year=2024, month=5, day=1}}"),
        ("1 May 2024", "@article{{k, title={{A}}, author={{B, C}}, year=2024, month=may, day=1}}"),
        ("May 2024", "@article{{k, title={{A}}, author={{B, C}}, year=2024, month=may}}"),
        ("2024", "@article{{k, title={{A}}, author={{B, C}}, year=2024}}"),
        ("1 May 2024", "title,doi,date\nA,10.5555/x,2024-05-01\n"),
        ("May 2024", "title,doi,year,month\nA,10.5555/x,2024,5\n"),
        ("1 May 2024", "title,doi,year,month,day\nA,10.5555/x,2024,5,1\n"),
        ("2024", "title,doi,year\nA,10.5555/x,2024\n"),
        ("1 May 2024", "TY  - JOUR\nTI  - A\nAU  - B, C\nDA  - 2024/05/01\nER  - \n"),
        ("May 2024", "TY  - JOUR\nTI  - A\nAU  - B, C\nDA  - 2024/05//\nER  - \n"),
        ("2024", "TY  - JOUR\nTI  - A\nAU  - B, C\nPY  - 2024\nER  - \n"),
        ("1 May 2024", "PMID- 1\nTI  - A\nFAU - B, C\nDP  - 2024 May 1\n"),
        ("May 2024", "PMID- 1\nTI  - A\nFAU - B, C\nDP  - 2024 May\n"),
    ],
)
def test_a_date_is_shown_as_exactly_as_its_source_has_it(shown: str, body: str) -> None:
    """Every format keeps whether a paper's day is known, so neither a day is invented nor one is lost."""
    (paper,) = parse(body.replace("{{", "{").replace("}}", "}"), "file:x").papers
    assert shown == facts(paper)[0]


# ── encodings ────────────────────────────────────────────────────────────────────────────────────────────────────────

ENTRY = "@article{{k, title={{{}}},\n author={{{}}}, year=2020, abstract={{{}}}}}\n"
FRENCH = ("Étude de modèles naïfs", "Müller, Jörg and Lefèvre, Hélène", "Nous étudions les modèles. Ils marchent bien.")
TEXTS = {
    "gbk": ("一种基于注意力机制的方法", "王, 小明 and 李, 强",
            "本文提出一种新的方法。该方法在十个数据集上的结果都很好。"),
    "gb18030": ("一种方法", "王, 小明", "本文提出一种新的方法。该方法很好。"),
    "big5": ("一種基於注意力機制的方法", "王, 小明 and 陳, 志強",
            "本文提出一種新的方法。該方法在十個資料集上的結果都很好。"),
    "cp932": ("新しい方法による機械学習", "田中, 太郎", "新しい方法を提案する。この方法は十個のデータで有効である。"),
    "euc_jp": ("新しい方法による機械学習", "田中, 太郎", "新しい方法を提案する。この方法は十個のデータで有効である。"),
    "cp949": ("새로운 방법의 기계 학습", "김, 민준",
            "우리는 새로운 방법을 제안한다. 이 방법은 열 개의 데이터에서 유효하다."),
    "cp1251": ("Новый метод машинного обучения", "Иванов, Пётр", "Мы предлагаем новый метод. Он хорошо работает."),
    "koi8_r": ("Новый метод машинного обучения", "Иванов, Пётр", "Мы предлагаем новый метод. Он хорошо работает."),
    "cp1250": ("Łączenie modeli językowych", "Kowalski, Łukasz and Żak, Małgorzata",
     "Pokazujemy, że większe są użyteczne."),
    "iso8859_2": ("Učení s učitelem", "Dvořák, Tomáš and Černý, Jiří", "Ukazujeme, že větší modely jsou užitečné."),
    "cp1253": ("Νέα μέθοδος μάθησης", "Παπαδόπουλος, Γιώργος", "Προτείνουμε μια νέα μέθοδο που λειτουργεί καλά."),
    "cp1254": ("Büyük dil modelleri üzerine", "Yılmaz, Ayşe and Güneş, Çağrı",
     "Daha büyük modellerin yararlı olduğunu."),
    "cp1252": ("A study of “most” things – 5 ± 1 µm", "Gödel, Kurt and Sørensen, Bjørn",
     "We study naïve things at €5…"),
    "latin_1": FRENCH, "utf-8": FRENCH, "utf-8-sig": FRENCH, "utf-16": FRENCH, "utf-16-le": FRENCH, "utf-16-be": FRENCH,
    "utf-32": FRENCH, "iso2022_jp": ("新しい方法", "田中, 太郎", "新しい方法を提案する。"),
}  # fmt: skip


@pytest.mark.parametrize("codec", TEXTS)
def test_an_encoding_is_told_by_its_bytes(codec: str) -> None:
    """Text in every usual encoding is read as it was written, with or without a mark."""
    written = ENTRY.format(*TEXTS[codec])
    assert written == decode(written.encode(codec))


@pytest.mark.parametrize(
    ("codec", "written"),
    [("cp1252", "Guðmundsson, Þór and Erdoðan"), ("cp1252", "Tõnu, Mõis"), ("mac_roman", "Müller, Jörg: Größen naïve"),
     ("gbk", "方法"), ("cp850", "Müller, Jörg")],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(codec: str, written: str, tmp_path: Path) -> None:
    """Bytes that may be words of two languages are refused with a remedy, never shown garbled."""
    path = tmp_path / "a.bib"
    path.write_bytes(ENTRY.format(written, "A B", "We show it.").encode(codec))
    with pytest.raises(SourceRefused, match=r"encoding that cannot be told") as refused:
        read_text(path)
    assert "Save the file again as UTF-8." == refused.value.hint


HEBREW, ARABIC, RUSSIAN = "שיטה חדשה ללמידה", "نقترح طريقة جديدة للتعلم الآلي", "Новый метод машинного обучения"
GERMAN = "Müller, Jörg: Größe über Café"


@pytest.mark.parametrize(
    ("codec", "written"),
    [("cp1255", HEBREW), ("iso8859_8", HEBREW), ("cp1256", ARABIC), ("iso8859_6", ARABIC), ("mac_cyrillic", RUSSIAN),
     ("iso8859_5", RUSSIAN), ("cp866", RUSSIAN), ("mac_greek", "Νέα μέθοδος μάθησης"), ("mac_roman", "Grüße"),
     ("mac_roman", GERMAN), ("mac_roman", "Müller, Jörg"), ("cp850", GERMAN), ("cp850", "Größe"),
     ("mac_latin2", "Učení s učitelem"), ("mac_cyrillic", "Иванов, Пётр")],
)  # fmt: skip
@pytest.mark.parametrize(
    "form",
    ["title,authors,abstract\n{0},{0},We show it.\n", "TY  - JOUR\nTI  - {0}\nAB  - We show it.\nER  - \n"],
)
def test_letters_of_another_table_are_never_shown(codec: str, written: str, form: str) -> None:
    """A table of characters that we do not read yields odd mixtures of cases, scripts and signs: it is refused."""
    assert decode(form.format(written.replace(",", "")).encode(codec)) in (None, form.format(written.replace(",", "")))


@pytest.mark.parametrize(
    "written",
    ["The “A”s – a café’s p–n junction… Łódź", "Poincaré–Bendixson theory", "Über €5 and §3", "ŠKODA in Plzeň"],
)
def test_words_with_signs_are_plausible(written: str) -> None:
    """Quotation marks, dashes and signs of money stand beside words, and words may have capitals only."""
    assert is_plausible(written)


def test_a_declared_encoding_is_used() -> None:
    """JabRef and XML name the encoding at the beginning; a short text would not show it."""
    assert "% Encoding: GBK\n方法" == decode("% Encoding: GBK\n方法".encode("gbk"))
    assert decode('<?xml version="1.0" encoding="ISO-8859-7"?><a>Νέα</a>'.encode("iso8859-7")) is not None
    assert "% Encoding: UTF-8\nÉtude" == decode("% Encoding: UTF-8\nÉtude".encode("cp1252"))
    assert "% Encoding: rot13\nnaive" == decode(b"% Encoding: rot13\nnaive")


def test_a_file_put_together_of_two_encodings_is_read() -> None:
    """Lines in UTF-8 and Western lines are each read in their own encoding."""
    lines = ["title={Étude “one”}", "author={Müller, Jörg}", "title={Größe}"]
    mixed = b"\n".join(line.encode("cp1252" if number == 1 else "utf-8") for number, line in enumerate(lines))
    assert "\n".join(lines) == decode(mixed)


def test_zeros_at_the_end_of_a_text_are_no_harm() -> None:
    """A file that was filled up with zero bytes is text; one with zeros among control characters is none."""
    assert "title = Étude" == decode("title = Étude".encode() + b"\0\0")
    assert decode(b"\x7fELF\0\0\0\x01\x02") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_not(body: bytes) -> None:
    """Any bytes are decoded, or it is said that they cannot be."""
    written = decode(body)
    assert written is None or isinstance(written, str)


@given(st.text(max_size=200))
def test_utf_8_is_never_mistaken(written: str) -> None:
    """Text in UTF-8 is read as it is, unless it begins with a mark or has zeros or names another encoding."""
    if not {"\0", "\ufeff", "\x1b"} & set(written) and "coding" not in written and "charset" not in written:
        assert written == decode(written.encode("utf-8", "surrogatepass")) or any(
            "\ud800" <= c <= "\udfff" for c in written
        )


def test_accents_of_their_own_join_their_letters() -> None:
    """A file of a system that writes accents as characters of their own gives the same words as any other file."""
    for body in (
        "@misc{{a, title={{{0}}}}}",
        '[{{"title": "{0}", "doi": "10.5555/x"}}]',
        "TY  - JOUR\nTI  - {0}\nER  - \n",
    ):
        (paper,) = parse(body.format("E\u0301tude nai\u0308ve"), "x").papers
        assert "Étude naïve" == paper.title


# ── keys of JSON records ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "record",
    [
        {"entry_id": "http://arxiv.org/abs/2401.00015v1"}, {"externalIds": {"ArXiv": "2401.00015", "DOI": "10.5555/x"}},
        {"arxivId": "2401.00015"}, {"arXiv ID": "2401.00015"}, {"paper_url": "https://arxiv.org/abs/2401.00015"},
        {"ID": "2401.00015"}, {"archiveID": "arXiv:2401.00015",
         "DOI": "10.5555/x"}, {"pdf_url": "https://arxiv.org/pdf/2401.00015v1"},
        {"id": "https://openalex.org/W1", "url": "https://arxiv.org/abs/2401.00015"}, {"number": "arXiv:2401.00015"},
        {"eprint": "2401.00015", "doi": "10.5555/x"}, {"ids": {"arxiv": "https://arxiv.org/abs/2401.00015"}},
    ],
)  # fmt: skip
def test_an_arxiv_id_is_found_under_any_key(record: dict[str, object]) -> None:
    """Each program's key for the id is known, in any case and with any punctuation, and stands before a DOI."""
    (paper,) = parse(json.dumps([{"title": "A", "abstract": "B", **record}]), "x").papers
    assert PaperId.arxiv("2401.00015") == paper.id


@pytest.mark.parametrize(
    "record",
    [{"number": "2401.00015"}, {"references": ["arXiv:2401.00015"]}, {"note": "extends arXiv:2401.00015 by Li"},
     {"source": "arxiv:cs.CL"}, {"pages": "2401.00015"}],
)  # fmt: skip
def test_the_id_of_something_else_is_not_the_papers(record: dict[str, object]) -> None:
    """A number, a reference or a note does not name the paper."""
    (paper,) = parse(json.dumps([{"title": "A", "abstract": "B", **record}]), "x").papers
    assert "text" == paper.id.scheme


@pytest.mark.parametrize(
    "envelope", [["message", "items"], ["response", "docs"], ["results"], ["hits", "hits"], ["data"]]
)
def test_lists_are_found_in_their_envelopes(envelope: list[str]) -> None:
    """The list of papers is found in the objects that services put around it."""
    value: object = [{"title": "A", "abstract": "B"}, {"title": "C", "abstract": "D"}]
    for key in reversed(envelope):
        value = {key: value, "count": 2}
    assert ["A", "C"] == [paper.title for paper in parse(json.dumps(value), "x").papers]


def test_arxivs_dump_says_when_and_whether() -> None:
    """The dump's first version is the date, its last one the version, and its comments say what was withdrawn."""
    record = {"id": "0704.0001", "title": "A", "abstract": "B",
     "comments": "This paper has been withdrawn by the authors",
              "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                           {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"}]}  # fmt: skip
    (paper,) = parse(json.dumps(record), "x").papers
    assert (datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC), 2, True) == (paper.published, paper.version, paper.withdrawn)


def test_an_index_of_words_is_an_abstract() -> None:
    """OpenAlex stores an abstract as the places of its words; odd places and values do not break it."""
    index = {"We": [0], "study": [1], "things": [2, 4], "and": [3], "x": [-1, 10**9, "a"], "y": 7}
    (paper,) = parse(json.dumps([{"title": "A", "abstract_inverted_index": index}]), "x").papers
    assert "We study things and things" == paper.abstract


def test_strangers_encodings_are_read(shared: Path) -> None:
    """Every file of the strangers' encodings gives its letters."""
    for path in sorted((shared / "cases/07-enc").iterdir()):
        papers = parse(read_text(path), "x").papers
        assert papers
        assert not any("\ufffd" in paper.title or "Ã" in paper.title for paper in papers)
