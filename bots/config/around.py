"""What the environment says besides settings: secrets in files and of libraries, and the service manager."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from bots.chat.secret_texts import passwords_in
from bots.config.raw_values import PREFIX
from bots.domain.errors import SettingsError

#: The ending of a variable that names a file with the value of the variable before it, as Docker's images have it.
FILE = "_FILE"
#: The folder of the secrets that systemd loads for a service (systemd.exec(5), LoadCredential).
CREDENTIALS = "CREDENTIALS_DIRECTORY"
#: No token or key is larger; a device or a log that is named by mistake is not read further. Bytes.
_KILOBYTE = 1024
_MOST = 64 * _KILOBYTE
_MICROSECONDS = 1_000_000
#: Variables that libraries read by themselves and whose whole value is a secret (libpq, Environment Variables).
_PASSWORDS = ("PGPASSWORD", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
#: Headers for the collector of traces, as `name=value` with commas between them (opentelemetry.io, OTLP Exporter).
_HEADERS = (
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceManagement:
    """How the service manager that started this process is told about it (sd_notify(3)); empty if there is none."""

    address: str = ""
    #: Seconds without a sign of life after which it restarts the process; 0 if it does not.
    watchdog: float = 0.0


def service_management(environ: Mapping[str, str], process: int) -> ServiceManagement:
    """Return how the service manager wants to be told, from its variables.

    Args:
        environ: the environment.
        process: the id of this process: the variables may have been meant for its parent.
    """
    address, given = environ.get("NOTIFY_SOCKET", ""), environ.get("WATCHDOG_USEC", "")
    meant = environ.get("WATCHDOG_PID", "") in ("", str(process))
    watchdog = int(given) / _MICROSECONDS if address and meant and given.isdecimal() else 0.0
    return ServiceManagement(address=address, watchdog=watchdog)


def secrets_around(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secrets in variables that are not ours: those that libraries read by themselves.

    Args:
        environ: the environment.
    """
    whole = [environ.get(name, "") for name in _PASSWORDS]
    headers = [pair.partition("=")[2].strip() for name in _HEADERS for pair in environ.get(name, "").split(",")]
    # A header's value may begin with its scheme, and is percent-encoded.
    words = [word for value in headers for word in (value, unquote(value).rpartition(" ")[2])]
    proxies = [value for name, value in environ.items() if name.lower().endswith("_proxy")]
    return tuple(filter(None, (*whole, *words, *(found for each in proxies for found in passwords_in(each)))))


def with_secrets(environ: Mapping[str, str], known: Container[str] = ()) -> dict[str, str]:
    """Return Paperwire's variables, with those whose value is in a file.

    `PAPERWIRE_X_FILE` names the file with the value of `PAPERWIRE_X`, and a file of that name in the folder of
    systemd's credentials has it too. One line break at the end is dropped.

    Args:
        environ: the environment.
        known: the variables of settings, of which some end in `_FILE` themselves.

    Raises:
        SettingsError: a file cannot be read, or a value is given twice.
    """
    ours = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    files = [name for name in ours if name.endswith(FILE) and name not in known and ours[name]]
    named = {name.removesuffix(FILE): Path(ours.pop(name)) for name in files}
    found = {**_loaded(environ.get(CREDENTIALS, "")), **named}
    for name, path in found.items():
        if ours.get(name):
            raise SettingsError(
                f"{name} is set twice: as a variable, and in the file {path}.", hint="Remove one of them."
            )
        ours[name] = _read(name, path)
    return ours


def _loaded(folder: str) -> dict[str, Path]:
    if not folder:
        return {}
    try:
        return {path.name: path for path in sorted(Path(folder).iterdir()) if path.name.startswith(PREFIX)}
    except OSError as error:
        raise SettingsError(f"The folder of credentials {folder} cannot be read: {error.strerror}.") from error


def _read(name: str, path: Path) -> str:
    try:
        return text_of(path, f"The file {path} for {name}", most=_MOST).removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not text"
        raise SettingsError(
            f"The file {path} for {name} cannot be read: {said}.",
            hint=f"{name}{FILE} names a file with nothing but the value.",
        ) from error


def text_of(path: Path, named: str, *, most: int) -> str:
    """Return the text of a file in UTF-8.

    Args:
        path: the file, which may be a device that has no end.
        named: how an error names it.
        most: the most bytes that it may have.

    Raises:
        SettingsError: it is larger.
        OSError: it cannot be read.
        UnicodeDecodeError: it is no text.
    """
    with path.open("rb") as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise SettingsError(f"{named} is larger than {most // _KILOBYTE:,} kB.")
    return raw.decode("utf-8")
