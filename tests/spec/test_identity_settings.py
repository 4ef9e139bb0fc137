"""`identity` of `ghala.yaml`."""

import pytest

from ghala.errors import DefinitionError
from ghala.spec.settings_file import load_settings

GOOD = """name: acme
identity:
  oidc:
    issuer: https://id.acme.example
    client_id: ghala
    groups_claim: roles
    teams: {Sales EU: sales-team}
"""


def written(folder, text):
    (folder / "ghala.yaml").write_text(text)
    return folder


def test_a_provider_is_read_and_its_secret_comes_from_the_environment(tmp_path):
    settings = load_settings(written(tmp_path, GOOD), {"GHALA_OIDC_CLIENT_SECRET": "s3cret"})
    assert (settings.oidc.issuer, settings.oidc.client_id) == ("https://id.acme.example", "ghala")
    assert (settings.oidc.groups_claim, settings.oidc.name_claim) == ("roles", "preferred_username")
    assert dict(settings.oidc.teams) == {"Sales EU": "sales-team"}
    assert settings.oidc.client_secret == "s3cret"  # noqa: S105 - of nobody
    assert "s3cret" not in repr(settings)
    assert load_settings(tmp_path, {}).oidc.client_secret is None
    plain = written(tmp_path, "name: acme\n")
    assert load_settings(plain, {"GHALA_OIDC_CLIENT_SECRET": "x"}).oidc is None


def test_a_secret_in_the_file_is_an_error(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        load_settings(written(tmp_path, GOOD + "    client_secret: s3cret\n"), {})
    (found,) = caught.value.evidence["findings"]
    assert found.code == "settings.secret"
    assert "s3cret" not in str(found)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("https://id.acme.example", "http://id.acme.example", "value.not_allowed"),
        ("https://id.acme.example", "https://id.acme.example?x=1", "value.not_allowed"),
        ("client_id: ghala", "client: ghala", "key.unknown"),
        ("Sales EU: sales-team", "Sales EU: sales team", "name.invalid"),
        ("oidc:", "ldap:", "key.unknown"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, before, after, code):
    with pytest.raises(DefinitionError) as caught:
        load_settings(written(tmp_path, GOOD.replace(before, after)), {})
    assert code in {found.code for found in caught.value.evidence["findings"]}
