"""`identity` of `ghala.yaml`: the provider of OpenID Connect that lets users in."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ghala.model.account import account_name_fault
from ghala.model.outside import OidcProvider
from ghala.settings import OIDC_CLIENT_SECRET
from ghala.spec.fields import Fields
from ghala.spec.finding import FindingCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.spec.finding import Findings

KEYS = ("issuer", "client_id", "client_secret", "name_claim", "groups_claim", "teams")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def read_oidc(fields: Fields, findings: Findings) -> OidcProvider | None:
    """Return the provider that `identity.oidc` names; None if there is none. Its secret is never in a file."""
    identity = fields.mapping("identity")
    if identity is None:
        return None
    section = Fields(identity, findings, what="`identity`", known=("oidc",)).mapping("oidc")
    if section is None:
        return None
    oidc = Fields(section, findings, what="`identity.oidc`", known=KEYS)
    oidc.require("issuer", "client_id")
    issuer, client_id = oidc.text("issuer"), oidc.text("client_id")
    if "client_secret" in oidc:
        message = "a secret stands in a file that others read"
        hint = f"give it in the environment variable `{OIDC_CLIENT_SECRET}`"
        findings.error(FindingCode.SETTINGS_SECRET, oidc.at("client_secret"), message, hint)
    if issuer and (fault := issuer_fault(issuer)):
        findings.error(FindingCode.VALUE_NOT_ALLOWED, oidc.at("issuer"), fault)
    return OidcProvider(
        issuer,
        client_id,
        name_claim=oidc.text("name_claim") or "preferred_username",
        groups_claim=oidc.text("groups_claim") or "groups",
        teams=_read_teams(oidc, findings),
    )


def issuer_fault(issuer: str) -> str | None:
    """Return why a text cannot be an issuer; None if it can.

    >>> issuer_fault("https://id.acme.example"), issuer_fault("http://127.0.0.1:9400")
    (None, None)
    >>> issuer_fault("http://id.acme.example")
    '`issuer` is an address of https, like `https://id.acme.example`'
    """
    try:
        parts = urlsplit(issuer)
        host, is_bare = parts.hostname, not (parts.query or parts.fragment or parts.username)
    except ValueError:
        host, is_bare = None, False
    is_safe = issuer.startswith("https://") or (issuer.startswith("http://") and host in _LOOPBACK)
    if host and is_bare and is_safe:
        return None
    return "`issuer` is an address of https, like `https://id.acme.example`"


def _read_teams(oidc: Fields, findings: Findings) -> Mapping[str, str]:
    node = oidc.mapping("teams")
    if node is None:
        return MappingProxyType({})
    entries = Fields(node, findings, what="`teams`", known=node.entries.keys())
    teams = {group: entries.text(group) for group in node.entries}
    for group, team in teams.items():
        if fault := account_name_fault(team):
            message = f"`{team[:80]}` cannot be a team: {fault}"
            findings.error(FindingCode.NAME_INVALID, entries.at(group), message)
    return MappingProxyType(teams)
