"""What a workspace may use, and what was done in it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the operator allows one workspace; None leaves a limit as it is for everybody."""

    #: Subscriptions of all its channels together.
    subscriptions: int | None = None
    #: Requests in a day, of one person and of all together.
    person_requests: int | None = None
    requests: int | None = None
    #: Pasted abstracts condensed in a day: the only work of an engine that is done for one workspace alone, because the
    #: blurb of a paper is made once for all.
    pastes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """A change that somebody made in a workspace."""

    at: datetime
    #: The platform's id of the person; empty for the operator.
    actor: str
    #: What was done, by ids and without a word that a person wrote: "edit 3f2a91 in C1".
    action: str
