"""Questions over HTTP, in each form."""

import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from canonical import assert_hardened

from ghala.delivery.http.spool import CHUNK_BYTES, MEMORY_BYTES, Spool
from ghala.errors import LimitError

RATES = {
    "sql": "SELECT id, if(id = 3, CAST('nan' AS DOUBLE), rate) AS rate FROM market.rates ORDER BY id"
}


def ask(organisation, question, form="application/json", who="loader"):
    with organisation.asks(who) as client:
        response = client.post("/sql", json=question, headers={"Accept": form})
    assert response.status_code == 200, response.text
    assert_hardened(response)
    assert response.headers["content-type"].startswith(form)
    return response


def test_a_page_says_what_it_holds(organisation):
    assert ask(organisation, RATES).json() == {
        "columns": [{"name": "id", "type": "int64"}, {"name": "rate", "type": "double"}],
        "releases": {"market.rates": 1},
        "rows": [[1, 1.5], [2, 2.5], [3, "NaN"]],
        "row_count": 3,
        "total_rows": 3,
        "next": None,
        "cursor": None,
    }


def test_a_page_without_rows_is_a_page(organisation):
    answer = ask(organisation, {"sql": "SELECT id FROM market.rates WHERE false"}).json()
    assert (answer["rows"], answer["row_count"], len(answer["columns"])) == ([], 0, 1)


def test_the_other_forms_hold_the_same(organisation):
    text = ask(organisation, RATES, "text/csv").text
    assert list(csv.reader(io.StringIO(text)))[:3] == [["id", "rate"], ["1", "1.5"], ["2", "2.5"]]
    stream = ask(organisation, RATES, "application/vnd.apache.arrow.stream").content
    assert pa.ipc.open_stream(stream).read_all()["rate"].to_pylist()[:2] == [1.5, 2.5]
    response = ask(organisation, RATES, "application/vnd.apache.parquet")
    assert pq.read_table(io.BytesIO(response.content))["id"].to_pylist() == [1, 2, 3]
    assert response.headers["content-disposition"] == 'attachment; filename="answer.parquet"'


def test_a_large_answer_comes_whole(organisation):
    sql = "SELECT i, repeat('x', 500) AS text FROM market.rates, generate_series(1, 7000) AS s(i)"
    response = ask(organisation, {"sql": sql}, "text/csv")
    assert len(response.content) > MEMORY_BYTES > CHUNK_BYTES
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.text.count("\n") == 21_001


def test_an_answer_has_at_most_so_many_bytes(tmp_path):
    with Spool(tmp_path, longest_bytes=10) as spool:
        assert spool.write(b"12345") == 5
        with pytest.raises(LimitError, match="more than 10 bytes"):
            spool.write(b"678901")
        assert b"".join(spool.chunks()) == b"12345"


def test_who_asks_may_ask_for_fewer_rows(organisation):
    with organisation.asks("loader") as client:
        refused = client.post("/sql", json=RATES | {"limit": 2}, headers={"Accept": "text/csv"})
        assert refused.json()["code"] == "limit"
        assert client.post("/sql", json=RATES | {"limit": 3}).json()["row_count"] == 3


def test_lists_hold_what_can_be_discovered(organisation):
    with organisation.asks("ben") as client:
        products = client.get("/products").json()["products"]
        datasets = client.get("/datasets").json()["datasets"]
        releases = client.get("/releases").json()["releases"]
        one = client.get("/releases", params={"product": "market/rates"}).json()["releases"]
        product = client.get("/products/market/rates").json()
    assert [product["name"] for product in products] == [
        "market/rates",
        "sales/customers",
        "sales/orders",
    ]
    assert [(dataset["name"], dataset["release"], dataset["rows"]) for dataset in datasets] == [
        ("market.rates", 1, 3),
        ("sales.customers", 1, 2),
        ("sales.orders", 1, 2),
    ]
    assert {release["product"] for release in releases} == {
        "market/rates",
        "sales/customers",
        "sales/orders",
    }
    assert [(release["number"], release["is_current"]) for release in one] == [(1, True)]
    assert (product["owner"], product["purpose"]) == ("market-team", "A product of a test.")
