"""What people are told of runs, written in the transaction in which a run ends: names and counts, no row and no key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.model.notification import Notification, NotificationKind
from ghala.model.run import RunState
from ghala.publish.incident import open_of_run, resolve_of_runs
from ghala.registry import outbox, runs
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ghala.errors import GhalaError
    from ghala.model.names import ProductName
    from ghala.model.product import Product
    from ghala.model.report import Report
    from ghala.model.run import Run
    from ghala.registry.claims import Claim
    from ghala.registry.identity import Transaction

AGAIN_US = 24 * 3600 * 1_000_000
"""After so long a run that fails like the one before is told again: one a minute shall not fill a mailbox."""
_KINDS = {
    RunState.FAILED: NotificationKind.RUN_FAILED,
    RunState.REFUSED: NotificationKind.CONTRACT_BROKEN,
}


def tell_end(
    connection: Transaction,
    claim: Claim,
    product: Product,
    *,
    error: GhalaError,
    state: RunState,
    reports: Iterable[Report] = (),
) -> None:
    """Tell that a run failed or that its rows broke their contract, unless the same was told within a day.

    Its incident is opened in any case.
    """
    kind, at_us = _KINDS[state], now_us()
    environment, run_id = claim.environment, claim.run_id
    incident = open_of_run(
        connection, product, environment=environment, run_id=run_id, state=state, now_us=at_us
    )
    subject = _subject(claim.environment, product.name)
    before = runs.last_ended(connection, claim.environment, product.name, claim.run_id)
    told_us = outbox.last_us(connection, kind, subject)
    is_same = before is not None and (before.state, before.error) == (state, str(error))
    if is_same and told_us is not None and at_us - told_us < AGAIN_US:
        return
    facts: dict[str, str | int] = {
        "run": run_id,
        "environment": environment,
        "incident": incident,
    }
    if state is RunState.REFUSED:
        broken = [one for report in reports for one in report.findings if not one.passed]
        facts |= {"rules": len(broken), "rows": sum(one.failed_rows for one in broken)}
    else:
        facts["why"] = _why(error)
    outbox.add(connection, _notification(kind, subject, product, facts), at_us)


def tell_recovered(
    connection: Transaction, claim: Claim, product: Product, release: int | None = None
) -> None:
    """Tell that a product is made again, if the run before failed or was refused; its incidents are resolved."""
    resolve_of_runs(
        connection,
        product,
        environment=claim.environment,
        run_id=claim.run_id,
        release=release,
        now_us=now_us(),
    )
    before = runs.last_ended(connection, claim.environment, product.name, claim.run_id)
    if before is None or before.state not in _KINDS:
        return
    facts: dict[str, str | int] = {
        "run": claim.run_id,
        "environment": claim.environment,
        "after": before.state.value,
    }
    if release is not None:
        facts["release"] = release
    subject = _subject(claim.environment, product.name)
    made = _notification(NotificationKind.PRODUCT_RECOVERED, subject, product, facts)
    outbox.add(connection, made, now_us())


def tell_rolled_back(
    connection: Transaction, claim: Claim, product: Product, *, release: int, to: int, by: str
) -> None:
    """Tell that consumers have the content of an earlier release again."""
    facts: dict[str, str | int] = {
        "run": claim.run_id,
        "environment": claim.environment,
        "release": release,
        "to": to,
    }
    subject = _subject(claim.environment, product.name)
    made = _notification(NotificationKind.PRODUCT_ROLLED_BACK, subject, product, facts)
    outbox.add(connection, replace(made, by=by), now_us())


def tell_abandoned(connection: Transaction, run: Run, product: Product, abandoned: str) -> None:
    """Tell that a run's process ended without a word, as the run after it found out."""
    environment, state = run.environment, RunState.FAILED
    incident = open_of_run(
        connection, product, environment=environment, run_id=abandoned, state=state, now_us=now_us()
    )
    facts: dict[str, str | int] = {
        "run": abandoned,
        "environment": environment,
        "incident": incident,
        "why": "its process ended before the run did",
    }
    subject = _subject(run.environment, product.name)
    made = _notification(NotificationKind.RUN_FAILED, subject, product, facts)
    outbox.add(connection, made, now_us())


def _notification(
    kind: NotificationKind, subject: str, product: Product, facts: dict[str, str | int]
) -> Notification:
    return Notification(
        kind=kind,
        subject=subject,
        domain=product.name.domain,
        by=f"product:{product.name}",
        product=str(product.name),
        datasets=tuple(str(one.name) for one in product.datasets),
        dataset_ids=tuple(one.id for one in product.datasets),
        facts=facts,
    )


def _subject(environment: str, product: ProductName) -> str:
    return f"{environment}:{product}"


def _why(error: GhalaError) -> str:
    """Return what kind of error it is: its own text is for those who may see the run."""
    return (type(error).__doc__ or error.code).split("\n", 1)[0].split(";", 1)[0].rstrip(".")
