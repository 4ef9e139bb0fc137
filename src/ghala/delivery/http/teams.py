"""`/teams`: who belongs together."""

from fastapi import APIRouter, Response

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.people_shapes import NewTeam, TeamFacts, Teams
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.delivery.http.users import Named
from ghala.model.plain import plain

router = APIRouter(tags=["teams"], route_class=RepeatableRoute)


@router.get("/teams")
async def teams(asker: WhoAsks, parts: GivenParts) -> Teams:
    """List teams."""
    found = await call(parts.lookups, parts.identity.teams.teams, by=asker.principal)
    return Teams.model_validate({"teams": plain(found)})


@router.post("/teams", status_code=201)
async def add_team(asked: NewTeam, asker: WhoAsks, parts: GivenParts) -> TeamFacts:
    """Add a team without members."""
    added = await call(parts.lookups, parts.identity.teams.add, asked.name, by=asker.principal)
    return TeamFacts.model_validate(plain(added))


@router.get("/teams/{team}")
async def team(team: Named, asker: WhoAsks, parts: GivenParts) -> TeamFacts:
    """Show one team, for its members and administrators."""
    found = await call(parts.lookups, parts.identity.teams.team, team, by=asker.principal)
    return TeamFacts.model_validate(plain(found))


@router.delete("/teams/{team}", status_code=204, response_class=Response)
async def remove_team(team: Named, asker: WhoAsks, parts: GivenParts) -> None:
    """Remove a team; one that answers for a service stays until that is disabled."""
    await call(parts.lookups, parts.identity.teams.remove, team, by=asker.principal)


@router.put("/teams/{team}/members/{name}")
async def join_team(team: Named, name: Named, asker: WhoAsks, parts: GivenParts) -> TeamFacts:
    """Make a user a member of a team."""
    changed = await call(parts.lookups, parts.identity.teams.join, team, name, by=asker.principal)
    return TeamFacts.model_validate(plain(changed))


@router.delete("/teams/{team}/members/{name}")
async def leave_team(team: Named, name: Named, asker: WhoAsks, parts: GivenParts) -> TeamFacts:
    """End a user's membership of a team."""
    changed = await call(parts.lookups, parts.identity.teams.leave, team, name, by=asker.principal)
    return TeamFacts.model_validate(plain(changed))
