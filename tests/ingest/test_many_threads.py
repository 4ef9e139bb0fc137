"""Refused rows are attributed right whatever thread of the engine meets them, again and again."""

import pytest

import ghala
from ghala.testing.workspace import Table, write_product, write_workspace


@pytest.mark.parametrize("turn", range(4))
def test_scattered_faults_never_confuse_the_loading(tmp_path, turn):
    root = write_workspace(tmp_path / "acme", "engine: {threads: 4}\n")
    write_product(
        root,
        "sales/orders",
        {"orders": Table({"id": "bigint", "day": "date"})},
        "sources:\n  files: {type: csv, files: '*.csv'}\n"
        "steps:\n  - {name: land, source: files, dataset: orders}\n",
    )
    bad = {row for row in range(20_000) if row % (97 + turn) == 5}
    lines = [f"{row},{'no day' if row in bad else '2024-01-01'}" for row in range(20_000)]
    for name in ("a", "b", "c"):
        path = root / "domains" / "sales" / "orders" / f"{name}.csv"
        path.write_text("id,day\n" + "\n".join(lines) + "\n")
    with ghala.open(root) as app:
        outcome = app.run()[0]
        assert outcome.error is None
        kept_out = app.quarantined_rows(app.quarantine()[0]).to_pylist()
    assert outcome.run.steps[0].quarantined == 3 * len(bad)
    assert {(row["file"], row["record"]) for row in kept_out} == {
        (f"{name}.csv", row + 1) for name in "abc" for row in bad
    }
