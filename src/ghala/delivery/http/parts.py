"""What the API is given: the parts of the core that it calls, and how much of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import CapacityLimiter

from ghala.delivery.http.meters import Meters
from ghala.query.history import RunHistory
from ghala.query.levels import Levels
from ghala.query.mending import Mendings
from ghala.query.rule_history import RuleHistory
from ghala.query.told import Told
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ghala.delivery.http.origin import Origin
    from ghala.delivery.http.streams import Streams
    from ghala.governance.access import Access
    from ghala.governance.audit_trail import AuditTrail
    from ghala.governance.declarations import Declarations
    from ghala.governance.identity import Identity
    from ghala.governance.incidents import Incidents
    from ghala.governance.notifications import Notifications
    from ghala.governance.oidc import OutsideSignIn
    from ghala.governance.oneself import Oneself
    from ghala.governance.policies_in_force import PoliciesInForce
    from ghala.governance.policy_book import PolicyBook
    from ghala.governance.repeats import Repeats
    from ghala.governance.server_state import ServerState
    from ghala.pipelines.rollback import Rollbacks
    from ghala.pipelines.start import Started
    from ghala.query.asked import AskedStatements
    from ghala.query.asking import Asking
    from ghala.query.browse import Browser
    from ghala.query.discover import Discovery
    from ghala.query.domains import Domains
    from ghala.query.finders import Finders
    from ghala.query.home import Home
    from ghala.query.kept_out import KeptOut
    from ghala.query.personal_data import PersonalData
    from ghala.query.questions import Questions
    from ghala.query.saved import SavedQueries
    from ghala.query.talk import Talk

ASKED_AT_ONCE = 128
"""Far more than run: those that wait for their turn wait in a thread, and their order is the core's."""
LOOKED_UP_AT_ONCE = 16
AT_PROVIDER_AT_ONCE = 4
"""Each may wait seconds for a machine that is not ours: they wait among themselves."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the core. `check_ready` raises what keeps the server from answering.

    `folder` is where an answer waits until it was sent. Questions have a limiter of their own: however many run, people
    can sign in.
    """

    identity: Identity
    access: Access
    policies: PolicyBook
    in_force: PoliciesInForce
    repeats: Repeats
    rollbacks: Callable[[], Rollbacks]
    asking: Asking
    kept_questions: Questions
    asked: AskedStatements
    saved: SavedQueries
    discovery: Discovery
    started: Started
    kept_out: KeptOut
    incidents: Incidents
    audit: AuditTrail
    notifications: Notifications
    finders: Finders
    talk: Talk
    declarations: Declarations
    personal_data: PersonalData
    oneself: Oneself
    streams: Streams
    browser: Browser
    home: Home
    domains: Domains
    server_state: ServerState
    workers: Callable[[], tuple[int, int]]
    check_ready: Callable[[], None]
    close: Callable[[], None]
    folder: Path
    origin: Origin
    body_bytes: int
    open_requests: int
    outside: OutsideSignIn | None = None
    questions: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(ASKED_AT_ONCE))
    meters: Meters = field(default_factory=Meters)
    lookups: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(LOOKED_UP_AT_ONCE))
    at_provider: CapacityLimiter = field(
        default_factory=lambda: CapacityLimiter(AT_PROVIDER_AT_ONCE)
    )

    @property
    def history(self) -> RunHistory:
        """What ran, over what may be discovered."""
        return RunHistory(self.discovery)

    @property
    def mendings(self) -> Mendings:
        """What is done with rows that were kept out."""
        return Mendings(self.kept_out)

    @property
    def told(self) -> Told:
        """What is told of releases beside their rows."""
        return Told.over(self.discovery, self.asking)

    @property
    def rule_history(self) -> RuleHistory:
        """How rules held, over what may be discovered."""
        return RuleHistory(self.discovery)

    @property
    def levels(self) -> Levels:
        """Service levels and the state of datasets, over what may be discovered."""
        return Levels(self.discovery, now_us)
