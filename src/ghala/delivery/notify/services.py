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


def load_services() -> None:
    """Load all of the library: some of it looks for other libraries, which is not for a process under guard.

    Raises:
        MissingExtraError: apprise is not installed.
    """
    try:
        from apprise.manager_plugins import NotificationManager  # noqa: PLC0415 - an optional part
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "mail and chat need apprise", hint="pip install 'ghala[notify]'"
        ) from error
    NotificationManager().load_modules()  # type: ignore[no-untyped-call]  # the library leaves these without types


def open_service(address: str) -> Callable[[str, str], str | None]:
    """Return what sends a title and a text, and says why it could not; None if it could.

    Raises:
        ValueError: the address is not one.
    """
    import apprise  # noqa: PLC0415 - an optional part

    said = _Said()
    logger = logging.getLogger("apprise")
    logger.handlers = [said]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    asset = apprise.AppriseAsset(plugin_paths=[], secure_logging=True)
    # One service of one address: a list of them would be looked at by its first alone.
    found = apprise.Apprise.instantiate(address, asset=asset)
    service = apprise.Apprise(asset=asset)
    if found is None or not service.add(found):
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
