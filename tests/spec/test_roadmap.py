"""Roadmaps: strict, with the place of everything that is wrong."""

from datetime import date

import pytest

from ghala.model.roadmap import ChangeKind, ItemState

FILE = "domains/sales/orders/roadmap.yaml"
GOOD = """\
items:
  - {id: refunds, title: Refunds, status: planned, by: 2026-Q4, description: In the books}
  - {id: names, title: Names, status: declined}
  - {id: daily, title: Daily, status: building, by: 2026-04-01}
changes:
  - {title: amount goes, kind: breaking, on: 2026-10-01, dataset: orders, action: read the other}
  - {title: all goes, kind: deprecation, on: 2027-01-01, action: leave}
"""


def test_a_product_has_its_roadmap_in_the_order_of_the_file(folder):
    folder.write(FILE, GOOD)
    (product,) = folder.load().products
    items, changes = product.roadmap.items, product.roadmap.changes
    assert [(one.id, one.state, one.by) for one in items] == [
        ("refunds", ItemState.PLANNED, "2026-Q4"),
        ("names", ItemState.DECLINED, ""),
        ("daily", ItemState.BUILDING, "2026-04-01"),
    ]
    assert [(one.kind, one.on, one.dataset, one.action) for one in changes] == [
        (ChangeKind.BREAKING, date(2026, 10, 1), "orders", "read the other"),
        (ChangeKind.DEPRECATION, date(2027, 1, 1), "", "leave"),
    ]
    assert folder.found() == []


def test_a_product_without_a_roadmap_has_an_empty_one(folder):
    (product,) = folder.load().products
    assert (product.roadmap.items, product.roadmap.changes) == ((), ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("item: []\n", "1:1 key.unknown"),
        ("items: {a: b}\n", "1:8 value.wrong_type"),
        ("items:\n  - {id: a, status: planned}\n", "2:5 key.missing"),
        ("items:\n  - {id: A b, title: x, status: planned}\n", "2:10 name.invalid"),
        ("items:\n  - {id: a, title: x, status: plannd}\n", "2:31 value.not_allowed"),
        ("items:\n  - {id: a, title: x, status: planned, by: soon}\n", "2:44 value.not_allowed"),
        ("items:\n  - {id: a, title: x, status: planned, by: 2026-Q5}\n", "2:44 value.not_allowed"),
        ("items:\n  - {id: a, title: x, status: planned, when: 2026}\n", "2:40 key.unknown"),
        (GOOD + "  - {title: x, kind: breaking, on: 2026-02-30, action: y}\n", "8:36 value.not_allowed"),
        (GOOD + "  - {title: x, kind: braking, on: 2026-02-03, action: y}\n", "8:22 value.not_allowed"),
        (GOOD + "  - {title: x, kind: breaking, on: 2026-02-03}\n", "8:5 key.missing"),
        (GOOD.replace("id: names", "id: refunds"), "3:5 name.taken"),
        (GOOD.replace("dataset: orders", "dataset: order"), "6:67 roadmap.unknown_dataset"),
        ("items:\n  - {id: a, title: %s, status: planned}\n" % ("x" * 201), "2:20 value.not_allowed"),
        ("items: [\n", "2:1 yaml.syntax"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place(folder, text, found):
    folder.write(FILE, text)
    assert f"roadmap.yaml:{found}" in folder.found()


def test_what_was_probably_meant_is_a_hint(folder):
    folder.write(
        FILE,
        GOOD.replace("status: planned", "status: plannd").replace(
            "dataset: orders", "dataset: order"
        ),
    )
    hints = {one.code: one.hint for one in folder.lint()}
    assert hints == {
        "value.not_allowed": "did you mean `planned`?",
        "roadmap.unknown_dataset": "did you mean `orders`?",
    }


def test_another_ending_is_not_overlooked(folder):
    folder.write(FILE.replace(".yaml", ".yml"), GOOD)
    assert folder.found() == ["roadmap.yml:0:0 file.ignored"]
