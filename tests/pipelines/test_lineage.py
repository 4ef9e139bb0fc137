"""Where the columns of a run's datasets come from: through its steps, and through earlier releases."""

import time

import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from ghala.model.lineage import Influence, Lineage, Origin, ReleaseLineage
from ghala.model.product import Step, StepKind
from ghala.pipelines.lineage import Before, Descent
from ghala.registry.lineage import document
from ghala.sql.lineage import trace
from ghala.testing.workspace import Table, write_product

TABLES = {"sales.a": ["k", "x", "y"], "sales.b": ["k", "z"]}


def step(name, sql):
    return Step(name, StepKind.SQL, sql=sql)


def direct(influence):
    return sorted(map(str, influence.direct))


@st.composite
def statements(draw):
    """Steps that each read inputs and earlier steps: (name, SQL, its columns, what it reads)."""
    known = dict(TABLES)
    made = []
    for number in range(draw(st.integers(1, 5))):
        left, right = draw(st.sampled_from(sorted(known))), draw(st.sampled_from(sorted(known)))
        one, other = draw(st.sampled_from(known[left])), draw(st.sampled_from(known[left]))
        joined = draw(st.sampled_from(known[right]))
        shapes = {
            f"SELECT {one} AS p, {other} + 1 AS q FROM {left} WHERE {other} > 0": ["p", "q"],
            f"SELECT l.{one} AS p, CASE WHEN r.{joined} > 1 THEN l.{other} END AS q "
            f"FROM {left} AS l JOIN {right} AS r ON l.{one} = r.{joined}": ["p", "q"],
            f"SELECT {one} AS p, sum({other}) AS q FROM {left} GROUP BY {one}": ["p", "q"],
            f"SELECT {one} AS p FROM {left} UNION ALL SELECT {joined} FROM {right}": ["p"],
            f"SELECT *, {one} AS more FROM {left}": [*known[left], "more"],
            f"SELECT {one} AS p, (SELECT max({joined}) FROM {right}) AS q FROM {left}": ["p", "q"],
            f"SELECT {one} AS p FROM {left} WHERE EXISTS "
            f"(SELECT 1 FROM {right} AS e WHERE e.{joined} = {left}.{other})": ["p"],
        }
        sql = draw(st.sampled_from(sorted(shapes)))
        columns = shapes[sql]
        if len(set(columns)) < len(columns):
            continue
        name = f"step{number}"
        read = {left, right} & {part for part in known if part in sql}
        made.append((name, sql, columns, read))
        known[name] = columns
    return made


@given(statements())
def test_steps_come_from_what_one_statement_of_all_of_them_comes_from(made):
    if not made:
        return
    descent = Descent(inputs={}, own={})
    for name, sql, columns, read in made:
        inputs = {one: TABLES[one] for one in read & set(TABLES)}
        found = descent.follow(step(name, sql), columns, read - set(TABLES), inputs)
    *earlier, (_, last, columns, _) = made
    ctes = ", ".join(f"{name} AS ({sql})" for name, sql, _, _ in earlier)
    whole = f"WITH {ctes} {last}" if earlier else last
    assert found == trace(sqlglot.parse_one(whole, read="duckdb"), TABLES, columns)


def test_what_a_step_hides_comes_from_all_that_it_reads():
    descent = Descent(inputs={}, own={})
    descent.follow(
        step("first", "SELECT x AS v FROM sales.a WHERE y > 1"), ["v"], (), {"sales.a": ["x", "y"]}
    )
    hidden = "SELECT min(COLUMNS(lambda c: c LIKE 'v%')) AS m, 1 AS one FROM first, sales.b"
    descent.follow(step("second", hidden), ["m", "one"], ["first"], {"sales.b": ["z"]})
    found = descent.follow(
        step("third", "SELECT m AS n, 2 AS two FROM second"), ["n", "two"], ["second"], {}
    )
    assert not found.column("n").is_traced
    assert {"sales.a.x", "sales.b.z"} <= set(direct(found.column("n")))
    assert "sales.a.y" in {str(one) for one in found.column("n").origins}
    assert found.column("two") == Influence()


def test_a_wide_dataset_is_followed_soon_and_kept_small():
    columns = [f"c{number}" for number in range(5000)]
    descent = Descent(inputs={"sales.wide": Before(sha256="ab" * 32)}, own={})
    sql = "SELECT " + ", ".join(f"{one} + 1 AS {one}" for one in columns) + " FROM sales.wide"
    began = time.process_time()
    descent.follow(step("make", sql), columns, (), {"sales.wide": columns})
    descent.follow(step("again", "SELECT * FROM make"), columns, ["make"], {})
    made = document(descent.result)
    assert time.process_time() - began < 10
    assert len(made.content) < 300_000


def test_origins_without_end_are_kept_as_whole_tables():
    every = [Origin("sales.wide", f"c{number}") for number in range(900)]
    columns = tuple((f"v{size}", Influence(frozenset(every[:size]))) for size in range(300, 900))
    made = document(ReleaseLineage({"sales.sums": Lineage(columns, Influence())}))
    assert len(made.content) < 20_000


PEOPLE = Table({"id": "bigint, primaryKey: true, required: true", "email": "varchar"})
LIST = Table({"id": "bigint", "contact": "varchar"})


def lineage_of(shop, dataset, **options):
    graph = shop.app.lineage(dataset, **options)
    return {(str(edge.origin), str(edge.target), edge.kind.value) for edge in graph.edges}


def test_a_release_says_where_its_columns_come_from(shop):
    shop.add("sales/people", PEOPLE, files="p*.csv")
    shop.put("p.csv", "id,email\n1,a@x\n")
    shop.publish("sales/people")
    sql = "SELECT id, lower(email) AS contact FROM sales.people WHERE id > 0"
    shop.add_query("sales/contacts", LIST, sql, inputs=("sales/people",))
    shop.publish("sales/contacts")

    assert lineage_of(shop, "sales.contacts.contact") == {
        ("sales.people.email", "sales.contacts.contact", "direct"),
        ("source:rows.email", "sales.people.email", "direct"),
        ("sales.people.id", "sales.contacts.*", "rows"),
        ("source:rows.id", "sales.people.id", "direct"),
    }
    assert lineage_of(shop, "sales.contacts.contact", depth=1) == {
        ("sales.people.email", "sales.contacts.contact", "direct"),
        ("sales.people.id", "sales.contacts.*", "rows"),
    }
    assert lineage_of(shop, "sales.people.email", direction="down") == {
        ("sales.people.email", "sales.contacts.contact", "direct")
    }


def test_a_release_keeps_its_own_lineage(shop):
    shop.add("sales/people", PEOPLE, files="p*.csv")
    shop.put("p.csv", "id,email\n1,a@x\n")
    shop.publish("sales/people")
    for sql in (
        "SELECT id, email AS contact FROM sales.people",
        "SELECT id, '-' AS contact FROM sales.people",
    ):
        shop.add_query("sales/contacts", LIST, sql, inputs=("sales/people",))
        shop.publish("sales/contacts")

    assert lineage_of(shop, "sales.contacts.contact") == set()
    assert ("sales.people.email", "sales.contacts.contact", "direct") in lineage_of(
        shop, "sales.contacts.contact", release=1
    )


def test_rows_that_stay_keep_what_they_came_from(shop):
    shop.add("sales/people", PEOPLE, files="p*.csv")
    shop.put("p.csv", "id,email\n1,a@x\n")
    shop.publish("sales/people")
    for sql in (
        "SELECT id, email AS contact FROM sales.people",
        "SELECT id, '-' AS contact FROM sales.people",
    ):
        shop.add_query(
            "sales/contacts", LIST, sql, inputs=("sales/people",), materialisation="append"
        )
        shop.publish("sales/contacts")

    assert ("sales.people.email", "sales.contacts.contact", "direct") in lineage_of(
        shop, "sales.contacts.contact"
    )


def test_a_dataset_that_reads_its_own_last_release_leads_to_its_beginnings(shop):
    shop.add("sales/people", PEOPLE, files="p*.csv")
    shop.put("p.csv", "id,email\n1,a@x\n")
    shop.publish("sales/people")
    first = "SELECT id, email AS contact FROM sales.people"
    shop.add_query("sales/contacts", LIST, first, inputs=("sales/people",))
    shop.publish("sales/contacts")
    again = "SELECT id, upper(contact) AS contact FROM sales.contacts"
    shop.add_query("sales/contacts", LIST, again, inputs=("sales/people",))
    shop.publish("sales/contacts")
    shop.publish("sales/contacts")

    found = lineage_of(shop, "sales.contacts.contact")
    assert ("sales.people.email", "sales.contacts.contact", "direct") in found
    assert not [edge for edge in found if edge[0].startswith("sales.contacts")]


def test_steps_can_be_looked_at(shop):
    folder = write_product(
        shop.folder, "sales/people", {"people": PEOPLE},
        "sources:\n  rows: {type: csv, zone: in, files: 'p*.csv', "
        "columns: {id: {type: bigint, from: Number}, mail: {type: varchar, from: E-Mail}}}\n"
        "steps:\n  - {name: plain, sql: transforms/plain.sql}\n"
        "  - {name: people, sql: transforms/people.sql, dataset: people}\n",
        transforms={
            "plain.sql": "SELECT id, trim(mail) AS mail FROM rows",
            "people.sql": "SELECT id, lower(mail) AS email FROM plain",
        },
    )  # fmt: skip
    assert folder.is_dir()
    shop.put("p.csv", "Number,E-Mail\n1,a@x\n")
    shop.publish("sales/people")

    assert lineage_of(shop, "sales.people.email") == {
        ("source:rows.E-Mail", "sales.people.email", "direct")
    }
    assert lineage_of(shop, "sales.people.email", steps=True) == {
        ("plain.mail", "sales.people.email", "direct"),
        ("source:rows.E-Mail", "plain.mail", "direct"),
    }
