"""Creates the virtual environment of a checkout and keeps it up to date with the lock files; used through `dev.py`.

Uses only the standard library and syntax that Python 3.6 can parse (hence the quoted annotations): see `dev.py`.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

TYPE_CHECKING = False  # as in typing, without the import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EXTRAS = ("dev", "transformers", "training", "peers")
#: The extras that no lock contains: torch must fit the machine, and `peers` is needed only by a benchmark.
UNLOCKED = ("transformers", "training", "peers")
GET_VENV = """This Python cannot make virtual environments: its venv or ensurepip module is missing.
  Debian, Ubuntu   apt install python3-venv
  elsewhere        reinstall Python with venv and ensurepip"""
ABOUT_TORCH = """Installing torch as pip is set up on this machine. The usual Linux build is made for NVIDIA cards and
takes gigabytes; for a small one tell pip where the CPU build is kept (the torch project's installation page says)."""
#: Packages outside the locks that the tests of local models need, pinned so that each check runs the same versions.
FOR_MODELS = {"torch": "2.13.0", "onnx": "1.23.2"}
NO_NETWORK = re.compile(r"(?i)connection|dns error|sending request|name resolution|network|no matching dist|timed out")


class SetupProblem(Exception):
    """The checkout cannot be set up; the message states why and what to do, in words for the user."""


def check_venv(present: "Callable[[str], object]" = importlib.util.find_spec) -> bool:
    """Return whether ensurepip can install pip in new environments; if not, this Python's own pip must do so.

    Raises:
        SetupProblem: this Python cannot create environments (Debian ships venv in a separate package).
    """
    if present("venv") and (present("ensurepip") or present("pip")):
        return bool(present("ensurepip"))
    raise SetupProblem(GET_VENV)


def program(venv: "Path", name: "str") -> "Path":
    """Return the path of a program in the environment; folder and file name differ on Windows."""
    return venv / "Scripts" / f"{name}.exe" if os.name == "nt" else venv / "bin" / name


def ensure_venv(venv: "Path") -> "Path":
    """Return the environment's Python, after creating the environment if it is missing or broken.

    Raises:
        SetupProblem: the environment cannot be created, or the folder contains something else.
    """
    python = program(venv, "python")
    if succeeds([python, "-c", "import pip"]):
        return python
    whole = check_venv()
    discard(venv)
    say(f"Making {venv.name} with Python {sys.version.split()[0]}")
    require([sys.executable, "-m", "venv", venv, *([] if whole else ["--without-pip"])], "Could not make .venv.")
    if not whole:
        require([sys.executable, "-m", "pip", "--python", python, "install", "pip"], "Could not put pip into .venv.")
    return python


def discard(venv: "Path") -> None:
    """Delete a broken environment, but no folder that does not look like one.

    Raises:
        SetupProblem: the folder contains files but no sign of an environment.
    """
    if not venv.exists():
        return
    if any(venv.iterdir()) and not any((venv / sign).exists() for sign in ("pyvenv.cfg", "bin", "Scripts")):
        raise SetupProblem(f"{venv} is not a virtual environment; move it away and try again.")
    say(f"{venv.name} is broken; making it again")
    shutil.rmtree(str(venv))


def state_key(root: "Path", version: "str") -> str:
    """Return a hash of everything that determines the installation: locks, project file, Python version."""
    digest = hashlib.sha256(version.encode())
    for path in [root / "pyproject.toml", *sorted((root / "requirements").glob("*.txt"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_stamp(stamp: "Path") -> "tuple[str, set[str]]":
    """Return the key and extras of the last installation; both are empty if the stamp is missing or damaged."""
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
        return str(found["key"]), set(found["extras"]) & set(EXTRAS)
    except (OSError, ValueError, KeyError, TypeError):
        return "", set()


def write_stamp(stamp: "Path", key: "str", extras: "set[str]") -> None:
    """Record the state of the installation."""
    stamp.write_text(json.dumps({"key": key, "extras": sorted(extras)}), encoding="utf-8")


def install(root: "Path", extras: "set[str]", only_pip: bool = False) -> "Path":
    """Bring the environment up to date and return its Python; quick if nothing has changed.

    Args:
        extras: names from `EXTRAS`; extras installed before are kept.
        only_pip: do not use uv.

    Raises:
        SetupProblem: something could not be created, downloaded or built.
    """
    python = ensure_venv(root / ".venv")
    stamp = root / ".venv" / "paperwire-setup.json"
    last, installed = read_stamp(stamp)
    key = state_key(root, output_of([python, "-V"]))
    if last == key and extras <= installed:
        return python
    extras |= installed
    # With this stamp, packages may be partly written: the next installation reinstalls all of them.
    write_stamp(stamp, "unfinished", installed)
    try:
        put_in(root, python, extras, Installer(root, python, only_pip, anew=last == "unfinished"))
    except SetupProblem:
        write_stamp(stamp, "failed", installed)
        raise
    write_stamp(stamp, key, extras)
    return python


def put_in(root: "Path", python: "Path", extras: "set[str]", installer: "Installer") -> None:
    """Install the locked packages, the project itself, and the extras."""
    began = time.monotonic()
    say("Installing " + ", ".join(["core", *sorted(extras)]) + (" with uv" if installer.uv else " with pip"))
    installer.locked("core")
    installer.locked("build")
    if "dev" in extras:
        # One of these packages is available only as source; without isolation the locked setuptools builds it.
        installer.locked("dev", "--no-build-isolation")
    installer.fetch("--no-deps", "--no-build-isolation", "--editable", str(root))
    for extra in UNLOCKED:
        if extra in extras:
            put_in_unlocked(root, python, extra)
    say(f"Ready after {time.monotonic() - began:.0f} s")


def put_in_unlocked(root: "Path", python: "Path", extra: "str") -> None:
    """Install an extra that is in no lock, with this machine's own pip settings.

    Raises:
        SetupProblem: pip failed; it has already printed the reason.
    """
    wanted = wanted_by(extra, (root / "pyproject.toml").read_text("utf-8"))
    if any(each.startswith("torch") for each in wanted):
        say(ABOUT_TORCH)
    if subprocess.call([str(python), "-m", "pip", "install", *wanted]):
        raise SetupProblem(
            f"Could not install the extra {extra}; the output of pip is above. Everything else is installed."
        )


def install_torch(python: "Path", platform: "str" = sys.platform) -> bool:
    """Install the packages of `FOR_MODELS` unless they are installed; return whether they are.

    On Linux a plain version of torch may be the CUDA build, which downloads gigabytes. The CPU build has the label
    `+cpu`; if pip cannot find that label on this machine, it downloads nothing. Elsewhere the plain version is one.
    """
    found = f"import importlib.util, sys; sys.exit(None in map(importlib.util.find_spec, {tuple(FOR_MODELS)!r}))"
    if succeeds([python, "-c", found]):
        return True
    wanted = [f"{name}=={version}" for name, version in FOR_MODELS.items()]
    if platform.startswith("linux"):
        wanted[0] += "+cpu"
    say("Installing " + " ".join(wanted))
    command = [python, "-m", "pip", "install", "--quiet", "--no-input", "--only-binary=:all:", *wanted]
    return subprocess.call([str(part) for part in command]) == 0


def install_chromium(found: "Callable[[str], object]" = shutil.which) -> bool:
    """Install Debian's Chromium, which some tests open pages in, unless a browser is there; return whether one is.

    Only root on a Debian or Ubuntu can: elsewhere nothing is tried.
    """
    if found("chromium") or found("google-chrome"):
        return True
    if not found("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    say("Installing chromium")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    succeeds(["apt-get", "update", "-qq"], quiet)
    return succeeds(["apt-get", "install", "-qq", "--no-install-recommends", "chromium"], quiet)


def wanted_by(extra: "str", project: "str") -> "list[str]":
    """Return the requirements of an extra, from the text of pyproject.toml."""
    listed = re.findall(rf"^{extra} = \[(.*?)\]$", project, re.MULTILINE | re.DOTALL)
    lines = [line for line in "\n".join(listed).splitlines() if not line.lstrip().startswith("#")]
    return re.findall(r'"([^"]+)"', "\n".join(lines))


class Installer:
    """Installs packages into the environment: with uv if available, with pip if uv is unavailable or fails."""

    def __init__(self, root: "Path", python: "Path", only_pip: bool, anew: bool) -> None:
        self.locks = root / "requirements"
        self.python = python
        self.anew = ["--force-reinstall"] if anew else []
        # Few retries: without a network the failure must not take minutes.
        self.pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
        self.uv = None if only_pip else self.find_uv()

    def find_uv(self) -> "str | None":
        """Return a working uv, installed if necessary, or None if there is none for this machine."""
        inside = program(self.python.parent.parent, "uv")
        for known in (str(inside), shutil.which("uv")):
            if known and succeeds([known, "--version"]):
                return known
        lock = str(self.locks / "installer.txt")
        return str(inside) if succeeds([*self.pip, "--only-binary=:all:", "--require-hashes", "-r", lock]) else None

    def locked(self, lock: "str", *options: "str") -> None:
        """Install the packages of a file in requirements/, checking the hash of every archive."""
        self.fetch(*self.anew, *options, "--require-hashes", "-r", str(self.locks / f"{lock}.txt"))

    def fetch(self, *wanted: "str") -> None:
        """Install with uv or, if it fails, with pip: each supports different proxies and mirrors.

        Raises:
            SetupProblem: both failed.
        """
        with_uv = [str(self.uv), "pip", "install", "--python", str(self.python), *wanted]
        if not (self.uv and succeeds(with_uv, like_pip(self.python))):
            require([*self.pip, *wanted], "Could not install the packages.")


def like_pip(python: "Path") -> "dict[str, str]":
    """Return environment variables that make uv use the index and certificates configured for pip on this machine."""
    environment = dict(os.environ)
    settings = output_of([python, "-m", "pip", "config", "list"])
    for option, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        for value in re.findall(rf"^[\w:]+\.{option}='(.*)'$", settings, re.MULTILINE):
            environment.setdefault(variable, value)
    return environment


def say(text: "str") -> None:
    """Print progress for the user on stderr, so that stdout can be piped."""
    print(text, file=sys.stderr, flush=True)


def succeeds(command: "Sequence[str | Path]", environment: "Mapping[str, str] | None" = None) -> bool:
    """Return whether the program starts and exits with code 0; its output is discarded."""
    null = subprocess.DEVNULL
    try:
        done = subprocess.run([str(part) for part in command], stdin=null, stdout=null, stderr=null, env=environment)
    except OSError:
        return False
    return done.returncode == 0


def output_of(command: "Sequence[str | Path]") -> str:
    """Return the program's output, or an empty text if it fails."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, universal_newlines=True)
    return done.stdout if done.returncode == 0 else ""


def require(command: "Sequence[str | Path]", complaint: "str") -> None:
    """Run a program without showing its output.

    Raises:
        SetupProblem: the program failed; the message contains the end of its output, and mentions the network if the
            output suggests a network problem.
    """
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if done.returncode == 0:
        return
    last = done.stdout.strip().splitlines()[-20:]
    if NO_NETWORK.search(done.stdout):
        complaint += (
            "\nCheck the network: the first set-up downloads packages. A mirror that is configured for pip is used."
        )
        last = [line for line in last if line.startswith(("error", "ERROR"))]
    raise SetupProblem("\n    ".join([complaint, *last]))
