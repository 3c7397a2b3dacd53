"""Parts of a benchmark in processes of their own, which are asked and answer in lines of JSON.

What shares a process shares its processor and its event loop: a fake platform next to the product would slow it down,
and neither's processor time could be told.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.conftest import ROOT

#: The times of ten thousand messages take two hundred kilobytes.
_LONGEST_LINE = 1 << 26
#: Seconds in which a part ends by itself after its last line.
_TO_END = 30.0

#: The functions of a part, by name; each takes the values of its line.
Answers = Mapping[str, Callable[..., Awaitable[Any]]]


class Far:
    """A part of a benchmark that runs in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._in, self._out = process.stdin, process.stdout
        self._process = process
        self._turn = asyncio.Lock()
        #: What it told when it had opened.
        self.told: Any = None

    async def ask(self, what: str, **given: Any) -> Any:
        """Return the answer to a question.

        Raises:
            ChildProcessError: the process has ended.
        """
        async with self._turn:
            self._in.write(json.dumps([what, given]).encode() + b"\n")
            line = await self._out.readline()
        if not line:
            raise ChildProcessError(f"a part of the benchmark ended with status {await self._process.wait()}")
        return json.loads(line)

    async def cpu(self) -> float:
        """Return the seconds of processor time that the process has used."""
        return float(await self.ask("cpu"))

    async def end(self) -> None:
        """Let the process end; kill it if it does not."""
        self._in.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_TO_END):
                await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def far(module: str, **given: Any) -> AsyncIterator[Far]:
    """Start a module of the benchmark in a process of its own, and end it when the context exits.

    Args:
        module: a module whose main program calls `serve`.
        given: the values for its function `open`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, limit=_LONGEST_LINE,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    part = Far(process)
    try:
        part.told = await part.ask("open", **given)
        yield part
    finally:
        await part.end()


async def serve(answers: Answers) -> None:
    """Answer the questions of the process that started this one, until there are no more."""
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    everything: Answers = {"cpu": _cpu, **answers}
    while line := await reader.readline():
        what, given = json.loads(line)
        told = await everything[what](**given)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


async def _cpu() -> float:
    return time.process_time()
