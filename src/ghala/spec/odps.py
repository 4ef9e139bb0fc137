"""Products: an ODPS file into what the model needs of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.product import ProductPerson, SupportChannel
from ghala.spec.fields import Fields
from ghala.spec.finding import FindingCode
from ghala.spec.node import MapNode
from ghala.spec.schema import load_schema

if TYPE_CHECKING:
    from ghala.errors import Place
    from ghala.spec.finding import Findings
    from ghala.spec.node import Node

VERSIONS = ("v0.9.0", "v1.0.0")


@dataclass(frozen=True, slots=True)
class Port:
    """One port of a product and the contract that it names, "" if it names none."""

    name: str
    contract_id: str
    place: Place


@dataclass(frozen=True, slots=True)
class ProductParts:
    """What an ODPS file says of a product; `owner` is "" if it names no team."""

    id: str
    title: str
    version: str
    status: str
    owner: str
    purpose: str
    tags: tuple[str, ...]
    people: tuple[ProductPerson, ...]
    limitations: str
    usage: str
    support: tuple[SupportChannel, ...]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    place: Place


def read_product(node: Node, domain: str, findings: Findings) -> ProductParts | None:
    """Return what the file says; None if it is no ODPS file at all. `domain` is the folder's."""
    fields = Fields(node, findings, what="a product")
    version = fields.text("apiVersion")
    if not isinstance(node, MapNode) or version not in VERSIONS:
        findings.error(
            FindingCode.ODPS_VERSION, fields.at("apiVersion"),
            "this is not an ODPS file that Ghala reads", f"`apiVersion` is one of {', '.join(VERSIONS)}",
        )  # fmt: skip
        return None
    load_schema("ghala.spec", "odps.schema.json").check(node, findings)
    named = fields.text("domain")
    if named and named.lower() != domain:
        message = f"the product names the domain `{named[:80]}`, its folder is in `{domain}`"
        findings.warning(FindingCode.ODPS_DOMAIN_DIFFERS, fields.at("domain"), message)
    team, description = fields.mapping("team"), fields.mapping("description")
    said = Fields(description, findings, what="a description") if description else None
    return ProductParts(
        id=fields.text("id"),
        title=fields.text("name"),
        version=fields.text("version"),
        status=fields.text("status"),
        owner=Fields(team, findings, what="a team").text("name") if team else "",
        purpose=said.text("purpose") if said else "",
        tags=tuple(str(tag.value) for tag in fields.texts("tags")),
        people=_people(team, findings),
        limitations=said.text("limitations") if said else "",
        usage=said.text("usage") if said else "",
        support=_support(fields, findings),
        inputs=_ports(fields, "inputPorts", findings),
        outputs=_ports(fields, "outputPorts", findings),
        place=fields.at("id"),
    )


def _ports(fields: Fields, key: str, findings: Findings) -> tuple[Port, ...]:
    ports = [Fields(item, findings, what="a port") for item in fields.items(key)]
    return tuple(
        Port(port.text("name"), port.text("contractId"), port.at("contractId")) for port in ports
    )


def _support(fields: Fields, findings: Findings) -> tuple[SupportChannel, ...]:
    channels = [Fields(item, findings, what="a channel") for item in fields.items("support")]
    return tuple(
        SupportChannel(
            one.text("channel"), one.text("url"), one.text("tool"), one.text("description")
        )
        for one in channels
        if one.text("channel")
    )


def _people(team: MapNode | None, findings: Findings) -> tuple[ProductPerson, ...]:
    """Return who is in a team and has not left it."""
    if team is None:
        return ()
    members = [
        Fields(item, findings, what="a member")
        for item in Fields(team, findings, what="a team").items("members")
    ]
    return tuple(
        ProductPerson(one.text("username"), one.text("name"), one.text("role"))
        for one in members
        if one.text("username") and one.get("dateOut") is None
    )
