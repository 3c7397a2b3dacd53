"""Condenses an abstract that a person pasted."""

from dataclasses import dataclass

from bots.chat.turns import Shares
from bots.digests.blurbs import BlurbService
from bots.domain import replies, requests
from bots.domain.errors import BadPaste, PaperwireError, SettingsError
from bots.presentation.engine_text import engine_trouble
from bots.translation.speech import gettext
from bots.usecases.pastes import check_single
from bots.usecases.problems import tell_operator
from bots.usecases.prose import check_prose
from bots.usecases.quotas import PASTES, Quotas
from summarizer import Abstract, BadModel, EngineMissing, SummarizerError, TextTooLong, TextTooShort


@dataclass(frozen=True, kw_only=True, slots=True)
class Condensing:
    """Condenses pasted texts, those of different people in turn."""

    blurbs: BlurbService
    pastes: Shares
    quotas: Quotas

    async def condense(self, request: requests.Summarize) -> replies.BlurbReply:
        """Return the blurb of a pasted abstract.

        Raises:
            BadPaste: the text is no abstract.
            TooMany: the person has condensed as many texts today as they may.
            SettingsError: the engine cannot be used.
            PaperwireError: the engine failed.
        """
        check_prose(request.text)
        check_single(request.text)
        abstract = Abstract(text=request.text, title=request.title)
        if not request.trusted:
            await self.quotas.spend(request.reader, PASTES)
        try:
            async with self.pastes.turn(request.reader):
                blurb = await self.blurbs.blurb(abstract, request.style)
        except (TextTooShort, TextTooLong) as error:
            hint = gettext("Paste the abstract of a paper: a few full sentences.")
            raise BadPaste(engine_trouble(error), hint=hint) from error
        except (BadModel, EngineMissing) as error:
            raise SettingsError(str(error), hint=tell_operator()) from error
        except SummarizerError as error:
            raise PaperwireError(engine_trouble(error)) from error
        return replies.BlurbReply(blurb=blurb, title=request.title)
