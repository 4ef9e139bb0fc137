"""The API's parts over an opened workspace: what is decided with which definitions, policies and keys."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from ghala.delivery.http.event_ids import EventIds
from ghala.delivery.http.meters import Meters
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.streams import Streams
from ghala.governance.access import Access
from ghala.governance.approval import named_approvers
from ghala.governance.decider import EndpointDecider
from ghala.governance.declarations import Declarations
from ghala.governance.domain_owners import DomainOwners
from ghala.governance.duties import Duties
from ghala.governance.events import Events
from ghala.governance.incidents import Incidents
from ghala.governance.inherited import Inheritance
from ghala.governance.kept_agreements import KeptAgreements
from ghala.governance.oidc import OutsideSignIn
from ghala.governance.oidc_provider import ProviderClient
from ghala.governance.oneself import Oneself
from ghala.governance.policies_in_force import PoliciesInForce
from ghala.governance.policy_book import PolicyBook
from ghala.governance.policy_sets import PolicySets
from ghala.governance.proof import Proofs
from ghala.governance.repeats import Repeats
from ghala.query.admission import Admission
from ghala.query.asked import AskedStatements
from ghala.query.asking import Asking
from ghala.query.browse import Browser
from ghala.query.browse_facts import ProductFacts
from ghala.query.counted import CountedRecorder
from ghala.query.cursors import Cursors
from ghala.query.discover import Discovery
from ghala.query.domains import Domains
from ghala.query.finders import Finders
from ghala.query.home import Home
from ghala.query.kept import KeptAnswers
from ghala.query.kept_out import KeptOut
from ghala.query.levels import Levels
from ghala.query.personal_data import PersonalData
from ghala.query.questions import Questions
from ghala.query.quotas import Quotas
from ghala.query.room import Room
from ghala.query.saved import SavedQueries
from ghala.query.shelf import Shelves
from ghala.query.talk import Talk
from ghala.query.watch import Watch
from ghala.registry.epoch import EpochWatch
from ghala.registry.registry import now_us, read_epoch
from ghala.spec.kept import Definitions, KeptDefinitions
from ghala.spec.kept_glossary import KeptGlossary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ghala.delivery.http.origin import Origin
    from ghala.governance.audit_trail import AuditTrail
    from ghala.governance.identity import Identity
    from ghala.governance.notifications import Notifications
    from ghala.governance.server_state import ServerState
    from ghala.model.product import Workspace
    from ghala.pipelines.rollback import Rollbacks
    from ghala.pipelines.start import Started
    from ghala.query.answer import Answerer
    from ghala.registry.registry import Registry
    from ghala.settings import Settings

CALLBACK = "/api/v1/session/oidc/callback"
"""Where an identity provider sends browsers back."""
ENDPOINT = "rest"
"""What policies know this way in by."""


class Opened(NamedTuple):
    """What is open in a workspace whichever way people come in."""

    registry: Registry
    answerer: Answerer
    identity: Identity
    audit: AuditTrail
    quarantine: Path
    server_state: ServerState


def assemble(
    settings: Settings,
    origin: Origin,
    opened: Opened,
    *,
    telling: Callable[[Access], Notifications],
    load: Callable[[], Workspace],
    key_of: Callable[[str, str], bytes],
    running: Callable[[Discovery], Started],
    rolling_back: Callable[[Callable[[], Definitions]], Rollbacks],
) -> Parts:
    """Put the parts together; what is wrong with definitions, policies or purposes is found now.

    Raises:
        DefinitionError: the definitions, the policies or the purposes are wrong.
    """
    registry, answerer, identity, audit, quarantine, server_state = opened
    definitions = KeptDefinitions(load)
    definitions.now()
    identity.purposes()
    epoch = EpochWatch(registry)
    owners = DomainOwners(registry, definitions.now)
    in_force = PoliciesInForce(PolicySets(registry, settings.root), epoch, looked=owners.note)
    in_force.now()
    policies = PolicyBook.over(
        registry,
        settings.root,
        definitions=definitions.now,
        purposes=identity.purposes,
        in_force=in_force,
    )
    agreed = KeptAgreements(registry, definitions.now, epoch.now)
    inheritance = Inheritance(registry, definitions.now)
    decider = EndpointDecider.of(
        in_force,
        definitions.now,
        agreements_of=agreed.of,
        hash_key_of=partial(key_of, "mask"),
        endpoint=ENDPOINT,
        epoch=epoch.now,
        carried=inheritance.added,
        agreed_ids=agreed.ids,
    )
    access = Access.over(
        registry,
        definitions=definitions.now,
        decider=decider,
        purposes=identity.purposes,
        forget=epoch.forget,
    )

    meters = Meters()
    counted = CountedRecorder(answerer.audit, meters.audit_failed)
    proofs, cursor_key = Proofs(registry), partial(key_of, "cursor")
    asking = Asking(
        replace(answerer, audit=counted),
        decider,
        proofs,
        Watch(epoch.fresh),
        Quotas(registry, settings.questions_per_minute, settings.bytes_per_day),
        Admission(each=settings.questions_each),
    )
    answers = KeptAnswers(settings.storage / "answers")
    cursors = Cursors(cursor_key)
    questions = Questions(registry, asking, answers, cursors, Room(registry))
    finders = Finders.over(registry, definitions.now, KeptGlossary(settings.root).now, decider)

    discovery = Discovery(registry, definitions.now, decider)
    started = running(discovery)
    incidents = Incidents(registry, definitions.now, decider, now_us)
    shelves, facts = Shelves(registry, definitions.now, decider), ProductFacts(registry, decider)
    talk = Talk.over(access.requests.scope)
    duties = Duties(access.requests, talk.tickets, talk.wishes, incidents)

    asked = AskedStatements(registry)

    def close() -> None:
        started.close()
        questions.close()
        asked.close()
        asking.watch.close()

    def check_ready() -> None:
        with registry.read() as connection:
            read_epoch(connection)

    return Parts(
        identity=identity,
        access=access,
        policies=policies,
        in_force=in_force,
        repeats=Repeats(registry),
        rollbacks=cache(lambda: rolling_back(definitions.now)),
        asking=asking,
        kept_questions=questions,
        asked=asked,
        saved=SavedQueries(access.requests.scope),
        discovery=discovery,
        started=started,
        kept_out=KeptOut(discovery, quarantine),
        incidents=incidents,
        audit=audit,
        notifications=telling(access),
        declarations=Declarations(registry, definitions.now, inheritance, decider.discovers),
        personal_data=PersonalData(
            access.requests.scope, inheritance, policies.explainer.may_explain
        ),
        oneself=Oneself(access.requests.scope, identity.purposes),
        finders=finders,
        talk=talk,
        browser=Browser(registry, shelves, finders.products, facts, cursors),
        home=Home(
            registry,
            shelves,
            facts,
            duties,
            incidents,
            Levels(discovery, now_us),
            talk.usage.catch_up,
        ),
        domains=Domains(shelves),
        server_state=server_state,
        streams=Streams(Events(access.requests.scope), proofs, EventIds(cursor_key)),
        workers=answerer.workers.counts,
        meters=meters,
        check_ready=check_ready,
        close=close,
        folder=settings.storage,
        origin=origin,
        body_bytes=settings.server_body_bytes,
        open_requests=settings.server_open_requests,
        outside=None
        if settings.oidc is None
        else OutsideSignIn(
            registry,
            identity.sessions,
            ProviderClient(settings.oidc),
            identity.purposes,
            f"{origin.url}{CALLBACK}",
            lambda: named_approvers(definitions.now()),
        ),
    )
