"""Tests of the set-up script and the full check, which run before any code of the product."""

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dev
import devenv
from tests.conftest import ROOT

SCRIPTS = ("dev.py", "devenv.py")
#: An address without a server: port 9 (discard) of this machine.
NOWHERE = "http://127.0.0.1:9/simple"


def start(*arguments: str, python: str = sys.executable, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run dev.py as a person would."""
    command = [python, str(ROOT / "dev.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_script_needs_only_the_standard_library_and_an_old_grammar(script: str) -> None:
    """Python 3.6 and later can parse the set-up scripts, which import only the standard library."""
    tree = ast.parse((ROOT / script).read_text(encoding="utf-8"), feature_version=(3, 6))
    plain_imports = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    from_imports = {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in plain_imports | from_imports}
    assert set() == roots - set(sys.stdlib_module_names) - {"devenv"}


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 8, 18), (2, 7, 18)])
def test_a_python_that_is_too_old_learns_what_is_needed(version: tuple[int, int, int]) -> None:
    """The message names the required version, the version found, and how to install a newer one."""
    with pytest.raises(devenv.SetupProblem) as caught:
        dev.check_python(version)
    assert "needs Python 3.11 or newer" in str(caught.value)
    assert ".".join(map(str, version)) in str(caught.value)
    assert "apt install python3" in str(caught.value)


def test_a_newer_python_on_the_machine_is_named() -> None:
    """If the machine has a suitable Python, the message is the command that uses it."""
    with pytest.raises(devenv.SetupProblem, match=r"python3\.13 dev\.py"):
        dev.check_python((3, 9, 2), ["python3.13", "python3.11"])


def test_a_python_that_is_new_enough_passes() -> None:
    """The oldest supported version and all later ones are accepted."""
    dev.check_python((3, 11, 0))
    dev.check_python((4, 0, 0))


@pytest.mark.parametrize("old", ["python3.6", "python3.8", "python3.10"])
def test_a_real_old_python_ends_with_a_message(old: str) -> None:
    """An old interpreter can run the script as far as the message, without a traceback."""
    if not devenv.succeeds([old, "-c", ""]):
        pytest.skip(f"this machine has no {old}")
    done = start("demo", python=old)
    assert 1 == done.returncode
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_venv_the_debian_package_is_named() -> None:
    """Without ensurepip, which Debian ships in a separate package, the message names the command that installs it."""
    with pytest.raises(devenv.SetupProblem, match="apt install python3-venv"):
        devenv.check_venv(lambda name: name == "venv")
    with pytest.raises(devenv.SetupProblem, match="apt install python3-venv"):
        devenv.check_venv(lambda name: name == "pip")


def test_a_python_with_pip_but_no_ensurepip_will_do() -> None:
    """If only ensurepip is missing, the existing pip is used to set up the new environment."""
    assert devenv.check_venv(lambda name: name in {"venv", "ensurepip"})
    assert not devenv.check_venv(lambda name: name in {"venv", "pip"})


def test_an_unknown_command_shows_the_known_ones() -> None:
    """An unknown command prints the list of commands and exits with code 2."""
    done = start("tset")
    assert 2 == done.returncode
    assert "no command `tset`" in done.stderr
    assert [name for name in dev.COMMANDS if f"\n  {name} " not in done.stderr] == []


def test_help_lists_every_command() -> None:
    """Without arguments the script lists its commands and exits with success."""
    done = start()
    assert 0 == done.returncode
    assert [] == [name for name in dev.COMMANDS if f"\n  {name} " not in done.stdout]


def test_an_unknown_extra_is_refused() -> None:
    """`install --extra` accepts only existing extras."""
    done = start("install", "--extra", "dev", "torhc")
    assert 2 == done.returncode
    assert "invalid choice: 'torhc'" in done.stderr


# ── the environment ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    """A folder named .venv that is not an environment is not deleted."""
    mine = tmp_path / ".venv" / "thesis.tex"
    mine.parent.mkdir()
    mine.write_text("years of work", encoding="utf-8")
    with pytest.raises(devenv.SetupProblem, match="not a virtual environment"):
        devenv.discard(mine.parent)
    assert "years of work" == mine.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_half_made_environment_is_made_again(tmp_path: Path) -> None:
    """An environment whose Python does not start is replaced; one that works is kept."""
    venv = tmp_path / ".venv"
    broken = devenv.program(venv, "python")
    broken.parent.mkdir(parents=True)
    broken.write_text("", encoding="utf-8")
    (venv / "pyvenv.cfg").write_text("", encoding="utf-8")
    python = devenv.ensure_venv(venv)
    assert devenv.succeeds([python, "-c", "import pip"])
    kept = venv / "kept"
    kept.touch()
    assert python == devenv.ensure_venv(venv)
    assert kept.exists()


@pytest.mark.slow
def test_without_a_network_the_set_up_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network the set-up prints a message, not a traceback, and nothing counts as installed."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    environment = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": NOWHERE, "UV_CACHE_DIR": str(tmp_path / "uv")}
    copy_set_up(tmp_path)
    command = [sys.executable, str(tmp_path / "dev.py"), "demo"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    assert 1 == done.returncode
    assert "Check the network" in done.stderr
    assert "Traceback" not in done.stderr
    assert ("failed", set()) == devenv.read_stamp(tmp_path / ".venv" / "paperwire-setup.json")


def copy_set_up(folder: Path) -> None:
    """Copy the files that the set-up reads into the folder."""
    for name in (*SCRIPTS, "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")


def test_whatever_decides_what_is_installed_changes_the_key(tmp_path: Path) -> None:
    """Equal locks and Pythons have equal keys; another lock, project file or Python changes the key."""
    copy_set_up(tmp_path)
    first = devenv.state_key(tmp_path, "Python 3.11.7")
    assert first == devenv.state_key(tmp_path, "Python 3.11.7")
    keys = {first, devenv.state_key(tmp_path, "Python 3.12.1")}
    for changed in ("pyproject.toml", "requirements/core.txt", "requirements/installer.txt"):
        with (tmp_path / changed).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        keys.add(devenv.state_key(tmp_path, "Python 3.11.7"))
    assert 5 == len(keys)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"key": "k"}', '{"key": "k", "extras": 3}'])
def test_a_damaged_stamp_means_install_again(tmp_path: Path, text: str) -> None:
    """A stamp that cannot be parsed never counts as an installation."""
    stamp = tmp_path / "stamp.json"
    stamp.write_text(text, encoding="utf-8")
    assert ("", set()) == devenv.read_stamp(stamp)


def test_uv_goes_where_pip_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """uv uses the mirror that pip is configured with on this machine, unless uv has its own setting."""
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert "https://mirror.example/simple" == devenv.like_pip(Path(sys.executable))["UV_DEFAULT_INDEX"]
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    assert "https://own.example/simple" == devenv.like_pip(Path(sys.executable))["UV_DEFAULT_INDEX"]


def test_the_exit_code_of_the_program_is_that_of_the_script() -> None:
    """dev.py exits with the exit code of the program that it started."""
    code = "import sys, dev; sys.exit(dev.become(sys.executable, ['-c', 'raise SystemExit(7)']))"
    assert 7 == subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode


@pytest.mark.slow
def test_the_wheel_holds_everything(tmp_path: Path) -> None:
    """The wheel contains all files of the packages, their data, and the module that names the test kit to pytest."""
    pytest.importorskip("hatchling", reason="the builder is installed by dev.py")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    packages = [path.relative_to(ROOT) for name in ("bots", "summarizer") for path in (ROOT / name).rglob("*")]
    wanted = {path.as_posix() for path in packages if (ROOT / path).is_file() and "__pycache__" not in path.parts}
    assert wanted | {"paperwire_pytest.py"} == held


def test_the_extra_for_local_models_asks_for_each_of_its_packages() -> None:
    """pip gets each requirement of the extra as a separate argument, including torch."""
    wanted = devenv.wanted_by("transformers", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert "torch>=2.9,<3" in wanted
    assert all(re.fullmatch(r"[a-z-]+[<>=][^\s\"]*", each) for each in wanted)
