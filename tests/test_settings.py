from pathlib import Path

import pytest

from ghala.errors import UsageError
from ghala.model.url_secret import mask
from ghala.settings import SETTINGS, Settings, override

ROOT = Path("/srv/acme")
PLAIN = Settings("acme", ROOT, ROOT / ".ghala", zones={"erp": Path("/srv/erp")})


def test_without_variables_nothing_changes():
    assert override(PLAIN, {"PATH": "/bin", "GHALA": "x", "GHALA_STORAGE": ""}) is PLAIN


def test_every_setting_can_come_from_the_environment():
    found = override(
        PLAIN,
        {
            "GHALA_NAME": "other",
            "GHALA_STORAGE": "/var/ghala",
            "GHALA_REGISTRY": "postgresql://u:pw@db/x",
            "GHALA_ENGINE__THREADS": "8",
            "GHALA_ENGINE__MEMORY_MB": "1024",
            "GHALA_ENGINE__ANSWERS_MB": "0",
            "GHALA_LIMITS__QUERY_S": "1.5",
            "GHALA_LIMITS__RESULT_ROWS": "100",
            "GHALA_LIMITS__QUESTIONS_EACH": "2",
            "GHALA_LIMITS__QUESTIONS_PER_MINUTE": "60",
            "GHALA_LIMITS__BYTES_PER_DAY": "1000000",
            "GHALA_RUNS__LEASE_S": "5",
            "GHALA_RUNS__WAIT_S": "0",
            "GHALA_UPKEEP__ORPHAN_AGE_S": "60",
            "GHALA_UPKEEP__LIVE_SNAPSHOTS": "3",
            "GHALA_ZONES__CRM": "landing/crm",
        },
    )
    assert found == Settings(
        "other", ROOT, Path("/var/ghala"), "postgresql://u:pw@db/x",
        {"erp": Path("/srv/erp"), "crm": ROOT / "landing/crm"}, 8, 1024, 0, 1.5, 100, 2, 60, 1_000_000,
        5.0, 0.0, 60.0, 3,
    )  # fmt: skip


def test_there_is_a_setting_for_every_field_but_what_is_more_than_a_value():
    fields = {setting.field for setting in SETTINGS}
    assert fields == set(Settings.__slots__) - {
        "allowed_hosts",
        "channels",
        "oidc",
        "root",
        "zones",
    }


def test_a_relative_storage_is_relative_to_the_workspace():
    assert override(PLAIN, {"GHALA_STORAGE": "../store"}).storage == Path("/srv/store")


def test_null_takes_a_limit_away():
    limited = override(PLAIN, {"GHALA_LIMITS__RESULT_ROWS": "5"})
    assert override(limited, {"GHALA_LIMITS__RESULT_ROWS": "null"}).result_rows is None


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("GHALA_ENGINE__THREADS", "0"),
        ("GHALA_ENGINE__THREADS", "many"),
        ("GHALA_ENGINE__THREADS", "2.5"),
        ("GHALA_ENGINE__THREADS", "9" * 5000),
        ("GHALA_LIMITS__QUERY_S", "nan"),
        ("GHALA_LIMITS__QUERY_S", "inf"),
        ("GHALA_LIMITS__QUERY_S", "-1"),
        ("GHALA_LIMITS__RESULT_ROWS", "0"),
        ("GHALA_UPKEEP__ORPHAN_AGE_S", "1 day"),
        ("GHALA_STORAGE", "domains/sales"),
        ("GHALA_STORAGE", "."),
        ("GHALA_STORAGE", "/srv"),
        ("GHALA_STORAGE", "/srv/erp/store"),
        ("GHALA_ZONES__ALL", "/"),
        ("GHALA_ENGINE__THREAD", "2"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(variable, text):
    with pytest.raises(UsageError) as caught:
        override(PLAIN, {variable: text})
    assert f"`{variable}`" in caught.value.message
    assert caught.value.evidence["variable"] == variable


def test_a_variable_that_is_nearly_right_is_named():
    with pytest.raises(UsageError) as caught:
        override(PLAIN, {"GHALA_ENGINE__THREAD": "2"})
    assert caught.value.hint == "did you mean `GHALA_ENGINE__THREADS`?"


def test_passwords_are_never_shown():
    secret = override(PLAIN, {"GHALA_REGISTRY": "postgresql://u:s3cret@db/x?password=s3cret"})
    assert "s3cret" not in repr(secret)
    assert "s3cret" not in str(secret.shown())
    assert secret.shown()["registry_url"] == "postgresql://u:***@db/x?password=***"


@pytest.mark.parametrize(
    "url", ["not a url", "postgresql://", "x://a:b@c@d/e", "postgresql://u:%40@h/d"]
)
def test_masking_takes_any_text(url):
    assert "%40" not in mask(url)
