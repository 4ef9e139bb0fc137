"""What a product remembers: its datasets by their id, the files that it took by their bytes."""

import pytest

import ghala
from ghala.errors import ContractBrokenError, SourceError, StepError
from ghala.model.run import RunState
from ghala.testing.workspace import Table, write_product, write_workspace

COLUMNS = {"id": "bigint, required: true", "note": "varchar"}


class Place:
    def __init__(self, folder):
        self.root = write_workspace(folder, "zones: {in: in}\nengine: {threads: 1}\n")
        (self.root / "in").mkdir()

    def define(self, dataset="orders", source="files", object_id="orders_object", **step):
        facts = {"materialisation": "append", **step}
        more = "".join(f", {key}: {value}" for key, value in facts.items())
        pipeline = (
            f"sources:\n  {source}: {{type: csv, zone: in, files: '*.csv'}}\n"
            f"steps:\n  - {{name: land, source: {source}, dataset: {dataset}{more}}}\n"
        )
        folder = write_product(self.root, "sales/orders", {dataset: Table(COLUMNS)}, pipeline)
        contract = folder / "orders.odcs.yaml"
        contract.write_text(
            contract.read_text().replace(f"id: {dataset}_object", f"id: {object_id}")
        )

    def put(self, name, text):
        (self.root / "in" / name).write_text(text)

    def run(self):
        with ghala.open(self.root) as app:
            return app.run()[0]

    def ids(self, dataset="orders"):
        with ghala.open(self.root) as app:
            return sorted(row[0] for row in app.sql(f"SELECT id FROM sales.{dataset}").rows())


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "acme")
    place.define()
    place.put("1.csv", "id,note\n1,a\n2,b\n")
    assert place.run().error is None
    return place


def test_a_renamed_dataset_keeps_its_rows_and_its_history(place):
    place.define(dataset="purchases")
    place.put("2.csv", "id,note\n3,c\n")

    outcome = place.run()

    assert outcome.error is None
    assert place.ids("purchases") == [1, 2, 3]
    assert place.ids("purchases AT (VERSION => 1)") == [1, 2]
    with ghala.open(place.root) as app, pytest.raises(ghala.errors.NotFoundError):
        app.sql("FROM sales.orders").rows()
    with ghala.open(place.root) as app:
        assert app.verify().faults == ()


def test_a_dataset_with_another_id_and_name_does_not_begin_in_the_middle(place):
    place.define(dataset="purchases", object_id="other_object")
    place.put("2.csv", "id,note\n3,c\n")

    outcome = place.run()

    assert isinstance(outcome.error, StepError)
    assert "before it came" in outcome.error.message
    assert place.ids() == [1, 2]


def test_a_dataset_whose_id_changed_is_known_by_its_name(place):
    place.define(object_id="other_object")
    place.put("2.csv", "id,note\n3,c\n")

    assert place.run().error is None
    assert place.ids() == [1, 2, 3]


@pytest.mark.parametrize("renamed", [False, True], ids=["same source", "renamed source"])
def test_the_same_bytes_are_not_appended_twice(place, renamed):
    if renamed:
        place.define(source="exports")
    else:
        place.put("copy.csv", "id,note\n1,a\n2,b\n")

    outcome = place.run()

    assert isinstance(outcome.error, SourceError)
    assert "same bytes as `1.csv`" in outcome.error.message
    assert place.ids() == [1, 2]


def test_files_without_records_may_be_alike(place):
    place.put("2.csv", "id,note\n")
    place.put("3.csv", "id,note\n")

    assert place.run().error is None
    assert place.ids() == [1, 2]


def test_a_source_of_which_no_record_can_be_read_publishes_nothing(place):
    place.put("2.csv", "id,note\nx,a\ny,b\n")

    outcome = place.run()

    assert isinstance(outcome.error, SourceError)
    assert "none of 2 records" in outcome.error.message
    assert outcome.run.state is RunState.FAILED
    assert place.ids() == [1, 2]
    with ghala.open(place.root) as app:
        assert [batch.rows for batch in app.quarantine("sales/orders")] == [2]


def test_rows_that_all_break_rules_publish_nothing(place):
    place.define(on_fail="quarantine", materialisation="replace")
    place.put("1.csv", "id,note\n,a\n,b\n")

    outcome = place.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert "every row broke a rule" in outcome.error.message
    assert place.ids() == [1, 2]
