"""Domains: `domain.yaml` into the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.product import Domain
from ghala.spec.fields import Fields

if TYPE_CHECKING:
    from ghala.spec.finding import Findings
    from ghala.spec.node import Node

KEYS = ("owner", "description")


def read_domain(node: Node, name: str, findings: Findings) -> Domain:
    """Return the domain of a folder; what is wrong with its file becomes findings."""
    fields = Fields(node, findings, what="`domain.yaml`", known=KEYS)
    fields.require("owner")
    return Domain(name, fields.text("owner"), fields.text("description"), node.place)
