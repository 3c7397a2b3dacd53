"""The alert rules and the dashboard ask for metrics that exist, and name commands that exist."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from bots.chat.health import ConnectionReport
from bots.cli.app import app
from bots.domain.queues import QUEUES, QueueState
from bots.domain.runs import DeliveryState, RunState, Tally
from bots.ports import BlurbOutcome, JobOutcome, PostOutcome
from bots.telemetry.metrics import Metrics
from bots.telemetry.standing import Usage
from tests.deploy.conftest import parsed, run
from tests.support.factories import NOW

RULES: list[Any] = parsed("monitoring/alerts.yaml")["groups"][0]["rules"]
PANELS: list[Any] = parsed("monitoring/dashboard.json")["panels"]
ASKED = [
    *(rule["expr"] for rule in RULES),
    *(target["expr"] for panel in PANELS for target in panel["targets"]),
]


@pytest.fixture(scope="module")
def served() -> dict[str, set[frozenset[str]]]:
    """Every metric that the program serves, with the names of its labels."""
    metrics = Metrics("1")
    for outcome in PostOutcome:
        metrics.posted("slack", outcome)
    for made in BlurbOutcome:
        metrics.blurb("extractive", made, 0.1)
    for answered in (True, False):
        metrics.source_read("arxiv", answered=answered, seconds=1.0)
    metrics.permitted("discord", 1.0)
    for ended in JobOutcome:
        metrics.job_ended("digests", ended, 1.0)
    metrics.run_opened(1.0)
    for state in RunState:
        metrics.run_ended(state, 1.0)
    text = metrics.text(
        now=NOW, tally=Tally(runs={}, parts={}), platforms={"slack": True},
        usage={"remote": Usage(requests=1, prompt_tokens=1, completion_tokens=1)},
        connections={"discord": ConnectionReport(wanted=1, open=1, latencies={"0": 0.1}, starts_left=1)},
        queues=[QueueState(name=name) for name in QUEUES], clock_offset=0.1,
    )  # fmt: skip
    found: dict[str, set[frozenset[str]]] = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).add(frozenset(sample.labels) | {"job", "instance"})
    return found


def _selectors(expression: str) -> Iterator[tuple[str, str]]:
    """Yield each metric of an expression with its selector of labels."""
    yield from re.findall(r"\b((?:paperwire|process)_[a-z_]+)(?:\{([^}]*)\})?", expression)


@pytest.mark.parametrize("expression", ASKED)
def test_what_is_asked_for_is_served(served: dict[str, set[frozenset[str]]], expression: str) -> None:
    """Each metric exists, with the labels by which it is chosen."""
    asked = list(_selectors(expression))
    assert asked
    for name, labels in asked:
        assert name in served, name
        chosen = set(re.findall(r"(\w+)[=!]~?", labels))
        assert any(chosen <= has for has in served[name]), (name, chosen)


@pytest.mark.parametrize("expression", ASKED)
def test_what_is_chosen_can_occur(expression: str) -> None:
    """States and outcomes that an expression chooses by are those of the program."""
    known = {*map(str, RunState), *map(str, DeliveryState), *map(str, PostOutcome), *map(str, BlurbOutcome)}
    known |= {"answered", "failed", "paperwire", *QUEUES, *map(str, JobOutcome)}
    for _, labels in _selectors(expression):
        values = (value for quoted in re.findall(r'"([^"]*)"', labels) for value in quoted.split("|"))
        assert set(values) <= known


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_to_do(rule: Any) -> None:
    """Each alert has a severity, says what happened, and names what to do with commands that exist."""
    said = rule["annotations"]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert said["summary"].endswith(".")
    assert said["action"].endswith((".", "?"))
    for command in re.findall(r"paperwire ([a-z]+)", said["action"]):
        assert 0 == CliRunner().invoke(app, [command, "--help"]).exit_code


def test_no_two_panels_are_drawn_over_each_other() -> None:
    """Every panel has its own place on the grid of 24 columns."""
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not taken & cells
        taken |= cells


def test_prometheus_accepts_the_rules() -> None:
    """`promtool check rules` reads every rule without a complaint."""
    done = run("promtool", "check", "rules", "deploy/monitoring/alerts.yaml")
    assert 0 == done.returncode, done.stderr
    assert f"{len(RULES)} rules found" in done.stdout
