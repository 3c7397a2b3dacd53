"""The headings inside an abstract are found however they were printed, and leave the text; ordinary words stay."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.section_names import Section
from summarizer.text.sections import find_labels, place_sentences
from tests.support.counted_calls import calls_of

AIM, BACKGROUND, CONCLUSION = Section.AIM, Section.BACKGROUND, Section.CONCLUSION
METHOD, OTHER, RESULT = Section.METHOD, Section.OTHER, Section.RESULT


def read(text: str) -> list[tuple[str, Section | None]]:
    return [(text[one.span.start : one.span.end], one.section) for one in place_sentences(text)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            [("Cancer kills.", BACKGROUND), ("Drug X works.", CONCLUSION)],
            "BACKGROUND: Cancer kills. CONCLUSION: Drug X works.",
        ),
        (
            [("Cancer kills.", BACKGROUND), ("Drug X works.", CONCLUSION)],
            "Background Cancer kills. Conclusions Drug X works.",
        ),
        (
            [("Cancer kills.", BACKGROUND), ("Drug X works.", CONCLUSION)],
            "BackgroundCancer kills. ConclusionsDrug X works.",
        ),
        (
            [("To count.", AIM), ("We counted.", METHOD)],
            "<bold>Objective</bold>To count. <bold>Methods</bold>We counted.",
        ),
        ([("To count.", AIM), ("We counted.", METHOD)], "PURPOSE To count. MATERIALS AND METHODS We counted."),
        ([("We counted.", METHOD), ("12 of 20.", RESULT)], "Methods ; We counted.; ; ; Results ; 12 of 20."),
        ([("To count.", AIM), ("We counted.", METHOD)], "Goals. To count. Methods. We counted."),
        ([("It rose.", RESULT), ("It works.", CONCLUSION)], "Findings: It rose. Interpretation: It works."),
        (
            [("We counted.", METHOD), ("It rose.", RESULT)],
            "Design, setting, and participants: We counted. Main results: It rose.",
        ),
        ([("The aim.", AIM), ("It rose.", RESULT)], "Objective of review The aim. Results It rose."),
        ([("It rose.", RESULT), ("NIH.", OTHER)], "Results: It rose. Funding: NIH."),
        ([("This review counts.", AIM)], "Purpose; This review counts."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "1. Methods: We counted. 2. Results: It rose."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "**Methods:** We counted. **Results** It rose."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "## Methods We counted. ## Results It rose."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "[Methods] We counted. (Results) It rose."),
        (
            [("We counted.", METHOD), ("It rose.", CONCLUSION)],
            "Trial Design: We counted. Discussion/Conclusion: It rose.",
        ),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "Patients & Methods We counted. Results It rose."),
    ],
)
def test_a_heading_goes_and_its_part_is_known(expected: list[tuple[str, Section]], text: str) -> None:
    """Colon, dash, tags, capitals, semicolon, full stop, blank or nothing at all may follow a heading."""
    assert expected == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ziel: {} Material und Methoden: {} Ergebnisse: {} Schlussfolgerung: {}",
        "Zusammenfassung Zielsetzung {} Methodik {} Ergebnisse {} Fazit {}",
        "ZIELE. {} PATIENTEN UND METHODEN. {} RESULTATE. {} SCHLUSSFOLGERUNGEN. {}",
        "But : {} Patients et méthodes : {} Résultats : {} Conclusion : {}",
        "Résumé – Objectif de l’étude : {} Méthodes : {} Résultats : {} Conclusions : {}",
        "OBJECTIFS\xa0: {} MÉTHODES\xa0: {} RÉSULTATS\xa0: {} DISCUSSION ET CONCLUSION\xa0: {}",
        "Resumen. Objetivo: {} Material y métodos: {} Resultados: {} Conclusiones: {}",
        "Resumen\nObjetivos {} Métodos {} Resultados {} Conclusión {}",
        "Objetivo: {} Materiais e métodos: {} Resultados: {} Conclusões: {}",
        "Scopo: {} Metodi: {} Risultati: {} Conclusioni: {}",
        "Цель: {} Материалы и методы: {} Результаты: {} Заключение: {}",
        "目的：{}方法：{}结果：{}结论：{}",
        "目的: {} 方法: {} 结果: {} 结论: {}",
        "摘要：目的 {}方法 {}结果 {}结论 {}",
        "【目的】{}【方法】{}【结果】{}【结论】{}",
        "[摘要] [目的] {} [方法] {} [结果] {} [结论] {}",
        "［目的］{}［対象と方法］{}［結果］{}［考察］{}",
        "抄録 目的：{}方法：{}結果：{}結論：{}",
        "목적: {} 대상 및 방법: {} 결과: {} 결론: {}",
    ],
)
@pytest.mark.parametrize("said", ["Zwölf Kinder schliefen.", "Évaluer 12 enfants.", "探讨X的效果。", "12名を調べた。"])
def test_the_headings_of_other_languages_go(said: str, text: str) -> None:
    """Ten languages beside English label the same four parts, with a colon, brackets, a full stop or a blank."""
    assert [(said, part) for part in (AIM, METHOD, RESULT, CONCLUSION)] == read(text.format(said, said, said, said))


def test_a_heading_in_brackets_needs_no_sentence_end_before_it() -> None:
    """Chinese journals print no full stop before 【方法】."""
    assert [("探讨X的效果", AIM), ("选取100例", METHOD)] == read("【目的】探讨X的效果【方法】选取100例")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("We present a tool.", "Abstract—We present a tool."),
        ("We present a tool.", "Abstract: We present a tool."),
        ("We present a tool.", "ABSTRACT We present a tool."),
        ("This paper counts.", "AbstractThis paper counts."),
        ("We present a tool.", "<title>Abstract</title><p>We present a tool."),
        ("本文提出一种工具。", "Abstract：本文提出一种工具。"),
        ("本文提出一种工具。", "摘要：本文提出一种工具。"),
        ("本文提出一种工具。", "【摘要】本文提出一种工具。"),
        ("Wir zeigen ein Werkzeug.", "Zusammenfassung: Wir zeigen ein Werkzeug."),
        ("On montre un outil.", "Résumé – On montre un outil."),
        ("On montre un outil.", "RÉSUMÉ\nOn montre un outil."),
    ],
)
def test_the_word_abstract_goes(expected: str, text: str) -> None:
    """The heading of the whole says nothing of a sentence."""
    assert [(expected, None)] == [(re.sub(r"^<p>", "", said), section) for said, section in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Results show that sleep matters.",
        "We count. Methods such as ours win.",
        "Background subtraction is hard.",
        "Results Of twelve trials are known.",
        "Abstract interpretation proves programs.",
        "AbstractNet is a net.",
        "Conclusions are drawn. Findings differ.",
        "Design matters. Participants agreed.",
        "MethodsNet is a net. We count.",
        "But: we fail at this. We count.",
        "But We fail at this. We count.",
        "Ergebnisse dieser Art sind selten. Methoden gibt es viele.",
        "Zielgruppen sind klein. Methodenkritik folgt.",
        "Résumé of a life in twelve parts. We count.",
        "Résultats obtenus en 2020. Méthodes de calcul.",
        "结果表明X有效。 方法很好。",
        "目的明确是关键。 结论可靠。",
    ],
)
def test_an_ordinary_word_is_no_heading(text: str) -> None:
    """A word of a sentence stays, and one bare heading alone is not enough."""
    assert all(section is None for _, section in read(text))
    assert text == " ".join(said for said, _ in read(text))


def test_bullets_go_and_keep_their_part() -> None:
    """A bullet begins a sentence of the part it stands in."""
    assert [("We count.", METHOD), ("We weigh.", METHOD)] == read("Methods: • We count. • We weigh.")


@pytest.mark.parametrize(
    "imprint",
    [
        "© 2024 The Author(s).",
        "[ABSTRACT FROM AUTHOR]",
        "Copyright © 2020 Elsevier Ltd. All rights reserved.",
        "(Funded by the Example Trust.)",
        "Published by Cambridge University Press.",
    ],
)
def test_the_imprint_of_a_publisher_is_left_out(imprint: str) -> None:
    """What a publisher or a database adds is not the authors'."""
    said = "Sleep matters for all of us, and more of it helps the young than the old."
    assert [(said, None)] == read(f"{said} {imprint}")


def test_a_sentence_about_copyright_stays() -> None:
    """Only an imprint at the end, which begins like a sentence, is one."""
    text = "We study copyright 2020 and later laws of the land."
    assert [(text, None)] == read(text)


def test_a_letter_without_a_lower_case_of_its_own_is_read() -> None:
    """The long s equals s where case is ignored, and is not s in lower case."""
    assert [("We count.", OTHER)] == read("Methodſ: We count.")


@given(
    st.lists(
        st.sampled_from(
            [
                *"aB .;:\n•</—",
                "Methods",
                "RESULTS",
                "Abstract",
                "<b>",
                "</b>",
                "We ",
                "【方法】",
                "目的 ",
                "摘要",
                "。",
                "But : ",
                "ſ",
            ]
        )
    ).map("".join)
)
def test_any_text_is_read_whole_and_in_order(text: str) -> None:
    """Sentences and headings do not overlap, and each letter is in one of them."""
    found = [one.span for one in place_sentences(text)] + [label.span for label in find_labels(text)]
    spans = [(span.start, span.end) for span in found]
    read_letters = [place for start, end in sorted(spans) for place in range(start, end) if text[place].isalnum()]
    assert [place for place, char in enumerate(text) if char.isalnum()] == read_letters


@pytest.mark.parametrize(
    "piece",
    [
        "Methods: ",
        "Results We. ",
        "【方法】",
        "目的 探。",
        "But : a. ",
        "• ",
        "<b>Aim</b>",
        "© ",
        "; ",
        "Abstract ",
        " \n",
    ],
)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    """The number of calls grows linearly."""
    once, twice = (calls_of(lambda count=count: place_sentences(piece * count)) for count in (400, 800))  # type: ignore[misc]
    assert twice <= 2.3 * once + 200


def test_a_line_with_the_title_above_the_abstract_is_no_part_of_it() -> None:
    """The title's line and the word "Abstract" are left out; a title alone stays a sentence."""
    text = "Title: Slow Lamps\n\nAbstract: We build a lamp. It is slow."
    assert ["We build a lamp.", "It is slow."] == [text[p.span.start : p.span.end] for p in place_sentences(text)]
    alone = "Title: Slow lamps of the north. We build a lamp."
    assert 2 == len(place_sentences(alone))
