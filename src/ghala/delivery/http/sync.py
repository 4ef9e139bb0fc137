"""The one way from an endpoint into the core: the core is sync, and runs in a thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import anyio.to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyio import CapacityLimiter

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def call(
    limiter: CapacityLimiter,
    function: Callable[Given, Found],
    /,
    *arguments: Given.args,
    **named: Given.kwargs,
) -> Found:
    """Run a function of the core in a thread, of which the limiter allows so many at once."""
    return await anyio.to_thread.run_sync(partial(function, *arguments, **named), limiter=limiter)
