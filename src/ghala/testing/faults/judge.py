"""What must hold after any fault: the acknowledged releases are there, whole, and nothing is half there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ghala
from ghala.testing.faults import scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class LostError(AssertionError):
    """A promise was broken; the message says which."""


def judge(
    folder: Path, acknowledged: int, files_of: Callable[[int], int] = lambda number: number
) -> int:
    """Open a workspace as it was found and return the number of its last release.

    `files_of` says how many files a release must have: as many as its number, unless it was rolled back.

    Raises:
        LostError: an acknowledged release is missing, a number is skipped, or rows differ from what was released.
    """
    with ghala.open(folder) as app:
        releases = app.releases(scenario.PRODUCT)
        numbers = sorted(release.number for release in releases)
        last = len(numbers)
        if numbers != list(range(1, last + 1)):
            raise LostError(f"release numbers have gaps: {numbers}")
        if not acknowledged <= last <= acknowledged + 1:
            raise LostError(f"{acknowledged} releases were acknowledged, {last} are there")
        for release in releases:
            rows, files = scenario.content(app, release), files_of(release.number)
            if [row[0] for row in rows["orders"]] != scenario.ids(files):
                raise LostError(f"the orders of release {release.number} are not what was released")
            read = scenario.ROWS + scenario.BAD_ROWS
            if rows["counts"] != [(files * read,)]:
                raise LostError(
                    f"the counts of release {release.number} do not belong to its orders"
                )
            graph = app.lineage("sales.orders", release=release.number)
            if not graph.is_recorded or not graph.edges:
                raise LostError(f"release {release.number} does not say where it comes from")
        verification = app.verify()
        if verification.faults:
            raise LostError(f"verify: {verification.faults[0]}")
    return last
