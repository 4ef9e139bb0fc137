"""What exists for a principal: decided by class, it is what it would be if each dataset were decided by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.governance import discoverable
from ghala.governance.authorize import Asked
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.decider import EndpointDecider
from ghala.governance.discoverable import Classes
from ghala.model.agreement import Agreement
from ghala.model.contract import Column, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.opening import Opening
from ghala.model.policy import Action
from ghala.model.principal import Principal, PrincipalKind, Role
from ghala.model.types import parse_type
from ghala.spec.kept import Definitions

TEXT = parse_type("varchar")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMITS = (
    'resource == Dataset::"sales.d0"',
    'resource in Product::"hr/p1"',
    'resource in Domain::"sales"',
    "resource is Dataset",
)
CONDITIONS = (
    "when { principal in resource.owners }",
    'when { resource.tags.contains("gdpr") }',
    'when { resource.classification == "restricted" }',
    'when { context.purpose == "analytics" && resource in Product::"sales/p0" }',
    'when { [Dataset::"hr.d1", Dataset::"sales.d2"].contains(resource) }',
    'when { context.roles.contains("steward") }',
    'unless { principal == User::"ann" }',
    "",
)
ACTIONS = ('== Action::"dataset:discover"', '== Action::"dataset:read"')


@st.composite
def policies(draw):
    texts = []
    for number in range(draw(st.integers(0, 4))):
        effect, rows = draw(st.sampled_from(["permit", "permit", "forbid"])), ""
        if effect == "permit" and draw(st.integers(0, 3)) == 0:
            rows = '@rows("region in context.domains") '
        texts.append(
            f'@id("own.{number}") {rows}{effect} (principal, action {draw(st.sampled_from(ACTIONS))}, '
            f"{draw(st.sampled_from(LIMITS))}) {draw(st.sampled_from(CONDITIONS))};"
        )
    return Policies.of([PolicyFile("own.cedar", "\n".join(texts))])


columns = st.lists(
    st.builds(
        Column,
        st.sampled_from(["id", "region", "email"]),
        st.just(TEXT),
        classification=st.sampled_from([None, "public", "internal", "restricted"]),
        tags=st.lists(st.sampled_from(["gdpr", "GDPR", "pii.email"]), max_size=1).map(tuple),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda one: one.name,
).map(tuple)


@st.composite
def definitions(draw):
    products, number = [], 0
    for domain in ("sales", "hr"):
        for product in range(2):
            datasets = []
            for _ in range(draw(st.integers(0, 3))):
                name = DatasetName(domain, f"d{number}")
                datasets.append(Dataset(name, f"{name}#id", draw(columns)))
                number += 1
            contracts = (SimpleNamespace(datasets=tuple(datasets)),)
            name = ProductName(domain, f"p{product}")
            products.append(SimpleNamespace(name=name, contracts=contracts))
    owners = [("sales", "Growth"), ("hr", draw(st.sampled_from(["people", ""])))]
    domains = tuple(SimpleNamespace(name=domain, owner=owner) for domain, owner in owners)
    return Definitions(SimpleNamespace(products=tuple(products), domains=domains))


principals = st.builds(
    Principal,
    st.sampled_from(["user:ann", "user:ben"]),
    st.just(PrincipalKind.USER),
    st.sampled_from(["analytics", "billing"]),
    teams=st.sampled_from([frozenset(), frozenset({"team:growth"}), frozenset({"team:people"})]),
    roles=st.sampled_from([frozenset(), frozenset({Role.STEWARD})]),
)
agreements = st.lists(
    st.builds(
        lambda who, domain, number, since, days: Agreement(
            "a", who, DatasetName(domain, f"d{number}"), frozenset({"id"}), "analytics",
            NOW + timedelta(days=since), NOW + timedelta(days=since + days),
            dataset_id=f"{domain}.d{number}#id",
        ),
        st.sampled_from(["user:ann", "team:growth"]), st.sampled_from(["sales", "hr"]),
        st.integers(0, 8), st.integers(-2, 1), st.integers(1, 2),
    ),
    max_size=4,
)  # fmt: skip


def decider(made, known, agreed, *, epoch=lambda: 1):
    def agreements_of(name, grantees, purpose):
        return tuple(
            one
            for one in agreed
            if one.dataset == name and one.grantee in grantees and one.purpose == purpose
        )

    def agreed_ids(grantees, purpose):
        return frozenset(
            one.dataset_id for one in agreed if one.grantee in grantees and one.purpose == purpose
        )

    found = EndpointDecider.of(
        made,
        lambda: known,
        agreements_of=agreements_of,
        hash_key_of=lambda _: b"key",
        endpoint="rest",
        epoch=epoch,
        agreed_ids=agreed_ids,
    )
    return replace(found, policies=replace(found.policies, now=lambda: NOW))


@given(policies(), definitions(), st.lists(principals, min_size=1, max_size=3), agreements)
def test_a_class_is_decided_as_each_of_its_datasets(made, known, people, agreed):
    endpoint = decider(made, known, agreed)
    for who in people:
        discovers = endpoint.discoverer(who)
        for name in [*known.datasets, DatasetName("sales", "nothing")]:
            asked = endpoint.described(Asked(name))
            assert discovers(name) is endpoint.policies.discovers(who, asked, endpoint="rest")


@given(policies(), definitions(), st.lists(principals, min_size=1, max_size=3), agreements)
def test_a_way_in_is_there_exactly_where_rows_are_read(made, known, people, agreed):
    endpoint = decider(made, known, agreed)
    for who in people:
        discovers, opens = endpoint.discoverer(who), endpoint.opener(who)
        for name in filter(discovers, known.datasets):
            asked = endpoint.described(Asked(name))
            decision = endpoint.policies.read(who, asked, endpoint="rest")
            opening, _ = opens(name)
            assert (opening in {Opening.AGREED, Opening.OPEN}) is decision.is_allowed
            is_by_policy = any(reason.startswith("allowed by") for reason in decision.reasons)
            assert not decision.is_allowed or (opening is Opening.OPEN) is is_by_policy


def test_a_token_that_does_not_read_has_no_way_in():
    known = many(1)
    permit = (
        'permit (principal, action, resource is Dataset) when { context.purpose == "analytics" };'
    )
    made = Policies.of([PolicyFile("own.cedar", f'@id("a")\n{permit}')])
    endpoint = decider(made, known, ())
    (name,) = known.datasets
    assert endpoint.opener(ANN)(name)[0] is Opening.OPEN
    narrow = replace(ANN, scopes=frozenset({Action.DATASET_DISCOVER}))
    assert endpoint.discovers(narrow, name)
    assert endpoint.opener(narrow)(name)[0] is Opening.CLOSED


class Counted:
    """Policies that say how many questions they were asked."""

    def __init__(self, made):
        self.made, self.asked = made, 0

    def __getattr__(self, name):
        return getattr(self.made, name)

    def now(self):
        return self

    def decide(self, questions):
        self.asked += len(questions)
        return self.made.decide(questions)


def many(count):
    datasets = tuple(
        Dataset(DatasetName("sales", f"d{number}"), f"sales.d{number}#id", (Column("id", TEXT),))
        for number in range(count)
    )
    contracts = (SimpleNamespace(datasets=datasets),)
    product = SimpleNamespace(name=ProductName("sales", "p0"), contracts=contracts)
    domain = SimpleNamespace(name="sales", owner="growth")
    return Definitions(SimpleNamespace(products=(product,), domains=(domain,)))


ANN = Principal("service:ann", PrincipalKind.SERVICE, "analytics")


def test_what_is_alike_is_asked_about_once():
    counted, known = Counted(Policies.of()), many(500)
    endpoint = decider(counted, known, ())
    assert not any(map(endpoint.discoverer(ANN), known.datasets))
    assert not any(endpoint.discovers(ANN, name) for name in known.datasets)
    assert counted.asked == 2


@pytest.mark.parametrize("moved", ["epoch", "agreement"])
def test_it_is_decided_anew_when_something_moves(moved):
    known, agreed, epochs, now = many(2), [], [1], [NOW]
    endpoint = decider(Policies.of(), known, agreed, epoch=lambda: epochs[-1])
    endpoint = replace(endpoint, policies=replace(endpoint.policies, now=lambda: now[0]))
    first, second = known.datasets
    begins = NOW + timedelta(hours=0 if moved == "epoch" else 1)
    made = Agreement("a", ANN.id, first, frozenset({"id"}), "analytics", begins, NOW + timedelta(days=1),
                     dataset_id=f"{first}#id")  # fmt: skip
    if moved == "agreement":
        agreed.append(made)
    assert not endpoint.discovers(ANN, first)
    agreed[:] = [made]
    if moved == "epoch":
        epochs.append(2)
    else:
        now[0] = NOW + timedelta(hours=2)
    assert endpoint.discovers(ANN, first)
    assert not endpoint.discovers(ANN, second)
    now[0] = NOW + timedelta(days=2)
    assert not endpoint.discovers(ANN, first)


def test_no_two_classes_have_one_number_however_many_threads_ask():
    """A class that is made while another is being numbered must not get the same number."""
    for _ in range(50):
        names = [DatasetName("sales", f"d{n}") for n in range(40)]
        classes = Classes(None, None, lambda name: name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(discoverable, "class_of", lambda _, asked: asked)
            with ThreadPoolExecutor(8) as threads:
                numbers = list(threads.map(classes.of, names))
        assert len(set(numbers)) == len(names)
