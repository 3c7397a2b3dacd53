"""Actions of people in the fake Discord from a terminal, one per line."""

import re
import shlex
from collections.abc import Awaitable, Callable

from tests.fakes.discord.person import Person
from tests.fakes.discord.problems import NotPossible
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel

HELP = """\
ada #papers: /paper lookup paper="1706.03762"   a command with its options, or any other text, in a channel
ada @bot: /paper help                           the same in direct messages
ada press Abstract                              the latest message that has such a button
ada choose Weekly                               the same for an option of a menu
ada fill Times = 09:00                          a field of the open window
ada submit | cancel"""


class Terminal:
    """Parses lines and carries out their actions."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord
        self._deeds: dict[str, Callable[[Person, str], Awaitable[object]]] = {
            "press": self._press,
            "choose": self._choose,
            "fill": self._fill,
            "submit": lambda person, _rest: person.submits(wait=False),
            "cancel": lambda person, _rest: person.cancels(),
        }

    async def do(self, line: str) -> str:
        """Carry out the action of a line; return a message for the terminal, empty on success."""
        said = re.fullmatch(r"(\w+) +(#[\w-]+|@\w+): *(.+)", line.strip())
        deed = re.fullmatch(r"(\w+) +(\w+) *(.*)", line.strip())
        try:
            if said:
                await self._say(self._person(said[1]), said[2], said[3])
            elif deed and deed[2] in self._deeds:
                await self._deeds[deed[2]](self._person(deed[1]), deed[3])
            else:
                return HELP
        except (NotPossible, ValueError) as error:
            return f"Not possible: {error}."
        return ""

    def _person(self, name: str) -> Person:
        return self._discord.person(name, self._discord.guild())

    def _channel(self, person: Person, where: str) -> Channel:
        return person.dm if where.startswith("@") else self._discord.channel(where[1:])

    async def _say(self, person: Person, where: str, words: str) -> None:
        place = self._channel(person, where)
        if not words.startswith("/"):
            await person.says(words, place)
            return
        path, options = [], {}
        for word in shlex.split(words):
            name, equals, value = word.partition("=")
            if equals:
                options[name] = self._value(value)
            else:
                path.append(word)
        await person.uses(" ".join(path), place, wait=False, **options)

    def _value(self, typed: str) -> object:
        """Return the typed text as a channel, a boolean, a number or a string."""
        if typed.startswith("#"):
            return self._discord.channel(typed[1:])
        if typed in ("true", "false"):
            return typed == "true"
        return int(typed) if typed.isdecimal() else typed

    async def _press(self, person: Person, label: str) -> None:
        await person.presses(self._latest(person, lambda seen: label in seen.buttons), label, wait=False)

    async def _choose(self, person: Person, option: str) -> None:
        def offers(seen: Seen) -> bool:
            return any(option == each.label for control in seen.controls for each in control.options)

        await person.chooses(self._latest(person, offers), option, wait=False)

    async def _fill(self, person: Person, words: str) -> None:
        label, _, value = words.partition("=")
        await person.fills({label.strip(): self._value(value.strip())})

    def _latest(self, person: Person, fits: Callable[[Seen], bool]) -> Seen:
        """Return the latest matching message that a person sees in any channel or thread."""
        seen: list[Seen] = []
        for channel in list(self._discord.hub.world.channels.values()):
            if self._discord.hub.world.may(person.user, channel):
                seen += person.sees(channel)
        for each in sorted(seen, key=lambda one: int(one.id), reverse=True):
            if fits(each):
                return each
        raise NotPossible("no message has that")
