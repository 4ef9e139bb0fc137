"""Passwords in the URLs of databases: whether there is one, how it is shown, and how one is put in."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_SECRET_WORDS = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)
_ACCOUNT = re.compile(r"([\w+.-]+://[^:/?@]+)@")
_PASSWORD = re.compile(r"([\w+.-]+://[^:/@]*):.*@", re.DOTALL)
_PARAMETER = re.compile(r"([?&][^=&#]*=)([^&#]*)")


def mask(url: str) -> str:
    """Return a URL without its passwords.

    >>> mask("postgresql+psycopg://ghala:s3cret@db/ghala?sslmode=require&password=x")
    'postgresql+psycopg://ghala:***@db/ghala?sslmode=require&password=***'
    >>> mask("sqlite:////srv/registry.db")
    'sqlite:////srv/registry.db'
    """
    # Not `urlsplit`: a `#` or `/` in a password that was not escaped would end the part that it looks at.
    if found := _PASSWORD.match(url):
        url = f"{found[1]}:***@{url[found.end() :]}"
    return _PARAMETER.sub(
        lambda one: f"{one[1]}***" if _SECRET_WORDS.search(unquote(one[1])) else one[0], url
    )


def has_secret(url: str) -> bool:
    """Return whether a URL holds a password.

    >>> has_secret("postgresql://ghala@db/ghala"), has_secret("postgresql://ghala:x@db/ghala")
    (False, True)
    """
    names = (unquote(found[1]) for found in _PARAMETER.finditer(url))
    return _PASSWORD.match(url) is not None or any(_SECRET_WORDS.search(name) for name in names)


def with_password(url: str, password: str) -> str:
    """Return a URL with a password for its account; one without an account stays as it is.

    >>> with_password("postgresql://ghala@db/acme", "s3/cret")
    'postgresql://ghala:s3%2Fcret@db/acme'
    """
    found = _PASSWORD.match(url) or _ACCOUNT.match(url)
    return f"{found[1]}:{quote(password, safe='')}@{url[found.end() :]}" if found else url
