"""Actions of people in the fake Slack from a terminal, one per line."""

import re
from collections.abc import Awaitable, Callable

from tests.fakes.slack.person import Person
from tests.fakes.slack.problems import NotPossible
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.server import FakeSlack

HELP = """\
ada #papers: /paper help      a command, or any other text, in a channel
ada @bot: hello               the same in direct messages
ada press Abstract            the latest message, or the open window, that has such a button
ada choose BibTeX             the same for an option of a menu
ada fill Times = 09:00        a field of the open window
ada submit | cancel | home"""


class Terminal:
    """Parses lines and carries out their actions."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack
        self._deeds: dict[str, Callable[[Person, str], Awaitable[object]]] = {
            "press": self._press,
            "choose": self._choose,
            "fill": self._fill,
            "submit": lambda person, _rest: person.submits(wait=False),
            "cancel": lambda person, _rest: person.cancels(),
            "home": lambda person, _rest: person.opens_home(),
        }

    async def do(self, line: str) -> str:
        """Carry out the action of a line; return a message for the terminal, empty on success."""
        said = re.fullmatch(r"(\w+) +(#[\w-]+|@\w+): *(.+)", line.strip())
        deed = re.fullmatch(r"(\w+) +(\w+) *(.*)", line.strip())
        try:
            if said:
                await self._say(self._slack.person(said[1]), said[2], said[3])
            elif deed and deed[2] in self._deeds:
                await self._deeds[deed[2]](self._slack.person(deed[1]), deed[3])
            else:
                return HELP
        except NotPossible as error:
            return f"Not possible: {error}."
        return ""

    async def _say(self, person: Person, where: str, words: str) -> None:
        place = person.direct if where.startswith("@") else self._slack.channel(where[1:], person)
        if words.startswith("/"):
            await person.types(words, place, wait=False)
        else:
            await person.says(words, place)

    async def _press(self, person: Person, label: str) -> None:
        if person.modal and label in person.modal.buttons:
            await person.presses(person.modal, label, wait=False)
        else:
            await person.presses(_latest(person, lambda seen: label in seen.buttons), label, wait=False)

    async def _choose(self, person: Person, option: str) -> None:
        def offers(seen: Seen) -> bool:
            return any(option in each.options for each in seen.controls)

        await person.chooses(_latest(person, offers), option, wait=False)

    async def _fill(self, person: Person, words: str) -> None:
        label, _, value = words.partition("=")
        await person.fills({label.strip(): value.strip()})


def _latest(person: Person, fits: Callable[[Seen], bool]) -> Seen:
    """Return the latest matching message that a person sees in any channel or thread."""
    seen = [
        person.hub.seen(channel, message)
        for channel in person.workspace.channels.values()
        if person.user.id in channel.members
        for message in channel.messages
        if message.only_for in (None, person.user.id)
    ]
    for each in sorted(seen, key=lambda one: float(one.ts), reverse=True):
        if fits(each):
            return each
    raise NotPossible("no message has that")
