"""Checkpoints and anchors: signed statements that the audit chains ended there and then.

A checkpoint names the heads that moved since the one before it, whose hash it carries: so the newest vouches for all.
An anchor is the same for all heads at once, in a file that is kept where the registry's administrator cannot change it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from ghala.errors import UsageError
from ghala.governance.audit_key import is_signed
from ghala.model.audit_record import AuditFault, Checkpoint, Mark
from ghala.registry import checkpoints
from ghala.registry.audit_form import canonical
from ghala.registry.registry import now_us, read_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.governance.audit_key import AuditKey
    from ghala.registry.identity import Transaction

FIRST = "0" * 64
_KIND = "ghala audit checkpoint"
_ANCHOR_KIND = "ghala audit anchor"
_ANCHOR_KEYS = frozenset({"body", "public_key", "signature"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an anchor says: which registry, the last checkpoint of then, and marks of every chain."""

    registry: str
    checkpoint: int
    checkpoint_sha256: str
    entries: int
    marks: dict[int, list[Mark]]
    public_key: str


@dataclass(slots=True)
class Vouched:
    """What checkpoints vouch for, and the first fault of the checkpoints themselves."""

    marks: dict[int, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    public_keys: tuple[str, ...] = ()
    faults: list[AuditFault] = field(default_factory=list)


def make(connection: Transaction, key: AuditKey) -> Checkpoint | None:
    """Sign what no checkpoint has signed, in the caller's transaction; None if there is nothing."""
    moved = checkpoints.heads(connection, unsigned=True)
    if not moved:
        return None
    before = checkpoints.newest(connection)
    number = before.number + 1 if before else 1
    body = canonical(
        {
            "kind": _KIND,
            "registry": read_id(connection),
            "number": number,
            "at": now_us(),
            "entries": checkpoints.count_entries(connection),
            "heads": [[head.chain, head.number, head.sha256] for head in moved],
            "previous_sha256": before.sha256 if before else FIRST,
        }
    )
    made = Checkpoint(number, body, _hash(body), key.public, key.sign(body))
    checkpoints.add(connection, made)
    return made


def anchor_text(connection: Transaction, key: AuditKey) -> str:
    """Return an anchor over all chains as they are, with the last checkpoint, as the text of a file."""
    last = checkpoints.newest(connection)
    heads = checkpoints.heads(connection)
    body = canonical(
        {
            "kind": _ANCHOR_KIND,
            "registry": read_id(connection),
            "at": now_us(),
            "checkpoint": last.number if last else 0,
            "checkpoint_sha256": last.sha256 if last else FIRST,
            "entries": sum(head.number for head in heads),
            "heads": [[head.chain, head.number, head.sha256] for head in heads],
        }
    )
    signed = {"body": body, "public_key": key.public, "signature": key.sign(body)}
    return json.dumps(signed, indent=1, ensure_ascii=False) + "\n"


def parse_anchor(text: str) -> Anchor:
    """Read the text of an anchor's file.

    Raises:
        UsageError: it is no anchor, or was changed after it was signed.
    """
    try:
        signed = json.loads(text)
        if not isinstance(signed, dict) or signed.keys() != _ANCHOR_KEYS:
            raise ValueError  # noqa: TRY301 - one answer to all that is no anchor
        body = json.loads(signed["body"])
        if body["kind"] != _ANCHOR_KIND:
            raise ValueError  # noqa: TRY301 - likewise
        marks = _marks(body["heads"], "the anchor")
        anchor = Anchor(
            registry=str(body["registry"]),
            checkpoint=int(body["checkpoint"]),
            checkpoint_sha256=str(body["checkpoint_sha256"]),
            entries=int(body["entries"]),
            marks=marks,
            public_key=str(signed["public_key"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            "the file is no anchor of an audit",
            hint="`ghala audit checkpoint --out FILE` writes one",
        ) from error
    if not is_signed(signed["body"], str(signed["signature"]), anchor.public_key):
        raise UsageError(
            "the anchor was changed after it was signed",
            hint="bring back the file that was written",
        )
    return anchor


def vouched(connection: Transaction, own_key: str | None, anchor: Anchor | None) -> Vouched:
    """Check the checkpoints, and return what they and an anchor vouch for.

    Args:
        connection: sees one state of the registry.
        own_key: the public half of the workspace's key; None if it has none, then any will do.
        anchor: what was kept elsewhere.

    Raises:
        UsageError: the anchor is of another registry.
    """
    if anchor is not None and anchor.registry != read_id(connection):
        raise UsageError("the anchor is of another registry", hint="use one of this workspace")
    kept = checkpoints.all_checkpoints(connection)
    found = Vouched(count=len(kept), public_keys=tuple(sorted({one.public_key for one in kept})))
    fault = _add_checkpoints(found, kept, own_key)
    if fault is None and (fault := _anchor_fault(kept, anchor)):
        # They were made anew: nothing that they say counts.
        found.marks.clear()
    if fault is not None:
        found.faults.append(fault)
    for chain, marks in anchor.marks.items() if anchor else ():
        found.marks[chain] += marks
    return found


def _add_checkpoints(
    found: Vouched, kept: Sequence[Checkpoint], own_key: str | None
) -> AuditFault | None:
    """Add what sound checkpoints vouch for; return the first fault, after which none is believed."""
    previous = FIRST
    for number, one in enumerate(kept, 1):
        if one.number != number:
            return AuditFault(None, number, "is missing")
        if _hash(one.body) != one.sha256 or not is_signed(one.body, one.signature, one.public_key):
            return AuditFault(None, number, "was changed after it was signed")
        if own_key is not None and one.public_key != own_key:
            return AuditFault(None, number, f"is signed with another key: {one.public_key}")
        body = json.loads(one.body)
        if (body["kind"], body["number"], body["previous_sha256"]) != (_KIND, number, previous):
            return AuditFault(None, number, "does not follow from the one before it")
        for chain, marks in _marks(body["heads"], f"checkpoint {number}").items():
            found.marks[chain] += marks
        previous = one.sha256
    return None


def _anchor_fault(kept: Sequence[Checkpoint], anchor: Anchor | None) -> AuditFault | None:
    if anchor is None or anchor.checkpoint == 0:
        return None
    if len(kept) < anchor.checkpoint:
        return AuditFault(None, len(kept) + 1, "is missing: the anchor knows it")
    if kept[anchor.checkpoint - 1].sha256 != anchor.checkpoint_sha256:
        return AuditFault(None, anchor.checkpoint, "was rewritten: the anchor has another hash")
    return None


def _marks(heads: Sequence[Sequence[object]], said_by: str) -> dict[int, list[Mark]]:
    return {
        int(str(chain)): [Mark(int(str(number)), str(kept), said_by)]
        for chain, number, kept in heads
    }


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
