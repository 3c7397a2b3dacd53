"""Tests of BibTeX as people and programs write it: macros, joined values, slips, comments, ids, biblatex."""

from datetime import UTC, datetime

import pytest

from bots.domain.papers import Paper
from bots.sources.reading.bibtex import read_bibtex


def one(fields: str, kind: str = "article") -> Paper:
    """Return the paper of one entry with a title of its own, unless the fields have one."""
    title = "" if "title" in fields else "title = {A Title}, "
    (paper,) = read_bibtex(f"@{kind}{{k, {title}{fields}}}", "x").papers
    return paper


def titles(written: str) -> list[str]:
    """Return the titles of all papers."""
    return [paper.title for paper in read_bibtex(written, "x").papers]


# ── TeX ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (r"Growth of \emph{B. subtilis} at {\textless}20~{\textdegree}C", "Growth of B. subtilis at <20 °C"),
        (r"{BERT}: Pre-training of {D}eep {T}ransformers", "BERT: Pre-training of Deep Transformers"),
        (r"{{Technical Report}}: {Acids:{\hspace{0.167em}} A} Study", "Technical Report: Acids: A Study"),
        (r"M{\"{o}}bius and K\"ahler, na{\"\i}ve", "Möbius and Kähler, naïve"),
        (r"\textsuperscript{13}C NMR of {CO$_2$}", "¹³C NMR of CO$_2$"),
        (r"R&amp;D spending \& growth of 10\% in {\$}US", "R&D spending & growth of 10% in $US"),
        (r"On ``quotes'' and --- dashes", "On “quotes” and — dashes"),
        (r"Auditing {\textendash} {\textquotedblleft}x{\textquotedblright} {\textmu}m", "Auditing – “x” µm"),
        (r"\mkbibquote{Intention} und \enquote{Sinn} in {\itshape der} Scholastik",
         "Intention und Sinn in der Scholastik"),
        (r"methodology\hyphen independent {\noop{1}}energies", "methodology-independent energies"),
        # What is mathematics stays, because it is typeset when it is displayed.
        (r"The $\Lambda$CDM model of {$E=mc^2$} and $\mathcal{O}(n^2)$",
         r"The $\Lambda$CDM model of $E=mc^2$ and $\mathcal{O}(n^2)$"),
        (r"What costs \$5 and a_b", "What costs $5 and a_b"),
        ("On emph and textless words", "On emph and textless words"),
    ],
)  # fmt: skip
def test_macros_are_read_before_braces_go(written: str, title: str) -> None:
    """TeX in a title and a journal becomes the text that it stands for."""
    assert title == one(f"title = {{{written}}}").title
    assert title == one(f"journal = {{{written}}}").venue


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (r"Czerwi{\'n}ski, W. and Erd\H{o}s, P. and {\L}ukasz K.", ("W. Czerwiński", "P. Erdős", "Łukasz K.")),
        (r"Nguy{\~{\^e}}n, T. and Dvo{\v r}{\'a}k and Sm{\' i}d", ("T. Nguyễn", "Dvořák", "Smíd")),
        (r"Felix Hill AND Kyunghyun Cho And Anna Korhonen", ("Felix Hill", "Kyunghyun Cho", "Anna Korhonen")),
        ("Felix Hill\n and\n\tBo Li", ("Felix Hill", "Bo Li")),
        ("Aad, G. and Abbott, B. and others", ("G. Aad", "B. Abbott", "et al.")),
        ("Aad, G. and Others, Ann", ("G. Aad", "Ann Others")),
        ("King, Jr., Martin Luther and Sammy Davis, Jr. and Stevenson, III, Adlai E.",
         ("Martin Luther King Jr.", "Sammy Davis Jr.", "Adlai E. Stevenson III")),
        ("Aa, Jr., Ag and Bb, Co", ("Ag Aa Jr.", "Bb, Co")),
        ("{ATLAS Collaboration} and {Barnes and Noble, Inc.} and Aad, G.",
         ("ATLAS Collaboration", "Barnes and Noble, Inc.", "G. Aad")),
        ("von Neumann, John and Ludwig van Beethoven and {da Gama}, Vasco",
         ("John von Neumann", "Ludwig van Beethoven", "Vasco da Gama")),
        ("Smith, A.; Jones, B.; Li, C.", ("A. Smith", "B. Jones", "C. Li")),
        ("Ada Smith, Bo Jones, Cy Li", ("Ada Smith", "Bo Jones", "Cy Li")),
        (r"Smith, A. \& Jones, B.", ("A. Smith", "B. Jones")),
        (r"Ada~Smith and Bo\ Li and Cy\,Ng", ("Ada Smith", "Bo Li", "Cy Ng")),
        ("Ada Smith and and Bo Li and", ("Ada Smith", "Bo Li")),
        (r"Ada Smith\orcidlink{0000-0001} and Bo Li$^{1,2}$ and Cy Ng\thanks{x}", ("Ada Smith", "Bo Li", "Cy Ng")),
        ("given=Hans, family=Harman and given=Simon, prefix=de, family=Beumont", ("Hans Harman", "Simon de Beumont")),
        ("王, 小明 and 田中 太郎", ("王小明", "田中 太郎")),
        ("Cy Ng 0001 and Bo Li", ("Cy Ng", "Bo Li")),
        ("{Alan D. Sokal}, ", ("Alan D. Sokal",)),
        ("Anders Sand and Roland Bo", ("Anders Sand", "Roland Bo")),
    ],
)  # fmt: skip
def test_authors_are_read_in_every_form(written: str, names: tuple[str, ...]) -> None:
    """`and` in any case separates names, `and others` says that the list is cut short, braces hold a name together."""
    assert names == one(f"author = {{{written}}}").authors


# ── the syntax ───────────────────────────────────────────────────────────────────────────────────────────────────────

STRINGS = (
    '@string{acl = "Meeting of the " # assoc}\n@string(assoc = {Association})\n@string{jn = {Journal of Things}}\n'
)


def test_joined_values_and_macros_are_resolved_in_every_field() -> None:
    """`#` joins strings, numbers and macros, which may be defined after their use and in each other."""
    written = STRINGS + (
        '@article{a, title = "On " # jn # ", part two", journal = jn # { (Online)}, year = 2020,'
        ' month = 10 # "~" # jan, author = {Bo Li} # { and Cy Ng}}\n'
        "@inproceedings{b, title = {B}, booktitle = acl, month = aug, year = 2022}"
    )
    first, second = read_bibtex(written, "x").papers
    assert ("On Journal of Things, part two", "Journal of Things (Online)") == (first.title, first.venue)
    assert (("Bo Li", "Cy Ng"), datetime(2020, 1, 10, tzinfo=UTC)) == (first.authors, first.published)
    assert ("Meeting of the Association", datetime(2022, 8, 1, tzinfo=UTC)) == (second.venue, second.published)


@pytest.mark.parametrize(
    "entry",
    [
        "@article{a,\n title = {First}\n author = {Ada Smith},\n year = 2021}",
        '@article{a,\n title = "First"\n author = "Ada Smith",\n year = 2021}',
        "@article{a,\n year = 2021\n title = {First},\n author = {Ada Smith}}",
        "@article{a, title = {First} author = {Ada Smith} year = {2021}}",
    ],
)
def test_a_missing_comma_is_mended(entry: str) -> None:
    """A field behind which the comma is missing does not swallow the next one, and the next entry is whole."""
    first, second = read_bibtex(entry + "\n@article{b, title = {Second}, author = {Bo Li}}", "x").papers
    assert ("First", ("Ada Smith",), "Second") == (first.title, first.authors, second.title)
    assert datetime(2021, 1, 1, tzinfo=UTC) == first.published


def test_an_equals_sign_in_a_text_is_no_field() -> None:
    """Text that looks like fields inside braces stays text."""
    assert "We set x = 1 holds, y={2} too." == one("abstract = {We set x = 1 holds, y={2} too.}").abstract


def test_entries_of_one_key_are_both_whole() -> None:
    """Two entries with the same key keep their own authors, DOI and abstract; a doubled field counts once."""
    written = (
        "@article{k, title={One}, author={Wang, S. and Lo, D.}, doi={10.5555/1}, abstract={We tag.}}\n"
        "@article{k, title={Two}, author={Wang, S. and Chen, T.-H.}, doi={10.5555/2}, abstract={We ask.}}\n"
        "@article{j, title={Three}, title={Four}, author={Wang, S.}}"
    )
    papers = read_bibtex(written, "x").papers
    assert ["One", "Two", "Three"] == [paper.title for paper in papers]
    assert ["doi:10.5555/1", "doi:10.5555/2"] == [str(paper.id) for paper in papers[:2]]
    assert (("S. Wang", "T.-H. Chen"), "We ask.") == (papers[1].authors, papers[1].abstract)


@pytest.mark.parametrize(
    "hidden",
    [
        "@comment{\n@article{h, title = {Hidden}}\n}",
        "@comment{@article{h, title = {Hidden}}}",
        "@Comment @article{h, title = {Hidden}}",
        "@comment{jabref-meta: databaseType:bibtex;}",
        "% @article{h, title = {Hidden}}",
        "%@article{h,\n% title = {Hidden}\n% }",
        '@preamble{ "\\newcommand{\\noop}[1]{} " # {\\def\\x#1{#1}} }',
    ],
)
def test_what_is_commented_out_is_left_out(hidden: str) -> None:
    """Comments yield no papers and no reports, and hide nothing of their neighbours."""
    reading = read_bibtex(f"@misc{{a, title = {{One}}}}\n{hidden}\n@misc{{b, title = {{Two}}}}\n", "x")
    assert (["One", "Two"], ()) == ([paper.title for paper in reading.papers], reading.skipped)


def test_a_comment_without_an_end_hides_one_line() -> None:
    """A brace that a comment never closes does not swallow the rest of the library."""
    assert ["One", "Two"] == titles("@misc{a, title={One}}\n@comment{ oh\n@misc{b, title={Two}}\n")


def test_a_percent_sign_and_an_at_sign_inside_an_entry_are_text() -> None:
    """Lines of an abstract that begin with a percent sign, an address or a macro's name belong to the abstract."""
    text = "Of all\n% ten percent\n@ada writes. The tool\n@article is a macro."
    assert "Of all % ten percent @ada writes. The tool @article is a macro." == one(f"abstract = {{{text}}}").abstract


@pytest.mark.parametrize(
    "entry",
    ["@misc{, title={T}}", "@misc{\n title = {T}}", "@misc{a b c, title={T}}", "@misc{a , title={T}}",
     "@misc( a, title={T} )",
     "@MISC {a, TITLE = {T}}", "@misc{Müller2020, title={T}}", "@misc{a'b, title={T},}"],
)  # fmt: skip
def test_keys_may_be_odd_or_missing(entry: str) -> None:
    """An entry is read whatever its key is, and also without one."""
    assert ["T"] == titles(entry)


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={2001.00001}", "eprint={2001.00001}, archivePrefix={arXiv}",
         "eprint={arXiv:2001.00001}, eprinttype={ARXIV}",
        "arxivId={2001.00001}", "journal={arXiv preprint arXiv:2001.00001}", "journal={arXiv:2001.00001 [cs]}",
        "journal={CoRR}, volume={abs/2001.00001}", "journal={ArXiv}, volume={abs/2001.00001}",
         "number={arXiv:2001.00001}",
        "note={arXiv: 2001.00001}", "note={arXiv:2001.00001 [cs.CL]}", "howpublished={arXiv:2001.00001}",
        r"howpublished={\url{https://arxiv.org/abs/2001.00001}}", "doi={10.48550/arXiv.2001.00001}",
        r"url={\url{https://arxiv.org/abs/2001.00001}}", "url={https://arxiv.org/abs/2001.00001 https://x.org/a}",
        "eprint={2001.00001}, doi={10.5555/x}",
    ],
)  # fmt: skip
def test_arxiv_ids_are_found_where_programs_put_them(fields: str) -> None:
    """The id is found in the field of each program, and stands before a DOI."""
    assert "arxiv:2001.00001" == str(one(fields).id)


@pytest.mark.parametrize(
    "fields",
    ["note={An extended version of arXiv:2001.00001}", "eprint={hal-01234567}, eprinttype={hal}",
     "eprint={31234567}, eprinttype={pubmed}", "journal={Nature}, volume={2001.00001}", "note={12 pages}",
     "abstract={We extend arXiv:2001.00001.}"],
)  # fmt: skip
def test_other_numbers_are_no_arxiv_ids(fields: str) -> None:
    """A note on another paper, the id of another archive, and the number of a volume do not name the paper."""
    assert "arxiv" != one(fields).id.scheme


@pytest.mark.parametrize(
    ("written", "doi"),
    [("10.5555/a\\_b-1", "10.5555/a_b-1"), ("https://doi.org/10.5555/A", "10.5555/a"),
     ("10.5555/a, 10.5555/b", "10.5555/a"),
     ("doi: 10.5555/a", "10.5555/a")],
)  # fmt: skip
def test_dois_are_read_as_they_are_written(written: str, doi: str) -> None:
    """Escapes, links and a second DOI do not hide the DOI."""
    assert f"doi:{doi}" == str(one(f"doi={{{written}}}").id)


# ── biblatex ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ("date={2019-05-01/2019-05-03}", "2019-05-01"), ("date={2019-05}", "2019-05-01"),
         ("date={1988/}", "1988-01-01"),
        ("date={2004-21}", "2004-01-01"), ("date={2004-04-25T14:34:00}", "2004-04-25"),
         ("year={2004/2005}", "2004-01-01"),
        ("year={c. 2020}", "2020-01-01"), ("year=2020, month=13", "2020-01-01"),
         ("year=2020, month={May 12}, day=3", "2020-05-12"),
        ("year=2020, month={Mai}", "2020-05-01"), ('year=2020, month= jan # "~12"', "2020-01-12"),
         ("year=2020, month=5, day=7", "2020-05-07"),
        ("date={}, year=2020", "2020-01-01"), ("year={in press}", None), ("date={-0043}", None),
    ],
)  # fmt: skip
def test_dates_are_read_in_every_form(fields: str, day: str | None) -> None:
    """A range begins at its first day, a season and an odd month leave the year, and what is no date is none."""
    published = one(fields).published
    assert day == (published.date().isoformat() if published else None)


def test_biblatexs_fields_are_read() -> None:
    """Subtitle, journal title and class have names of their own in biblatex."""
    paper = one(
        "title={Long documents}, subtitle={A small model}, journaltitle={J}, eprint={2001.00001}, eprintclass={cs.LG}"
    )
    assert ("Long documents: A small model", "J", ("cs.LG",)) == (paper.title, paper.venue, paper.categories)
    assert "Why? Because" == one("title={Why?}, subtitle={Because}").title


def test_an_entry_inherits_from_its_volume() -> None:
    """`crossref` lends the volume's title and year, wherever it stands; the volume itself is no paper, and is named."""
    written = "@inproceedings{a, title={One}, crossref={V}}\n@proceedings{v, title={Proc. of Things}, year=2019}"
    reading = read_bibtex(written, "x")
    (paper,) = reading.papers
    assert ("Proc. of Things", datetime(2019, 1, 1, tzinfo=UTC)) == (paper.venue, paper.published)
    assert ("entry “v” (a proceedings, no paper)",) == reading.skipped
