"""Everything about the policies of a workspace, put together over its files and its registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from ghala.errors import DefinitionError, GhalaError, UsageError
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.domain_owners import DomainOwners
from ghala.governance.explain import Explainer
from ghala.governance.inherited import Inheritance
from ghala.governance.policy_files import POLICIES_FOLDER, read_policies, read_policy_folder
from ghala.governance.policy_sets import PolicySets
from ghala.governance.policy_tests import run_cases
from ghala.governance.policy_words import worded
from ghala.governance.readers import Readers
from ghala.governance.release_terms import ReleaseTerms
from ghala.governance.simulate import Simulator
from ghala.governance.world import Worlds
from ghala.model.outcome import Diagnosis
from ghala.registry.registry import now_us as clock_us
from ghala.spec.policy_cases import load_policy_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ghala.governance.policies_in_force import PoliciesInForce
    from ghala.model.explanation import WordedPolicy
    from ghala.model.policy_case import CaseOutcome
    from ghala.model.policy_set import AppliedSet
    from ghala.model.principal import Principal
    from ghala.model.purpose import Purpose
    from ghala.model.simulation import Simulation
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The parts; each has its own page of what it does."""

    root: Path
    sets: PolicySets
    explainer: Explainer
    readers: Readers
    simulator: Simulator
    definitions: Callable[[], Definitions]
    purposes: Callable[[], Mapping[str, Purpose]]

    @classmethod
    def over(
        cls,
        registry: Registry,
        root: Path,
        *,
        definitions: Callable[[], Definitions],
        purposes: Callable[[], Mapping[str, Purpose]],
        in_force: PoliciesInForce | None = None,
        now_us: Callable[[], int] = clock_us,
    ) -> Self:
        """Put the parts together; `in_force` is what a server decides by."""
        sets = in_force.sets if in_force else PolicySets(registry, root, now_us)
        held = in_force.held if in_force else sets.held

        def now() -> datetime:
            return datetime.fromtimestamp(now_us() / 1_000_000, UTC)

        carried = Inheritance(registry, definitions).added
        worlds = Worlds(registry, sets, held, definitions, now, ReleaseTerms(), carried)
        explainer = Explainer(worlds, purposes)
        return cls(
            root,
            sets,
            explainer,
            Readers(explainer),
            Simulator(explainer),
            definitions,
            purposes,
        )

    def check(self, folder: Path | None = None) -> Policies:
        """Return the policies of the workspace's files, or of those in another folder.

        Raises:
            DefinitionError: one is wrong.
            NotFoundError: the folder has none.
        """
        return read_policies(self.root) if folder is None else read_policy_folder(folder)

    def test(self, policies: Policies | None = None) -> tuple[CaseOutcome, ...]:
        """Run `policies/tests.yaml` over the policies of the files, or over others.

        Raises:
            DefinitionError: a policy or the tests are wrong.
        """
        cases = load_policy_cases(self.root, self.purposes())
        return run_cases(cases, policies or self.check(), self.definitions())

    def apply(self, *, by: Principal, is_tested: bool = True) -> AppliedSet:
        """Put the policies of the files in force, for every process on this registry.

        Raises:
            DefinitionError: a policy is wrong.
            DeniedError: `by` may not.
            UsageError: a test of them fails.
        """
        policies = self.check()
        failed = [one for one in self.test(policies) if not one.passed] if is_tested else []
        if failed:
            names = ", ".join(f"`{one.name[:80]}`" for one in failed[:5])
            raise UsageError(
                f"{len(failed)} tests of the policies fail: {names}",
                hint="`ghala policy test` says how; `--untested` puts them in force all the same",
            )
        applied = self.sets.apply(policies, by=by)
        # Who owns what is part of what these policies decide.
        DomainOwners(self.sets.registry, self.definitions).note()
        return applied

    def diagnosis(self) -> Diagnosis:
        """Say whether the policies of the files can be relied upon, and whether they are what is in force."""
        try:
            found, current = self.check(), self.sets.current()
            if current is not None:
                self.sets.load(current.version)
        except GhalaError as error:
            return Diagnosis("policies", is_fine=False, message=str(error), hint=error.hint)
        count = f"{len(found.policies)} policies"
        if current is None:
            return Diagnosis("policies", is_fine=True, message=f"{count}, never put in force yet")
        if current.version == found.version:
            return Diagnosis("policies", is_fine=True, message=f"{count}, in force")
        return Diagnosis(
            "policies",
            is_fine=False,
            message=f"{count} in the files are not those in force, {current.version[:12]}",
            hint="`ghala policy apply` puts them in force",
        )

    def in_force(self, server: PoliciesInForce, *, by: Principal) -> dict[str, object]:
        """Return what a server decides by, and how its files stand to that, ready for JSON.

        Raises:
            DeniedError: `by` may not know.
        """
        self.explainer.require(by, None, "know the policies")
        applied, files, fault = server.state()
        found = server.now()
        return {
            "version": found.version,
            "applied_at": applied.applied_at if applied else None,
            "applied_by": applied.applied_by if applied else None,
            "files": files,
            "fault": None if fault is None else str(fault),
            "policies": self.in_words(found),
        }

    def in_words(self, policies: Policies | None = None) -> list[WordedPolicy]:
        """Return the policies that are in force, or others, in words and as they are written."""
        found = self.sets.held().policies if policies is None else policies
        return [worded(one) for one in found.policies.values()]

    def simulate(self, files: Sequence[tuple[str, str]], *, days: int, by: Principal) -> Simulation:
        """Replay the questions of the last days by policies that somebody sends: each file's name and text.

        Raises:
            DeniedError: `by` may not know what others ask.
            UsageError: a policy is wrong.
        """
        self.explainer.require(by, None, "simulate policies over what others asked")
        sent = [PolicyFile(f"{POLICIES_FOLDER}/{name}", text) for name, text in files]
        try:
            changed = Policies.of(sent)
        except DefinitionError as error:
            raise UsageError(str(error), hint=error.hint) from error
        return self.simulator.simulate(changed, days=days, by=by)
