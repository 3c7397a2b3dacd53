"""Runs an `async def` test on an event loop of its own, whichever pytest plug-ins for asyncio are installed."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

_Given = ParamSpec("_Given")


def in_loop(claim: Callable[_Given, Coroutine[Any, Any, None]]) -> Callable[_Given, None]:
    """Return the test as a plain function, so that pytest and Hypothesis need no support for event loops."""

    @wraps(claim)
    def run(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        asyncio.run(claim(*args, **kwargs))

    return run
