"""Tags and classifications travel along lineage, until an owner declares otherwise."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.authorize import Asked
from ghala.governance.declarations import Declarations
from ghala.governance.inherited import Inheritance
from ghala.model.audit import AuditTag
from ghala.model.contract import Column, Contract, Dataset
from ghala.model.lineage import ColumnTerms, Influence, Lineage, Origin, ReleaseLineage
from ghala.model.names import DatasetName, ProductName
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.product import Definition, Domain, Product, Workspace
from ghala.model.release import Release
from ghala.model.types import parse_type
from ghala.registry import lineage, tables
from ghala.registry.registry import move_epoch
from ghala.spec.kept import Definitions

TEXT = parse_type("varchar")
ANN = Principal("user:ann", PrincipalKind.USER, "analytics", teams=frozenset({"team:b-team"}))
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")
TOKEN = replace(ANN, scopes=frozenset())


def column(name, *tags, classification=None):
    return Column(name, TEXT, tags=tags, classification=classification)


def definitions(folder, **datasets):
    """Definitions of datasets named `domain_dataset`, each with its columns."""
    products = []
    for key, columns in datasets.items():
        name = DatasetName(*key.split("_"))
        dataset = Dataset(name, f"{key}_id", tuple(columns))
        contract = Contract(key, key, "1.0.0", "active", (dataset,))
        products.append(
            Product(
                ProductName(name.domain, name.dataset), key, key, "1.0.0", "active", "team", (contract,),
                None, (), Definition("0" * 64, {}), folder,
            )
        )  # fmt: skip
    domains = tuple(Domain(one, f"{one}-team") for one in sorted({p.name.domain for p in products}))
    return Definitions(Workspace("test", folder, domains, tuple(products), {}))


def comes_from(**columns):
    """A lineage in which each column comes directly from one place, or from nothing."""
    return Lineage(
        tuple(
            (name, one if isinstance(one, Influence) else Influence(frozenset({origin(one)})))
            for name, one in columns.items()
        ),
        Influence(),
    )


def origin(text):
    table, _, name = text.rpartition(".")
    return Origin(table, name)


class World:
    def __init__(self, registry, known):
        self.registry, self.known = registry, known
        self.inheritance = Inheritance(registry, lambda: self.known)
        self.declarations = Declarations(
            registry, lambda: self.known, self.inheritance, lambda _by, _name: True
        )
        self.numbers = iter(range(1, 100_000))

    def release(self, name, made, *, inputs=None, terms=None, environment="prod"):
        """Publish a dataset with a lineage, and return its hash."""
        with self.registry.write() as connection:
            return self.put(connection, name, made, inputs or {}, terms or {}, environment)

    def put(self, connection, name, made, inputs, terms=None, environment="prod"):
        number, (domain, dataset) = next(self.numbers), name.split(".")
        lines = ReleaseLineage({name: made}, inputs=inputs, terms={name: terms or {}})
        document, product = lineage.document(lines), ProductName(domain, dataset)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        key = (product, environment, number, str(number))
        lineage.record(connection, Release(*key, "0" * 64, now, (), is_current=True), document)
        place = {"environment": environment, "domain": domain, "dataset": dataset}
        connection.execute(
            tables.pointers.delete().where(*(tables.pointers.c[k] == v for k, v in place.items()))
        )
        pointer = {
            "product": str(product),
            "dataset_id": "x",
            "release": number,
            "metadata_location": "m",
        }
        connection.execute(insert(tables.pointers).values(**place, **pointer))
        move_epoch(connection)
        return document.sha256

    def tags(self, name, wanted, sha256=None):
        found = self.inheritance.carried(DatasetName.parse(name), wanted, sha256)
        return {tag: sorted(of) for tag, of in found.tags.items()}


@pytest.fixture
def world(people, tmp_path):
    known = definitions(
        tmp_path,
        a_people=[column("email", "pii.email"), column("pay", classification="restricted"), column("id")],
        b_list=[column("contact"), column("pay", classification="public"), column("open", classification="public")],
        c_sums=[column("total"), column("contact", "own")],
    )  # fmt: skip
    return World(people.registry, known)


@pytest.fixture
def chain(world):
    first = world.release(
        "a.people", comes_from(email="source:rows.mail", pay="source:rows.pay", id="source:rows.id")
    )
    made = comes_from(contact="a.people.email", pay="a.people.pay", open=Influence())
    second = world.release("b.list", made, inputs={"a.people": (first,)})
    made = comes_from(
        total=Influence(frozenset(), frozenset({Origin("b.list", "contact")})),
        contact="b.list.contact",
    )
    world.release("c.sums", made, inputs={"b.list": (second,)})
    return world


def test_tags_travel_through_all_products(chain):
    assert chain.tags("b.list", "contact") == {"pii.email": ["a.people.email"]}
    assert chain.tags("c.sums", "CONTACT") == {
        "own": ["c.sums.contact"],
        "pii.email": ["a.people.email"],
    }
    assert chain.tags("c.sums", "total") == {"pii.email": ["a.people.email"]}
    assert chain.tags("b.list", "open") == {}


def test_the_stricter_classification_holds(chain):
    found = chain.inheritance.carried(DatasetName("b", "list"), "pay")
    assert (found.classification, found.strict_from) == ("restricted", {"a.people.pay"})
    assert chain.inheritance.carried(DatasetName("b", "list"), "open").classification == "public"


def test_what_is_asked_for_is_described_with_what_it_inherits(chain):
    asked = Asked(
        DatasetName("b", "list"), (column("contact", "x"), column("open", classification="public"))
    )
    contact, plain = chain.inheritance.added(asked).columns
    assert (contact.tags, contact.classification) == (("x", "pii.email"), None)
    assert plain == asked.columns[1]


def test_a_release_counts_by_its_own_lineage(chain):
    plain = chain.release("b.list", comes_from(contact=Influence()))
    assert chain.tags("b.list", "contact") == {}
    old = chain.release("b.list", comes_from(contact="a.people.email"), inputs={"a.people": ()})
    assert chain.tags("b.list", "contact", old) == {"pii.email": ["a.people.email"]}
    assert chain.tags("b.list", "contact", plain) == {}


def test_without_a_release_those_of_all_environments_count(chain):
    chain.release("b.list", comes_from(contact=Influence()))
    chain.release("b.list", comes_from(contact="a.people.email"), environment="dev")
    assert chain.tags("b.list", "contact") == {"pii.email": ["a.people.email"]}


def test_an_origin_that_is_not_known_is_every_column_of_its_dataset(world):
    made = comes_from(contact=Influence(frozenset({Origin("a.people", "")}), is_traced=False))
    world.release("b.list", made)
    found = world.inheritance.carried(DatasetName("b", "list"), "contact")
    assert set(found.tags) == {"pii.email"}
    assert found.classification == "restricted"


def test_a_column_that_nobody_promises_any_more_keeps_what_was_said_of_it(world):
    terms = {"phone": ColumnTerms("confidential", ("pii.phone",))}
    gone = world.release("a.gone", comes_from(phone="source:rows.phone"), terms=terms)
    world.release("b.list", comes_from(contact="a.gone.phone"), inputs={"a.gone": (gone,)})
    assert world.tags("b.list", "contact") == {"pii.phone": ["a.gone.phone"]}


def test_a_long_way_is_followed_to_its_end(world):
    before = world.release("a.people", comes_from(email="source:rows.mail"))
    name, above = "a.people", "email"
    with world.registry.write() as connection:
        for number in range(400):
            made = comes_from(v=f"{name}.{above}")
            before = world.put(connection, f"x.d{number}", made, {name: (before,)})
            name, above = f"x.d{number}", "v"
    world.release("b.list", comes_from(contact=f"{name}.v"), inputs={name: (before,)})
    assert world.tags("b.list", "contact") == {"pii.email": ["a.people.email"]}


def test_a_declaration_ends_a_tag_for_what_was_there_when_it_was_made(chain):
    (made,) = chain.declarations.declare(
        "b.list.contact", without=["PII.email"], reason="hashed", by=ANN
    )
    assert made.origins == ("a.people.email",)
    assert chain.tags("b.list", "contact") == {}
    assert chain.tags("c.sums", "contact") == {"own": ["c.sums.contact"]}
    both = Influence(frozenset({Origin("a.people", "email"), Origin("a.more", "email")}))
    more = chain.release(
        "a.more", comes_from(email="source:r.e"), terms={"email": ColumnTerms(None, ("pii.email",))}
    )
    chain.release("b.list", comes_from(contact=both), inputs={"a.more": (more,)})
    assert chain.tags("b.list", "contact") == {"pii.email": ["a.more.email"]}


def test_a_declaration_is_recorded_and_can_be_withdrawn(chain, people):
    (made,) = chain.declarations.declare(
        "b.list.contact", without=["pii.email"], reason=" hashed ", by=ANN
    )
    assert (made.reason, made.declared_by) == ("hashed", "user:ann")
    chain.declarations.withdraw(made.id, by=ANN)
    assert chain.tags("b.list", "contact") == {"pii.email": ["a.people.email"]}
    assert people.tags()[-2:] == [AuditTag.DECLARATION_MADE, AuditTag.DECLARATION_WITHDRAWN]
    assert [one.is_in_force for one in chain.declarations.all("b.list", by=ANN)] == [False]
    with pytest.raises(NotFoundError):
        chain.declarations.withdraw(made.id, by=ANN)


def test_a_declared_classification_stands_instead_of_the_inherited_one(chain):
    chain.declarations.declare(
        "b.list.pay", classification="confidential", reason="bands only", by=ANN
    )
    found = chain.inheritance.carried(DatasetName("b", "list"), "pay")
    assert found.classification == "confidential"
    with pytest.raises(UsageError, match="not less strict"):
        chain.declarations.declare("b.list.pay", classification="confidential", reason="x", by=ANN)


def test_a_dataset_that_takes_over_a_name_takes_over_no_declaration(chain):
    chain.declarations.declare("b.list.contact", without=["pii.email"], reason="hashed", by=ANN)
    other = Dataset(DatasetName("b", "list"), "another_id", (column("contact"),))
    product, contract, _ = chain.known.datasets[DatasetName("b", "list")]
    datasets = {**chain.known.datasets, DatasetName("b", "list"): (product, contract, other)}
    chain.known = Definitions(chain.known.workspace)
    chain.known.__dict__["datasets"] = datasets
    assert chain.tags("b.list", "contact") == {"pii.email": ["a.people.email"]}


@pytest.mark.parametrize(
    ("name", "options", "error", "words"),
    [
        ("b.list.contact", {"without": ["pii.phone"]}, UsageError, "does not inherit"),
        ("b.list.contact", {}, UsageError, "nothing is declared"),
        ("b.list", {"without": ["pii.email"]}, UsageError, "names no column"),
        ("b.list.contct", {"without": ["pii.email"]}, NotFoundError, "no column"),
        ("b.lst.contact", {"without": ["pii.email"]}, NotFoundError, "no dataset"),
        ("b.list.contact", {"without": ["pii.email"], "reason": " "}, UsageError, "why"),
        ("b.list.contact", {"classification": "public"}, UsageError, "not inherited"),
        ("b.list.pay", {"classification": "cosmic"}, UsageError, "no classification"),
    ],
)  # fmt: skip
def test_what_cannot_be_declared_is_refused(chain, name, options, error, words):
    with pytest.raises(error, match=words):
        chain.declarations.declare(name, **{"reason": "why", **options}, by=ANN)


def test_a_tag_of_the_contract_itself_cannot_be_declared_away(chain):
    with pytest.raises(UsageError, match="of contact itself"):
        chain.declarations.declare("c.sums.contact", without=["own"], reason="x", by=OWNER_LOCAL)


@pytest.mark.parametrize("by", [BEN, TOKEN], ids=["another", "token"])
def test_only_the_owner_says_what_columns_are_about(chain, by):
    with pytest.raises(DeniedError):
        chain.declarations.declare("b.list.contact", without=["pii.email"], reason="x", by=by)
    with pytest.raises(DeniedError):
        chain.declarations.tags("b.list", by=by)
    assert chain.declarations.all(by=BEN) == ()


def test_at_a_time_what_was_declared_then_holds(chain):
    asked = Asked(DatasetName("b", "list"), (column("contact"),))

    def tags(at=None):
        return chain.inheritance.added(asked, at).columns[0].tags

    before = datetime.now(UTC)
    (made,) = chain.declarations.declare(
        "b.list.contact", without=["pii.email"], reason="hashed", by=OWNER_LOCAL
    )
    declared = datetime.now(UTC)
    assert (tags(before), tags(declared), tags()) == (("pii.email",), (), ())
    chain.declarations.withdraw(made.id, by=OWNER_LOCAL)
    assert (tags(before), tags(declared), tags()) == (("pii.email",), (), ("pii.email",))
