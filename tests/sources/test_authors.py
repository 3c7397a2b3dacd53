"""Tests of lists of names as records and exports write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sources.reading.authors import listed, names, split_direct


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Smith, A., Jones, B. and Li, C.", ("A. Smith", "B. Jones", "C. Li")),
        ("Smith, A., Jones, B., et al.", ("A. Smith", "B. Jones", "et al.")),
        ("Smith, J., & Lee, K.", ("J. Smith", "K. Lee")),
        ("Smith A, Jones BC, Li C.", ("A Smith", "BC Jones", "C Li")),
        ("Yang Z., McNamara M.E.", ("Z. Yang", "M.E. McNamara")),
        ("Alice Smith (1), Bob Li (1 and 2) ((1) MIT, (2) CMU)", ("Alice Smith", "Bob Li")),
        ("Ada Smith (on behalf of the LHCb Collaboration), Bo Li", ("Ada Smith", "Bo Li")),
        ("CMS Collaboration: A. H", ("CMS Collaboration", "A. H")),
        ("The BABAR Collaboration: B. Aubert, et al", ("The BABAR Collaboration", "B. Aubert", "et al.")),
        ("Martin King Jr, Sammy Davis, Jr., John Smith, III, Bo Li",
         ("Martin King Jr", "Sammy Davis Jr.", "John Smith III", "Bo Li")),
        ("Barrett, Paul M; Willis, Katherine J; ", ("Paul M Barrett", "Katherine J Willis")),
        ("Longrich, N.R.\n and Jalil, N.-E.\n", ("N.R. Longrich", "N.-E. Jalil")),
        ("Smith, Ada", ("Ada Smith",)),
        ("Ada Smith et al.", ("Ada Smith", "et al.")),
        ("Ada Smith, Bo Li, et al. (3 additional authors not shown)", ("Ada Smith", "Bo Li", "et al.")),
        ("Ada Smith, Bo Li, and Cy Ng", ("Ada Smith", "Bo Li", "Cy Ng")),
        ("C. Bal\\'azs, E. L. Berger, C.-P. Yuan", ("C. Balázs", "E. L. Berger", "C.-P. Yuan")),
        ("Authors: Ada Smith, Bo Li", ("Ada Smith", "Bo Li")),
        # What must stay as it is.
        ("Ada Smith, Bo Li", ("Ada Smith", "Bo Li")),
        ("Malcolm X", ("Malcolm X",)),
        ("OpenAI, Google DeepMind", ("OpenAI", "Google DeepMind")),
        ("Garcia Marquez, Gabriel and de la Cruz, Maria", ("Gabriel Garcia Marquez", "Maria de la Cruz")),
        ("Ada Smith, Bo Jones and Cy Li, Di Ng", ("Ada Smith", "Bo Jones", "Cy Li", "Di Ng")),
        ("Anders Sand", ("Anders Sand",)),
    ],
)  # fmt: skip
def test_a_list_in_one_string_is_split(written: str, read: tuple[str, ...]) -> None:
    """Names are split and turned forename first, without affiliations, and a colon ends a collaboration's name."""
    assert read == names(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["Martin Luther King, Jr.", "Smith, Ada"], ("Martin Luther King Jr.", "Ada Smith")),
        (["The CMS Collaboration", ":", "A. Hayrapetyan"], ("The CMS Collaboration", "A. Hayrapetyan")),
        (["CMS Collaboration: A. H", "B. I"], ("CMS Collaboration", "A. H", "B. I")),
        (["Ada Smith", "et al"], ("Ada Smith", "et al.")),
        (["O&#39;Neil, Bo", "Andr\\'e Weil", "王, 小明"], ("Bo O'Neil", "André Weil", "王小明")),
        ([{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}, {"literal": "ATLAS Collaboration"}],
         ("Vincent van Gogh", "ATLAS Collaboration")),
        ([{"family": "Smith", "given": "Ada", "suffix": "Jr."}], ("Ada Smith Jr.",)),
        ([{"creatorType": "author", "firstName": "Ada", "lastName": "Smith"}, {"creatorType": "editor", "name": "E"}],
         ("Ada Smith",)),
        ([{"author": {"display_name": "Ada Smith"}}], ("Ada Smith",)),
        ([{"name": "Ada", "hidden": True}, {"name": "Bo"}], ("Bo",)),
        ([{"first": "Ada", "middle": "B.", "last": "Smith"}], ("Ada B. Smith",)),
        ([":", "", "and", None, 7, []], ("and",)),
    ],
)  # fmt: skip
def test_a_list_of_names_is_cleaned(written: object, read: tuple[str, ...]) -> None:
    """Strings and the objects of each maker become names."""
    assert read == names(written)


def test_a_direct_list_is_never_turned() -> None:
    """arXiv's lists begin every name with the forename, so a comma always separates two people."""
    assert ["Ada", "Bo Li", "Cy Ng"] == split_direct("Ada, Bo Li and Cy Ng")
    assert ("Ada O'Neil", "Cy & Sons") == listed(split_direct("Ada O&#39;Neil, Cy &amp; Sons"))


def test_a_suffix_alone_belongs_to_the_name_before_it() -> None:
    """`Jr.` in a list of its own items is part of a name."""
    assert ("Sammy Davis Jr.", "Bo Li") == listed(["Sammy Davis", "Jr.", "Bo Li"])


@given(st.text(alphabet="Aa b.,;:&()[]{}\\'$and et al.Jr", max_size=80) | st.lists(st.text(max_size=20), max_size=5))
def test_any_text_gives_names(written: object) -> None:
    """Any text yields distinct names with a letter or a digit, and `et al.` only at the end."""
    found = names(written)
    assert len(found) == len(set(found))
    assert all(any(map(str.isalnum, name)) for name in found)
    assert "et al." not in found[:-1]
