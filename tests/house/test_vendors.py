"""One vendor, one file: what speaks to a library or to the environment stands in one place."""

import ast

import pytest
from tree import imports, listed, modules, name, nodes

HOMES = {
    "alembic": ("src/ghala/registry/",),
    "apprise": ("src/ghala/delivery/notify/services.py",),
    "argon2": ("src/ghala/governance/passwords.py",),
    "cryptography": ("src/ghala/governance/audit_key.py",),
    "cedarpy": ("src/ghala/governance/cedar.py",),
    "fastapi": ("src/ghala/delivery/http/",),
    "starlette": ("src/ghala/delivery/http/",),
    "uvicorn": ("src/ghala/delivery/http/serve.py",),
    "anyio": ("src/ghala/delivery/http/",),
    "pydantic": ("src/ghala/delivery/http/",),
    "duckdb": ("src/ghala/engines/duckdb.py",),
    "pg8000": ("src/ghala/registry/postgresql.py",),
    "ruamel": ("src/ghala/spec/yaml.py",),
    # The doors hold the transactions of the registry.
    "sqlalchemy": ("src/ghala/registry/", "src/ghala/publish/", "src/ghala/query/"),
    "click": ("src/ghala/cli/",),
    "rich": ("src/ghala/cli/",),
    "open_data_contract_standard": ("src/ghala/spec/",),
}
"""Where each vendor's API may be spoken: files, or folders with their `/`."""


@pytest.mark.parametrize("vendor", HOMES)
def test_a_vendor_has_one_home(vendor):
    home = HOMES[vendor]
    strangers = [
        name(path)
        for path in modules()
        if not name(path).startswith(home)
        and any(module.partition(".")[0] == vendor for module in imports(path))
    ]
    assert not strangers, listed(strangers)


def test_only_settings_read_the_environment():
    readers = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if name(path) != "src/ghala/settings.py"
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}
    ]
    assert not readers, listed(readers)
