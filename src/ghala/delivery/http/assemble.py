"""The API's parts over an opened workspace: what is decided with which definitions, policies and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.delivery.http.parts import Parts
from ghala.governance.decider import EndpointDecider
from ghala.governance.policy_files import read_policies
from ghala.query.discover import Asking, Discovery
from ghala.registry.registry import read_epoch
from ghala.spec.kept import KeptDefinitions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.delivery.http.origin import Origin
    from ghala.governance.identity import Identity
    from ghala.model.product import Workspace
    from ghala.query.answer import Answerer
    from ghala.registry.registry import Registry
    from ghala.settings import Settings

ENDPOINT = "rest"
"""What policies know this way in by."""


def assemble(
    settings: Settings,
    origin: Origin,
    registry: Registry,
    answerer: Answerer,
    identity: Identity,
    *,
    load: Callable[[], Workspace],
    hash_key_of: Callable[[str], bytes],
) -> Parts:
    """Put the parts together; what is wrong with definitions, policies or purposes is found now.

    Raises:
        DefinitionError: the definitions, the policies or the purposes are wrong.
    """
    definitions = KeptDefinitions(load)
    definitions.now()
    identity.purposes()
    decider = EndpointDecider.of(
        read_policies(settings.root),
        definitions.now,
        # Nothing makes agreements yet, so nobody has one.
        agreements_of=lambda _name, _grantees, _purpose: (),
        hash_key_of=hash_key_of,
        endpoint=ENDPOINT,
    )

    def check_ready() -> None:
        with registry.read() as connection:
            read_epoch(connection)

    return Parts(
        identity=identity,
        asking=Asking(answerer, decider),
        discovery=Discovery(registry, definitions.now, decider),
        check_ready=check_ready,
        folder=settings.storage,
        origin=origin,
        body_bytes=settings.server_body_bytes,
    )
