"""Authors in BibTeX: what a BibTeX program reads as family name, suffix and given names, and the key."""

import pytest
from bibtexparser.middlewares.names import parse_single_name_into_parts
from hypothesis import given
from hypothesis import strategies as st

from bots.presentation.bibtex import bibtex, escaped
from bots.presentation.bibtex_names import author_field, is_organisation, key_name
from bots.sources.reading.bibtex import read_bibtex
from tests.support import hostile
from tests.support.factories import a_paper

PERSONS = [
    ("Ashish Vaswani", "vaswani", "Ashish Vaswani"),
    ("Łukasz Kaiser", "kaiser", "Łukasz Kaiser"),
    ("Kurt Gödel", "godel", "Kurt Gödel"),
    ("Brandy Anderson", "anderson", "Brandy Anderson"),
    ("Boltzmann, Ludwig", "boltzmann", "Boltzmann, Ludwig"),
    ("Plato", "plato", "Plato"),
    # Suffixes.
    ("Martin Luther King Jr.", "king", "King, Jr., Martin Luther"),
    ("Martin Luther King Jr", "king", "King, Jr, Martin Luther"),
    ("Martin Luther King, Jr.", "king", "King, Jr., Martin Luther"),
    ("King, Jr., Martin Luther", "king", "King, Jr., Martin Luther"),
    ("Adlai E. Stevenson III", "stevenson", "Stevenson, III, Adlai E."),
    ("Oliver Wendell Holmes Sr.", "holmes", "Holmes, Sr., Oliver Wendell"),
    ("Jan van der Berg Jr.", "berg", "van der Berg, Jr., Jan"),
    ("King Jr.", "king", "{King Jr.}"),
    # Particles, and words that only look like those of organisations.
    ("Jane von der Berg", "berg", "Jane von der Berg"),
    ("Ludwig van Beethoven", "beethoven", "Ludwig van Beethoven"),
    ("Wei Ai", "ai", "Wei Ai"),
    ("Jung On Kim", "kim", "Jung On Kim"),
    ("Anna Bank", "bank", "Anna Bank"),
    ("Robert LeCun", "lecun", "Robert LeCun"),
    # Other scripts.
    ("李明", "li", "李明"),
    ("王, 小明", "wang", "王, 小明"),
    ("欧阳修", "ouyang", "欧阳修"),
    ("田中 太郎", "tianzhong", "{田中 太郎}"),
    ("김민준", "gim", "김민준"),
    ("Иван Петров", "petrov", "Иван Петров"),
    ("Петров, Иван", "petrov", "Петров, Иван"),
    ("Γιώργος Παπαδόπουλος", "papadopoylos", "Γιώργος Παπαδόπουλος"),
    ("شیرین عبادی", "bdy", "شیرین عبادی"),
    ("Xiaoming Wang (王小明)", "wang", "Wang (王小明), Xiaoming"),
]
ORGANISATIONS = [
    ("The ATLAS Collaboration", "atlas"),
    ("CMS Collaboration", "cms"),
    ("The X Team", "x"),
    ("Gemma Team", "gemma"),
    ("Google DeepMind", "google"),
    ("Allen Institute for AI", "allen"),
    ("OEIS Foundation Inc.", "oeis"),
    ("Meta AI", "meta"),
    ("World Health Organization", "world"),
    ("Bank of England", "bank"),
    ("Barnes and Noble, Inc.", "barnes"),
    ("Johns Hopkins University", "johns"),
    ("Universität Heidelberg", "universitat"),
    ("Qiskit contributors", "qiskit"),
    ("Ada and Bob", "ada"),
    ("R&D Group 7", "r"),
]


def field(*names: str) -> str:
    """Return the value of the field `author` for these names."""
    return author_field(names, escaped)


@pytest.mark.parametrize(("author", "key", "written"), PERSONS)
def test_a_person_is_written_as_bibtex_reads_it(author: str, key: str, written: str) -> None:
    """Suffixes stand between family and given names; a name that BibTeX would take apart wrongly stays whole."""
    assert written == field(author)
    assert key == key_name((author,))


@pytest.mark.parametrize(("author", "key"), ORGANISATIONS)
def test_an_organisation_is_in_braces(author: str, key: str) -> None:
    """The name of an organisation is one word to BibTeX, and its first significant word begins the key."""
    assert f"{{{escaped(author)}}}" == field(author)
    assert key == key_name((author,))


def test_bibtex_programs_read_the_parts() -> None:
    """A BibTeX parser finds the family name, its particles and the suffix in what is written."""
    parts = parse_single_name_into_parts(field("Martin Luther King Jr."))
    assert (["King"], ["Jr."], ["Martin", "Luther"]) == (parts.last, parts.jr, parts.first)
    parts = parse_single_name_into_parts(field("Jan van der Berg Jr."))
    assert (["van", "der"], ["Berg"], ["Jr."], ["Jan"]) == (parts.von, parts.last, parts.jr, parts.first)
    assert ["{Allen Institute for AI}"] == parse_single_name_into_parts(field("Allen Institute for AI")).last


@pytest.mark.parametrize("others", ["others", "et al.", "et al", "and others", "et alii", "Et Al."])
def test_further_authors_are_others(others: str) -> None:
    """What stands for further authors is BibTeX's own `and others`, never an author of that name."""
    assert "G. Aad and B. Abbott and others" == field("G. Aad", "B. Abbott", others)
    assert "G. Aad and others" == field(f"G. Aad {others}")
    assert "G. Aad and others" == field(f"G. Aad, {others}")
    assert "" == field(others)
    assert "aad" == key_name((f"G. Aad {others}",))


@pytest.mark.parametrize("name", ["Al Gore", "Et Alia Smith", "Anna Others-Smith", "Mothers", "Petal"])
def test_names_that_resemble_others_are_names(name: str) -> None:
    """A name that contains the letters of "others" or "et al." is a name."""
    assert name == field(name)


def test_a_long_list_of_authors_ends_with_others() -> None:
    """At most fifty authors are named; BibTeX's own word "others" stands for the rest."""
    assert 49 == field(*(f"A {chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(50))).count(" and ")
    assert field(*(f"A {chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(51))).endswith(" and others")


def test_the_key_of_an_entry_is_made_of_the_name() -> None:
    """A paper by authors and with a title in another script has a key of its own, and one without authors says so."""
    russian = a_paper(authors=("Иван Петров",), title="Обучение моделей")
    assert bibtex([russian]).startswith("@misc{petrov2026obuchenie,")
    assert bibtex([a_paper(authors=())]).startswith("@misc{anon2026attention,")


# Our reader leaves out a name in another script in brackets.
EXAMPLES = [author for author, _, _ in PERSONS if not {",", "("} & set(author)] + [name for name, _ in ORGANISATIONS]
given_names = st.sampled_from(["Ada", "Bo", "J. R.", "Anne-Marie"])
family_names = st.sampled_from(["Li", "O’Neill", "Ng", "van der Berg"])
suffixes = st.sampled_from(["Jr.", "III"])
names = st.one_of(
    st.sampled_from(EXAMPLES),
    st.builds("{} {}".format, given_names, family_names),
    st.builds("{} {} {}".format, given_names, family_names, suffixes),
)


@given(st.lists(names, max_size=6, unique=True))
def test_what_is_written_reads_back(authors: list[str]) -> None:
    """Our own reader of BibTeX gives the same authors."""
    (paper,) = read_bibtex(bibtex([a_paper(authors=tuple(authors))]), "file").papers
    assert tuple(authors) == paper.authors


@hostile.patient
@given(st.lists(hostile.texts, max_size=4).map(tuple))
def test_any_names_are_written(authors: tuple[str, ...]) -> None:
    """Any names give a field with balanced braces and a key of plain letters and digits."""
    written = field(*authors)
    assert written.count("{") == written.count("}")
    key = key_name(authors)
    assert not key or (key.isascii() and key.isalnum())
    assert all(isinstance(is_organisation(author), bool) for author in authors)


@pytest.mark.parametrize("name", ["and", "And", "AND", "and Smith", "Smith and", "Smith, and", "and, Ada"])
def test_an_author_named_and_is_in_braces(name: str) -> None:
    """The word "and" in a name does not end the name."""
    assert f"{{{name}}} and Ada Li" == field(name, "Ada Li")
    assert f"Ada Li and {{{name}}}" == field("Ada Li", name)


@pytest.mark.parametrize("name", ["Andy Sand", "Ferdinand", "Anders And-Berg"])
def test_letters_of_and_in_a_name_change_nothing(name: str) -> None:
    """A name that only contains these letters is a person's."""
    assert name == field(name)
