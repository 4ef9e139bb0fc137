"""`notifications` of `ghala.yaml`: through which channels whom is told what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.model.account import AccountId
from ghala.model.host import host_fault
from ghala.model.names import IDENTIFIER
from ghala.model.notification import Channel, NotificationKind
from ghala.model.principal import PrincipalKind
from ghala.spec.fields import Fields, nearest
from ghala.spec.finding import FindingCode

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.spec.finding import Findings
    from ghala.spec.node import ScalarNode

SECTION = "notifications"
DOMAINS_FOLDER = "domains"
OWN_KEYS = ("allowed_hosts", "channels")
CHANNEL_KEYS = ("url", "secret", "kinds", "domains", "to")
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0\n]{1,1000}")


def read_channels(section: Fields, findings: Findings, root: Path) -> tuple[Channel, ...]:
    """Return the channels, by name. Where an address is stands here, never the address: it holds passwords."""
    node = section.mapping("channels")
    if node is None:
        return ()
    entries = Fields(node, findings, what="`channels`", known=node.entries.keys())
    channels = []
    for name in sorted(node.entries):
        if not IDENTIFIER.fullmatch(name.replace("-", "_")):
            message = f"`{name[:80]}` cannot be a channel's name"
            hint = (
                "use lower-case letters, digits, `_` and `-`, a letter first, at most 63 characters"
            )
            findings.error(FindingCode.NAME_INVALID, entries.key_place(name), message, hint)
        value = entries.mapping(name)
        if value is None:
            entries.require(name)
            continue
        fields = Fields(value, findings, what=f"the channel `{name[:80]}`", known=CHANNEL_KEYS)
        fields.require("url")
        channels.append(
            Channel(
                name,
                _reference(fields, "url", findings),
                secret=_reference(fields, "secret", findings) or None,
                kinds=_kinds(fields),
                domains=_domains(fields, findings, root),
                to=_receivers(fields, findings),
            )
        )
    return tuple(channels)


def read_hosts(section: Fields, findings: Findings) -> tuple[str, ...]:
    """Return the hosts that are told although their addresses are not public."""
    found = []
    for node in section.texts("allowed_hosts"):
        text = str(node.value)
        if fault := host_fault(text):
            message = f"`{text[:80]}` {fault}"
            findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, message)
        else:
            found.append(text)
    return tuple(found)


def reference_fault(text: str) -> str | None:
    """Return why a text cannot say where a secret is; None if it can.

    >>> reference_fault("env:SALES_MAIL"), reference_fault("file:/run/secrets/mail")
    (None, None)
    >>> reference_fault("env:sales mail")
    'write `env:NAME` for a variable of the environment, or `file:PATH`'
    """
    if _REFERENCE.fullmatch(text):
        return None
    return "write `env:NAME` for a variable of the environment, or `file:PATH`"


def _reference(fields: Fields, key: str, findings: Findings) -> str:
    text = fields.text(key)
    if text and (fault := reference_fault(text)):
        if "://" in text or key == "secret":
            message = "a secret stands in a file that others read"
            findings.error(FindingCode.SETTINGS_SECRET, fields.at(key), message, fault)
        else:
            message = f"`{key}` says where a secret is"
            findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at(key), message, fault)
    return text


def _kinds(fields: Fields) -> frozenset[NotificationKind]:
    chosen = (fields.chosen(node, "`kinds`", NotificationKind) for node in fields.texts("kinds"))
    return frozenset(kind for kind in chosen if kind is not None)


def _domains(fields: Fields, findings: Findings, root: Path) -> frozenset[str]:
    found = set()
    for node in fields.texts("domains"):
        name = str(node.value)
        if not IDENTIFIER.fullmatch(name):
            message = f"`{name[:80]}` cannot be a domain's name"
            findings.error(FindingCode.NAME_INVALID, node.place, message)
            continue
        found.add(name)
        if not (root / DOMAINS_FOLDER / name).is_dir():
            folders = (root / DOMAINS_FOLDER).glob("*/")
            hint = nearest(name, sorted(folder.name for folder in folders))
            message = f"there is no domain `{name}`: nothing of it is told"
            findings.warning(FindingCode.VALUE_NOT_ALLOWED, node.place, message, hint)
    return frozenset(found)


def _receivers(fields: Fields, findings: Findings) -> frozenset[str]:
    found = (_receiver(node, findings) for node in fields.texts("to"))
    return frozenset(one for one in found if one is not None)


def _receiver(node: ScalarNode, findings: Findings) -> str | None:
    text = str(node.value)
    try:
        account = AccountId.parse(text, PrincipalKind.TEAM)
    except ValueError as error:
        message = f"`{text[:80]}` cannot be told anything"
        findings.error(FindingCode.NAME_INVALID, node.place, message, str(error))
        return None
    if account.kind not in {PrincipalKind.TEAM, PrincipalKind.USER}:
        message = f"`{text[:80]}` cannot be told anything"
        hint = "programs are not told; write `team:NAME` or `user:NAME`"
        findings.error(FindingCode.NAME_INVALID, node.place, message, hint)
        return None
    return str(account)
