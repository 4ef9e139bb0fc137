"""Tests of policies, run: what is decided in each case, beside what is expected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.governance.authorize import Asked
from ghala.governance.decider import domains_of, ownership, standing
from ghala.governance.policy import PolicyDecider
from ghala.governance.terms import described
from ghala.model.policy import Clearance
from ghala.model.policy_case import CaseOutcome, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ghala.governance.policy import InForce
    from ghala.model.policy_case import PolicyCase
    from ghala.spec.kept import Definitions


def run_cases(
    cases: Sequence[PolicyCase],
    policies: InForce,
    definitions: Definitions,
    now: datetime | None = None,
) -> tuple[CaseOutcome, ...]:
    """Return how each case goes. Agreements are no policies: there are none in a test.

    Raises:
        PolicyError: a policy could not be evaluated.
    """
    moment = now or datetime.now(UTC)
    return tuple(
        CaseOutcome(
            case.name,
            case.place,
            tuple(_differences(case, policies, definitions, case.at or moment)),
        )
        for case in cases
    )


def _differences(
    case: PolicyCase, policies: InForce, definitions: Definitions, moment: datetime
) -> Iterator[Difference]:
    if case.dataset not in definitions.datasets:
        yield Difference("dataset", str(case.dataset), "no contract promises it")
        return
    decider = PolicyDecider(
        policies,
        standing_of=standing,
        ownership_of=lambda name: ownership(definitions, name),
        agreements_of=lambda *_: (),
        hash_key_of=lambda _: b"",
        now=lambda: moment,
        domains_of=lambda teams: domains_of(definitions, teams),
    )
    expected, asked = case.expected, described(Asked(case.dataset), definitions)
    who, endpoint = case.principal, case.endpoint
    found = decider.discovers(who, asked, endpoint=endpoint)
    if expected.discover not in {None, found}:
        yield Difference("discover", _word(not found), _word(found))
    weighed = decider.weigh(who, asked, endpoint=endpoint)
    decision = decider.decided(who, asked, weighed)
    if expected.read not in {None, decision.is_allowed}:
        yield Difference("read", _word(not decision.is_allowed), _word(decision.is_allowed))
    for clearance, wanted in (
        (Clearance.CLEAR, expected.clear),
        (Clearance.MASKED, expected.masked),
        (Clearance.HIDDEN, expected.hidden),
    ):
        names = {one.name for one in asked.columns if decision.clearance(one.name) is clearance}
        if wanted is not None and wanted != names:
            yield Difference(clearance.value, _listed(wanted), _listed(names))
    verdicts = [] if weighed is None else [weighed.may_read, *(one for _, one in weighed.columns)]
    verdict = decider.may_discover(who, asked, endpoint=endpoint)
    verdicts += [] if verdict is None else [verdict]
    decided = {policy.id for one in verdicts for policy in one.policies}
    if not expected.policies <= decided:
        yield Difference("policies", _listed(expected.policies), _listed(decided))


def _word(is_so: bool) -> str:  # noqa: FBT001 - what is said in words
    return "yes" if is_so else "no"


def _listed(names: Sequence[str] | frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
