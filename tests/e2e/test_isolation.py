"""One product's mistake is its own: the others run."""

import pytest

import ghala
from ghala.errors import DefinitionError
from ghala.model.run import RunState
from ghala.testing.workspace import Table, write_product, write_workspace

PIPELINE = (
    "sources:\n  files: {type: csv, files: '*.csv'}\n"
    "steps:\n  - {name: land, source: files, dataset: rows}\n"
)


@pytest.fixture
def workspace(tmp_path):
    root = write_workspace(tmp_path / "acme")
    for domain in ("good", "bad"):
        folder = write_product(root, f"{domain}/one", {"rows": Table({"id": "bigint"})}, PIPELINE)
        (folder / "a.csv").write_text("id\n1\n")
    return root


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pipeline.yaml", PIPELINE.replace("csv", "nothing")),
        ("pipeline.yaml", "a: 1\na: 2\n"),
        ("one.odcs.yaml", "kind: [\n"),
        ("product.odps.yaml", "kind: DataProduct\n"),
    ],
)
def test_a_product_that_cannot_be_read_keeps_nobody_else_from_running(workspace, file, text):
    (workspace / "domains" / "bad" / "one" / file).write_text(text)
    with ghala.open(workspace) as app:
        good, bad = sorted(app.run(), key=lambda one: one.run.product, reverse=True)
        assert (good.run.state, bad.run.state) == (RunState.PUBLISHED, RunState.FAILED)
        assert isinstance(bad.error, DefinitionError)
        assert bad.error.place.file == f"domains/bad/one/{file}"
        assert [one.run.state for one in app.run(["good/one"])] == [RunState.PUBLISHED]
        assert [type(one.error) for one in app.run(["bad/one"])] == [DefinitionError]


def test_a_mistake_of_the_workspace_stops_all(workspace):
    (workspace / "ghala.yaml").write_text("name: test\nnothing: 1\n")
    with pytest.raises(DefinitionError), ghala.open(workspace) as app:
        app.run()
