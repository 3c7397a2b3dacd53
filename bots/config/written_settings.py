"""The settings file as `paperwire init` writes it: the chosen values, and every other setting as a comment."""

from collections.abc import Mapping, Sequence

from bots.config.raw_values import quoted
from bots.config.settings import everything
from bots.config.values import Setting


def written(values: Mapping[str, str], plugged: Sequence[Setting] = ()) -> str:
    """Return a commented settings file that sets the given places and lists all other settings as comments.

    Args:
        values: the values to set, by place.
        plugged: the settings of the installed plug-ins, each in its section.
    """
    lines = ["# Paperwire's settings. The environment variable at the end of each comment overrides its setting."]
    section = ""
    for setting in (*everything(), *plugged):
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        value = values.get(setting.place, "")
        shown = quoted(value or setting.default)
        mark = "" if value and value != setting.default else "# "
        says = " ".join(setting.says.split())
        lines += ["", f"# {says} ({setting.variable})", f"{mark}{setting.name} = {shown}"]
    return "\n".join(lines) + "\n"
