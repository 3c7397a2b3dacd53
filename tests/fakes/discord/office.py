"""Delivers interactions to the app, over the gateway or as signed HTTP requests, and waits for the initial response."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import limits
from tests.fakes.discord.faults import Fault, Trouble
from tests.fakes.discord.hooks import Hooks
from tests.fakes.discord.interactions import Interaction, Kind

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

#: The text that Discord's client shows; no page of docs.discord.com has it.
NO_ANSWER = "The application did not respond"
_EVENT = "INTERACTION_CREATE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long people wait for the app, in real seconds."""

    ack_seconds: float = limits.ACK_SECONDS


class PostOffice:
    """Delivers interactions in background tasks, and keeps every interaction that was sent."""

    def __init__(self, hub: "Hub", patience: Patience) -> None:
        self.patience = patience
        self.deliveries: list[Interaction] = []
        self.hooks = Hooks(hub)
        self._hub = hub
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []

    def send(self, interaction: Interaction) -> Interaction:
        """Start the delivery of an interaction and return it."""
        self.deliveries.append(interaction)
        self._hub.interactions[interaction.id] = interaction
        self._hub.tokens[interaction.token] = interaction
        self.start(self._deliver(interaction))
        return interaction

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a background task until it ends or the office closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.broken(error)

    def broken(self, error: BaseException) -> None:
        """Record an error of the fake itself; `close` raises it."""
        self._broken.append(error)
        self._hub.happenings.add("broken", text=repr(error))

    async def finished(self, interaction: Interaction) -> Interaction:
        """Wait until an interaction is answered or the time has run out."""
        what = f"the end of {interaction.names}"
        within = self.patience.ack_seconds + 5

        def look() -> Interaction | None:
            return interaction if interaction.finished else None

        return await self._hub.happenings.until(look, within=within, what=what)

    def acked(self, interaction: Interaction) -> None:
        """Record that the app responded."""
        interaction.acked_after = time.perf_counter() - interaction.began
        interaction.outcome = "acked"
        self._hub.happenings.add("ack", who=interaction.user.name, text=" ".join(interaction.names))

    def latencies(self, *kinds: Kind) -> list[float]:
        """Return the seconds to each initial response, for some kinds or all."""
        taken = [each for each in self.deliveries if not kinds or each.kind in kinds]
        return [each.acked_after for each in taken if each.acked_after is not None]

    async def close(self) -> None:
        """Cancel the running tasks; raise the errors of the fake itself."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.hooks.close()
        if self._broken:
            raise BaseExceptionGroup("the fake itself failed", self._broken)

    async def _deliver(self, interaction: Interaction) -> None:
        fault = self._hub.faults.of_interaction((_EVENT, *interaction.names), interaction.channel.id)
        if fault is not None:
            self._hub.happenings.add("fault", text=f"{fault.trouble}: {' '.join(interaction.names)}")
        self.start(self._give_up(interaction))
        if fault is not None and fault.trouble is Trouble.LATE:
            await self._hub.faults.hold(fault)
        times = 2 if fault is not None and fault.trouble is Trouble.INTERACTION_TWICE else 1
        if self._hub.interactions_url:
            await self._post(interaction, fault, times)
        else:
            self._dispatch(interaction, fault, times)

    def _dispatch(self, interaction: Interaction, fault: Fault | None, times: int) -> None:
        guild = interaction.guild.id if interaction.guild else None
        if fault is not None and fault.trouble is Trouble.DROPPED:
            self._hub.gateway.cut(guild)
        # The app's time begins when the event is sent, and not while the earlier ones of a flood are made.
        interaction.began = time.perf_counter()
        for _ in range(times):
            if not self._hub.gateway.dispatch(_EVENT, interaction.payload, guild=guild):
                self._hub.happenings.add("offline", text=" ".join(interaction.names))

    async def _post(self, interaction: Interaction, fault: Fault | None, times: int) -> None:
        if fault is not None and fault.trouble is Trouble.DROPPED:
            return
        await asyncio.gather(*self.hooks.carry(interaction, times))

    async def _give_up(self, interaction: Interaction) -> None:
        await asyncio.sleep(self.patience.ack_seconds)
        if not interaction.acked:
            interaction.outcome = "timeout"
            self._hub.tell(interaction.user, NO_ANSWER)
