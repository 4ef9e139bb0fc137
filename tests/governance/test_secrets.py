"""No password, token, cookie or invitation stands in the registry, an audit entry, an error or anything's repr."""

import json
import logging
import traceback

import pytest
from sqlalchemy import select

from ghala.errors import GhalaError
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import tables
from ghala.testing.people import ADDRESS, ANOTHER, PASSWORD


@pytest.fixture
def told(people, caplog):
    """Everything that happens to one user, as (secrets, texts that anybody could see)."""
    caplog.set_level(logging.DEBUG)
    identity = people.identity
    invitation = identity.first.invite(by=OWNER_LOCAL)
    account = identity.first.accept(invitation.text, "amina", PASSWORD)
    begun = people.sign_in()
    identity.roles.take("amina", "administrator", minutes=5, reason="x", by=OWNER_LOCAL)
    renewed = identity.sessions.renew(begun.cookie.value)
    checked = identity.sessions.check(renewed.cookie.value)
    issued = identity.tokens.issue(
        "amina", by=checked.principal, scopes=["dataset:read"], purpose="analytics"
    )
    principal = identity.tokens.check(issued.text)
    changed = ANOTHER
    identity.sign_in.change_password(checked.principal, PASSWORD, changed, address=ADDRESS)
    secrets = [
        invitation.text, PASSWORD, changed, issued.text, issued.text.split("_")[2][:43],
        begun.cookie.value, renewed.cookie.value, begun.csrf, renewed.csrf,
    ]  # fmt: skip
    seen = [
        repr(value)
        for value in (invitation, account, begun, begun.cookie, renewed, checked, issued, principal)
    ]
    seen += [repr(identity), repr(identity.tokens.tokens(by=OWNER_LOCAL)), caplog.text]
    mistakes = [
        lambda: people.sign_in("amina", PASSWORD),
        lambda: people.sign_in(PASSWORD, "x" * 12),
        lambda: identity.sessions.check(begun.cookie.value),
        lambda: identity.tokens.check(issued.text[:-1] + "!"),
        lambda: identity.tokens.check(issued.text + "0"),
        lambda: identity.first.accept(invitation.text, "ben", PASSWORD),
        lambda: identity.accounts.add("ben", by=OWNER_LOCAL, password=PASSWORD + "ben"),
        lambda: identity.accounts.set_password("nine", changed, by=OWNER_LOCAL),
        lambda: identity.tokens.revoke(issued.text, by=principal),
    ]
    for mistake in mistakes:
        with pytest.raises(GhalaError) as caught:
            mistake()
        error = caught.value
        seen += [str(error), repr(error), error.hint or "", repr(error.evidence)]
        seen.append(
            "".join(line for line in traceback.format_exception(error) if "File" not in line)
        )
    with people.registry.read() as connection:
        stored = [
            json.dumps([str(value) for value in row])
            for table in tables.metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
    return secrets, seen, stored


def test_nothing_that_anybody_sees_holds_a_secret(told):
    secrets, seen, _ = told
    assert [(secret, text) for secret in secrets for text in seen if secret in text] == []


def test_the_registry_holds_hashes_only(told):
    secrets, _, stored = told
    assert any('"user:amina"' in row for row in stored)
    assert [(secret, row) for secret in secrets for row in stored if secret in row] == []
