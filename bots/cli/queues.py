"""How the queues of workers stand, for the commands that show it."""

from typing import TYPE_CHECKING

from bots.cli.findings import Finding, State
from bots.domain.queues import DIGESTS, QUEUES, QueueState

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.config.settings import Settings


async def queue_states(settings: "Settings") -> tuple[QueueState, ...]:
    """Return how the queues stand; none without workers in the settings.

    Raises:
        SettingsError: the database is a file, or the extra is not installed.
        StoreError: the server cannot be used.
    """
    if not settings.workers:
        return ()
    from bots.bootstrap.databases import open_queue, open_queues

    async with open_queue(settings, making=False) as queue:
        # Before the first start of a worker there are no tables, and whoever looks makes none.
        return await open_queues(queue).states() if queue.is_made else tuple(QueueState(name=name) for name in QUEUES)


async def workers(application: "App") -> Finding:
    """Report queues that have no worker."""
    states = await queue_states(application.settings)
    if not states:
        return Finding(name="workers", says="not used: paperwire run makes the digests itself")
    alone = [each.name for each in states if not each.workers]
    if not alone:
        return Finding(name="workers", says=", ".join(f"{each.name}: {each.workers}" for each in states))
    without = f"no worker serves {', '.join(alone)}"
    if DIGESTS in alone:
        says, state = f"{without}: digests wait until there is one", State.WRONG
    else:
        says, state = f"{without}: paperwire run does that work itself, beside answering people", State.WARN
    return Finding(name="workers", state=state, says=says, fix=f"paperwire worker --queues {','.join(alone)}")
