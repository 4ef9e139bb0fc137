"""The history of a dataset's rules: how each of them held in the last checks, as far as a principal may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError
from ghala.governance.authorize import Asked
from ghala.model.policy import Action
from ghala.model.release import PROD
from ghala.quality.report import from_dict
from ghala.query.history import report_facts
from ghala.registry import checks, environments

if TYPE_CHECKING:
    from ghala.model.principal import Principal
    from ghala.query.discover import Discovery, Facts

RESULTS = 30
"""So many results of each rule are shown."""
_OF_RULE = ("rule", "kind", "columns", "severity", "description")
_OF_RESULT = ("passed", "measured", "failed_rows", "quarantined_rows")


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """How rules held, over what a principal may discover."""

    discovery: Discovery

    def of(self, dataset: str, principal: Principal, environment: str = PROD) -> Facts:
        """Return each rule of a dataset with its last results, newest first.

        A rule that the last check did not know stands behind the others, with the results that it had.

        Raises:
            NotFoundError: there is no such dataset, as far as the principal may know.
        """
        known = {
            str(name): name
            for names in self.discovery.visible(principal).values()
            for name in names
        }
        name = known.get(dataset.lower())
        if name is None:
            raise NotFoundError(f"there is no dataset `{dataset[:200]}`")
        found = self.discovery.definitions().datasets[name][2]
        asked = Asked(name, found.columns)
        (decision,) = self.discovery.decider.decide(principal, Action.DATASET_READ, [asked])
        columns = [column.name for column in found.columns]
        with environments.read(self.discovery.registry, environment) as connection:
            history = checks.history(connection, environment, found.id, RESULTS)
        rules: dict[str, Facts] = {}
        results: dict[str, list[Facts]] = {}
        for check in history:
            facts = report_facts(from_dict(check.report), decision, columns)
            for finding in facts["findings"]:  # type: ignore[attr-defined]  # a list, made above
                rule = str(finding["rule"])
                rules.setdefault(rule, {key: finding[key] for key in _OF_RULE})
                results.setdefault(rule, []).append(
                    {
                        "run": check.run_id,
                        "release": check.release,
                        "at": check.at,
                        "rows": facts["rows_staged"],
                        **{key: finding[key] for key in _OF_RESULT},
                    }
                )
        return {
            "dataset": str(name),
            "rules": [{**facts, "results": results[rule]} for rule, facts in rules.items()],
        }
