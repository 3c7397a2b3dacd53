"""The ids of papers: the forms in which people copy them, and the numbers that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import BadPaperId
from bots.domain.paper_ids import PaperId, PaperRef, is_address, read_ref, refs_in

ALCHEMY = PaperId(scheme="arxiv", value="2004.15011")
OLD = PaperId(scheme="arxiv", value="math/0309136")
KDD = PaperId(scheme="doi", value="10.1145/3292500.3330701")

REFS = [
    ("2004.15011", ALCHEMY, None),
    ("2004.15011v3", ALCHEMY, 3),
    ("0704.0001", PaperId.arxiv("0704.0001"), None),
    ("  2004.15011\n", ALCHEMY, None),
    ("2004.15011.", ALCHEMY, None),
    ("2004.15011v2?", ALCHEMY, 2),
    ("arXiv:2004.15011", ALCHEMY, None),
    ("ARXIV: 2004.15011v2", ALCHEMY, 2),
    ("arXiv:2004.15011v3 [cs.CL]", ALCHEMY, 3),
    ("oai:arXiv.org:2004.15011v1", ALCHEMY, 1),
    ("10.48550/arXiv.2004.15011", ALCHEMY, None),
    ("10.48550/ARXIV.2004.15011v2", ALCHEMY, 2),
    ("doi:10.48550/arXiv.2004.15011", ALCHEMY, None),
    ("https://doi.org/10.48550/arXiv.2004.15011", ALCHEMY, None),
    ("http://arxiv.org/abs/2004.15011v1", ALCHEMY, 1),
    ("https://arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("https://www.arxiv.org/abs/2004.15011/", ALCHEMY, None),
    ("https://export.arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("https://arxiv.org/pdf/2004.15011v2.pdf", ALCHEMY, 2),
    ("https://arxiv.org/pdf/2004.15011", ALCHEMY, None),
    ("https://arxiv.org/html/2004.15011v2#S3.F1", ALCHEMY, 2),
    ("https://arxiv.org/abs/2004.15011?context=cs.CL", ALCHEMY, None),
    ("HTTPS://ARXIV.ORG/ABS/2004.15011", ALCHEMY, None),
    ("https://huggingface.co/papers/2004.15011", ALCHEMY, None),
    ("https://huggingface.co/papers/2004.15011.md", ALCHEMY, None),
    ("hf.co/papers/2004.15011", ALCHEMY, None),
    ("https://www.alphaxiv.org/abs/2004.15011v2", ALCHEMY, 2),
    ("https://ar5iv.labs.arxiv.org/html/2004.15011", ALCHEMY, None),
    ("<https://arxiv.org/abs/2004.15011>", ALCHEMY, None),
    ("<https://arxiv.org/abs/2004.15011v2|arxiv.org/abs/2004.15011v2>", ALCHEMY, 2),
    ("math/0309136", OLD, None),
    ("math.GT/0309136v1", OLD, 1),
    ("https://arxiv.org/abs/math.GT/0309136", OLD, None),
    ("https://arxiv.org/abs/math%2F0309136", OLD, None),
    ("arXiv:hep-th/9901001", PaperId.arxiv("hep-th/9901001"), None),
    ("cond-mat/9901001v2", PaperId.arxiv("cond-mat/9901001"), 2),
    ("10.1145/3292500.3330701", KDD, None),
    ("doi: 10.1145/3292500.3330701.", KDD, None),
    ("https://doi.org/10.1145/3292500.3330701", KDD, None),
    ("https://dx.doi.org/10.1145%2F3292500.3330701?ref=rss", KDD, None),
    ("10.64898/2026.01.02.123456", PaperId(scheme="doi", value="10.64898/2026.01.02.123456"), None),
    # Brackets, quotes, marks and punctuation around it.
    ("(https://arxiv.org/abs/2004.15011)", ALCHEMY, None),
    ("https://arxiv.org/abs/2004.15011v2)", ALCHEMY, 2),
    ("[2004.15011]", ALCHEMY, None),
    ("“2004.15011”", ALCHEMY, None),
    ("2004.15011:", ALCHEMY, None),
    (": 2004.15011", ALCHEMY, None),
    ("2004.15011!", ALCHEMY, None),
    ("`2004.15011`", ALCHEMY, None),
    ("*2004.15011*", ALCHEMY, None),
    ("_2004.15011_", ALCHEMY, None),
    ("||https://arxiv.org/abs/2004.15011||", ALCHEMY, None),
    ("[arXiv:2004.15011]", ALCHEMY, None),
    ("[arXiv:2004.15011 [cs.CL]]", ALCHEMY, None),
    ("arXiv:2004.15011v2 [cs.CL] 19 Jun 2020", ALCHEMY, 2),
    ("arXiv:2004.15011 (cs.CL)", ALCHEMY, None),
    ("arXiv.2004.15011", ALCHEMY, None),
    ("arxiv 2004.15011", ALCHEMY, None),
    ("arXiv preprint arXiv:2004.15011", ALCHEMY, None),
    ("ARXIV:2004.15011V2", ALCHEMY, 2),
    ("２００４.１５０１１", ALCHEMY, None),
    ("https://arxiv.org/abs/2004.15011\u200b", ALCHEMY, None),
    ("https://arxiv.org/abs/2004.15011…", ALCHEMY, None),
    ("[TLDR](https://arxiv.org/abs/2004.15011)", ALCHEMY, None),
    ("[arXiv:2004.15011](http://arxiv.org/abs/2004.15011v2)", ALCHEMY, 2),
    # Other pages of arXiv, its mirrors, and other sites.
    ("https://arxiv.org/pdf/2004.15011.PDF", ALCHEMY, None),
    ("https://arxiv.org/pdf/2004.15011.pdf?download=1", ALCHEMY, None),
    ("https://arxiv.org/pdf/2004.15011v2.pdf#page=4", ALCHEMY, 2),
    ("https://arxiv.org/html/2004.15011v2/x1.png", ALCHEMY, 2),
    ("https://arxiv.org/html/2004.15011v2/#S3", ALCHEMY, 2),
    ("https://arxiv.org/bibtex/2004.15011", ALCHEMY, None),
    ("https://arxiv.org/show-email/abc/2004.15011", ALCHEMY, None),
    ("https://arxiv.org/src/2004.15011v2/anc", ALCHEMY, 2),
    ("https://arxiv.org/ftp/arxiv/papers/2004/2004.15011.pdf", ALCHEMY, None),
    ("https://arxiv.org/abs/2004.15011&amp;x=1", ALCHEMY, None),
    ("http://de.arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("http://xxx.lanl.gov/abs/math/0309136", OLD, None),
    ("https://xxx.itp.ac.cn/abs/2004.15011", ALCHEMY, None),
    ("https://www.arxiv-vanity.com/papers/2004.15011/", ALCHEMY, None),
    ("https://ar5iv.org/abs/2004.15011", ALCHEMY, None),
    ("https://www.alphaxiv.org/ko/overview/2004.15011", ALCHEMY, None),
    ("https://huggingface.co/papers/2004.15011#66a1", ALCHEMY, None),
    ("https://papers.cool/arxiv/2004.15011", ALCHEMY, None),
    ("https://scirate.com/arxiv/2004.15011", ALCHEMY, None),
    ("https://www.semanticscholar.org/arxiv/2004.15011", ALCHEMY, None),
    ("https://api.semanticscholar.org/arXiv:2004.15011", ALCHEMY, None),
    ("https://inspirehep.net/arxiv/2004.15011", ALCHEMY, None),
    ("https://scholar.archive.org/search?q=arXiv:2004.15011", ALCHEMY, None),
    ("https://fatcat.wiki/release/lookup?arxiv=2004.15011", ALCHEMY, None),
    ("https://ui.adsabs.harvard.edu/abs/arXiv:2004.15011", ALCHEMY, None),
    ("https://ui.adsabs.harvard.edu/abs/2020arXiv200415011C/abstract", ALCHEMY, None),
    ("https://web.archive.org/web/2020/https://arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("https://www.google.com/url?q=https://arxiv.org/abs/2004.15011&sa=D", ALCHEMY, None),
    # Old archives and their classes, and an archive before a new id.
    ("atom-ph/9601001", PaperId.arxiv("atom-ph/9601001"), None),
    ("physics.atom-ph/9601001", PaperId.arxiv("atom-ph/9601001"), None),
    ("physics.atom-ph/9701001", PaperId.arxiv("physics/9701001"), None),
    ("physics.optics/0601001", PaperId.arxiv("physics/0601001"), None),
    ("cond-mat.mtrl-sci/0601001", PaperId.arxiv("cond-mat/0601001"), None),
    ("hep-th/1601.07616", PaperId.arxiv("1601.07616"), None),
    ("arXiv:hep-th/1601.07616", PaperId.arxiv("1601.07616"), None),
    # DOIs, with what surrounds them, and in publishers' addresses.
    ("(10.1145/3292500.3330701)", KDD, None),
    ("doi 10.1145/3292500.3330701", KDD, None),
    ("info:doi/10.1145/3292500.3330701", KDD, None),
    ("https://doi.org/10.1145/3292500.3330701#abstract", KDD, None),
    ("https://doi-org.proxy.lib.edu/10.1145/3292500.3330701", KDD, None),
    ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", KDD, None),
    ("10.48550/arXiv.2004.15011.pdf", ALCHEMY, None),
    (
        "https://www.biorxiv.org/content/10.1101/2020.01.02.123456v1.full.pdf",
        PaperId(scheme="doi", value="10.1101/2020.01.02.123456"),
        None,
    ),
    (r"10.1016/0009-2614\(84\)85645-6", PaperId(scheme="doi", value="10.1016/0009-2614(84)85645-6"), None),
    (
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        PaperId(scheme="doi", value="10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"),
        None,
    ),
]

NOT_REFS = [
    "",
    "   ",
    "attention is all you need",
    "2004.150",
    "2004.1501199",
    "2004.15011v",
    "2004.15011v" + "9" * 5000,
    "٢٠٠٤.١٥٠١١",
    "https://arxiv.org/list/cs.CL/new",
    "https://example.org/abs/2004.15011",
    "https://arxiv.org.example.org/abs/2004.15011",
    "<https://example.org|2004.15011>",
    "10.1145/",
    "doi:",
    "12.1145/3292500",
    "[2004.15011](https://example.org)",
    "https://arxiv.org/a/warner_s_1",
    "arxiv.org/abs/2004.15011v1v2",
    "https://huggingface.co/datasets/2004.15011",
    "https://paperswithcode.com/paper/attention-is-all-you-need",
    "https://openreview.net/forum?id=abc",
    "https://arxiv.org/abs/2004.15011,https://arxiv.org/abs/1706.03762",
    "https://www.google.com/url?q=https://www.google.com/url?q=https://arxiv.org/abs/2004.15011",
    "hide all but 2004.15011",
    "(" * 3000 + "2004.15011",
]

ATTENTION = PaperId.arxiv("1706.03762")
SENTENCES = [
    ("see arXiv:1706.03762 and 2004.15011", [(ATTENTION, None), (ALCHEMY, None)]),
    ("Read 2004.15011v2, please!", [(ALCHEMY, 2)]),
    ("Vaswani et al., arXiv:1706.03762", [(ATTENTION, None)]),
    ("B.A. Dobrescu, hep-ph/9510424.", [(PaperId.arxiv("hep-ph/9510424"), None)]),
    ("https://arxiv.org/abs/1706.03762,https://arxiv.org/abs/2004.15011v3", [(ATTENTION, None), (ALCHEMY, 3)]),
    ("https://twitter.com/x https://arxiv.org/abs/1706.03762", [(ATTENTION, None)]),
    ("(cf. math.GT/0309136v1; doi:10.1145/3292500.3330701)", [(OLD, 1), (KDD, None)]),
    ("2004.15011 2004.15011v2", [(ALCHEMY, None)]),
    ("any news on [this](https://huggingface.co/papers/2004.15011)?", [(ALCHEMY, None)]),
    ("is arxiv.org/abs/2004.15011 better?", [(ALCHEMY, None)]),
    ("https://www.google.com/url?q=https://arxiv.org/abs/2004.15011&sa=D", [(ALCHEMY, None)]),
    ("id=2004.15011", [(ALCHEMY, None)]),
    ("an old one, 0704.0001", [(PaperId.arxiv("0704.0001"), None)]),
]

NO_SENTENCES = [
    "version 1.2345", "since 2020.12", "on 2020.1201", "0.1234", "0.12345 of 1", "192.168.12.1", "2004.15011.1.1",
    "call 0171.12345678", "+1706.03762", "pay $1706.03762 now", "at 1012.5678 MeV", "1012.5678%", "1706.037",
    "1713.00001 is no month", "2004.1501 lacks a digit", "0703.0001 is too early", "v2004.15011", "and/1234567",
    "attention is all you need", "see https://example.org/abs/2004.15011", "x10.1145/1", "CUDA 12.4 and 2024.10001",
]  # fmt: skip


@pytest.mark.parametrize(("text", "paper_id", "version"), REFS)
def test_a_paper_is_known_by_every_form_of_its_name(text: str, paper_id: PaperId, version: int | None) -> None:
    """Ids, addresses and DOIs in the forms people paste identify the paper, and a given version is preserved."""
    assert PaperRef(id=paper_id, version=version) == read_ref(text)


@pytest.mark.parametrize("text", NOT_REFS)
def test_what_names_no_paper_is_refused_with_the_forms_that_do(text: str) -> None:
    """Text that is not an id raises an error that shows an id, a DOI and an address."""
    with pytest.raises(BadPaperId) as caught:
        read_ref(text)
    assert "2004.15011" in caught.value.hint


@given(st.text(max_size=300))
def test_any_text_is_a_paper_or_a_named_error(text: str) -> None:
    """Reading any text returns a paper or raises a named error, and the paper's id can be written and read again."""
    try:
        ref = read_ref(text)
    except BadPaperId:
        return
    assert ref.id == PaperId.parse(str(ref.id))


@given(st.from_regex(r"[0-9]{4}\.[0-9]{4,5}|[a-z]{2,8}(-[a-z]{2,4})?(\.[A-Z]{2})?/[0-9]{7}", fullmatch=True))
def test_an_arxiv_id_reads_the_same_bare_and_as_its_page(value: str) -> None:
    """The page and the DOI of an arXiv paper identify the same paper as the bare id."""
    bare = read_ref(value)
    assert bare == read_ref(f"https://arxiv.org/abs/{value}")
    assert bare == read_ref(f"https://doi.org/10.48550/arXiv.{value}")


def test_an_id_that_was_written_reads_back() -> None:
    """`parse` reads what `str` wrote, even with colons in the value."""
    odd = PaperId(scheme="doi", value="10.1002/17:15")
    assert odd == PaperId.parse("doi:10.1002/17:15")
    assert "doi:10.1002/17:15" == str(odd)


@pytest.mark.parametrize("text", ["2004.15011", "arxiv:", ":2004.15011", ""])
def test_an_id_without_scheme_or_value_is_refused(text: str) -> None:
    """A canonical id needs a scheme and a value."""
    with pytest.raises(BadPaperId):
        PaperId.parse(text)


@pytest.mark.parametrize(("text", "named"), SENTENCES)
def test_ids_in_a_sentence_are_found(text: str, named: list[tuple[PaperId, int | None]]) -> None:
    """Every paper that a sentence names is found, once and in order."""
    assert tuple(PaperRef(id=paper_id, version=version) for paper_id, version in named) == refs_in(text)


@pytest.mark.parametrize("text", NO_SENTENCES)
def test_other_numbers_in_a_sentence_are_no_ids(text: str) -> None:
    """Versions, dates, decimal numbers, IP addresses, prices and measured values name no paper."""
    assert () == refs_in(text)


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_sentence_around_an_address_names_its_paper(before: str, after: str) -> None:
    """Whatever stands before and after an address on lines of their own, its paper is found, and each paper once."""
    named = refs_in(f"{before}\nhttps://arxiv.org/abs/2004.15011\n{after}")
    assert PaperRef(id=ALCHEMY) in named or ALCHEMY in {ref.id for ref in named}
    assert len(named) == len({ref.id for ref in named})


@given(st.text(alphabet="arxiv10.48550/:dohtps()[]<>*_|~1706.03762v ", max_size=400))
def test_text_like_ids_is_read_or_refused(text: str) -> None:
    """Text made of the parts of ids raises nothing but the named error."""
    refs_in(text)
    is_address(text)
    try:
        read_ref(text)
    except BadPaperId:
        return


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://openreview.net/forum?id=abc", True),
        ("(https://openreview.net/forum?id=abc).", True),
        ("see https://openreview.net/forum?id=abc", False),
        ("attention is all you need", False),
        ("openreview", False),
    ],
)
def test_an_address_alone_is_told_from_words(text: str, expected: bool) -> None:
    """A web address and nothing else is an address."""
    assert expected is is_address(text)


def test_an_id_by_title_ignores_case_and_punctuation() -> None:
    """A paper known by its title has the same id in any case and punctuation, and another title another one."""
    assert PaperId.titled("Attention is all you need") == PaperId.titled("“Attention” is ALL  you need!")
    assert PaperId.titled("Attention") != PaperId.titled("Attention 2")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("arxiv:2004.15011", PaperRef(id=ALCHEMY)),
        ("arxiv:2004.15011v3", PaperRef(id=ALCHEMY, version=3)),
        ("arxiv:math/0309136v1", PaperRef(id=OLD, version=1)),
        ("doi:10.1000/av3", PaperRef(id=PaperId(scheme="doi", value="10.1000/av3"))),
        ("text:0123456789abcdef", PaperRef(id=PaperId(scheme="text", value="0123456789abcdef"))),
    ],
)
def test_a_button_holds_an_id_and_its_version(key: str, expected: PaperRef) -> None:
    """The key of a reference is read back as the reference, and names the paper as typed text does."""
    assert expected == PaperRef.parse(key)
    assert key == expected.key
    assert expected.id.scheme == "text" or expected == read_ref(key)
