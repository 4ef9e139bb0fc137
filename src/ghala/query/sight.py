"""What one principal may know of the columns of datasets, for what is told about data rather than from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.governance.authorize import Asked
from ghala.model.names import DatasetName
from ghala.model.policy import Action, Clearance
from ghala.query.discover import column_clearance
from ghala.query.lineage import Lineages

if TYPE_CHECKING:
    from ghala.governance.decider import EndpointDecider
    from ghala.model.lineage import Origin
    from ghala.model.lineage_graph import LineageGraph
    from ghala.model.principal import Principal
    from ghala.query.discover import Discovery
    from ghala.query.lineage import LineageQuestion


def seen_lineage(
    discovery: Discovery, question: LineageQuestion, principal: Principal
) -> LineageGraph:
    """Return the lineage that a principal may know.

    Raises:
        NotFoundError: there is no such dataset, column, release or environment, as far as it may know.
    """
    sight = PrincipalSight(principal, discovery.decider)
    return Lineages(discovery.registry).graph(question, sight)


@dataclass(slots=True)
class PrincipalSight:
    """Sees the datasets that a principal may discover, without the columns that are hidden from it."""

    principal: Principal
    decider: EndpointDecider
    _known: dict[str, frozenset[str] | None] = field(default_factory=dict)

    @property
    def sees_inside(self) -> bool:
        """Return that sources and steps may not be known: products are discovered by their datasets."""
        return False

    def sees(self, origin: Origin) -> bool:
        """Return whether a column may be known; without a column, whether the dataset may."""
        if origin.table not in self._known:
            self._known[origin.table] = self._columns(DatasetName.parse(origin.table))
        columns = self._known[origin.table]
        return columns is not None and (not origin.column or origin.column.lower() in columns)

    def _columns(self, name: DatasetName) -> frozenset[str] | None:
        if not self.decider.discovers(self.principal, name):
            return None
        (decision,) = self.decider.decide(self.principal, Action.DATASET_READ, [Asked(name)])
        return frozenset(
            column.name.lower()
            for column in self.decider.described(Asked(name)).columns
            if column_clearance(column, decision) is not Clearance.HIDDEN
        )
