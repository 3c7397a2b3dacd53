"""How much each feature of a sentence speaks for it."""

VERSION = "cue-1"
SALIENCE: dict[str, float] = {
    "proposes_first": 2.0,
    "in_this_paper_first": 1.0,
    "studies_first": 0.8,
    "finds_first": 0.6,
    "title_recall": 1.5,
    "code": -1.0,
    "starts_with_pronoun": -1.0,
    "starts_with_but": -0.6,
    "place_1": 0.2,
    "longer_than_36": -0.5,
}
ROLES: dict[str, dict[str, float]] = {
    "background": {"place_1": 2.0, "problem": 1.0, "background": 1.0},
    "objective": {"in_this_paper": 1.0, "studies": 1.5},
    "method": {"proposes": 2.0, "by_means_of": 0.3},
    "result": {"finds": 1.5, "results_say": 2.0, "outperforms": 1.5, "place_from_end_1": 1.0},
    "other": {"code": 2.0},
}
