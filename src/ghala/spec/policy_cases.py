"""Tests of policies: `policies/tests.yaml` into cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.model.account import ACCOUNT_KINDS, AccountId
from ghala.model.names import DatasetName
from ghala.model.policy_case import Expected, PolicyCase
from ghala.model.principal import Principal, Role
from ghala.spec.fields import Fields, nearest
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.folder import read_if_there
from ghala.spec.product import parsed

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ghala.spec.node import Node

CASES_FILE = "policies/tests.yaml"
_KEYS = ("name", "principal", "teams", "roles", "dataset", "purpose", "endpoint", "at", "expect")
_EXPECTED = ("discover", "read", "clear", "masked", "hidden", "policies")
_USUAL_ENDPOINT = "rest"


def load_policy_cases(root: Path, purposes: Collection[str]) -> tuple[PolicyCase, ...]:
    """Return the cases of a workspace; none where it has no file of them.

    Raises:
        DefinitionError: the file is wrong.
    """
    findings = Findings()
    cases = read_policy_cases(root.resolve(), purposes, findings)
    findings.refuse()
    return cases


def read_policy_cases(
    root: Path, purposes: Collection[str], findings: Findings
) -> tuple[PolicyCase, ...]:
    """Return the cases that can be understood, and add everything that is wrong to `findings`."""
    data = read_if_there(root / CASES_FILE, root, findings)
    if data is None:
        return ()
    read = parsed(data, CASES_FILE, findings, lambda node: _read(node, purposes, findings))
    return read or ()


def _read(node: Node, purposes: Collection[str], findings: Findings) -> tuple[PolicyCase, ...]:
    fields = Fields(node, findings, what=f"`{CASES_FILE}`", known=("tests",))
    fields.require("tests")
    found: dict[str, PolicyCase] = {}
    for item in fields.items("tests"):
        case = _read_case(item, purposes, findings)
        if case is None:
            continue
        if case.name in found:
            message = f"there is a test `{case.name[:80]}` already"
            findings.error(FindingCode.NAME_TAKEN, item.place, message)
        found[case.name] = case
    return tuple(found.values())


def _read_case(node: Node, purposes: Collection[str], findings: Findings) -> PolicyCase | None:
    fields = Fields(node, findings, what="a test", known=_KEYS)
    fields.require("name", "principal", "dataset", "purpose", "expect")
    name, purpose = fields.text("name"), fields.text("purpose")
    who, dataset = _principal(fields, findings), _dataset(fields, findings)
    if purpose and purpose not in purposes:
        message = f"`{purpose[:80]}` is not a purpose of this workspace"
        hint = nearest(purpose, purposes)
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("purpose"), message, hint)
    roles = {
        role
        for item in fields.texts("roles")
        if (role := fields.chosen(item, "a role", Role)) is not None
    }
    teams = {f"team:{item.text.lower().removeprefix('team:')}" for item in fields.texts("teams")}
    at, expected = _moment(fields, findings), _expected(fields, findings)
    if not name or who is None or dataset is None or purpose not in purposes or expected is None:
        return None
    principal = Principal(
        str(who), who.kind, purpose, teams=frozenset(teams), roles=frozenset(roles)
    )
    endpoint = fields.text("endpoint", _USUAL_ENDPOINT)
    return PolicyCase(name, principal, dataset, endpoint, expected, at, node.place)


def _principal(fields: Fields, findings: Findings) -> AccountId | None:
    text = fields.text("principal")
    if not text:
        return None
    try:
        who = AccountId.parse(text)
    except ValueError as error:
        message, hint = f"`{text[:80]}` cannot be a principal", str(error)
    else:
        if who.kind in ACCOUNT_KINDS:
            return who
        message, hint = "a team never asks by itself", "name a user, and the team in `teams`"
    findings.error(FindingCode.NAME_INVALID, fields.at("principal"), message, hint)
    return None


def _dataset(fields: Fields, findings: Findings) -> DatasetName | None:
    text = fields.text("dataset")
    if not text:
        return None
    try:
        return DatasetName.parse(text)
    except ValueError as error:
        message = f"`{text[:80]}` cannot be a dataset"
        findings.error(FindingCode.NAME_INVALID, fields.at("dataset"), message, str(error))
        return None


def _moment(fields: Fields, findings: Findings) -> datetime | None:
    text = fields.text("at")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        message, hint = "`at` is a time", "write it as `2026-06-01T12:00:00Z`"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("at"), message, hint)
        return None


def _expected(fields: Fields, findings: Findings) -> Expected | None:
    node = fields.mapping("expect")
    if node is None:
        return None
    inner = Fields(node, findings, what="`expect`", known=_EXPECTED)
    if not any(key in inner for key in _EXPECTED):
        message = "a test expects something"
        findings.error(FindingCode.KEY_MISSING, node.place, message, f"one of {_listed()}")

    def names(key: str) -> frozenset[str] | None:
        return frozenset(item.text for item in inner.texts(key)) if key in inner else None

    return Expected(
        discover=inner.flag("discover") if "discover" in inner else None,
        read=inner.flag("read") if "read" in inner else None,
        clear=names("clear"),
        masked=names("masked"),
        hidden=names("hidden"),
        policies=names("policies") or frozenset(),
    )


def _listed() -> str:
    return ", ".join(f"`{key}`" for key in _EXPECTED)
