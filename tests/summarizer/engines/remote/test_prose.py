"""Claims about reading a model's free text: what is the blurb, what is courtesy, and which JSON is still JSON."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import SummarizerError
from summarizer.engines.writing import loose_json, prose
from summarizer.engines.writing.model_output import answers_in_json, read_findings, read_reflection, read_texts
from summarizer.engines.writing.reading import read_source
from summarizer.engines.writing.vetting import Measure, vet
from tests.summarizer.engines.remote.remotes import ABSTRACT, BLURB

PARTS = ("problem", "approach", "result")
MEASURE = Measure(source=read_source(ABSTRACT), limit=30)
PROBLEM, RESULT = "Fast links between machines are expensive.", "They need 40 times less traffic than full updates."


def shown(content: str) -> str:
    """Return the blurb made from an answer."""
    return vet(read_texts(content, ("blurb",))["blurb"], MEASURE).text


@pytest.mark.parametrize(
    "content",
    [
        BLURB,
        f"Here is a one-line summary:\n\n{BLURB}",
        f"Here's a one-sentence summary of the abstract: {BLURB}",
        f"Here is the blurb:\n{BLURB}",
        f"Sure! Here is a concise summary:\n\n**{BLURB}**\n\nLet me know if you need anything else!",
        f"Certainly. Below is a one-line blurb for the paper:\n\n> {BLURB}",
        f"Of course! This is the summary you asked for: {BLURB}",
        f"The following is a condensed version:\n{BLURB}",
        f"Summary: {BLURB}",
        f"**Summary:** {BLURB}",
        f"**One-sentence summary:**\n\n{BLURB}",
        f"## Blurb\n\nBlurb: {BLURB}",
        f"TL;DR: {BLURB}",
        f"The paper can be summarized as follows: {BLURB}",
        f'"{BLURB}"',
        f"“{BLURB}”",
        f"'{BLURB}'",
        f"**{BLURB}**",
        f"*{BLURB}*",
        f"- {BLURB}",
        f"`{BLURB}`",
        f"```\n{BLURB}\n```",
        f"```text\n{BLURB}\n```",
        f"{BLURB} (9 words)",
        f"{BLURB}\n\n(Word count: 9)",
        f"{BLURB}\n\nNote: I kept the names as they are.",
        f"{BLURB}\n\nThis summary captures the contribution of the paper.",
        f'"{BLURB}"\n\nI hope this helps!',
        f"<think>They want 30 words.</think>{BLURB}",
        f"<thinking>Hm.</thinking>\n\nAnswer: {BLURB}",
        f"They want 30 words.\n</think>\n\n{BLURB}",
        f"[THINK]Hm.[/THINK]{BLURB}",
        f"◁think▷Hm.◁/think▷{BLURB}",
        f"<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>{BLURB}",
        f"{BLURB}<|im_end|>",
        f"{BLURB} I'm sorry, but I cannot say more about large gradients of postcards.",
        f"Gradient Postcards. {BLURB}",
    ],
)
def test_courtesies_and_layout_are_no_part_of_the_blurb(content: str) -> None:
    """An announcement, a comment, quotes, markup, thoughts and an apology around the sentence are left out."""
    assert BLURB == shown(content)


@pytest.mark.parametrize(
    "text",
    [
        "Here we propose postcards: they carry only large gradients.",
        "This is a method for fast links: postcards carry only large gradients.",
        "Here, postcards carry only large gradients.",
        'We propose "postcards", which carry only large "gradients"',
        "We propose postcards (3 updates).",
        "Sure enough, postcards carry only large gradients.",
    ],
)
def test_what_only_looks_like_a_courtesy_stays(text: str) -> None:
    """A colon, a quote or a number in the sentence itself is part of it."""
    assert {"blurb": text} == read_texts(text, ("blurb",))
    assert text == " ".join(
        vet(text, Measure(source=read_source(type(ABSTRACT)(text=f"{ABSTRACT.text} {text}")), limit=30)).text.split()
    )


@pytest.mark.parametrize(
    "content",
    [
        "I'm sorry, I can't condense this abstract.",
        "I am sorry, but postcards and large gradients are beyond me.",
        "I apologize, but I cannot summarize postcards which carry only large gradients.",
        "Sorry, postcards carry only large gradients.",
        "Here is the summary: I'm unable to summarize postcards which carry large gradients.",
        '{"blurb": "I cannot help with postcards which carry only large gradients."}',
        "Unfortunately, I do not have the abstract of postcards with large gradients.",
        "However, I cannot say that postcards carry only large gradients.",
        "As an AI language model, I propose postcards, which carry only large gradients.",
        "Could you please provide the abstract of postcards with large gradients?",
        "No, sorry: postcards carry only large gradients.",
        "Unable to condense postcards, which carry only large gradients.",
        "I'd be happy to help with postcards, which carry only large gradients.",
    ],
)
def test_a_refusal_is_never_a_blurb(content: str) -> None:
    """A refusal, an apology or a question raises an error, even in words that the abstract has."""
    with pytest.raises(SummarizerError):
        shown(content)


@pytest.mark.parametrize(
    "content",
    [
        f'{{"blurb": "{BLURB}"}}',
        f'{{"Blurb": "{BLURB}",}}',
        f'{{"BLURB" : "{BLURB}"\n}}',
        f'[{{"blurb": "{BLURB}"}}]',
        f'{{"answer": {{"blurb": "{BLURB}"}}}}',
        f'{{"blurb": ["{BLURB}"]}}',
        f'{{"blurb": ["{BLURB}",],}}',
        f'{{"summary": "{BLURB}"}}',
        f'{{"one_line": "{BLURB}", "words": 9}}',
        f"{{'blurb': '{BLURB}'}}",
        f'{{blurb: "{BLURB}"}}',
        f'["{BLURB}"]',
        f'"{{\\"blurb\\": \\"{BLURB}\\"}}"',
        f'Sure, the format is {{"blurb": "…"}} and the answer is {{"blurb": "{BLURB}"}}. I hope it helps.',
        f'```json\n{{\n  "blurb": "{BLURB}",\n}}\n```\nI hope that helps!',
        f'```\n{{"blurb": "{BLURB}"}}',
        f'<think>{{"blurb": "Not {BLURB}"}}</think>{{"blurb": "{BLURB}"}}',
        f'{{"blurb": "{BLURB}"',
        f'{{"blurb": "{BLURB} And so',
        '{"blurb": "We propose postcards,\n which carry only large gradients."}',
    ],
)
def test_json_is_read_in_any_dress(content: str) -> None:
    """Fences, prose, thoughts, lists, other keys and quotes, trailing commas and a missing end do not hide the text."""
    assert BLURB == shown(content)
    assert answers_in_json(content)


def test_a_quote_that_is_not_escaped_does_not_end_the_text() -> None:
    """A quote inside a JSON text that no comma or bracket follows is part of the text."""
    content = '{"blurb": "We propose "postcards", which carry gradients.",}'
    assert {"blurb": 'We propose "postcards", which carry gradients.'} == read_texts(content, ("blurb",))


def test_a_comma_before_a_bracket_in_a_text_stays() -> None:
    """Only commas outside of strings are trailing commas."""
    assert {"blurb": "We propose sets [a,] of postcards."} == read_texts(
        '{"blurb": "We propose sets [a,] of postcards.",}', ("blurb",)
    )


@pytest.mark.parametrize(
    "content",
    [
        f"Problem: {PROBLEM}\nApproach: {BLURB}\nResult: {RESULT}",
        f"**Problem:** {PROBLEM}\n\n**Approach:** {BLURB}\n\n**Result:** {RESULT}",
        f"**Problem**: {PROBLEM}\n**Approach**: {BLURB}\n**Results**: {RESULT}",
        f"1. Problem: {PROBLEM}\n2. Approach: {BLURB}\n3. Result: {RESULT}",
        f"- **The problem** – {PROBLEM}\n- **The approach** – {BLURB}\n- **The result** – {RESULT}",
        f"### Problem\n{PROBLEM}\n\n### Method\n{BLURB}\n\n### Findings\n{RESULT}",
        f"Here are three lines:\n\nProblem: {PROBLEM}\nApproach: {BLURB}\nResult: {RESULT}\n\nLet me know if it helps!",
        f"Problem: {PROBLEM} Approach: {BLURB} Result: {RESULT}",
        f'Problem: "{PROBLEM}"\nApproach: "{BLURB}"\nResult: "{RESULT}"',
        f"RESULT: {RESULT}\nPROBLEM: {PROBLEM}\nAPPROACH: {BLURB}",
        f"Background: {PROBLEM}\nMethodology: {BLURB}\nConclusion: {RESULT}",
        f'{{"Problem": "{PROBLEM}", "Method": "{BLURB}", "Results": "{RESULT}"}}',
        f'```json\n[{{"problem": "{PROBLEM}", "approach": "{BLURB}", "result": "{RESULT}",}}]\n```',
        f"<think>Problem: none.</think>Problem: {PROBLEM}\nApproach: {BLURB}\nResult: {RESULT}",
    ],
)
def test_labelled_lines_are_parts(content: str) -> None:
    """The three parts are found whatever the labels look like, in any order, in JSON as well."""
    assert {"problem": PROBLEM, "approach": BLURB, "result": RESULT} == read_texts(content, PARTS)


@pytest.mark.parametrize(
    "nothing", ["", "N/A", "Not stated.", "none", "Not mentioned in the abstract.", "…", "-", "It is not provided."]
)
def test_a_part_that_says_nothing_is_left_out(nothing: str) -> None:
    """A part that the model declares absent is no part, in plain text and in JSON."""
    for content in (f"Problem: {nothing}\nApproach: {BLURB}", f'{{"problem": "{nothing}", "approach": "{BLURB}"}}'):
        assert {"approach": BLURB} == read_texts(content, PARTS)


@pytest.mark.parametrize(
    "text",
    ["None of the links is fast.", "Unknown words are split.", "Not all links are fast.", "Nothing is sent twice."],
)
def test_a_sentence_that_starts_with_nothing_says_something(text: str) -> None:
    """A sentence about nothing, the unknown or a negation is a text."""
    assert {"blurb": text} == read_texts(f'{{"blurb": "{text}"}}', ("blurb",))
    assert {"problem": text} == read_texts(f"Problem: {text}", PARTS)


@pytest.mark.parametrize(
    "text", ["Results show that postcards help.", "Problem-solving is hard.", "Approaches differ.", BLURB]
)
def test_a_sentence_that_starts_with_a_labels_word_is_no_label(text: str) -> None:
    """Only a colon, a dash or the end of the line makes a word a label."""
    with pytest.raises(SummarizerError, match="none of the lines"):
        read_texts(text, PARTS)


def test_reviews_are_read_from_plain_text() -> None:
    """A critique is one finding per line; a reflection is one line per finding, with its respect and a true quote."""
    listed = "Here is what is wrong:\n- The saving is missing.\n2. It is long.\nNone."
    lines = 'Completeness: the saving is missing, "need 40 times less traffic"\nFaithfulness: a rival, "beats it"'

    assert ("The saving is missing.", "It is long.") == read_findings(listed)
    assert () == read_findings("None.")
    assert ("The saving is missing.",) == read_findings('```json\n{"findings": ["The saving is missing.",],}\n```')
    assert ('Completeness: the saving is missing, "need 40 times less traffic"',) == read_reflection(
        lines, ABSTRACT.text, BLURB
    )


# -- any text -------------------------------------------------------------------------------------

_PIECES = [
    "{", "}", "[", "]", '"', "'", "\\", ":", ",", "```", "\n", " ", "<think>", "</think>", "blurb",
    "Problem", "result:",
    '{"blurb": "', '"}', "Here is the summary:", "Let me know", "…", "“", "”", BLURB, "<|channel|>analysis", "a",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=30).map("".join)


@given(PIECES, st.booleans())
def test_any_text_is_read(text: str, finished: bool) -> None:
    """Every reader accepts any text; what is left is never longer than the text."""
    bare = prose.without_thoughts(text)
    assert len(prose.one_text(bare)) <= len(bare) <= len(text)
    assert set(prose.labelled(bare)) <= set(PARTS)
    assert len(prose.whole_sentences(bare)) <= len(bare)
    assert isinstance(answers_in_json(text), bool)
    assert all(isinstance(each, dict) for each in loose_json.objects(text))
    with suppress(SummarizerError):
        assert all(read_texts(text, ("blurb",), finished=finished).values())


@pytest.mark.parametrize(
    "piece", [*_PIECES, '{"a":', "[1,", '"a" ', "{'a'", "<think>x", "sure, ", "summary ", "(9 words)", "\n\n"]
)
def test_reading_takes_time_that_grows_with_length_only(piece: str) -> None:
    """A text of one repeated piece, 200,000 characters long, is read within the time limit of the test."""
    text = (piece * 200_000)[:200_000]
    for fields in (("blurb",), PARTS):
        with suppress(SummarizerError):
            read_texts(text, fields)
    assert isinstance(answers_in_json(text), bool)
