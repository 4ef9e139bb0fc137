"""What the workspace's owner is told of releases, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.governance.audit import Audit
from ghala.governance.authorize import Authorizer
from ghala.query.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.governance.audit_writer import AuditWriter
    from ghala.model.product import Workspace
    from ghala.query.answer import Answerer
    from ghala.query.source import Releases
    from ghala.registry.registry import Registry


def told_to_owner(
    registry: Registry,
    releases: Releases,
    writer: AuditWriter,
    *,
    door: Callable[[], Answerer],
    load: Callable[[], Workspace],
) -> Told:
    """Return what the owner is told; the read door is opened, and definitions are read, when they are needed."""
    return Told.to_owner(
        registry,
        releases,
        Authorizer(),
        Audit(writer.append, writer.append_soon),
        door=door,
        names=lambda: {
            one.name: [dataset.name for dataset in one.datasets] for one in load().products
        },
    )
