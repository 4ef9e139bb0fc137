"""The process that tells people: reads an address and then messages from its input, and answers each with a line.

Nothing of the parent's environment is here, and the address comes through a pipe: no list of processes shows it.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from ghala.delivery.notify.guard import Allowed, Guard
from ghala.delivery.notify.services import load_services, open_service, scheme_fault
from ghala.delivery.notify.webhook import address_fault, post
from ghala.errors import GhalaError
from ghala.model.host import split_port

if TYPE_CHECKING:
    from collections.abc import Callable

    Send = Callable[[dict[str, Any]], str | None]


def main() -> None:
    """Answer every line until there are no more."""
    begun = json.loads(sys.stdin.readline())
    guard = Guard(Allowed.of(begun["allowed"]))
    try:
        if scheme_fault(begun["address"]) is None:
            load_services()
        # What follows may connect, and is under guard.
        guard.install()
        send = _open(begun["address"], begun["secret"], begun["allowed"])
    except GhalaError as error:
        send = _refusing(f"{error}: {error.hint}")
    except ValueError as error:
        send = _refusing(str(error))
    for line in sys.stdin:
        guard.refused.clear()
        fault = _sent(send, json.loads(line))
        if fault is not None and guard.refused:
            fault = f"{guard.refused[-1]} is not public, and not in `notifications.allowed_hosts`"
        print(json.dumps({"fault": fault}), flush=True)  # noqa: T201 - the answer to the parent


def _sent(send: Send, message: dict[str, Any]) -> str | None:
    try:
        return send(message)
    except Exception as error:  # noqa: BLE001 - a library's fault: its own text may hold the address
        return f"it could not be sent: {type(error).__name__}"


def _open(address: str, secret: str | None, allowed: list[str]) -> Send:
    if address.lower().startswith(("https://", "http://")):
        names = [split_port(one) for one in allowed]
        places = Allowed.of(one for one in allowed)

        def is_allowed(host: str, port: int) -> bool:
            is_named = any(host == name and wanted in {None, port} for name, wanted in names)
            return is_named or places.has(host, port)

        fault = address_fault(address, is_allowed)
        return _refusing(fault) if fault else lambda message: post(address, message, secret)
    if fault := scheme_fault(address):
        return _refusing(fault)
    send = open_service(address)
    return lambda message: send(str(message["title"]), str(message["text"]))


def _refusing(fault: str) -> Send:
    return lambda _message: fault


if __name__ == "__main__":
    main()
