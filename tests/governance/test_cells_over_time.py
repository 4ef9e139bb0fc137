"""Which cells agreements make clear, whatever is made, narrowed, renewed and revoked, against a plain reading.

A row is visible if any agreement admits it; a cell is clear only if an agreement that admits that row gives that
column; otherwise its mask is seen. The reading here knows agreements as dictionaries and rows as Python values.
"""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ghala.errors import ConflictError, GhalaError
from ghala.governance.authorize import Asked
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL
from ghala.model.scan import plain_scan
from ghala.model.types import parse_type
from ghala.registry import agreements as rows
from ghala.sql.guard import view, visible
from ghala.testing.office import COLUMNS, HIDDEN, ORDERS, Office
from ghala.testing.people import open_people

TODAY = (*COLUMNS, HIDDEN)
PHONE = Column("phone", parse_type("varchar"), tags=("pii.phone",))
# The release before had no region, a phone that is gone since, and an amount that was nobody's to see.
BEFORE = (
    *(one for one in TODAY if one.name not in {"region", "amount"}),
    Column("amount", parse_type("decimal(12,2)"), classification="restricted"),
    PHONE,
)
NAMED = ("id", "region", "email", "amount", "paid", "grade", "phone")
STORED = [
    dict(zip(NAMED, values, strict=True))
    for values in (
        (1, "KE", "one@example.org", Decimal("1.50"), date(2024, 3, 5), "A", "+25411"),
        (2, "TZ", "two@example.org", Decimal("20.00"), None, "B", "+25522"),
        (3, "KE", "six@example.org", Decimal("300.00"), None, None, None),
        (4, None, None, None, date(2025, 1, 1), "C", "+25644"),
    )
]
LIMITS = {
    "all": (None, frozenset(), lambda _: True),
    "kenya": (
        {"column": "region", "is": "=", "value": "KE"}, {"region"}, lambda row: row["region"] == "KE",
    ),
    "elsewhere": (
        {"not": {"column": "region", "in": ["KE"]}}, {"region"},
        lambda row: row["region"] is not None and row["region"] != "KE",
    ),
    "open": ({"column": "paid", "is": "null"}, {"paid"}, lambda row: row["paid"] is None),
    "small": (
        {"any": [{"column": "amount", "is": "<", "value": "21"}, {"column": "id", "is": "=", "value": "4"}]},
        {"amount", "id"},
        lambda row: row["id"] == 4 or (row["amount"] is not None and row["amount"] < 21),
    ),
}  # fmt: skip
NAMES = st.frozensets(st.sampled_from([one.name for one in TODAY]), min_size=1)
DAY_S = 86_400


class Cells(RuleBasedStateMachine):
    """Amina has agreements for two purposes, by herself and by her team."""

    made = Bundle("made")

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        self.office = Office(open_people(self.template, folder), columns=TODAY).open()
        self.engine = duckdb.connect(config={"threads": 1})
        self.engine.execute("CREATE SCHEMA sales")
        self.scans = {columns: self._stored(folder, columns) for columns in (TODAY, BEFORE)}
        self.agreed, self.past = {}, []

    def _stored(self, folder, columns):
        path = folder / f"{len(self.engine.sql('SHOW TABLES').fetchall())}.parquet"
        table = f"stored_{path.stem}"
        kinds = ", ".join(f"{one.name} {one.type}" for one in columns)
        self.engine.execute(f"CREATE TABLE {table} ({kinds})")
        marks = ", ".join("?" * len(columns))
        values = [[row[one.name] for one in columns] for row in STORED]
        self.engine.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        self.engine.execute(f"COPY {table} TO '{path}' (FORMAT parquet)")
        return plain_scan([(one.name, one.type) for one in columns], [(path, len(STORED))])

    @rule(
        target=made,
        columns=NAMES,
        limit=st.sampled_from(sorted(LIMITS)),
        days=st.integers(1, 5),
        grantee=st.sampled_from(["user:amina", "team:growth"]),
        purpose=st.sampled_from(["analytics", "operations"]),
    )
    def agree(self, columns, limit, days, grantee, purpose):
        try:
            asked = self.office.access.requests.request(
                ORDERS,
                by=OWNER_LOCAL,
                purpose=purpose,
                until=self.office.after(days),
                justification="x",
                columns=sorted(columns),
                grantee=grantee,
                rows=LIMITS[limit][0],
            )
        except ConflictError:
            return multiple()
        self.office.access.requests.decide(asked.id, by=OWNER_LOCAL, is_approved=True)
        self.agreed[asked.id] = {
            "columns": columns, "limits": {limit}, "purpose": purpose, "until": self.office.after(days),
        }  # fmt: skip
        return asked.id

    @rule(one=made, columns=NAMES, limit=st.sampled_from(sorted(LIMITS)), days=st.integers(0, 3))
    def narrow(self, one, columns, limit, days):
        kept, end = columns & self.agreed[one]["columns"], self.office.after(days)
        if self._do(
            lambda verbs: verbs.narrow(
                one, by=OWNER_LOCAL, columns=sorted(kept), rows=LIMITS[limit][0], until=end
            )
        ):
            now = self.agreed[one]
            columns = kept or now["columns"]
            limits = now["limits"] | {limit}
            self.agreed[one] = now | {"columns": columns, "limits": limits, "until": end}

    @rule(one=made, days=st.integers(1, 9))
    def renew(self, one, days):
        end = self.office.after(days)
        if self._do(lambda verbs: verbs.renew(one, by=OWNER_LOCAL, until=end)):
            self.agreed[one] = self.agreed[one] | {"until": end}

    @rule(one=made)
    def revoke(self, one):
        if self._do(lambda verbs: verbs.revoke(one, by=OWNER_LOCAL, reason="x")):
            self.agreed[one] = self.agreed[one] | {"until": self.office.now()}

    @rule(seconds=st.sampled_from([1, DAY_S, 3 * DAY_S]))
    def pass_time(self, seconds):
        # What was at a moment is what its last change made of it.
        self.past.append((self.office.now(), dict(self.agreed)))
        self.office.people.clock.pass_s(seconds)
        self.office.access.expiries.note()

    def _do(self, change):
        try:
            change(self.office.access.agreements)
        except GhalaError:
            return False
        return True

    @invariant()
    def every_cell_is_what_the_rule_says(self):
        for purpose in ("analytics", "operations"):
            self._compare(purpose, Asked(DatasetName.parse(ORDERS), TODAY), TODAY, {"grade"})
            old = Asked(DatasetName.parse(ORDERS), _plain(BEFORE), own_terms=BEFORE)
            self._compare(purpose, old, BEFORE, {"grade", "amount"})

    def _compare(self, purpose, asked, columns, without_mask):
        names = {one.name for one in columns}
        in_force = [
            one
            for one in self.agreed.values()
            if one["purpose"] == purpose
            and self.office.now() < one["until"]
            and names.issuperset(*(LIMITS[limit][1] for limit in one["limits"]))
        ]
        decider = self.office.access.agreements.scope.decider
        who = self.office.who("amina", purpose=purpose)
        (decision,) = decider.decide(who, Action.DATASET_READ, [asked])
        assert decision.is_allowed is bool(in_force)
        if not in_force:
            return
        given = frozenset().union(*(one["columns"] for one in in_force))
        seen = [one.name for one in visible(columns, decision)]
        shown = (names - without_mask) | (given & names)
        assert seen == [one.name for one in columns if one.name in shown]
        statement = view(("sales", "orders"), self.scans[columns], decision, _plain(columns))
        text = statement.sql(dialect="duckdb").replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)
        self.engine.execute(text)
        found = self.engine.sql("FROM sales.orders").fetchall()
        expected = [
            (row, [one["columns"] for one in in_force if _admits(one, row)]) for row in STORED
        ]
        admitted = [(row, giving) for row, giving in expected if giving]
        assert len(found) == len(admitted)
        for cells, (row, giving) in zip(found, admitted, strict=True):
            for name, cell in zip(seen, cells, strict=True):
                is_clear = any(name in columns for columns in giving)
                assert (cell == row[name]) is (is_clear or row[name] is None), (name, row)

    @invariant()
    def the_past_stays_as_it_was(self):
        with self.office.people.registry.read() as connection:
            for moment, agreed in self.past[-3:]:
                found = rows.at(
                    connection, "sales/orders#1", {"user:amina", "team:growth"}, "analytics", moment
                )
                assert {one.id: (one.columns, one.until > moment) for one in found} == {
                    id_: (one["columns"], True)
                    for id_, one in agreed.items()
                    if one["purpose"] == "analytics" and moment < one["until"]
                }

    def teardown(self):
        if hasattr(self, "office"):
            self.engine.close()
            self.office.people.registry.close()
            self.folder.cleanup()


def _plain(columns):
    """Return columns as a release has them: names and types."""
    return tuple(Column(one.name, one.type) for one in columns)


def _admits(agreement, row):
    return all(LIMITS[limit][2](row) for limit in agreement["limits"])


def test_cells_over_time(registry_template):
    class Lives(Cells):
        template = registry_template

    run_state_machine_as_test(Lives, settings=settings(max_examples=6, stateful_step_count=14))
