"""The image, built and run as the files in deploy/ run it; needs Docker's engine and the image of Python."""

import os
import re
import time
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from tests.deploy.conftest import run
from tests.deploy.test_dockerfile import DOCKERFILE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
#: What compose.yaml and the manifests allow.
FEW_RIGHTS = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none")


def docker(*arguments: str) -> CompletedProcess[str]:
    """Return what Docker says."""
    return run("docker", *arguments)


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    """The image, built from this checkout."""
    if docker("info").returncode:
        pytest.skip("needs Docker's engine")
    version = re.search(r"(?m)^ARG PYTHON=(.+)$", DOCKERFILE)
    assert version
    base = f"python:{version[1]}"
    if docker("image", "inspect", base).returncode and docker("pull", base).returncode:
        pytest.skip("needs the image of Python")
    name = f"paperwire-test-{os.getpid()}"
    built = docker("build", "--file", "deploy/docker/Dockerfile", "--tag", name, ".")
    assert 0 == built.returncode, built.stderr[-2000:]
    yield name
    docker("rmi", "--force", name)


def test_the_demo_runs_in_it(image: str) -> None:
    """It has all that the main functions need, with the rights of the files in deploy/ and without a network."""
    done = docker("run", "--rm", *FEW_RIGHTS, image, "demo")
    assert (0, "") == (done.returncode, done.stderr)
    assert "What next" in done.stdout


def test_it_can_change_nothing_but_its_data(image: str) -> None:
    """Its user is not root, may write to no program even if the file system may be written to, and finds no pip."""
    script = (
        "id -u; command -v pip pip3 gcc cc make; find /bin/ /etc /opt /usr -writable -not -type l;"
        " python -c 'import pip'; touch /data/x /tmp/x"
    )
    rights = (each for each in FEW_RIGHTS if each != "--read-only")
    done = docker("run", "--rm", *rights, "--entrypoint=sh", image, "-c", script)
    assert (0, ["10001"]) == (done.returncode, done.stdout.split())
    assert "No module named 'pip'" in done.stderr


def test_it_becomes_healthy_and_stops(image: str) -> None:
    """The health check of the image finds it healthy, and a stop ends it in good order before it is killed."""
    started = docker("run", "--detach", *FEW_RIGHTS, "--health-interval=2s", image)
    name = started.stdout.strip()
    try:
        deadline = time.monotonic() + 180
        while "healthy" != (state := docker("inspect", "--format={{.State.Health.Status}}", name).stdout.strip()):
            assert time.monotonic() < deadline, f"{state}: {docker('logs', name).stderr}"
            time.sleep(1)
        docker("stop", "--timeout=60", name)
        assert "0" == docker("inspect", "--format={{.State.ExitCode}}", name).stdout.strip()
        assert "Stopping" in docker("logs", name).stderr
    finally:
        docker("rm", "--force", "--volumes", name)
