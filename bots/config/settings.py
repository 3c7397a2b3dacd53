"""Settings: the only reader of the environment and the settings file.

The settings of plug-ins are not in the table: plug-ins declare them, and `Settings.plugin` reads them then.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import platformdirs

from bots.config.around import ServiceManagement, secrets_around, service_management, text_of, with_secrets
from bots.config.numbers import Prices
from bots.config.raw_values import KINDS, OF_A_CLUSTER, PREFIX, Typed, in_section, is_plugged, starts
from bots.config.settings_table import TABLE
from bots.config.source_catalogue import SHARED, SOURCES, KnownSource, described
from bots.config.values import Setting, meant
from bots.domain.channels import Channel
from bots.domain.errors import NotSetUp, SettingsError
from bots.domain.retention import Retention
from summarizer import Secret

#: The environment variable that names the settings file.
CONFIG_VARIABLE = "PAPERWIRE_CONFIG"
_APP = "paperwire"
#: A thousand times the size of a full settings file: a larger one, such as a device, is not read further.
_MOST_BYTES = 4 * 1024 * 1024
#: Minimum similarity of a variable and a setting for the variable to count as a misspelling.
_ALIKE = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings, read once."""

    #: A path or a database address.
    database: str
    contact: str
    timezone: ZoneInfo
    catch_up_hours: float
    workers: bool = False
    #: Hours before a digest from which its papers are condensed ahead, 0 for not; and the most blurbs of a day.
    prepare_hours: float = 0.0
    prepare_blurbs: int = 500
    #: Requests to a model server at the same time.
    remote_concurrency: int = 4
    #: What a model server's tokens cost.
    prices: Prices = field(default_factory=Prices)
    retention: Retention = field(default_factory=Retention)
    #: `hold` or `repost`.
    when_unknown: str = "hold"
    #: The channel for admin notices; None if problems are only logged.
    admin: Channel | None = None
    #: The settings that our own sources declare, by name: `huggingface`, `arxiv_api`, `arxiv_feed`, `arxiv_list`.
    sources: Mapping[str, Any]
    #: The settings of the Slack adapter, by name: `bot_token`, `app_token` and so on.
    slack: Mapping[str, Any] = field(default_factory=dict)
    #: The settings of the Discord adapter, by name: `token`, `way` and so on.
    discord: Mapping[str, Any] = field(default_factory=dict)
    #: The settings of the engines, by name: `order`, `remote_url` and so on.
    engine: Mapping[str, str | Secret]
    #: The settings of operations, by name: `listen`, `traces`, `trusted_proxies`.
    operations: Mapping[str, Any] = field(default_factory=dict)
    #: How the service manager that started this process is told about it.
    service_management: ServiceManagement = field(default_factory=ServiceManagement)
    #: The file that was read; None if there is none.
    file: Path | None = None
    #: Variables with Paperwire's prefix that no setting uses.
    unread: tuple[str, ...] = ()
    #: Secrets in variables that libraries read by themselves: never displayed.
    around: tuple[str, ...] = field(default=(), repr=False, compare=False)
    #: The raw text, including secrets: never displayed.
    typed: Typed = field(default_factory=Typed, repr=False, compare=False)

    @property
    def trusted_proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the proxies that are believed about whose requests they pass on."""
        return tuple(self.operations.get("trusted_proxies", ()))

    def plugin(self, section: str, declared: Sequence[Setting]) -> dict[str, Any]:
        """Return the value of each setting that a plug-in declares, by name.

        Args:
            section: the section of the settings: `adapters.mattermost`.
            declared: the settings; their own section is ignored.

        Raises:
            SettingsError: a value is wrong, or the file sets a name that is not declared.
        """
        placed = in_section(section, declared)
        _check_names(self.typed.names(section), [each.place for each in placed], self.typed.path)
        return {each.name: self.typed.value(each) for each in placed}

    def of_source(self, source: KnownSource) -> Mapping[str, Any]:
        """Return the value of each setting that a source's description declares, by name.

        Raises:
            NotSetUp: a required value is missing.
            SettingsError: a value is wrong, or the file sets a name that the source does not declare.
        """
        declared = source.description.settings
        if source.package:
            values = self.plugin(source.section, declared)
        else:
            values = {each.name: self.sources[each.name] for each in declared}
        missing = [each for each in in_section(source.section, declared) if each.required and values[each.name] is None]
        if missing:
            named = ", ".join(f"{each.place} (or {each.variable})" for each in missing)
            title = source.description.title
            raise NotSetUp(f"The source {source.name} needs {named}.", hint=missing[0].says, title=title)
        return values

    def given(self, section: str, declared: Sequence[Setting]) -> frozenset[str]:
        """Return the names of those settings whose value is not the default."""
        texts = {each.name: (self.typed.text(each)[0], each.default) for each in in_section(section, declared)}
        return frozenset(name for name, (typed, default) in texts.items() if typed != default)


def everything() -> tuple[Setting, ...]:
    """Return all settings that need no other package, as `paperwire init` and the README list them."""
    ours = (each for name in SOURCES.built_in if (known := described(name)) for each in known.settings)
    # Two sources may share a setting, such as the address of one service.
    return tuple({each.place: each for each in (*TABLE, *in_section(SHARED, ours))}.values())


def default_file() -> Path:
    """Return the default path of the settings file."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False)) / "paperwire.toml"


def default_database() -> Path:
    """Return the default path of the database."""
    return Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "paperwire.sqlite3"


def read_settings(
    environ: Mapping[str, str] | None = None,
    *,
    file: Path | None = None,
    database: str | None = None,
    wrong: list[SettingsError] | None = None,
) -> Settings:
    """Return the settings from the environment, then the file, then the defaults.

    Args:
        environ: the environment; None is that of this process.
        file: the settings file; None is `PAPERWIRE_CONFIG`, or the default path, where the file may be absent.
        database: overrides both the environment and the file.
        wrong: gets every error instead of its being raised; what is wrong then has its default.

    Raises:
        SettingsError: a value, a name or the file is wrong; the message names it and the correction.
    """
    refused = _Refused(wrong)
    environ = os.environ if environ is None else environ
    named = file or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    found: Mapping[str, str] | None = None
    with refused:
        found = _read_file(named or default_file(), refused, must_exist=named is not None)
    variables: Mapping[str, str] = {}
    with refused:
        variables = with_secrets(environ, {each.variable for each in everything()})
    typed = Typed(file=found or {}, path=(named or default_file()) if found is not None else None, variables=variables)
    unread = _unread(typed.variables, refused)
    values = {setting.place: _value(typed, setting, refused) for setting in everything()}
    return Settings(
        database=database or values["database"] or str(default_database()),
        contact=values["contact"],
        timezone=values["timezone"],
        catch_up_hours=values["schedule.catch_up_hours"],
        workers=values["schedule.workers"] == "yes",
        prepare_hours=values["schedule.prepare_hours"],
        prepare_blurbs=values["schedule.prepare_blurbs"],
        remote_concurrency=values["engine.remote_concurrency"],
        prices=Prices(prompt=values["engine.price_prompt"], completion=values["engine.price_completion"]),
        retention=Retention(run_days=values["retention.run_days"], paper_days=values["retention.paper_days"]),
        when_unknown=values["delivery.when_unknown"],
        admin=values["delivery.admin"],
        sources=_section(f"{SHARED}.", values),
        engine=_section("engine.", values),
        slack=_section("slack.", values),
        discord=_section("discord.", values),
        operations=_section("operations.", values),
        service_management=service_management(environ, os.getpid()),
        file=typed.path,
        unread=unread,
        around=secrets_around(environ),
        typed=typed,
    )


class _Refused:
    """A context in which an error of the settings is raised, or kept if somebody wants to know all of them."""

    def __init__(self, wrong: list[SettingsError] | None) -> None:
        self._wrong = wrong

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> bool:
        """Keep the error; return whether it is not raised."""
        if self._wrong is None or not isinstance(error, SettingsError):
            return False
        self._wrong.append(error)
        return True


def _value(typed: Typed, setting: Setting, refused: _Refused) -> Any:
    with refused:
        return typed.value(setting)
    return Typed().value(setting)


def _section(start: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


def _unread(variables: Iterable[str], refused: _Refused) -> tuple[str, ...]:
    """Return the variables that no setting uses, except those of plug-ins, whose settings are not known here.

    Raises:
        SettingsError: a variable is so similar to a setting's that it is probably a misspelling.
    """
    known = {setting.variable for setting in everything()}
    others = [name for name in variables if name not in {*known, CONFIG_VARIABLE} and not OF_A_CLUSTER.search(name)]
    unread = tuple(name for name in others if not name.startswith(starts(KINDS)))
    for name in others:
        certain = name in unread and name.startswith(starts(setting.section for setting in everything()))
        with refused:
            refuse_misspelt(name, known, certain=certain)
    return unread


def refuse_misspelt(variable: str, known: Iterable[str], *, certain: bool) -> None:
    """Raise an error for an unknown variable that is certainly or probably a misspelt setting.

    Raises:
        SettingsError: the variable is misspelt; the message names the nearest setting.
    """
    bare = {name.removeprefix(PREFIX): name for name in known}
    near = difflib.get_close_matches(variable.removeprefix(PREFIX), bare, n=1, cutoff=0.6 if certain else _ALIKE)
    if certain or near:
        raise SettingsError(
            f"The variable {variable} is set, but it is no setting{meant([bare[name] for name in near])}.",
            hint="Rename or unset it. The README lists every setting; a plug-in's page lists its own.",
        )


def _read_file(path: Path, refused: _Refused, *, must_exist: bool) -> Mapping[str, str] | None:
    try:
        content = tomllib.loads(text_of(path, f"The settings file {path}", most=_MOST_BYTES))
    except FileNotFoundError:
        if must_exist:
            raise SettingsError(f"There is no settings file {path}.", hint="Make one with: paperwire init") from None
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    return _flat(content, path, refused)


def _flat(content: Mapping[str, Any], path: Path, refused: _Refused) -> dict[str, str]:
    flat = dict(_places("", content))
    open_to_plugins = {name for name in flat if is_plugged(name.rpartition(".")[0])}
    known = [setting.place for setting in everything()]
    for name in sorted(flat.keys() - open_to_plugins):
        with refused:
            _check_names([name], known, path)
    return flat


def _places(start: str, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each value of the file with its place."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _places(f"{start}{name}.", value)
        else:
            yield f"{start}{name}", _as_text(value)


def _check_names(names: Iterable[str], known: Sequence[str], path: Path | None) -> None:
    for name in sorted(set(names) - set(known)):
        near = difflib.get_close_matches(name, known, n=1)
        raise SettingsError(f"{path} sets {name!r}, but that is no setting{meant(near)}.")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
