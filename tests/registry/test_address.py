"""URLs of PostgreSQL registries: what they may say, and that what is wrong with one never shows its password."""

import traceback

import pytest

from ghala.errors import UsageError
from ghala.model.url_secret import has_secret, mask, with_password
from ghala.registry.address import Address, TlsMode

ODD = "s3cr/et#p?ss:w@rd"


@pytest.mark.parametrize(
    ("url", "tls"),
    [
        ("postgresql://u@localhost/d", TlsMode.PREFER),
        ("postgresql://u@127.0.0.9/d", TlsMode.PREFER),
        ("postgresql://u@[::1]:5433/d", TlsMode.PREFER),
        ("postgresql://u@/d?host=/run/postgresql", TlsMode.PREFER),
        ("postgresql://u@10.0.0.1/d", TlsMode.VERIFY_FULL),
        ("postgresql://u@db/d?sslmode=require", TlsMode.REQUIRE),
    ],
)
def test_only_a_server_of_another_machine_must_prove_itself_unless_it_is_said(url, tls):
    assert Address.parse(url).tls is tls


def test_a_password_from_the_environment_may_have_any_character():
    url = with_password("postgresql://ghala@db:5433/acme?sslmode=require", ODD)
    address = Address.parse(url)
    assert (address.account, address.password, address.host) == ("ghala", ODD, "db")
    assert (address.port, address.database) == (5433, "acme")
    assert ODD not in repr(address)
    assert ODD not in str(address)


def test_a_password_of_the_environment_wins():
    address = Address.parse(with_password("postgresql://ghala:old@db/acme", ODD))
    assert address.password == ODD


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ghala:{ODD}@db/acme",
        f"postgresql://ghala:{ODD}@db:port/acme",
        f"postgresql://ghala:[{ODD}@db/acme",
        f"postgresql://ghala:{ODD}@db/acme?password={ODD}&sslmode=no",
        f"postgresql+psycopg://ghala:{ODD}@db/acme",
        f"postgresql://:{ODD}@db/acme",
        f"postgresql://ghala:{ODD}@db/acme?nonsense={ODD}",
        "postgresql://ghala:s3cr@db/acme?connect_timeout=soon",
        "postgresql://ghala:s3cr@db/acme?sslmode=no",
        "postgresql://db/acme",
        "postgresql",
    ],
)
def test_what_is_wrong_with_a_url_never_shows_its_password(url):
    said = mask(url)
    try:
        said += repr(Address.parse(url)).replace("@db", "")
    except UsageError as error:
        said += "".join(traceback.format_exception(error)) + str(error.hint) + str(error.evidence)
    for piece in ("s3cr", "p?ss", "ss:w", "w@rd"):
        assert piece not in said


@pytest.mark.parametrize("url", ["postgresql://ghala@db/acme", "sqlite:////srv/registry.db"])
def test_a_url_without_a_password_is_shown_as_it_is(url):
    assert (mask(url), has_secret(url)) == (url, False)
