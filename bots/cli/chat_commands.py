"""Explains commands that exist only in chats, where people know of them, to who types them in a terminal."""

from typing import Any

from typer.core import TyperGroup

#: Commands of a chat that belong to a person or a channel there, and what a terminal has instead.
_ONLY_IN_CHATS = {
    "edit": "In a terminal, end the subscription with `paperwire unsubscribe ID` and make it anew.",
    "follow": "In a terminal, `paperwire subscribe --interests` and `--query` choose the papers.",
    "following": "",
    "hidden": "",
    "hide": "",
    "mentions": "",
    "unfollow": "",
}


class Commands(TyperGroup):
    """The commands of the terminal; one that only chats have is refused by what to do instead."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # typer does not export these types
        """Return the command that the arguments name.

        Raises:
            UsageError: there is none.
        """
        name = args[0] if args else ""
        if name in _ONLY_IN_CHATS and self.get_command(ctx, name) is None:
            said = f"`{name}` is a command of the chats: in Slack or Discord, type it after /paper."
            ctx.fail(" ".join(filter(None, (said, _ONLY_IN_CHATS[name]))))
        return super().resolve_command(ctx, args)
