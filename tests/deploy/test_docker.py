"""The image and the services for Docker Compose: no root, nothing writable that need not be, no secret in a file."""

import re
from typing import Any

import pytest

from bots.domain.shards import ShardChoice, read_shards
from bots.slack.connection import MOST
from tests.conftest import ROOT
from tests.deploy.conftest import DEPLOY, run

DOCKERFILE = (DEPLOY / "docker/Dockerfile").read_text(encoding="utf-8")
BUILT, RUN = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]
OURS = ("paperwire", "bot", "worker")


def test_what_runs_has_no_compiler_and_no_source() -> None:
    """The image is made in two stages, and the second takes only the installed environment."""
    assert ["COPY --from=build /opt/paperwire /opt/paperwire"] == re.findall(r"(?m)^COPY .*", RUN)
    assert " pip install" not in RUN


def test_every_package_is_checked_against_its_hash() -> None:
    """What is installed without hashes is our own wheel, and the extras that a person asks for."""
    without = [
        line
        for line in re.findall(r"(?m)^(?:RUN|    &&) .*pip (?:install|wheel).*", BUILT)
        if "--require-hashes" not in line
    ]
    assert all("/wheels" in line for line in without)
    assert 2 == BUILT.count("--require-hashes -r requirements/")


def test_it_runs_as_nobody_in_particular() -> None:
    """The user is a number, so that Kubernetes can check that it is not root, and it owns its data alone."""
    assert "USER 10001:10001" in RUN
    assert "--mode=0700 /data" in RUN


def test_it_is_asked_how_it_is() -> None:
    """The health check asks for what the program serves: the address is set in the image."""
    port = re.search(r"PAPERWIRE_OPERATIONS_LISTEN=0\.0\.0\.0:(\d+)", RUN)
    assert port
    assert f"http://127.0.0.1:{port[1]}/healthz" in RUN


def test_only_what_is_built_from_is_sent_to_the_engine() -> None:
    """Every path that is copied is let in, and nothing is let in by default: no settings, no database, no history."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = {name.rstrip("/") for line in re.findall(r"(?m)^COPY ([^-].*) \S+$", BUILT) for name in line.split()}
    assert "*" in lines
    assert let_in == copied
    assert all((ROOT / each).exists() for each in let_in)


@pytest.mark.parametrize("name", OURS)
def test_a_service_has_few_rights(compose: Any, name: str) -> None:
    """No capability, no new privileges, a read-only file system, bounded memory and processes."""
    service = compose["services"][name]
    assert (True, ["ALL"]) == (service["read_only"], service["cap_drop"])
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert "privileged" not in service


def test_every_service_has_a_profile(compose: Any) -> None:
    """`up` without a profile starts nothing by mistake; the profiles are those that the file explains."""
    assert {"one", "scaled", "model"} == {each for one in compose["services"].values() for each in one["profiles"]}
    assert all(f"--profile {each}" in (DEPLOY / "docker/compose.yaml").read_text() for each in ("one", "scaled"))


def test_secrets_are_files(compose: Any) -> None:
    """Each secret is used, comes from a file that git ignores, and reaches the program by a variable with _FILE."""
    services = compose["services"].values()
    used = {each for service in services for each in service.get("secrets", ())}
    assert set(compose["secrets"]) == used
    for service in (compose["services"][name] for name in OURS):
        named = {value for key, value in service["environment"].items() if key.endswith("_FILE")}
        assert {f"/run/secrets/{each}" for each in service["secrets"]} == named
    assert "deploy/docker/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8")


def test_only_this_machine_reaches_the_ports(compose: Any) -> None:
    """Whoever wants the world to come in has a web server with a certificate; metrics are not published."""
    published = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert all(str(port).startswith("127.0.0.1:") for port in published)
    assert not any("9090" in str(port) for port in published)


def test_the_program_has_time_to_stop(compose: Any) -> None:
    """Parts under way are finished within 17 seconds, and the engine waits longer."""
    assert all("30s" == compose["services"][name]["stop_grace_period"] for name in OURS)


def test_compose_accepts_the_file() -> None:
    """`docker compose config` reads it without a complaint."""
    if run("docker", "compose", "version").returncode:
        pytest.skip("needs Docker Compose")
    done = run(
        "docker", "compose", "-f", "deploy/docker/compose.yaml", "--profile", "*", "config", "--no-env-resolution"
    )
    assert 0 == done.returncode, done.stderr


def test_what_is_due_is_left_to_the_workers(compose: Any) -> None:
    """The bots of the profile `scaled` hand their runs to workers, which are there, on the same database."""
    bot, worker = (compose["services"][name] for name in ("bot", "worker"))
    assert ["worker"] == worker["command"]
    assert "yes" == bot["environment"]["PAPERWIRE_SCHEDULE_WORKERS"]
    assert bot["environment"] == worker["environment"]
    assert worker["deploy"]["replicas"] > 1


def test_the_bots_share_the_chats(compose: Any) -> None:
    """More than one process may run: they share Discord's shards, and keep to Slack's ten connections together."""
    bot = compose["services"]["bot"]
    assert 2 == bot["deploy"]["replicas"]
    assert ShardChoice() == read_shards(bot["environment"]["PAPERWIRE_DISCORD_SHARDS"])
    assert 2 <= bot["deploy"]["replicas"] * int(bot["environment"]["PAPERWIRE_SLACK_CONNECTIONS"]) <= MOST
    # `container_name` or a published port would allow a single one.
    assert {"container_name", "ports"}.isdisjoint(bot)
