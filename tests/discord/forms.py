"""Steps of a person through the windows of a subscription, for tests that are about something else."""

from bots.discord.form_texts import LABELS, MORE, MORE_OPTIONS
from bots.presentation.source_text import source_text
from tests.fakes.discord.person import Person
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.windows import Modal
from tests.fakes.discord.world import Channel

#: How the sample day's source is named in a draft.
SAMPLE = source_text("sample")


async def opens_more(person: Person, draft: Seen, window: str, title: str) -> Modal:
    """Choose a window from the menu "More options" of a draft."""
    await person.chooses(draft, MORE_OPTIONS[window], of=MORE[1])
    return await person.gets_modal(title)


async def drafts_sample(person: Person, where: Channel, **papers: str) -> Seen:
    """Submit the open first window, then the sample day and other fields of "Which papers"; return the draft.

    Args:
        person: who has the first window open.
        where: where they see the draft.
        papers: what they type in fields of "Which papers", by name.
    """
    only_me = where is not person.dm
    await person.submits()
    draft = await person.reads("The first digest comes", where, only_me=only_me)
    await opens_more(person, draft, "papers", "Which papers")
    await person.fills({LABELS[name]: said for name, said in {"specs": "sample", **papers}.items()})
    await person.submits()
    return await person.reads(SAMPLE, where, only_me=only_me)
