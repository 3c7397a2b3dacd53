"""A claim stands in a blurb with the clause that says how far it holds."""

import pytest

from summarizer.compression.compress import candidates


@pytest.mark.parametrize(
    "sentence",
    [
        "We win on all of the data sets that we tried: it wins on 3 of 10.",
        "Foo beats all baselines on ten data sets: on three of them by a margin within the noise.",
        "Foo beats all baselines on ten data sets; on the rest it loses by a wide margin.",
        "Foo beats all baselines on ten data sets — on half of the tasks by very little.",
        "Foo beats all baselines on ten data sets, using a large net: it ties with the oldest on many.",
        "Foo beats all baselines on ten data sets, which is mostly due to the data.",
        "We propose a net that beats all baselines in vision by searching: it wins in 4/10 cases.",
        "Our nets keep what they learnt about every old task: accuracy drops on some of the classes.",
    ],
)
def test_a_claim_is_not_cut_off_from_what_limits_it(sentence: str) -> None:
    """After a colon, a semicolon, a dash or "which", a share or a comparison says of how much the claim holds."""
    claims = ("baselines", "win on all", "every old")
    cut = [form for form in candidates(sentence) if len(form.split()) < len(sentence.split()) - 1]
    assert [] == [form for form in cut if any(claim in form for claim in claims)]


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        (
            "We introduce Foo and Bar for all languages.",
            "We introduce Foo and Bar for all languages: two nets with shared weights.",
        ),
        (
            "Foo beats all baselines on ten data sets.",
            "Foo beats all baselines on ten data sets: it reads the whole text first.",
        ),
        ("Foo beats all baselines on ten data sets.", "Foo beats all baselines on ten data sets; code is on our page."),
    ],
)
def test_what_only_explains_a_claim_may_go(expected: str, sentence: str) -> None:
    """A colon before an explanation can be the end."""
    assert expected in candidates(sentence)
