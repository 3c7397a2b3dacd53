"""The services for Docker Compose: nothing writable that need not be, no secret in a file."""

import hashlib
import hmac
import os
import re
import shutil
import subprocess
from base64 import b64decode
from ipaddress import ip_network
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from bots.config.network_values import networks
from bots.domain.queues import QUEUES, SUMMARIES
from bots.domain.shards import ShardChoice, read_shards
from bots.scheduling import job_queue
from bots.slack.connection import MOST
from bots.store.inspection import isolation_troubles
from bots.store.operations import Place
from tests.conftest import ROOT
from tests.deploy.conftest import DEPLOY, run
from tests.store.stores import needs_postgres
from tests.support.postgres import make_database, server, server_programs

OURS = ("paperwire", "bot", "worker", "summaries")


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
    profiles = {each for one in compose["services"].values() for each in one["profiles"]}
    assert {"one", "scaled", "model", "model-gpu"} == profiles
    assert all(f"--profile {each}" in (DEPLOY / "docker/compose.yaml").read_text() for each in profiles)


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


@pytest.mark.parametrize("profile", ["one", "scaled", "model", "model-gpu", "*"])
def test_compose_accepts_the_file(tmp_path: Path, profile: str) -> None:
    """`docker compose config` reads it without a complaint, with the settings of the example."""
    if run("docker", "compose", "version").returncode:
        pytest.skip("needs Docker Compose")
    shutil.copy(DEPLOY / "docker/compose.yaml", tmp_path)
    shutil.copy(DEPLOY / "docker/paperwire.env.example", tmp_path / "paperwire.env")
    done = run("docker", "compose", "--file", str(tmp_path / "compose.yaml"), "--profile", profile, "config", "--quiet")
    assert 0 == done.returncode, done.stderr
    assert "level=warning" not in done.stderr


@pytest.mark.parametrize(("profile", "extras"), [("one", ""), ("scaled", "scale")])
def test_the_image_is_built_once(compose: Any, profile: str, extras: str) -> None:
    """Of the services that share the image one builds it, with what its profile needs; each build takes minutes."""
    services = [each for each in compose["services"].values() if [profile] == each["profiles"]]
    (build,) = [each["build"] for each in services if "build" in each]
    assert f"${{PAPERWIRE_EXTRAS:-{extras}}}" == build["args"]["EXTRAS"]
    assert "deploy/docker/Dockerfile" == build["dockerfile"]


def test_what_is_due_is_left_to_the_workers(compose: Any) -> None:
    """The bots of the profile `scaled` hand their work to workers of every queue, on the same database."""
    bot, worker, summaries = (compose["services"][name] for name in ("bot", "worker", "summaries"))
    assert ["worker", "--queues", SUMMARIES] == summaries["command"]
    assert ["worker", "--queues"] == worker["command"][:2]
    assert {*QUEUES} - {SUMMARIES} == set(worker["command"][2].split(","))
    assert "yes" == bot["environment"]["PAPERWIRE_SCHEDULE_WORKERS"]
    assert bot["environment"] == worker["environment"] == summaries["environment"]
    assert worker["deploy"]["replicas"] > 1


def test_the_bots_share_the_chats(compose: Any) -> None:
    """More than one process may run: they share Discord's shards, and keep to Slack's ten connections together."""
    bot = compose["services"]["bot"]
    assert 2 == bot["deploy"]["replicas"]
    assert ShardChoice() == read_shards(bot["environment"]["PAPERWIRE_DISCORD_SHARDS"])
    assert 2 <= bot["deploy"]["replicas"] * int(bot["environment"]["PAPERWIRE_SLACK_CONNECTIONS"]) <= MOST
    # `container_name` or a published port would allow a single one.
    assert {"container_name", "ports"}.isdisjoint(bot)


# ── Postgres ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_scripts_of_postgres_are_run_in_their_order(compose: Any) -> None:
    """The role is made before the superuser's password is gone; the password of both is that of the secret."""
    service = compose["services"]["postgres"]
    given = sorted((each.split(":") for each in service["volumes"] if each.startswith("./")), key=itemgetter(1))
    assert ["./postgres/role.sql", "./postgres/superuser.sql"] == [here for here, _, _ in given]
    assert all(there.startswith("/docker-entrypoint-initdb.d/") and "ro" == mode for _, there, mode in given)
    assert all((DEPLOY / "docker" / here).is_file() for here, _, _ in given)
    environment = service["environment"]
    assert "paperwire" != environment["POSTGRES_USER"]
    files = {environment[f"{name}_PASSWORD_FILE"] for name in ("POSTGRES", "PAPERWIRE")}
    assert {"/run/secrets/postgres_password"} == files
    # The socket answers already while the scripts run.
    assert "--host=127.0.0.1" in service["healthcheck"]["test"]


def test_postgres_accepts_as_many_connections_as_are_opened(compose: Any) -> None:
    """Of each process those of the store's pool with its overflow, of the queue, of rate limits and of presence."""
    engine = create_engine("postgresql+psycopg://")
    assert isinstance(engine.pool, QueuePool)
    each = engine.pool.size() + engine.pool._max_overflow + job_queue._CONNECTIONS + 2
    page = (ROOT / "docs/explanation/capacity.md").read_text(encoding="utf-8")
    assert f"| 13; {each} × (workers" in page
    count = sum(compose["services"][name]["deploy"]["replicas"] for name in ("bot", "summaries", "worker"))
    setting = compose["services"]["postgres"]["command"][-1]
    assert each * count < int(setting.removeprefix("max_connections="))


@needs_postgres
def test_the_role_of_paperwire_is_no_superuser(tmp_path: Path) -> None:
    """The script makes an owner of the database for whom policies hold, with the password of the file."""
    programs = server_programs()
    if programs is None:
        pytest.skip("makes a role, which is not done on a server that was given")
    secret = tmp_path / "password"
    secret.write_text("it's \\ a secret\n", encoding="utf-8")
    url = make_database()
    as_superuser = server().set(database=url.database)
    said = _psql(programs, as_superuser, "role.sql", PAPERWIRE_PASSWORD_FILE=str(secret))
    assert (0, "") == (said.returncode, said.stderr)
    place = Place.of(url.set(username="paperwire").render_as_string())
    place.upgrade()
    with place.engine() as engine, engine.connect() as connection:
        assert [] == list(isolation_troubles(connection))
        assert connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'vector'"))
        rights = text(
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
            " FROM pg_roles WHERE rolname = 'paperwire'"
        )
        assert not connection.scalar(rights)
    assert _is_password(_stored(as_superuser, "paperwire"), "it's \\ a secret")
    assert "" == _psql(programs, as_superuser, "superuser.sql").stderr
    assert "" == _stored(as_superuser, str(as_superuser.username))


@needs_postgres
@pytest.mark.parametrize("text_", ["", None])
def test_a_role_without_a_password_is_not_made(tmp_path: Path, text_: str | None) -> None:
    """A file that is empty or cannot be read ends the script before the role, with what is wrong."""
    programs = server_programs()
    if programs is None:
        pytest.skip("makes a role, which is not done on a server that was given")
    secret = tmp_path / "password"
    if text_ is not None:
        secret.write_text(text_, encoding="utf-8")
    said = _psql(
        programs, server().set(database=make_database().database), "role.sql", PAPERWIRE_PASSWORD_FILE=str(secret)
    )
    assert 3 == said.returncode
    assert "names no file with a password that psql may read" in said.stderr


def _psql(programs: Path, url: URL, script: str, **environ: str) -> subprocess.CompletedProcess[str]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    file = str(DEPLOY / "docker/postgres" / script)
    command = [str(programs / "psql"), "--no-psqlrc", "--quiet", "--dbname", address, "--file", file]
    return subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False)


def _stored(url: URL, role: str) -> str:
    engine = create_engine(url.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        query = text("SELECT coalesce(rolpassword, '') FROM pg_authid WHERE rolname = :role")
        stored = str(connection.scalar(query, {"role": role}))
    engine.dispose()
    return stored


def _is_password(stored: str, password: str) -> bool:
    """Return whether a password is the stored one (RFC 5802); the server of the tests lets everybody in without."""
    found = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):.+", stored)
    assert found
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), b64decode(found[2]), int(found[1]))
    return b64decode(found[3]) == hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()


# ── the model server ─────────────────────────────────────────────────────────────────────────────────────────────────

MODELS = ("model", "model-gpu")


@pytest.mark.parametrize("name", MODELS)
def test_a_model_server_reaches_nobody(compose: Any, name: str) -> None:
    """Its only network has no way out, it publishes no port, and Paperwire is in that network."""
    service = compose["services"][name]
    assert ["models"] == service["networks"]
    assert {"internal": True} == compose["networks"]["models"]
    assert "ports" not in service
    assert all("models" in compose["services"][ours]["networks"] for ours in OURS)
    assert "models" not in compose["services"]["postgres"].get("networks", ["default"])


@pytest.mark.parametrize("name", MODELS)
def test_a_model_server_has_few_rights(compose: Any, name: str) -> None:
    """It writes nowhere but in memory, reads its weights from a folder beside the file, and holds no secret."""
    service = compose["services"][name]
    assert (True, ["ALL"], ["no-new-privileges:true"]) == tuple(
        service[right] for right in ("read_only", "cap_drop", "security_opt")
    )
    assert ["./models:/models:ro"] == service["volumes"]
    assert not {"secrets", "env_file"} & service.keys()
    assert "deploy/docker/models/" in (ROOT / ".gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODELS)
def test_a_model_server_is_of_a_stated_version(compose: Any, name: str) -> None:
    """The image has a version: another one may know other options."""
    default = re.fullmatch(r"\$\{PAPERWIRE_MODEL_IMAGE:-(.+):(.+)\}", compose["services"][name]["image"])
    assert default
    assert re.search(r"\d", default[2])


@pytest.mark.parametrize("name", MODELS)
def test_the_settings_lead_to_the_model_server(compose: Any, name: str) -> None:
    """The address and the model in the example of settings are those that the service serves, and is asked for."""
    service = compose["services"][name]
    command = service["command"]
    port = command[command.index("--port") + 1]
    served = command[command.index("-a" if "-a" in command else "--served-model-name") + 1]
    example = (DEPLOY / "docker/paperwire.env.example").read_text(encoding="utf-8")
    assert f"http://{name}:{port}/v1" in example
    assert f"PAPERWIRE_ENGINE_REMOTE_MODEL={served}\n" in example
    assert f"http://127.0.0.1:{port}/health" == service["healthcheck"]["test"][-1]


def test_as_many_requests_are_sent_as_are_answered_together(compose: Any) -> None:
    """llama.cpp has a slot, and 2,048 tokens of context at least, for each request that the settings allow."""
    command = compose["services"]["model"]["command"]
    slots, context = (int(command[command.index(option) + 1]) for option in ("-np", "-c"))
    example = (DEPLOY / "docker/paperwire.env.example").read_text(encoding="utf-8")
    assert f"PAPERWIRE_ENGINE_REMOTE_CONCURRENCY={slots}\n" in example
    assert context // slots >= 2048


def test_only_the_gateway_is_believed_about_clients(compose: Any) -> None:
    """Requests through a published port come from the network's gateway: it is believed, and no container beside us."""
    trusted = networks(compose["services"]["paperwire"]["environment"]["PAPERWIRE_OPERATIONS_TRUSTED_PROXIES"])
    (of_compose,) = compose["networks"]["default"]["ipam"]["config"]
    assert (ip_network(of_compose["gateway"]),) == trusted
    assert trusted[0].network_address in ip_network(of_compose["subnet"])
