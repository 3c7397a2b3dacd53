"""Claims about checking a blurb against its abstract."""

import time
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from summarizer import Abstract
from summarizer.grounding.check import Claim, ClaimKind, repaired, unsupported, warnings_of
from summarizer.text.plain import to_plain
from summarizer.text.sentences import split_sentences

PAPER = Abstract(
    title="Postcard Attention: Training Across Slow Links",
    text=(
        "We introduce Postcard-7B, with 1.5 billion parameters, which reaches 28.4 BLEU on WMT 2014 English-to-German "
        "with $3\\times$ less traffic. It does not need labels and may improve accuracy by 60 to 70\\%. "
        "We test GPT-3.5 and generative adversarial networks on ImageNet-1k and “all the rest”. "
        "It costs \\$5M, two orders of magnitude less than the 1{,}000 GPUs of prior work. "
        "It generalizes across 3 tasks and five languages without fine-tuning. However, it fails to learn from noise."
    ),
)


def found(blurb: str, abstract: Abstract = PAPER) -> list[tuple[str, str]]:
    """Return the unsupported claims with their kinds."""
    return [(claim.text, claim.kind.value) for claim in unsupported(blurb, abstract)]


@pytest.mark.parametrize(
    "blurb",
    [
        "It reaches a BLEU of 28.4.",
        "It is 3x cheaper.",
        "It is 3× cheaper.",
        "It sends three times less.",
        "It sends $3\\times$ less.",
        "It has 1.5B parameters.",
        "It has 1,500M parameters.",
        "It may improve accuracy by 60%.",
        "It may improve accuracy by 70 percent.",
        "It may improve accuracy by 60–70%.",
        "It covers three tasks and 5 languages.",
        "It costs $5 million, against 1000 GPUs.",
        "It is two orders of magnitude cheaper.",
        "We test GPT 3.5 and GANs on ImageNet‑1k.",
        "We test “all the rest”.",
        "It works without labels.",
        "It needs no fine-tuning.",
        "It cannot learn from noise.",
        "Sending postcards is cheap.",
        "In Postcard Attention, links are slow.",
    ],
)
def test_what_the_abstract_says_in_another_notation_is_supported(blurb: str) -> None:
    """Units, scales, written numbers, dashes, plurals, initials and LaTeX make no difference."""
    assert [] == found(blurb)


@pytest.mark.parametrize(
    ("expected", "kind", "blurb"),
    [
        ("28.5 BLEU", "number", "It reaches 28.5 BLEU."),
        ("284", "number", "It reaches a BLEU of 284."),
        ("four times", "number", "It sends four times less."),
        ("3%", "number", "It is 3% cheaper."),
        ("3 billion", "number", "It has 3 billion parameters."),
        ("three orders of magnitude", "number", "It is three orders of magnitude cheaper."),
        ("$6 million", "number", "It costs $6 million."),
        ("70 GPUs", "number", "It uses 70 GPUs."),
        ("3 languages", "number", "It covers 3 languages."),
        ("70 BLEU", "number", "It reaches 70 BLEU."),
        ("Twice", "number", "Twice as fast."),
        ("half", "number", "It needs half of the traffic."),
        ("million", "number", "It serves a million users."),
        ("GPT-4", "name", "We test GPT-4."),
        ("Postcard-70B", "name", "We introduce Postcard-70B."),
        ("ImageNet-21k", "name", "We test on ImageNet-21k."),
        ("ResNet", "name", "A ResNet is enough."),
        ("Telegram", "name", "We call it Telegram."),
        ("“all of it”", "name", "We test “all of it”."),
        ("TPUs", "acronym", "It needs TPUs."),
        ("It needs", "negation", "It needs labels."),
        ("improves accuracy", "negation", "It improves accuracy."),
        ("never", "negation", "It never costs a lot."),
        ("might", "negation", "It might reach prior work."),
        ("learn", "negation", "It can learn from noise."),
    ],
)
def test_what_the_abstract_does_not_say_is_found(expected: str, kind: str, blurb: str) -> None:
    """Another number, kind of number or name is found, and so is a negation or hedge that was lost or added."""
    claims = unsupported(blurb, PAPER)
    assert kind in [claim.kind.value for claim in claims]
    assert any(expected.strip(".") in claim.text or claim.text in expected for claim in claims)
    assert all(claim.text == blurb[claim.span.start : claim.span.end] for claim in claims)


def test_a_claim_in_latex_points_at_its_sentence() -> None:
    """If characters do not match one to one, the claim's range is the whole sentence."""
    blurb = "It is cheap. It is $4\\times$ faster."
    [claim] = unsupported(blurb, PAPER)
    assert "It is $4\\times$ faster." == blurb[claim.span.start : claim.span.end]


SENTENCES = st.lists(
    st.sampled_from(
        "we propose GPT-4 28.4 BLEU 3x 70\\% three times $5M 1.5 billion two orders of magnitude not never without may "
        "ImageNet-1k GANs fails to learn , (GAN) $3\\times$ 10^{-4} 1,000 60--70\\% “quoted words” and the model of A "
        "is better than B ; five-fold Alice's isn't $O(n\\log n)$ no-one state-of-the-art 3D half hundreds".split(" ")
    ),
    min_size=3,
    max_size=25,
).map(lambda words: f"We {' '.join(words)}.")


@example(["We we 1,000 billion half."], "")
@example(["We we 1,000 billion hundreds."], "")
@given(st.lists(SENTENCES | st.text(max_size=80), min_size=1, max_size=4), st.text(max_size=20))
def test_every_sentence_of_an_abstract_is_grounded_in_it(sentences: list[str], title: str) -> None:
    """A repeated sentence of the abstract is always supported."""
    abstract = Abstract(text=" ".join(sentences), title=title)
    for span in split_sentences(abstract.text):
        plain = to_plain(abstract.text[span.start : span.end])
        # If a sentence alone is split in two, it was one sentence only because of the TeX or brackets around it.
        if len(split_sentences(plain, dollar_math=False)) == 1 and "\\" not in plain:
            assert [] == found(plain, abstract)


@given(st.integers(2, 10**6), st.integers(2, 10**6), st.sampled_from(["%", "x", " BLEU", " GPUs", "M", " tasks"]))
def test_one_changed_number_is_found(number: int, other: int, unit: str) -> None:
    """A sentence repeated with another number is not supported, and the claim is the number."""
    assume(number != other)
    said = f"We gain {number}{unit} on all of it."
    [claim] = unsupported(said.replace(str(number), str(other), 1), Abstract(text=f"Here we start. {said}"))
    assert claim.kind is ClaimKind.NUMBER
    assert claim.text.startswith(str(other))


@given(st.from_regex(r"[A-Z][a-z]{3,8}[A-Z][a-z]{2,6}(?:-[0-9]{1,2})?", fullmatch=True))
def test_one_changed_name_is_found(name: str) -> None:
    """A sentence repeated with another name is not supported, and the claim is the name."""
    said = "We train {} on all of it."
    [claim] = unsupported(said.format(name), Abstract(text=said.format("PostcardNet-101")))
    assert (name, ClaimKind.NAME) == (claim.text, claim.kind)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_answered(blurb: str, text: str, title: str) -> None:
    """No text raises an error; every range lies in the blurb, in order."""
    claims = unsupported(blurb, Abstract(text=text, title=title))
    assert all(0 <= claim.span.start < claim.span.end <= len(blurb) for claim in claims)
    assert sorted(claim.span.start for claim in claims) == [claim.span.start for claim in claims]
    left = repaired(blurb, Abstract(text=text, title=title))
    assert left is None or left.strip()


@pytest.mark.parametrize(
    "piece",
    """
    not_ 9 9_ 9- $9 9,999 Aa- A1_ “a”_ “ may_x_ AB_ one_hundred_ 10^- x no_x_y._ order_of_ \\alpha_ a. % 9_to_ ⁵ 漢
    without_a,_ $a
    """.split(),
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Four times the text takes less than eight times as long, in one of three attempts: a machine may be busy."""
    assert any(spent(piece, 20_000) < 8 * spent(piece, 5_000) + 0.3 for _ in range(3))


def spent(piece: str, size: int) -> float:
    """Return the CPU seconds of this process for checking a text of this size."""
    text = piece.replace("_", " ") * (size // len(piece))
    started = time.process_time()
    unsupported(text, Abstract(text=text[::-1], title=text))
    return time.process_time() - started


def test_repair_drops_the_sentence_and_what_points_back_at_it() -> None:
    """A label stays if a sentence of its line stays."""
    blurb = (
        "Problem: It reaches 28.4 BLEU on WMT.\n"
        "Approach: It uses GPT-4. This wins. We test GPT-3.5 and networks.\n"
        "Result: It is 7x cheaper."
    )
    left = "Problem: It reaches 28.4 BLEU on WMT.\nApproach: We test GPT-3.5 and networks."
    assert left == repaired(blurb, PAPER)
    assert () == unsupported(left, PAPER)


def test_nothing_good_left_is_none() -> None:
    """A blurb of inventions is repaired to None, and so is one of which too little is left."""
    assert repaired("It uses GPT-4 to win on everything that there is.", PAPER) is None
    assert repaired("Very good. It uses GPT-4 to win on everything that there is.", PAPER) is None
    assert repaired("", PAPER) is None


def test_a_good_blurb_is_left_alone() -> None:
    """A supported blurb is not changed by repair."""
    blurb = "We introduce Postcard-7B, which reaches 28.4 BLEU.\nResult: It costs $5M."
    assert blurb == repaired(blurb, PAPER)


def test_warnings_are_sentences_and_few() -> None:
    """There is one warning for each different claim, at most five."""
    claims = unsupported("It uses GPT-4, GPT-4, GPT-5, GPT-6, GPT-7, GPT-8 and GPT-9.", PAPER)
    said = warnings_of(claims)
    assert "The abstract does not support “GPT-4”." == said[0]
    assert 5 == len(set(said))
    turned = warnings_of([Claim(text="It needs", kind=ClaimKind.NEGATION, span=claims[0].span)])
    assert ("The blurb may reverse the meaning of the abstract here: “It needs”.",) == turned
    assert () == warnings_of([])


@pytest.mark.slow
def test_sentences_of_real_abstracts_are_grounded(shared: Path) -> None:
    """Each sentence of the abstracts in a real listing is supported by its abstract."""
    lines = (shared / "data/trending/trending-papers.txt").read_text(encoding="utf-8").splitlines()[2:]
    for title, text in zip(lines[::2], lines[1::2], strict=True):
        abstract = Abstract(text=text, title=title)
        assert [] == [
            found(to_plain(text[s.start : s.end]), abstract)
            for s in split_sentences(text)
            if found(to_plain(text[s.start : s.end]), abstract)
        ]


NEW = Abstract(
    title="Sorting letters",
    text="No approaches currently exist for sorting letters. We present a machine without problems. No result is lost.",
)


@pytest.mark.parametrize(
    "blurb",
    [
        "Approach: No approaches currently exist for sorting letters.",
        "Problem: No approaches currently exist for sorting letters.\nApproach: We present a machine without problems.",
        "Problem: Sorting letters\nApproach: We present a machine\nResult: No result is lost",
    ],
)
def test_the_label_of_a_line_is_no_claim(blurb: str) -> None:
    """The labels of the structured form are not compared with the abstract, with or without full stops."""
    assert [] == found(blurb, NEW)
    assert blurb == repaired(blurb, NEW)


def test_a_claim_behind_a_label_is_found_where_it_stands() -> None:
    """A label hides nothing of its line, and the place of a claim is its place in the whole text."""
    blurb = "Problem: Sorting letters.\nApproach: We present 7 machines."
    (claim,) = unsupported(blurb, NEW)
    assert "7 machines" == claim.text == blurb[claim.span.start : claim.span.end]
    assert [("approaches", "name")] != found("Our approach: No approaches exist.", NEW)


TRENDS = Abstract(
    title="Cache",
    text=(
        "It reduces the traffic between machines by 40%. Accuracy improves by 7 points. The error is 12% lower. "
        "It increases speed by 30% and reduces memory by 20%. It runs on 16 machines."
    ),
)


@pytest.mark.parametrize(
    ("expected", "blurb"),
    [
        ("40%", "It increases the traffic between machines by 40%."),
        ("40%", "The traffic is raised by 40%."),
        ("7 points", "Accuracy worsens by 7 points."),
        ("12%", "The error is higher by 12%."),
        ("does not", "It does not reduce the traffic between machines by 40%."),
    ],
)
def test_the_opposite_of_what_a_number_says_is_found(expected: str, blurb: str) -> None:
    """Up for down, better for worse, and a negation beside a number reverse the abstract."""
    (claim,) = unsupported(blurb, TRENDS)
    assert "negation" == claim.kind.value
    assert claim.text in expected


@pytest.mark.parametrize(
    "blurb",
    [
        "It reduces the traffic between machines by 40%.",
        "It lowers traffic by 40%.",
        "A reduction of 40% in traffic.",
        "It saves 40% of the traffic.",
        "Improving accuracy by 7 points, it reduces traffic.",
        "It increases speed by 30% and reduces memory by 20%.",
        "It reduces memory by 20%.",
        "It reduces traffic on 16 machines.",
        "It increases accuracy by 7 points.",
    ],
)
def test_the_same_direction_in_other_words_is_supported(blurb: str) -> None:
    """Synonyms, other pairs of words and numbers without a direction raise no alarm."""
    assert [] == found(blurb, TRENDS)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("GPT-4", "We compare GPT models on the 4 tasks of a suite."),
        ("GPT-4-based", "We compare GPT models on the 4 tasks of a suite."),
        ("Llama-70B", "We compare Llama models of 7B and 70B parameters."),
        ("ResNet-50", "We compare ResNet models with 50 layers."),
        ("Qwen2-7B", "We compare Qwen2 with a model of 7B parameters."),
    ],
)
def test_a_name_is_not_put_together_from_a_word_and_a_number(name: str, said: str) -> None:
    """A name with a number is supported only as a whole; one of words alone also by its words."""
    assert [(name, "name")] == found(f"We study {name} models.", Abstract(title="", text=said))
    assert [] == found(f"We study {name} models.", Abstract(title="", text=f"{said} We use {name} here."))
    words = Abstract(title="", text="We train ImageNet models beside ResNet models.")
    assert [] == found("We study ImageNet-ResNet models.", words)
