"""The Dockerfile: two stages, no root, nothing that is not needed where the program runs."""

import re

from tests.conftest import ROOT
from tests.deploy.conftest import DEPLOY

DOCKERFILE = (DEPLOY / "docker/Dockerfile").read_text(encoding="utf-8")
BUILT, RUN = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]


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


def test_nothing_can_be_installed_where_it_runs() -> None:
    """Neither the environment of the program nor the Python below it has pip, and extras are installed before."""
    assert BUILT.index("[${EXTRAS}]") < BUILT.index("RUN /opt/paperwire/bin/pip uninstall --yes pip")
    assert "python -m pip uninstall --yes" in RUN


def test_python_is_compiled_once() -> None:
    """The image of Python has no compiled library, and at run time none can be written."""
    assert "PYTHONDONTWRITEBYTECODE=1" in RUN
    assert "python -m compileall -q " in RUN


def test_a_build_reads_one_image_from_elsewhere() -> None:
    """Beside the image of Python nothing is fetched from a registry, no other syntax of Dockerfiles either."""
    assert not re.search(r"(?mi)^#\s*syntax\s*=", DOCKERFILE)
    assert ["python:${PYTHON} AS build", "python:${PYTHON}"] == re.findall(r"(?m)^FROM (.+)", DOCKERFILE)


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
