"""Roadmaps: a product folder's `roadmap.yaml` into what is to come and what changes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from ghala.model.names import IDENTIFIER
from ghala.model.roadmap import ChangeAhead, ChangeKind, ItemState, Roadmap, RoadmapItem
from ghala.spec.fields import Fields, nearest
from ghala.spec.finding import FindingCode

if TYPE_CHECKING:
    from collections.abc import Collection

    from ghala.spec.finding import Findings
    from ghala.spec.node import Node

ROADMAP_FILE = "roadmap.yaml"
LONGEST_TITLE = 200
_ITEM = ("id", "title", "description", "status", "by")
_CHANGE = ("title", "description", "kind", "on", "dataset", "action")
_QUARTER = re.compile(r"[0-9]{4}-Q[1-4]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_roadmap(node: Node, datasets: Collection[str] | None, findings: Findings) -> Roadmap:
    """Return what can be understood of a roadmap, and add everything that is wrong to `findings`.

    `datasets` are those of the product, without the domain; None where not all of them are known.
    """
    fields = Fields(node, findings, what=f"`{ROADMAP_FILE}`", known=("changes", "items"))
    items: dict[str, RoadmapItem] = {}
    for one in fields.items("items"):
        item = _item(one, findings)
        if item is None:
            continue
        if item.id in items:
            message = f"there is an item `{item.id}` already"
            hint = "votes are for one item: give each an id of its own"
            findings.error(FindingCode.NAME_TAKEN, one.place, message, hint)
        items.setdefault(item.id, item)
    changes = [_change(one, datasets, findings) for one in fields.items("changes")]
    return Roadmap(tuple(items.values()), tuple(one for one in changes if one is not None))


def _item(node: Node, findings: Findings) -> RoadmapItem | None:
    fields = Fields(node, findings, what="an item", known=_ITEM)
    fields.require("id", "title", "status")
    name, state = fields.text("id"), fields.choice("status", ItemState)
    if name and not IDENTIFIER.fullmatch(name):
        message = f"`{name[:80]}` cannot be an item's id"
        hint = "use lower-case letters, digits and `_`, a letter first, at most 63 characters"
        findings.error(FindingCode.NAME_INVALID, fields.at("id"), message, hint)
        return None
    by = fields.text("by").strip()
    if by and not _QUARTER.fullmatch(by) and _day(by) is None:
        message = "`by` is a quarter or a day"
        hint = "write 2026-Q2 or 2026-04-01"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("by"), message, hint)
        by = ""
    title = _title(fields, findings)
    if not name or not title or state is None:
        return None
    return RoadmapItem(name, title, state, fields.text("description").strip(), by, fields.place)


def _change(node: Node, datasets: Collection[str] | None, findings: Findings) -> ChangeAhead | None:
    fields = Fields(node, findings, what="a change", known=_CHANGE)
    fields.require("title", "kind", "on", "action")
    kind, text = fields.choice("kind", ChangeKind), fields.text("on").strip()
    on = _day(text)
    if text and on is None:
        message = "`on` is a day"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("on"), message, "write 2026-04-01")
    dataset = fields.text("dataset").strip().lower()
    if dataset and datasets is not None and dataset not in datasets:
        message = f"`{dataset[:80]}` is no dataset of this product"
        hint = nearest(dataset, datasets)
        findings.error(FindingCode.ROADMAP_UNKNOWN_DATASET, fields.at("dataset"), message, hint)
    title, action = _title(fields, findings), fields.text("action").strip()
    if not title or kind is None or on is None or not action:
        return None
    description = fields.text("description").strip()
    return ChangeAhead(title, kind, on, action, dataset, description, fields.place)


def _title(fields: Fields, findings: Findings) -> str:
    title = fields.text("title").strip()
    if len(title) > LONGEST_TITLE:
        message = f"a title has at most {LONGEST_TITLE} characters"
        hint = "say more in `description`"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("title"), message, hint)
    return title


def _day(text: str) -> date | None:
    """Return a day of the calendar; None if it is none.

    >>> _day("2026-02-28"), _day("2026-02-29"), _day("20260228")
    (datetime.date(2026, 2, 28), None, None)
    """
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
