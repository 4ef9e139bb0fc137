"""Purposes: `policies/purposes.yaml` into the closed list of what data may be used for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ghala.model.names import name_fault
from ghala.model.purpose import ADMINISTRATION, BUILT_IN, PRODUCTION, LegalBasis, Purpose
from ghala.spec.fields import Fields
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.folder import read_if_there
from ghala.spec.product import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ghala.spec.node import Node

PURPOSES_FILE = "policies/purposes.yaml"
KEYS = ("name", "legal_basis", "retention_days", "description")
LONGEST_RETENTION_DAYS = 36_500


def load_purposes(root: Path) -> Mapping[str, Purpose]:
    """Return a workspace's purposes by name; those that are built in where it has no file of its own.

    Raises:
        DefinitionError: the file is wrong.
    """
    findings = Findings()
    purposes = read_purposes(root.resolve(), findings)
    findings.refuse()
    return purposes


def read_purposes(root: Path, findings: Findings) -> Mapping[str, Purpose]:
    """Return what can be understood of a workspace's purposes, and add everything that is wrong to `findings`.

    `administration` and `production` are always among them: the workspace's owner and products work under them.
    """
    data = read_if_there(root / PURPOSES_FILE, root, findings)
    if data is None:
        return _by_name(BUILT_IN)
    read = parsed(data, PURPOSES_FILE, findings, lambda node: _read(node, findings))
    return _by_name(BUILT_IN if read is None else read)


def _read(node: Node, findings: Findings) -> tuple[Purpose, ...]:
    fields = Fields(node, findings, what=f"`{PURPOSES_FILE}`", known=("purposes",))
    fields.require("purposes")
    found: dict[str, Purpose] = {}
    for item in fields.items("purposes"):
        purpose = _read_purpose(item, findings)
        if purpose is None:
            continue
        if purpose.name in found:
            message = f"there is a purpose `{purpose.name}` already"
            findings.error(FindingCode.NAME_TAKEN, item.place, message)
        found[purpose.name] = purpose
    return tuple(found.values())


def _read_purpose(node: Node, findings: Findings) -> Purpose | None:
    fields = Fields(node, findings, what="a purpose", known=KEYS)
    fields.require(*KEYS)
    name = fields.text("name")
    if name and (fault := name_fault(name)):
        message = f"`{name[:80]}` cannot be a purpose's name: {fault}"
        findings.error(FindingCode.NAME_INVALID, fields.at("name"), message)
    legal_basis = fields.choice("legal_basis", LegalBasis)
    days = fields.integer("retention_days")
    if days is not None and not 0 <= days <= LONGEST_RETENTION_DAYS:
        message = f"`retention_days` is a number from 0 to {LONGEST_RETENTION_DAYS:,}"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("retention_days"), message)
    if not name or legal_basis is None or days is None:
        return None
    return Purpose(name, legal_basis, days, fields.text("description"))


def _by_name(purposes: tuple[Purpose, ...]) -> Mapping[str, Purpose]:
    named = {purpose.name: purpose for purpose in purposes}
    always = {purpose.name: purpose for purpose in (ADMINISTRATION, PRODUCTION)}
    return MappingProxyType(always | named)
