"""What requests and answers about people look like: accounts, teams, roles, tokens and sessions."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Secret, Text
from ghala.governance.roles import LONGEST_MINUTES
from ghala.governance.token_terms import DEFAULT_DAYS, DEFAULT_MINUTES, LONGEST_DAYS
from ghala.model.principal import Role
from ghala.model.token import POWERS, SCOPES

_POWERS = ", ".join(f"`{scope}`" for scope in sorted(POWERS))
Name = Annotated[Text, Field(min_length=1, max_length=80, examples=["amina"])]


class NewAccount(RequestShape):
    """A user `amina`, a service `service:loader` or an agent `agent:helper`; the last two have an owner."""

    name: Name
    owner: Name | None = Field(
        None, description="Who answers for a service; an agent's user.", examples=[None]
    )
    password: Secret | None = Field(
        None, max_length=1024, description="A user's; without one nobody can sign in with it yet."
    )


class NewPassword(RequestShape):
    """A user's new password, set by an administrator."""

    password: Secret = Field(max_length=1024, examples=["nine brown bears"])


class ChangedPassword(RequestShape):
    """One's own new password, and the one before."""

    current: Secret = Field(max_length=1024, examples=["tall ships sail"])
    password: Secret = Field(max_length=1024, examples=["nine brown bears"])


class NewTeam(RequestShape):
    """A team."""

    name: Name


class WantedRole(RequestShape):
    """A role that the asker takes for a time, and why."""

    role: Role
    minutes: int = Field(60, ge=1, le=LONGEST_MINUTES)
    reason: Text = Field(min_length=1, max_length=500, examples=["new colleague in sales"])


class NewToken(RequestShape):
    """A token: of the asker, or of a service or an agent for which the asker answers."""

    principal: Name | None = Field(None, description="Whose; the asker's own unless given.")
    scopes: list[Text] = Field(
        min_length=1,
        max_length=len(SCOPES),
        description=f"What it allows: {', '.join(f'`{scope}`' for scope in SCOPES)}.",
        examples=[["dataset:read"]],
    )
    purpose: Text = Field(max_length=200, examples=["analytics"])
    label: Text = Field("", max_length=200)
    days: int | None = Field(
        None, ge=1, le=LONGEST_DAYS, description=f"How long it lives; {DEFAULT_DAYS} unless given."
    )
    minutes: int | None = Field(
        None,
        ge=1,
        description=f"Instead of `days`. A token with a role, or with one of {_POWERS}, lives {DEFAULT_MINUTES} "
        f"minutes unless this says otherwise, and {LONGEST_MINUTES} at most; never longer than its roles are taken.",
        examples=[None],
    )
    roles: list[Role] = Field(
        default_factory=list,
        max_length=len(Role),
        description="Roles that count with it: those that the asker has taken, and the session knows of.",
        examples=[[]],
    )


class TakenRoleFacts(BaseModel):
    """A role that somebody has taken, why, and until when."""

    role: Role
    reason: str
    begun_at: datetime
    until: datetime


class Who(BaseModel):
    """Who asks, as decisions see them, and what they may do. `scopes` is null where no token narrows that.

    `roles` count now. `eligible` may be taken, `taken` are; `is_stale` says that one of these counts only once the
    session is renewed. `domains` are those that a team of theirs owns. `purposes` may be stated. `actions` are what
    they may do at all, each perhaps for some objects only. `waiting_requests` wait for their decision; null where their
    token does not show requests.
    """

    id: str = Field(examples=["user:amina"])
    kind: str = Field(examples=["user"])
    purpose: str = Field(examples=["analytics"])
    on_behalf_of: str | None
    teams: list[str]
    roles: list[str]
    scopes: list[str] | None
    eligible: list[Role]
    taken: list[TakenRoleFacts]
    is_stale: bool
    domains: list[str]
    purposes: list[str]
    actions: list[str]
    waiting_requests: int | None


class StatedPurpose(RequestShape):
    """What the session goes on for."""

    purpose: Text = Field(max_length=200, examples=["reporting"])


class AccountFacts(BaseModel):
    """A user, service or agent. `eligible` are the roles that it may take, `taken` those that it has now."""

    id: str = Field(examples=["user:amina"])
    kind: str = Field(examples=["user"])
    name: str
    owner: str | None
    is_enabled: bool
    created_at: datetime
    disabled_at: datetime | None
    teams: list[str]
    eligible: list[Role]
    taken: list[TakenRoleFacts]


class Accounts(BaseModel):
    """Accounts, by id."""

    users: list[AccountFacts]


class OwnRoles(BaseModel):
    """The roles that the asker may take, and has taken; those that count in this session are in `/me`."""

    eligible: list[Role]
    taken: list[TakenRoleFacts]


class TeamFacts(BaseModel):
    """A team, its members, and the domains that it owns."""

    id: str = Field(examples=["team:sales-team"])
    name: str
    created_at: datetime
    members: list[str]
    domains: list[str]


class Teams(BaseModel):
    """Teams, by id."""

    teams: list[TeamFacts]


class TokenFacts(BaseModel):
    """What is known of a token; its text was shown once. It ends with the `roles` that it carries."""

    id: str
    principal: str
    label: str
    scopes: list[str]
    purpose: str
    issued_by: str
    issued_at: datetime
    until: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    roles: list[Role]


class Issued(BaseModel):
    """A token at the only moment at which its text is known."""

    token: TokenFacts
    text: str


class Tokens(BaseModel):
    """Tokens, newest first; also those that no longer hold."""

    tokens: list[TokenFacts]


class SessionFacts(BaseModel):
    """A session; `is_current` if it is the one that asks."""

    id: str
    principal: str
    purpose: str
    address: str
    begun_at: datetime
    used_at: datetime
    until: datetime
    is_current: bool


class Sessions(BaseModel):
    """Sessions that still hold, newest first."""

    sessions: list[SessionFacts]


class OutsideIdentityFacts(BaseModel):
    """Who an account is at an identity provider, and since when."""

    issuer: str = Field(examples=["https://id.acme.example"])
    subject: str
    linked_at: datetime


class OutsideIdentities(BaseModel):
    """Who an account is at identity providers, the newest link first."""

    identities: list[OutsideIdentityFacts]


class Ended(BaseModel):
    """How many sessions ended."""

    ended: int


class PurposeFacts(BaseModel):
    """What data may be used for."""

    name: str = Field(examples=["analytics"])
    legal_basis: str = Field(examples=["legitimate_interests"])
    retention_days: int
    description: str


class Purposes(BaseModel):
    """The workspace's closed list of purposes."""

    purposes: list[PurposeFacts]
