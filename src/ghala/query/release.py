"""One release in full, as far as a principal may know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError
from ghala.model.release import PROD
from ghala.quality.report import from_dict
from ghala.query.history import report_facts
from ghala.registry import environments, lineage, releases, rollbacks, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ghala.model.names import DatasetName, ProductName
    from ghala.model.principal import Principal
    from ghala.model.release import Release, Rollback
    from ghala.query.decided import DecidedReleases
    from ghala.query.discover import Facts

_GREATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Tells of releases. `visible` gives the products and datasets that exist for a principal."""

    decided: DecidedReleases
    visible: Callable[[Principal], Mapping[ProductName, Collection[DatasetName]]]

    def release(
        self, product: str, number: int, principal: Principal, environment: str = PROD
    ) -> Facts:
        """Return when and how a release was made, and what it has.

        Raises:
            NotFoundError: there is no such product or release, as far as the principal may know.
        """
        known = self.visible(principal)
        name = next((one for one in known if str(one) == product.lower()), None)
        if name is None:
            raise NotFoundError(f"there is no product `{product[:200]}`")
        with environments.read(self.decided.registry, environment) as connection:
            history = releases.history(connection, environment, name)
            found = next((one for one in history if one.number == number), None)
            if found is None or not 0 < number <= _GREATEST:
                raise NotFoundError(
                    f"there is no release {number} of {name}", hint=f"see `ghala releases {name}`"
                )
            rollback = rollbacks.find(connection, environment, name, number)
            reports = runs.reports_of(connection, found.run_id)
            inputs = lineage.inputs_of(connection, (environment, str(name), number))
        visible = {str(one) for names in known.values() for one in names}
        return {
            "product": str(name),
            "number": number,
            "environment": environment,
            "created_at": found.created_at.isoformat(timespec="seconds"),
            "is_current": found.is_current,
            "run": found.run_id,
            "definition": found.definition_sha256,
            "replaced": _replaced(history, found),
            "rolled_back": _rollback(rollback),
            "inputs": [
                {"name": dataset, "product": maker, "release": of}
                for dataset, (_, maker, of) in sorted(inputs.items())
                if dataset in visible
            ],
            "datasets": list(self._datasets(found, known[name], reports, principal)),
        }

    def _datasets(
        self,
        release: Release,
        names: Collection[DatasetName],
        reports: Sequence[Mapping[str, object]],
        principal: Principal,
    ) -> Iterator[Facts]:
        by_name = {report.dataset: report for report in map(from_dict, reports)}
        for one in release.datasets:
            seen = None
            if one.name in names:
                seen = self.decided.find(one.name, principal, release.environment, release.number)
            if seen is None:
                continue
            report = by_name.get(one.name)
            columns = [column.name for column in seen.resolved.columns]
            yield {
                "name": str(one.name),
                "rows": one.row_count,
                "bytes": one.byte_count,
                "files": sum(len(group.files) for group in seen.resolved.scan.groups),
                "checks": report_facts(report, seen.decision, columns) if report else None,
            }


def _replaced(history: Sequence[Release], release: Release) -> int | None:
    return max((one.number for one in history if one.number < release.number), default=None)


def _rollback(rollback: Rollback | None) -> Facts | None:
    if rollback is None:
        return None
    return {"to": rollback.restored, "reason": rollback.reason, "by": rollback.principal}
