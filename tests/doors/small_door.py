"""A read door over Parquet files, decided by any policy: for tests that bring their own organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import FakeReleases

from ghala.engines.pool import WorkerPool
from ghala.governance.audit import Audit
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.scan import plain_scan
from ghala.query.answer import Answerer
from ghala.query.limits import Limits
from ghala.query.source import ResolvedDataset

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ghala.model.types import DataType
    from ghala.query.parts import Decider


def door(
    folder: Path,
    files: Mapping[str, tuple[Path, Mapping[str, DataType], int]],
    policy: Decider,
) -> Answerer:
    """Return a door with one worker, which may read `folder`; close its workers when done."""
    current = {}
    for name, (path, types, count) in files.items():
        columns = tuple(Column(column, kind) for column, kind in types.items())
        scan = plain_scan(list(types.items()), [(path, count)])
        dataset = DatasetName.parse(name)
        current[dataset] = ResolvedDataset(dataset, 2, columns, scan)
    return Answerer(
        FakeReleases(current, {}),
        policy,
        Audit(lambda _: None),
        WorkerPool(1, 512, (folder,)),
        Limits(timeout_s=5),
    )
