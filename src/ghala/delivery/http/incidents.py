"""`/incidents`: what is not as it was promised, and who takes care of it."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.incident_shapes import (
    Acknowledged,
    AskedIncidents,
    IncidentFacts,
    IncidentId,
    IncidentList,
    IncidentTimeline,
    NewIncident,
    NewNote,
    Resolved,
)
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.model.incident import ShownIncident

router = APIRouter(prefix="/incidents", tags=["incidents"], route_class=RepeatableRoute)


@router.get("")
async def incidents(asker: WhoAsks, parts: GivenParts, asked: AskedIncidents) -> IncidentList:
    """List incidents of datasets that the asker may discover, newest first."""
    found = await call(parts.lookups, parts.incidents.page, by=asker.principal, **dict(asked))
    listed = [IncidentFacts.model_validate(one.facts) for one in found.items]
    return IncidentList(incidents=listed, next=found.next)


@router.post("", status_code=201)
async def open_incident(asked: NewIncident, asker: WhoAsks, parts: GivenParts) -> IncidentTimeline:
    """Open an incident about a product for which one is responsible."""
    opened = parts.incidents.open
    return _shown(await call(parts.lookups, opened, by=asker.principal, **dict(asked)))


@router.get("/{incident}")
async def incident(incident: IncidentId, asker: WhoAsks, parts: GivenParts) -> IncidentTimeline:
    """Show an incident with its timeline."""
    return _shown(await call(parts.lookups, parts.incidents.find, incident, by=asker.principal))


@router.post("/{incident}/acknowledgement")
async def acknowledge(
    incident: IncidentId, said: Acknowledged, asker: WhoAsks, parts: GivenParts
) -> IncidentTimeline:
    """Say that one takes care of an incident."""
    verb, text = parts.incidents.acknowledge, said.text
    return _shown(await call(parts.lookups, verb, incident, by=asker.principal, text=text))


@router.post("/{incident}/notes")
async def note(
    incident: IncidentId, said: NewNote, asker: WhoAsks, parts: GivenParts
) -> IncidentTimeline:
    """Add a note to an incident, which everybody can read who sees it."""
    verb = parts.incidents.note
    return _shown(await call(parts.lookups, verb, incident, said.text, by=asker.principal))


@router.post("/{incident}/resolution")
async def resolve(
    incident: IncidentId, said: Resolved, asker: WhoAsks, parts: GivenParts
) -> IncidentTimeline:
    """Say that an incident is over, and why; if its cause goes on, it is opened anew."""
    verb = parts.incidents.resolve
    return _shown(await call(parts.lookups, verb, incident, said.reason, by=asker.principal))


def _shown(found: ShownIncident) -> IncidentTimeline:
    return IncidentTimeline.model_validate(
        found.facts | {"events": found.events}, from_attributes=True
    )
