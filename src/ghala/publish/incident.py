"""Incidents of runs: opened in the transaction in which a run ends badly, resolved in that of the next good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.incident import OF_RUNS, IncidentCause, run_key
from ghala.model.purpose import PRODUCTION
from ghala.registry import audit, incidents

if TYPE_CHECKING:
    from ghala.model.incident import Incident
    from ghala.model.product import Product
    from ghala.model.run import RunState
    from ghala.registry.identity import Transaction

_TITLES = {
    IncidentCause.CONTRACT_BROKEN: "{} broke its contract",
    IncidentCause.RUN_FAILED: "{} failed",
}
_KEPT = "Consumers keep the last good release."


def open_of_run(
    connection: Transaction,
    product: Product,
    *,
    environment: str,
    run_id: str,
    state: RunState,
    now_us: int,
) -> str:
    """Open the incident of a run that ended badly, or note in the open one that it came again; return its id."""
    cause, by = OF_RUNS[state], f"product:{product.name}"
    key = run_key(environment, product.name, cause)
    found = incidents.of_key(connection, key)
    if found is not None:
        incidents.happened_again(connection, found.id, by, f"Again in run {run_id}.", now_us)
        return found.id
    opening = incidents.Opening(
        environment=environment,
        product=product.name,
        cause=cause,
        key=key,
        title=_TITLES[cause].format(product.name),
        dataset_ids=[dataset.id for dataset in product.datasets],
        by=by,
        text=f"In run {run_id}. {_KEPT}",
        run_id=run_id,
    )
    opened = incidents.open_new(connection, opening, now_us)
    _record(connection, AuditTag.INCIDENT_OPENED, product, opened, cause, environment)
    return opened


def resolve_of_runs(
    connection: Transaction,
    product: Product,
    *,
    environment: str,
    run_id: str,
    release: int | None,
    now_us: int,
) -> None:
    """Resolve the incidents that runs of a product opened: this one was good."""
    for cause in OF_RUNS.values():
        found = incidents.of_key(connection, run_key(environment, product.name, cause))
        if found is None:
            continue
        what = "found nothing to change" if release is None else f"published release {release}"
        by, text = f"product:{product.name}", f"Run {run_id} {what}."
        incidents.resolve(connection, found.id, by, text, now_us)
        _record(connection, AuditTag.INCIDENT_RESOLVED, product, found.id, cause, environment)


def resolve_levels(connection: Transaction, product: Product, found: Incident, now_us: int) -> None:
    """Resolve the incident of a service level that a release has met again."""
    by, text = f"product:{product.name}", "The level is met again."
    incidents.resolve(connection, found.id, by, text, now_us)
    _record(
        connection, AuditTag.INCIDENT_RESOLVED, product, found.id, found.cause, found.environment
    )


def _record(  # noqa: PLR0917 - what an entry says
    connection: Transaction,
    tag: AuditTag,
    product: Product,
    incident: str,
    cause: IncidentCause,
    environment: str,
) -> None:
    detail = {"incident": incident, "cause": cause.value, "environment": environment}
    by = f"product:{product.name}"
    audit.append(connection, AuditEntry(tag, by, PRODUCTION.name, (str(product.name),), detail))
