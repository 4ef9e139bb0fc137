"""A notification in plain words: names, counts and where to look, never a cell value, a key or somebody's own words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.model.audit import AuditTag
from ghala.model.notification import (
    ABOUT_AGREEMENTS,
    ABOUT_INCIDENTS,
    ABOUT_WORDS,
    Message,
    NotificationKind,
)
from ghala.model.release import PROD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.notification import Delivery, Notification

API = "/api/v1"
_ENDINGS = {
    NotificationKind.AGREEMENT_APPROVED: "was approved",
    NotificationKind.AGREEMENT_DENIED: "was denied",
    NotificationKind.AGREEMENT_EXPIRING: "ends soon",
    NotificationKind.AGREEMENT_NARROWED: "was narrowed",
    NotificationKind.AGREEMENT_RENEWED: "was renewed",
    NotificationKind.AGREEMENT_REVOKED: "was revoked",
}
_GIVES = frozenset(_ENDINGS) - {
    NotificationKind.AGREEMENT_DENIED,
    NotificationKind.AGREEMENT_REVOKED,
}


def message_of(delivery: Delivery, registry: str, public_url: str | None) -> Message:
    """Return what is sent.

    Args:
        delivery: what happened, and whether its receivers may know the names in it.
        registry: the registry's id, which makes the message's id one of its own.
        public_url: by which address people reach the server; None if nobody said.
    """
    notification = delivery.notification
    title, lines = _words(notification, is_named=delivery.is_named)
    where = _look(notification, is_named=delivery.is_named, public_url=public_url)
    facts = _facts(notification, is_named=delivery.is_named)
    return Message(
        id=f"{registry}-{delivery.number}",
        title=f"Ghala: {title}",
        text="\n".join([*lines, "", *where]).strip(),
        facts={**facts, "at": delivery.created_at.isoformat()},
    )


def tested_message(channel: str, workspace: str, number: str) -> Message:
    """Return what says that a channel works."""
    return Message(
        id=f"test-{number}",
        title="Ghala: a test",
        text=f"This is a test of the channel {channel} of the workspace {workspace}. It works.",
        facts={"kind": AuditTag.CHANNEL_TESTED.value, "channel": channel},
    )


def _words(notification: Notification, *, is_named: bool) -> tuple[str, list[str]]:
    facts = notification.facts
    if notification.kind in ABOUT_AGREEMENTS:
        about = notification.datasets[0] if is_named and notification.datasets else "a dataset"
        return _of_agreement(notification.kind, facts, about, is_named=is_named)
    if notification.kind in ABOUT_WORDS:
        about = notification.datasets[0] if is_named and notification.datasets else "a dataset"
        return _of_words(notification.kind, facts, about)
    return _of_product(notification, notification.product if is_named else "a product")


def _of_product(notification: Notification, product: str) -> tuple[str, list[str]]:
    facts = notification.facts
    environment = str(facts.get("environment", PROD))
    where = "" if environment == PROD else f" in {environment}"
    run = f"Its run is {facts.get('run', '')}."
    kept = "Consumers keep the last good release."
    match notification.kind:
        case NotificationKind.CONTRACT_BROKEN:
            count = f"{_count(facts, 'rules', 'rule')} failed, for {_count(facts, 'rows', 'row')}."
            return f"{product} broke its contract{where}", [f"{count} {kept}", run]
        case NotificationKind.PRODUCT_RECOVERED:
            release = f" The release is {facts['release']}." if "release" in facts else ""
            before = "broke its contract" if facts.get("after") == "refused" else "failed"
            return f"{product} is well again{where}", [f"The run before {before}.{release}", run]
        case NotificationKind.INCIDENT_OPENED:
            return _of_incident(facts, product, where)
        case NotificationKind.INCIDENT_RESOLVED:
            number = f"Its number is {facts.get('incident', '')}."
            return f"an incident of {product} is over{where}", [number]
        case NotificationKind.PRODUCT_ROLLED_BACK:
            back = f"Release {facts.get('release', '')} has the content of release {facts.get('to', '')}."
            return f"{product} was rolled back{where}", [back, run]
        case _:
            return f"{product} failed{where}", [f"Why: {facts.get('why', '')}. {kept}", run]


def _of_incident(facts: Mapping[str, str | int], product: str, where: str) -> tuple[str, list[str]]:
    number = f"Its number is {facts.get('incident', '')}."
    if "level" not in facts:
        return f"{product} has an incident{where}", [number]
    promised = f"The {facts['level']} of {facts.get('objective', '')} is missed. {number}"
    return f"{product} misses a service level{where}", [promised]


def _of_agreement(
    kind: NotificationKind, facts: Mapping[str, str | int], about: str, *, is_named: bool
) -> tuple[str, list[str]]:
    grantee = str(facts.get("grantee", "")) if is_named else "somebody"
    number = f"Its number is {facts.get('agreement', '')}."
    until = f"until {_day(facts['until'])}" if "until" in facts else ""
    columns = _count(facts, "columns", "column") if "columns" in facts else ""
    given = " ".join(part for part in (columns, until) if part)
    if kind is NotificationKind.AGREEMENT_REQUESTED:
        return f"{grantee} asks for access to {about}", [f"You can decide. {number}"]
    said = f"It gives {given}. {number}" if given and kind in _GIVES else number
    return f"access to {about} {_ENDINGS[kind]} for {grantee}", [said]


def _of_words(
    kind: NotificationKind, facts: Mapping[str, str | int], about: str
) -> tuple[str, list[str]]:
    state = str(facts.get("state", ""))
    if kind is NotificationKind.TICKET_OPENED:
        number = f"Its number is {facts.get('ticket', '')}."
        return f"a ticket says what is wrong in {about}", [f"You can answer. {number}"]
    if kind is NotificationKind.TICKET_ANSWERED:
        release = f" in release {facts['release']}" if "release" in facts else ""
        number = f"Its number is {facts.get('ticket', '')}."
        return f"your ticket about {about} is {state}{release}", [number]
    number = f"Its number is {facts.get('wish', '')}."
    if kind is NotificationKind.WISH_ASSIGNED:
        return "a wish for data waits for your answer", [number]
    return f"your wish for data is {state}", [number]


def _look(notification: Notification, *, is_named: bool, public_url: str | None) -> list[str]:
    if notification.kind in ABOUT_AGREEMENTS:
        agreement = str(notification.facts.get("agreement", ""))
        command, path = f"ghala access show {agreement}", f"/requests/{quote(agreement)}"
    elif notification.kind in ABOUT_WORDS:
        noun = "ticket" if "ticket" in notification.facts else "wish"
        number = str(notification.facts.get(noun, ""))
        folder = "tickets" if noun == "ticket" else "wishes"
        command, path = f"ghala {noun} show {number}", f"/{folder}/{quote(number)}"
    elif notification.kind in ABOUT_INCIDENTS:
        incident = str(notification.facts.get("incident", ""))
        command, path = f"ghala incident show {incident}", f"/incidents/{quote(incident)}"
    elif is_named:
        environment = str(notification.facts.get("environment", PROD))
        option = "" if environment == PROD else f" --environment {environment}"
        command, path = (
            f"ghala show {notification.product}{option}",
            f"/products/{notification.product}",
        )
    else:
        return ["See: ghala list"]
    link = [f"{public_url.rstrip('/')}{API}{path}"] if public_url else []
    return [f"See: {command}", *link]


def _facts(notification: Notification, *, is_named: bool) -> dict[str, object]:
    names: dict[str, object] = {}
    if is_named:
        names = {
            "domain": notification.domain,
            "product": notification.product or None,
            "datasets": list(notification.datasets),
        }
    kept = {key: value for key, value in notification.facts.items() if is_named or key != "grantee"}
    return {"kind": notification.kind.value, **names, **kept}


def _count(facts: Mapping[str, str | int], key: str, noun: str) -> str:
    number = int(facts.get(key, 0))
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _day(moment: object) -> str:
    return f"{datetime.fromisoformat(str(moment)).astimezone(UTC):%Y-%m-%d}"
