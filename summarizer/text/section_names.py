"""The headings that journals print over the parts of an abstract, in the languages that journals are printed in."""

import re
from enum import StrEnum


class Section(StrEnum):
    """The function of a labelled part of an abstract."""

    BACKGROUND = "background"
    AIM = "aim"
    METHOD = "method"
    RESULT = "result"
    CONCLUSION = "conclusion"
    OTHER = "other"


#: Headings by section; `a b|c` is "a b" or "a c". From the structured abstracts of PubMed's and Emerald's journals.
_ENGLISH: dict[Section, str] = {
    Section.BACKGROUND: """
        background, backgrounds, introduction, context, rationale, importance, problem, background and aims
        background and aim, background and objectives, background and objective, background and purpose
        background/aims, background/aim, background/objectives, background/objective, background & aims
        background & objectives, background/purpose, introduction and aims, introduction and objectives
        background and context, study background, research background, issue addressed, the problem, what is known
        what is already known on this topic, what is already known about this topic, scientific background
    """,
    Section.AIM: """
        aim, aims, objective, objectives, purpose, purposes, goal, goals, hypothesis, study question
        research question, research questions, question, questions, study objective, study objectives
        aim of the study, aims of the study, aim and objectives, aims and objectives, study aim, study aims
        purpose of review, purpose of the review, review question, specific aims, primary objective
        research objective, research objectives, study purpose, purpose of the study, objective of the study
        aim/objective, objectives/hypothesis, scope, aims/hypothesis
    """,
    Section.METHOD: """
        method, methods, methodology, design, setting, settings, participants, patients, subjects, sample
        data source, data sources, study selection, data extraction, measurement, measurements, intervention
        interventions, main outcome measure, main outcome measures, main outcomes and measures
        materials and methods, material and methods, materials & methods, patients and methods, patients & methods
        subjects & methods, trial design, subjects and methods, participants and methods, methods and materials
        methods and material, methods and analysis, design and methods, methods/design, design/methods
        design/methodology/approach, design and setting, study design and setting
        study design, setting and participants, settings and participants, review methods, review method
        search strategy, search methods, selection criteria, eligibility criteria, inclusion criteria
        data collection, data collection and analysis, data analysis, statistical analysis, exposure, exposures
        outcome measures, outcomes measures, procedure, procedures, approach, experimental design
        experimental approach, research design and methods, research design, study sample, study population
        population, methodology/principal findings, data sources and study selection, data extraction and synthesis
        data sources/study setting, design, setting, and participants, design, setting and participants
        primary outcome measures, primary and secondary outcome measures, analysis, systematic review methods
        methods/approach, research methodology, theory and methods, study methods, study eligibility criteria
        eligibility criteria for selecting studies, data extraction methods, study appraisal and synthesis methods
        data sources and review methods, methods of study selection, tabulation, integration and results
        study eligibility criteria, participants, and interventions
    """,
    Section.RESULT: """
        result, results, finding, findings, main results, key results, key findings, main findings, data synthesis
        outcome, outcomes, principal findings, results and findings, methods and findings, methods and results
        methods/results, evidence acquisition and synthesis, evidence synthesis, recent findings, result(s)
        finding(s), principal results, results/findings, summary answer, main results and the role of chance
        observations, measurements and main results
    """,
    Section.CONCLUSION: """
        conclusion, conclusions, interpretation, discussion, significance, conclusions and relevance
        conclusion and relevance, implications, practical implications, originality/value, clinical significance
        summary, author's conclusions, authors' conclusions, authors’ conclusions, main conclusions
        conclusions and implications, conclusion and implications, implications for practice
        discussion and conclusions, discussion and conclusion, conclusions/implications, conclusions/significance
        conclusion/significance, results and conclusions, results and conclusion, conclusion(s), lessons learned
        take home message, implication, conclusions and significance, clinical relevance, clinical implications
        conclusions/interpretation, value, implications for nursing, relevance to clinical practice
        social implications, conclusions and recommendations, impact, what this study adds, what this paper adds
        conclusions and implications of key findings, so what?, interpretation and implications
        key conclusions and implications for practice, concluding remarks
    """,
    Section.OTHER: """
        limitations, limitation, registration, trial registration, systematic review registration, funding, keywords
        key words, protocol registration, level of evidence, levels of evidence, competing interests
        prospero registration, clinical trial registration, trial registration number, prospero registration number
        registration number, research limitations/implications, study limitations, source of funding
        strengths and limitations, ethics, clinical trials registration, review registration, prospero
        ethics and dissemination, highlights, paper type, limitations, reasons for caution
        study funding/competing interest(s), protocol, protocol registration number, limitations and implications
        study registration, strengths, index terms
    """,
}
#: The same of journals in German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese and
#: Korean, as PubMed Central, SciELO, CNKI, J-STAGE and KoreaMed print them beside or instead of the English ones.
_OTHERS: dict[Section, str] = {
    Section.BACKGROUND: """
        hintergrund, einleitung, einführung, hintergrund und ziele, hintergrund und ziel, hintergrund und fragestellung
        problemstellung, ausgangslage, contexte, contexte et objectifs, contexte et objectif, état des connaissances
        problématique, introducción, antecedentes, contexto, fundamento, fundamentos, antecedentes y objetivos
        antecedentes y objetivo, introducción y objetivos, introducción y objetivo, introdução, enquadramento
        introdução e objetivos, introdução e objetivo, justificativa, introduzione, contesto, premessa, premesse
        inleiding, achtergrond, wstęp, wprowadzenie, введение, актуальность, обоснование, предпосылки
        背景, 研究背景, 背景和目的, 背景与目的, 背景及目的, 背景目的, 引言, 前言, 緒言, 緒論, はじめに, 背景と目的
        背景および目的, 背景・目的, 目的と背景, 배경, 서론, 연구배경, 배경 및 목적
    """,
    Section.AIM: """
        ziel, ziele, zielsetzung, zielsetzungen, ziel der studie, ziel der arbeit, ziele der studie, fragestellung
        fragestellungen, zielstellung, zweck, studienziel, objectif, objectifs, but, buts, but de l'étude
        but de l’étude, objectif de l'étude, objectif de l’étude, objectifs de l'étude, objectifs de l’étude
        propos, hypothèse, objetivo, objetivos, objetivo del estudio, objetivos del estudio, propósito, hipótesis
        finalidad, objetivo do estudo, objectivo, objectivos, hipótese, obiettivo, obiettivi, scopo, scopo dello studio
        scopi, doel, doelstelling, cel, cel pracy, cel badania, цель, цели, цель исследования, цель работы
        цели и задачи, задачи, 目的, 目标, 目標, 研究目的, 目的和意义, 目的与意义, 本研究の目的, 목적, 연구목적, 목표
    """,
    Section.METHOD: """
        methode, methoden, methodik, methodisches vorgehen, vorgehen, material und methode, material und methoden
        material und methodik, patienten und methoden, patienten und methode, patienten und methodik, studiendesign
        materialien und methoden, probanden und methoden, stichprobe, design und methode, patienten, méthode, méthodes
        méthodologie, matériel et méthodes, matériel et méthode, matériels et méthodes, matériaux et méthodes
        patients et méthodes, patients et méthode, sujets et méthodes, population et méthodes, malades et méthodes
        plan d'étude, plan d’étude, participants et méthodes, método, métodos, metodología, material y métodos
        material y método, materiales y métodos, materiales y método, pacientes y métodos, pacientes y método
        sujetos y métodos, diseño, diseño del estudio, emplazamiento, participantes, población y métodos
        mediciones principales, metodologia, material e métodos, materiais e métodos, pacientes e métodos
        casuística e métodos, delineamento, método e materiais, metodi, metodo, materiali e metodi, pazienti e metodi
        disegno dello studio, methodologie, metoda, metody, materiał i metody, materiały i metody
        методы, метод, материалы и методы, материал и методы, методика, методология, методы исследования
        пациенты и методы, 方法, 研究方法, 材料与方法, 材料和方法, 资料与方法, 资料和方法, 对象与方法, 对象和方法
        病例与方法, 患者与方法, 材料及方法, 資料與方法, 材料與方法, 研究設計, 研究设计, 設計, 对象, 対象, 対象と方法
        対象および方法, 対象・方法, 方法と対象, 材料と方法, 材料および方法, 방법, 연구방법, 대상 및 방법, 재료 및 방법
        대상과 방법, 연구 방법
    """,
    Section.RESULT: """
        ergebnis, ergebnisse, resultat, resultate, resultaten, befund, befunde, hauptergebnisse, résultat, résultats
        résultats principaux, principaux résultats, observations principales, resultado, resultados
        resultados principales, principales resultados, hallazgos, resultados principais, risultato, risultati
        wyniki, результат, результаты, результаты исследования, 结果, 研究结果, 結果, 研究結果, 成绩, 成績, 主要结果
        主要結果, 方法与结果, 方法和结果, 方法と結果, 방법 및 결과, 결과, 연구결과, 연구 결과
    """,
    Section.CONCLUSION: """
        schlussfolgerung, schlussfolgerungen, schlußfolgerung, schlußfolgerungen, folgerung, folgerungen, fazit
        schluss, diskussion, zusammenfassende schlussfolgerung, diskussion und schlussfolgerung
        diskussion und schlussfolgerungen, ergebnisse und schlussfolgerung, ergebnisse und schlussfolgerungen
        diskussion und fazit, conclusion et perspectives, conclusions et perspectives, discussion et conclusion
        discussion et conclusions, interprétation, conclusión, conclusiones, discusión, discusión y conclusiones
        discusión y conclusión, interpretación, resultados y conclusiones, conclusão, conclusões, discussão
        considerações finais, conclusioni, conclusione, discussione, conclusie, conclusies, discussie, beschouwing
        wnioski, podsumowanie, заключение, вывод, выводы, обсуждение, 结论, 結論, 研究结论, 讨论, 討論, 考察, 総括
        结语, 結語, 結果と考察, 結果および考察, 結果・考察, 結果と結論, 结果与结论, 结果和结论, 结论与讨论, 考察と結論
        まとめ, 考察・結論, おわりに, 결론, 고찰, 결과 및 결론, 토의
    """,
    Section.OTHER: """
        schlüsselwörter, schlagwörter, stichwörter, mots-clés, mots clés, mots clefs, palabras clave, palabras-clave
        palavras-chave, palavras chave, parole chiave, trefwoorden, słowa kluczowe, ключевые слова, 关键词, 關鍵詞
        キーワード, 索引用語, 키워드, 주제어, 색인어, limitationen, limites, limitaciones, limitações, limiti, 局限性
        限界, studienregistrierung, registro
    """,
}
#: "But: we fail" is English, "But : évaluer" is not: a heading only with a colon and beside a heading of another part.
CAREFUL = frozenset(
    {"but", "propos", "metoda", "fundamento", "doel", "scopo", "cel", "limites", "registro", "vorgehen"}
)
#: The heading of the whole, in the other languages.
ABSTRACTS = (
    "zusammenfassung kurzfassung abstrakt résumé resumen resumo sommario riassunto samenvatting streszczenie "
    "аннотация реферат резюме 摘要 内容摘要 要旨 抄録 要約 초록 요약 국문초록"
).split()


def _names(table: str, between: str) -> list[str]:
    return [name.strip() for name in re.split(between, table) if name.strip()]


#: The section of each heading, in lower case.
SECTIONS = {
    name: section
    for tables, between in ((_OTHERS, r",\s|\n"), (_ENGLISH, r",\s(?!and |setting|reasons for)|\n"))
    for section, table in tables.items()
    for name in _names(table, between)
}
