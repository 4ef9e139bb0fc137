"""Tokens: what a program presents instead of a password, and how its text is written."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.principal import Principal, Role

PREFIX = "ghala_"
ID_LENGTH = 12
SECRET_LENGTH = 43
"""As many of 62 characters as hold 256 random bits."""
CHECK_LENGTH = 6
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

POWERS = frozenset(
    {Action.ACCOUNT_MANAGE, Action.AGREEMENT_DECIDE, Action.NOTIFICATION_MANAGE, Action.ROLE_TAKE}
    | {Action.TAG_DECLARE, Action.TEAM_MANAGE, Action.TOKEN_MANAGE, Action.USER_MANAGE}
)
"""What decides, administers or changes an account: a token has it for hours, from its user, who has signed in."""

ADMINISTERING = frozenset({Action.NOTIFICATION_MANAGE, Action.TEAM_MANAGE, Action.USER_MANAGE})
"""What takes the role of the administrator, also with a token."""

SCOPES = tuple(
    sorted(
        POWERS
        | {
            Action.AGREEMENT_REQUEST,
            Action.AUDIT_READ,
            Action.DATASET_DISCOVER,
            Action.DATASET_READ,
        }
        | {Action.DEMAND_READ, Action.FEEDBACK_ANSWER, Action.METRICS_READ, Action.POLICY_EXPLAIN}
        | {
            Action.INCIDENT_MANAGE,
            Action.PRODUCT_PUBLISH,
            Action.PRODUCT_ROLL_BACK,
            Action.PRODUCT_RUN,
        }
    )
)
"""The actions that a token can allow. Applying policies is not among them: that takes the workspace's files."""

ENTRUSTED = frozenset(
    {Action.AUDIT_READ, Action.DEMAND_READ, Action.METRICS_READ, Action.POLICY_EXPLAIN}
)
"""What people may do with a role. A service takes none: its token's scope lets it, if somebody with such a role issued
the token."""

_ID = rf"([0-9A-Za-z]{{{ID_LENGTH}}})"
_SECRET = rf"([0-9A-Za-z]{{{SECRET_LENGTH}}})"
_TEXT = re.compile(rf"{PREFIX}{_ID}_{_SECRET}[0-9A-Za-z]{{{CHECK_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class TokenText:
    """A token as it is written: `ghala_`, the id that lists show, `_`, the secret, and a checksum of all before it.

    The checksum lets a secret scanner, and us, tell a token from what looks like one, and a mistyped one from a
    revoked one, without the registry.
    """

    id: str
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> TokenText:
        """Read a token.

        Raises:
            ValueError: it is none, or not as it was issued; the message does not repeat it.

        >>> TokenText.parse(TokenText("0" * 12, "1" * 43).written()).id
        '000000000000'
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("this is not a token of Ghala")
        parsed = cls(found[1], found[2])
        if parsed.written() != text:
            raise ValueError("the token is mistyped or cut: its checksum does not fit")
        return parsed

    def written(self) -> str:
        """Return the token as it is shown once."""
        body = f"{PREFIX}{self.id}_{self.secret}"
        return body + _base62(zlib.crc32(body.encode()), CHECK_LENGTH)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; never its secret. It ends with the `roles` that it carries."""

    id: str
    principal: str
    label: str
    scopes: tuple[Action, ...]
    purpose: str
    issued_by: str
    issued_at: datetime
    until: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    roles: tuple[Role, ...] = ()

    @property
    def is_powerful(self) -> bool:
        """Whether it decides, administers or carries a role."""
        return bool(self.roles or POWERS.intersection(self.scopes))


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token at the only moment at which its text is known."""

    token: Token
    text: str = field(repr=False)


def is_entrusted(principal: Principal, action: Action) -> bool:
    """Return whether a service asks with a token that lets it do what people need a role for.

    >>> from ghala.model.principal import Principal
    >>> siem = Principal("service:siem", PrincipalKind.SERVICE, "operations", scopes=frozenset({Action.AUDIT_READ}))
    >>> is_entrusted(siem, Action.AUDIT_READ), is_entrusted(siem, Action.DATASET_READ)
    (True, False)
    """
    is_service = principal.kind is PrincipalKind.SERVICE
    return is_service and action in ENTRUSTED & (principal.scopes or frozenset())


def is_in_scope(principal: Principal, *actions: Action) -> bool:
    """Return whether somebody may do one of some things as far as a token says; without a token nothing is narrowed.

    >>> from ghala.model.principal import Principal
    >>> ann = Principal("user:ann", PrincipalKind.USER, "analytics", scopes=frozenset({Action.DATASET_READ}))
    >>> is_in_scope(ann, Action.DATASET_READ), is_in_scope(ann, Action.USER_MANAGE)
    (True, False)
    """
    return principal.scopes is None or not principal.scopes.isdisjoint(actions)


def _base62(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
