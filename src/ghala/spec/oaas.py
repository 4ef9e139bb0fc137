"""Access agreements in the words of Bitol's OAAS (draft, v0.9.0): an agreement of ours into one of its documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from ghala.model.agreement import AgreementState
from ghala.model.predicate import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ghala.model.agreement import Agreement
    from ghala.model.contract import AccessRole, Contract, Dataset
    from ghala.model.product import Product
    from ghala.model.request import Request

API_VERSION = "v0.9.0"
KIND = "AccessAgreement"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who gives, as the workspace defines it now."""

    product: Product
    contract: Contract
    dataset: Dataset
    owner: str


def to_oaas(
    request: Request, agreement: Agreement | None, provider: Provider | None, now: datetime
) -> dict[str, object]:
    """Return one document, ready for YAML or JSON; keys without a value are left out.

    What the standard has no word for stands in `customProperties`: columns, rows, the code of the purpose, who
    approved, and that an agreement has ended. Its `status` knows no end: an agreement that was approved stays so.
    `provider` is None where nothing promises the dataset any more.
    """
    terms = agreement or request.terms
    document: dict[str, object] = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "id": request.id,
        "name": f"{request.terms.dataset} for {request.grantee}",
        "status": _status(request),
        "startTimestamp": _time(agreement.since if agreement else None),
        "endTimestamp": _time(agreement.end if agreement else terms.until),
        "nextReassessmentTimestamp": _time(agreement.reassess_at if agreement else None),
        "description": {"purpose": request.justification},
        "provider": _provider(provider),
        "consumer": _consumer(request.grantee),
        "roles": [{"role": role.name} for role in _roles(provider)],
        "customProperties": list(_custom(request, agreement, now)),
    }
    return {key: value for key, value in document.items() if value not in (None, {}, [])}


def _status(request: Request) -> str:
    known = {"approved": "approved", "requested": "requested"}
    return known.get(request.state.value, "rejected")


def _provider(provider: Provider | None) -> dict[str, str]:
    if provider is None:
        return {}
    return {
        "teamId": provider.owner,
        "dataProductId": provider.product.id,
        "outputPortId": provider.dataset.name.dataset,
        "dataContractId": provider.contract.id,
        "dataContractVersion": provider.contract.version,
    }


def _roles(provider: Provider | None) -> list[AccessRole]:
    roles = provider.contract.roles if provider else ()
    return [role for role in roles if role.is_for_reading]


def _consumer(grantee: str) -> dict[str, str]:
    kind, _, name = grantee.partition(":")
    match kind:
        case "team":
            return {"teamId": name}
        case "product":
            return {"dataProductId": name}
        case "user":
            return {"userId": name}
    # A service or an agent is a user to the standard; its kind stays to be seen.
    return {"userId": grantee}


def _custom(
    request: Request, agreement: Agreement | None, now: datetime
) -> Iterator[dict[str, object]]:
    terms = agreement or request.terms
    state = agreement.state(now).value if agreement else request.state.value
    yield _property("dataset", str(request.terms.dataset))
    yield _property("purposeCode", terms.purpose)
    yield _property("columns", sorted(terms.columns))
    if terms.rows is not None:
        yield _property("rows", to_json(terms.rows))
    yield _property("state", state)
    yield _property("requestedBy", request.requested_by)
    if request.on_behalf_of is not None:
        yield _property("onBehalfOf", request.on_behalf_of)
    deciders = [decision.by for decision in request.decisions]
    if deciders:
        yield _property("decidedBy", deciders)
    if agreement is not None and agreement.state(now) is AgreementState.REVOKED:
        yield _property("revokedAt", _time(agreement.revoked_at))


def _property(name: str, value: object) -> dict[str, object]:
    return {"property": f"ghala.{name}", "value": value}


def _time(moment: datetime | None) -> str | None:
    """Return a moment as the standard writes it, to the second; None if there is none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
