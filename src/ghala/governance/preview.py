"""Previews: what somebody would get if a request were approved, decided by the same code that decides when they ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ghala.governance.access_terms import ALL
from ghala.governance.approval import Approvers, Person
from ghala.governance.authorize import Asked
from ghala.governance.decider import ENDPOINT_OF_PRODUCTS
from ghala.governance.grantees import principal_for, read_grantee, require_purpose
from ghala.governance.requests import MOST_AUTOMATIC
from ghala.governance.sample import made_up_rows
from ghala.model.agreement import Agreement
from ghala.model.policy import Action, Clearance, Decision
from ghala.model.preview import Preview, PreviewedColumn
from ghala.model.principal import PrincipalKind
from ghala.model.token import is_in_scope
from ghala.registry import agreements
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ghala.governance.access_scope import AccessScope
    from ghala.governance.requests import Requests
    from ghala.model.contract import Column, Dataset
    from ghala.model.principal import Principal
    from ghala.model.request import Terms

_WOULD_BE = "would-be"
"""The id of the agreement that a preview is about, in its reasons."""


@dataclass(frozen=True, slots=True)
class Previews:
    """Shows what requests would give, before and after they are made."""

    scope: AccessScope
    requests: Requests

    def preview(
        self,
        dataset: str,
        *,
        by: Principal,
        purpose: str,
        grantee: str | None = None,
        columns: Collection[str] = (ALL,),
        rows: object = None,
        until: datetime | None = None,
    ) -> Preview:
        """Show what a request would give; with `until` also whether a policy would approve it at once.

        Raises:
            DeniedError: `by` may not ask for the grantee.
            NotFoundError: there is no such dataset or grantee, as far as `by` may know.
            UsageError: something that is asked for is not there or not allowed.
        """
        now = as_time(self.scope.now_us())
        end = now + timedelta(days=1) if until is None else until
        terms, found = self.requests.terms(
            dataset, by=by, purpose=purpose, until=end, columns=columns, rows=rows
        )
        policy = None
        if until is not None and is_in_scope(by, Action.AGREEMENT_REQUEST):
            policy = self.requests.approving_policy(by, terms, grantee)
        with self.scope.registry.read() as connection:
            now_us = self.scope.now_us()
            person = Person.of(connection, by, now_us)
            known = self.scope.definitions()
            whom = read_grantee(
                connection, grantee, by, definitions=known, person=person, now_us=now_us
            )
            require_purpose(whom, purpose)
            principal = principal_for(connection, whom, purpose, definitions=known, now_us=now_us)
            approvers = Approvers.of(known, found.id, terms.dataset)
            agreed = agreements.not_ended(connection, found.id, {whom}, purpose, now_us)
            if len(approvers.levels) > 1 or len(agreed) >= MOST_AUTOMATIC:
                policy = None
        shown = self._preview(terms, found, whom, principal)
        return replace(shown, levels=_levels(approvers), approving_policy=policy)

    def of_request(self, request: str, *, by: Principal) -> Preview:
        """Show what an open request would give, for those who ask and those who decide.

        Raises:
            NotFoundError: there is none, or no such dataset, as far as `by` may know.
        """
        asked = self.requests.find(request, by=by)
        _, _, found = self.scope.dataset(str(asked.terms.dataset), by)
        known = self.scope.definitions()
        with self.scope.registry.read() as connection:
            principal = principal_for(
                connection,
                asked.grantee,
                asked.terms.purpose,
                definitions=known,
                now_us=self.scope.now_us(),
            )
        shown = self._preview(asked.terms, found, asked.grantee, principal)
        return replace(shown, levels=_levels(self.scope.approvers(asked)))

    def _preview(
        self, terms: Terms, dataset: Dataset, grantee: str, principal: Principal | None
    ) -> Preview:
        asked = self.scope.decider.described(Asked(terms.dataset, dataset.columns))
        if principal is None:
            gone = (f"{grantee} is not there any more",)
            before = after = Decision(terms.dataset, is_allowed=False, reasons=gone)
        else:
            decider = self.scope.decider
            is_product = principal.kind is PrincipalKind.PRODUCT
            endpoint = ENDPOINT_OF_PRODUCTS if is_product else decider.endpoint
            weighed = decider.policies.weigh(principal, asked, endpoint=endpoint)
            before = decider.policies.decided(principal, asked, weighed)
            more = self._would_be(terms, dataset, grantee)
            with_it = weighed and replace(weighed, agreements=(*weighed.agreements, more))
            after = decider.policies.decided(principal, asked, with_it)
        return Preview(
            dataset=terms.dataset,
            grantee=grantee,
            purpose=terms.purpose,
            is_allowed=after.is_allowed,
            reasons=after.reasons,
            columns=tuple(_column(column, before, after) for column in asked.columns),
            sample=made_up_rows(asked.columns, after) if after.is_allowed else (),
        )

    def _would_be(self, terms: Terms, dataset: Dataset, grantee: str) -> Agreement:
        now = as_time(self.scope.now_us())
        return Agreement(
            id=_WOULD_BE,
            grantee=grantee,
            dataset=terms.dataset,
            columns=terms.columns,
            purpose=terms.purpose,
            since=now,
            until=terms.until,
            rows=terms.rows,
            dataset_id=dataset.id,
        )


def _levels(approvers: Approvers) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(level)) for level in approvers.levels)


def _column(column: Column, before: Decision, after: Decision) -> PreviewedColumn:
    clearance = after.clearance(column.name)
    mask = after.masks.get(column.name) if clearance is Clearance.MASKED else None
    some = any(column.name in admission.columns for admission in after.admissions)
    return PreviewedColumn(
        name=column.name,
        type=str(column.type),
        now=before.clearance(column.name) if before.is_allowed else None,
        clearance=clearance,
        mask=mask.kind if mask else None,
        is_clear_in_some_rows=clearance is Clearance.MASKED and some,
    )
