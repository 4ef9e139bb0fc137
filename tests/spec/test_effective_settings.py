"""Effective settings: each once, with who said so, and never a secret."""

import pytest

from ghala.settings import SETTINGS
from ghala.spec.effective_settings import effective_settings
from ghala.spec.settings_file import load_settings

FILE = """name: acme
engine: {threads: 3}
zones: {in: landing}
registry: postgresql://ghala@db/acme
identity:
  oidc: {issuer: 'https://login.acme.example', client_id: ghala}
notifications:
  channels: {ops: {url: 'env:OPS_URL'}}
"""
SECRETS = {
    "GHALA_REGISTRY_PASSWORD": "s3cret",
    "GHALA_OIDC_CLIENT_SECRET": "s4cret",
    "OPS_URL": "s5cret",
}


@pytest.fixture
def shown(tmp_path):
    (tmp_path / "ghala.yaml").write_text(FILE)
    (tmp_path / "landing").mkdir()

    def call(**variables):
        given = SECRETS | variables
        settings = load_settings(tmp_path, given)
        return {one.key: one for one in effective_settings(settings, given)}

    return call


def test_each_setting_stands_once_with_who_said_so(shown):
    found = shown(GHALA_LIMITS__QUERY_S="7", GHALA_ZONES__ERP="/srv/erp")
    keys = [".".join(filter(None, (one.section, one.key))) for one in SETTINGS]
    assert list(found)[: len(keys)] == keys
    told = {key: (one.value, one.source.value) for key, one in found.items()}
    assert told["engine.threads"] == (3, "file")
    assert told["limits.query_s"] == (7.0, "environment")
    assert told["engine.memory_mb"] == (4096, "default")
    assert told["limits.result_rows"] == (None, "default")
    assert told["zones.in"][1] == "file"
    assert told["zones.erp"] == ("/srv/erp", "environment")
    assert told["identity.oidc.client_id"] == ("ghala", "file")
    assert told["notifications.channels.ops"] == ("env:OPS_URL", "file")


def test_no_secret_is_shown(shown):
    found = shown()
    assert found["registry"].value == "postgresql://ghala:***@db/acme"
    assert found["identity.oidc.client_secret"].value == "***"
    shown_text = str([one.value for one in found.values()])
    assert [secret for secret in SECRETS.values() if secret in shown_text] == []
