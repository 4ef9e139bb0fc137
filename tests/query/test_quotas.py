"""Quotas of questions and bytes, with a clock of our own."""

import pytest

from ghala.errors import QuotaError
from ghala.model.principal import Principal, PrincipalKind
from ghala.query.quotas import Quotas
from ghala.registry.registry import open_registry

AMINA = Principal("user:amina", PrincipalKind.USER, "analytics")
DAY_US = 86_400_000_000


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()


def test_questions_are_counted_over_the_last_minute(registry):
    now = [100.0]
    quotas = Quotas(registry, questions_per_minute=2, now_s=lambda: now[0])
    quotas.ask(AMINA)
    now[0] += 20
    quotas.ask(AMINA)
    with pytest.raises(QuotaError) as caught:
        quotas.ask(AMINA)
    assert caught.value.evidence["retry_after_s"] == 40
    quotas.ask(Principal("user:amina", PrincipalKind.USER, "fraud"))
    now[0] += 40
    quotas.ask(AMINA)


def test_bytes_are_counted_over_the_day_by_all_servers(registry):
    now_us = [3 * DAY_US + 5]
    mine = Quotas(registry, bytes_per_day=100, now_us=lambda: now_us[0])
    other = Quotas(registry, bytes_per_day=100, now_us=lambda: now_us[0])
    with mine.taking(AMINA) as taking:
        taking.take(60)
    with pytest.raises(QuotaError) as caught, other.taking(AMINA) as taking:
        taking.take(41)
    assert caught.value.evidence["retry_after_s"] == 86_400
    with pytest.raises(QuotaError), mine.taking(AMINA):
        pass
    now_us[0] += DAY_US
    with mine.taking(AMINA) as taking:
        taking.take(100)


def test_without_a_quota_nothing_is_counted(registry):
    quotas = Quotas(registry)
    for _ in range(100):
        quotas.ask(AMINA)
    with quotas.taking(AMINA) as taking:
        taking.take(2**50)
