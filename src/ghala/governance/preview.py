"""Previews: what somebody would get if a request were approved, decided by the same code that decides when they ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ghala.governance.access_terms import ALL
from ghala.governance.approval import Person
from ghala.governance.authorize import Asked
from ghala.governance.grantees import principal_for, read_grantee
from ghala.governance.masks import default_mask
from ghala.governance.sample import made_up_rows
from ghala.model.agreement import Agreement
from ghala.model.policy import Admission, Clearance, Decision
from ghala.model.preview import Preview, PreviewedColumn
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection

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
    ) -> Preview:
        """Show what a request would give.

        Raises:
            DeniedError: `by` may not ask for the grantee.
            NotFoundError: there is no such dataset or grantee, as far as `by` may know.
            UsageError: something that is asked for is not there or not allowed.
        """
        now = as_time(self.scope.now_us())
        until = now + timedelta(days=1)
        terms, found = self.requests.terms(
            dataset, by=by, purpose=purpose, until=until, columns=columns, rows=rows
        )
        with self.scope.registry.read() as connection:
            now_us = self.scope.now_us()
            person = Person.of(connection, by, now_us)
            known = self.scope.definitions()
            whom = read_grantee(
                connection, grantee, by, definitions=known, person=person, now_us=now_us
            )
            principal = principal_for(connection, whom, purpose, now_us)
        return self._preview(terms, found, whom, principal)

    def of_request(self, request: str, *, by: Principal) -> Preview:
        """Show what an open request would give, for those who ask and those who decide.

        Raises:
            NotFoundError: there is none, or no such dataset, as far as `by` may know.
        """
        asked = self.requests.find(request, by=by)
        _, _, found = self.scope.dataset(str(asked.terms.dataset), by)
        with self.scope.registry.read() as connection:
            now_us = self.scope.now_us()
            principal = principal_for(connection, asked.grantee, asked.terms.purpose, now_us)
        return self._preview(asked.terms, found, asked.grantee, principal)

    def _preview(
        self, terms: Terms, dataset: Dataset, grantee: str, principal: Principal | None
    ) -> Preview:
        asked = self.scope.decider.described(Asked(terms.dataset, dataset.columns))
        if principal is None:
            before = Decision(terms.dataset, is_allowed=False)
            after = _of_product(terms, asked.columns, grantee)
        else:
            decider = self.scope.decider
            weighed = decider.policies.weigh(principal, asked, endpoint=decider.endpoint)
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


def _of_product(terms: Terms, columns: Collection[Column], grantee: str) -> Decision:
    masks = {column.name: default_mask(column) for column in columns}
    return Decision(
        terms.dataset,
        is_allowed=True,
        admissions=(Admission(terms.columns, terms.rows),),
        masks={name: mask for name, mask in masks.items() if mask is not None},
        reasons=(f"agreement {_WOULD_BE} with {grantee}",),
    )


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
