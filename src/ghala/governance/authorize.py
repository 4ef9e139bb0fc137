"""Who may read what: principal, action and dataset to a decision with its reasons. What is not known stays closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.policy import Action, Admission, Decision
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal


@dataclass(frozen=True, slots=True)
class Asked:
    """One dataset that somebody wants to use, with the columns of the state that they would see.

    `own_terms` is what the contract of an old release said of them; None for the current one. `lineage` is the hash of
    the lineage that the release has; None where no release is meant, or where it has none on record.
    """

    name: DatasetName
    columns: Sequence[Column] = ()
    own_terms: tuple[Column, ...] | None = None
    lineage: str | None = None


@dataclass(frozen=True, slots=True)
class Authorizer:
    """Decides for the workspace's owner and for products that run; all others are denied until there are policies."""

    def decide(
        self,
        principal: Principal,
        action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),
    ) -> tuple[Decision, ...]:
        """Return one decision for each dataset, in order; `prepared` are the pinned inputs of a product that runs.

        >>> from ghala.model.names import DatasetName
        >>> from ghala.model.principal import Principal, PrincipalKind
        >>> ann = Principal("user:ann", PrincipalKind.USER, "marketing")
        >>> orders = Asked(DatasetName("sales", "orders"))
        >>> Authorizer().decide(ann, Action.DATASET_READ, [orders])[0].reasons
        ('no policy allows user:ann to read sales.orders for marketing',)
        """
        return tuple(self._decide(principal, action, one, prepared) for one in asked)

    def _decide(
        self,
        principal: Principal,
        action: Action,
        asked: Asked,
        prepared: Collection[DatasetName],
    ) -> Decision:
        if principal.kind is PrincipalKind.OWNER:
            return _clear(asked, "owner of the workspace")
        if principal.kind is PrincipalKind.PRODUCT:
            if action is Action.DATASET_READ and asked.name in prepared:
                return _clear(asked, f"input of {principal.id}")
            return _denied(asked, f"{asked.name} is not an input of {principal.id}")
        verb = action.value.partition(":")[2]
        return _denied(
            asked,
            f"no policy allows {principal.id} to {verb} {asked.name} for {principal.purpose}",
        )


def _clear(asked: Asked, reason: str) -> Decision:
    everything = Admission(frozenset(column.name for column in asked.columns))
    return Decision(asked.name, is_allowed=True, admissions=(everything,), reasons=(reason,))


def _denied(asked: Asked, reason: str) -> Decision:
    return Decision(asked.name, is_allowed=False, reasons=(reason,))
