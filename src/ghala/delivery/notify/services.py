"""Mail and chat, through apprise: the services that carry a message to people, and no others."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from ghala.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMES = frozenset(
    {"discord", "gchat", "gotifys", "mailgun", "mailto", "mailtos", "matrix", "matrixs", "mmost", "mmosts"}
    | {"ntfy", "ntfys", "opsgenie", "pagerduty", "pover", "rocket", "rockets", "sendgrid", "slack"}
    | {"tgram", "victorops", "webex", "workflows", "zulip"}
)  # fmt: skip
"""The library knows many more: some start programs of this machine, write to its log, or reach no person."""
_STATUS = re.compile(r"error=([0-9]{3})\b")


def scheme_fault(address: str) -> str | None:
    """Return why an address is no service for people; None if it is.

    >>> scheme_fault("mailtos://user:secret@mail.acme.example")
    >>> scheme_fault("syslog://")
    'its address is none of `https` or of a service that is known here: see docs/guides/notifications.md'
    """
    scheme, separator, _ = address.partition("://")
    if separator and scheme.lower() in SCHEMES:
        return None
    return "its address is none of `https` or of a service that is known here: see docs/guides/notifications.md"


def open_service(address: str) -> Callable[[str, str], str | None]:
    """Return what sends a title and a text, and says why it could not; None if it could.

    Raises:
        MissingExtraError: apprise is not installed.
        ValueError: the address is not one.
    """
    try:
        import apprise  # noqa: PLC0415 - an optional part
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "mail and chat need apprise", hint="pip install 'ghala[notify]'"
        ) from error
    said = _Said()
    logger = logging.getLogger("apprise")
    logger.handlers = [said]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    # No files are read for it, and nothing is kept between two starts.
    service = apprise.Apprise(asset=apprise.AppriseAsset(plugin_paths=[], secure_logging=True))
    if not service.add(address):
        raise ValueError("its address cannot be read")

    def send(title: str, text: str) -> str | None:
        said.statuses.clear()
        if service.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT):
            return None
        if said.statuses:
            return f"the receiver answered {said.statuses[-1]}"
        return "the receiver cannot be reached, or did not take the message"

    return send


class _Said(logging.Handler):
    """Keeps the statuses with which a service refused: the rest of what is logged may hold secrets."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look for a status."""
        if found := _STATUS.search(record.getMessage()):
            self.statuses.append(found[1])
