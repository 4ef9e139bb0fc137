import subprocess
import sys

import pytest
from sqlalchemy import update

from ghala.model.names import ProductName
from ghala.registry import claims, tables
from ghala.registry.claims import Claim, Holder

ORDERS = ProductName("sales", "orders")
STAFF = ProductName("people", "staff")


def take(registry, run_id, product=ORDERS, lease_s=60.0):
    with registry.write() as connection:
        return claims.claim(connection, "prod", product, run_id, lease_s=lease_s)


def is_held(registry, claim):
    with registry.read() as connection:
        return claims.is_held(connection, claim)


def test_one_run_of_a_product_holds_the_claim_and_another_is_told(registry):
    first = take(registry, "run-1")
    second = take(registry, "run-2")

    assert isinstance(first, Claim)
    assert isinstance(second, Holder)
    assert second.run_id == "run-1"


def test_products_are_claimed_apart(registry):
    assert isinstance(take(registry, "run-1"), Claim)
    assert isinstance(take(registry, "run-2", STAFF), Claim)


def test_a_released_claim_is_free(registry):
    first = take(registry, "run-1")
    with registry.write() as connection:
        claims.release(connection, first)

    assert isinstance(take(registry, "run-2"), Claim)


def test_an_expired_lease_is_taken_over_and_the_old_holder_is_fenced_off(registry):
    old = take(registry, "run-1", lease_s=-1)
    new = take(registry, "run-2")

    assert new.fence == old.fence + 1
    assert not is_held(registry, old)
    assert is_held(registry, new)
    with registry.write() as connection:
        assert not claims.extend(connection, old, lease_s=60)
        claims.release(connection, old)
    assert is_held(registry, new)


def test_a_holder_whose_process_is_gone_is_taken_over_at_once(registry):
    child = subprocess.run(
        [sys.executable, "-c", "from ghala.registry import claims; print(claims._this_process())"],
        check=True,
        capture_output=True,
        text=True,
    )
    old = take(registry, "run-1")
    with registry.write() as connection:
        connection.execute(update(tables.claims).values(holder=child.stdout.strip()))

    assert isinstance(take(registry, "run-2"), Claim)
    assert not is_held(registry, old)


@pytest.mark.parametrize("holder", ["elsewhere/boot/1/1", "vm//1/1"])
def test_a_holder_that_cannot_be_known_keeps_its_lease(registry, holder):
    take(registry, "run-1")
    with registry.write() as connection:
        connection.execute(update(tables.claims).values(holder=holder))

    assert isinstance(take(registry, "run-2"), Holder)


def test_the_oldest_open_claim_bounds_what_may_be_swept(registry):
    with registry.read() as connection:
        assert claims.oldest_open_us(connection) is None
    first = take(registry, "run-1")
    take(registry, "run-2", STAFF)
    with registry.read() as connection:
        assert claims.oldest_open_us(connection) is not None
    with registry.write() as connection:
        claims.release(connection, first)
    with registry.read() as connection:
        assert claims.oldest_open_us(connection) is not None
