"""Tokens: issued once, known by their hash alone, narrower than whoever they belong to, and never for ever."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, NotSignedInError, UsageError
from ghala.governance.administration import (
    US,
    find_account,
    find_purpose,
    parse_id,
    principal_of,
    record,
    require,
)
from ghala.governance.kept_decisions import KeptDecisions
from ghala.governance.token_terms import (
    carries,
    read_lifetime_s,
    read_roles,
    read_scopes,
    require_given,
    require_trusting,
)
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.model.token import (
    ALPHABET,
    ID_LENGTH,
    SECRET_LENGTH,
    IssuedToken,
    Token,
    TokenText,
    is_in_scope,
)
from ghala.registry import credentials, identity
from ghala.registry.registry import move_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from ghala.model.account import Account
    from ghala.model.principal import Principal
    from ghala.model.purpose import Purpose
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry

NOTED_EVERY_S = 60
"""How often at most a use is written."""
_LONGEST_LABEL = 200


@dataclass(slots=True)
class _Checked:
    """Whom a token stands for while the epoch stands, and when its use was noted."""

    principal: Principal
    used_us: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one registry."""

    registry: Registry
    purposes: Callable[[], Mapping[str, Purpose]]
    now_us: Callable[[], int]
    _checked: KeptDecisions[_Checked] = field(
        default_factory=KeptDecisions, repr=False, compare=False
    )

    def issue(
        self,
        principal: str,
        *,
        by: Principal,
        scopes: Collection[str],
        purpose: str,
        label: str = "",
        days: int | None = None,
        minutes: int | None = None,
        roles: Collection[str] = (),
    ) -> IssuedToken:
        """Issue a token; its text is known now and never again.

        A user's token is issued by the user, or by the workspace's owner; that of a service or an agent also by who
        answers for it or an administrator. What people need a role for, a service may do whose token was issued by an
        administrator or auditor with that scope. A token that issues another gives it no more than it has itself, for
        no longer, and nothing that decides or administers.

        Args:
            principal: whose it is.
            by: who issues it.
            scopes: what it allows; `model.token.POWERS` for hours only.
            purpose: what it is used for.
            label: what lists show for it.
            days: how long it lives.
            minutes: the same, instead of days.
            roles: those that it carries: `by` has them now, and it ends with them.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is no such account.
            UsageError: the account is disabled, or scopes, roles, purpose, label or lifetime are not allowed.
        """
        wanted = read_scopes(scopes)
        carried = read_roles(roles, wanted)
        find_purpose(self.purposes(), purpose)
        if len(label) > _LONGEST_LABEL or not label.isprintable():
            raise UsageError(f"a label has at most {_LONGEST_LABEL} printable characters")
        text = TokenText(_random(ID_LENGTH), _random(SECRET_LENGTH))
        with self.registry.write() as connection:
            now_us = self.now_us()
            self._require_issuer(connection, principal, by, now_us)
            account = find_account(connection, principal, now_us)
            if account.kind is PrincipalKind.SERVICE:
                require_trusting(connection, by, wanted, now_us)
            if not account.is_enabled:
                raise UsageError(
                    f"{account.id} is disabled", hint=f"ghala user enable {account.id}"
                )
            token = Token(
                id=text.id,
                principal=account.id,
                label=label,
                scopes=wanted,
                purpose=purpose,
                issued_by=by.id,
                issued_at=as_time(now_us),
                until=as_time(now_us),
                used_at=None,
                revoked_at=None,
                roles=carried,
            )
            lifetime_s = read_lifetime_s(days, minutes, is_powerful=token.is_powerful)
            ends = [one.until for one in require_given(by, account, token)]
            ends += _end_of(connection, by)
            token = replace(token, until=min([as_time(now_us + lifetime_s * US), *ends]))
            until_us = round(token.until.timestamp() * US)
            credentials.add_token(connection, token, _hash(text.secret), now_us, until_us)
            detail: dict[str, object] = {
                "token": token.id,
                "scopes": [scope.value for scope in wanted],
                "purpose": purpose,
                "until": token.until.isoformat(),
            }
            if carried:
                detail["roles"] = [role.value for role in carried]
            record(connection, AuditTag.TOKEN_ISSUED, by, [account.id], detail)
        return IssuedToken(token, text.written())

    def check(self, text: str) -> Principal:
        """Return who asks with a token. Its scopes narrow what they may; of the roles that they took it has its own.

        Raises:
            NotSignedInError: it is no token, or one that no longer holds.
        """
        try:
            presented = TokenText.parse(text)
        except ValueError as error:
            # Without the cause: its frames hold the text.
            raise NotSignedInError(str(error), hint="copy it again, or issue another") from None
        now_us = self.now_us()
        # Whatever ends a token before its time moves the epoch, and so does what changes whom it stands for.
        key = (self.registry.epoch(), presented.id, _hash(presented.secret))
        checked = self._checked.get(
            key, None, as_time(now_us), lambda: self._check(presented, now_us)
        )
        if now_us - checked.used_us >= NOTED_EVERY_S * US:
            with self.registry.write() as connection:
                credentials.use_token(connection, presented.id, now_us)
            checked.used_us = now_us
        return checked.principal

    def remembered(self, text: str) -> Principal | None:
        """Return what `check` would, where that takes no more than a look at the epoch on this machine; else None."""
        if not self.registry.is_at_hand:
            return None
        try:
            presented = TokenText.parse(text)
        except ValueError:
            return None
        now_us = self.now_us()
        key = (self.registry.epoch(), presented.id, _hash(presented.secret))
        checked = self._checked.find(key, None, as_time(now_us))
        if checked is None or now_us - checked.used_us >= NOTED_EVERY_S * US:
            return None
        return checked.principal

    def _check(self, presented: TokenText, now_us: int) -> tuple[_Checked, datetime]:
        with self.registry.read() as connection:
            stored = credentials.find_token(connection, presented.id)
            fits = hmac.compare_digest(
                _hash(presented.secret), stored.secret_sha256 if stored else _hash("")
            )
            if stored is None or not fits:
                raise NotSignedInError("the token is not known here", hint="issue another")
            account, teams = self._holder(connection, stored.token, now_us)
        token = stored.token
        credential = f"token:{token.id}"
        principal = principal_of(
            account,
            token.purpose,
            credential=credential,
            teams=teams,
            roles=token.roles,
            scopes=token.scopes,
        )
        return _Checked(principal, stored.used_us), token.until

    def tokens(self, *, by: Principal, of: str | None = None) -> tuple[Token, ...]:
        """Return all tokens, or those of one account, newest first; also those that no longer hold.

        Raises:
            DeniedError: `by` is neither an administrator, nor the account itself, nor who answers for it.
            NotFoundError: there is no such account.
        """
        account = None if of is None else str(parse_id(of))
        with self.registry.read() as connection:
            now_us = self.now_us()
            itself = None if account is None else _acting_for(connection, account, by, now_us)
            _require_manager(connection, by, itself, now_us)
            if account is not None:
                find_account(connection, account, now_us)
            return credentials.tokens(connection, account)

    def revoke(self, token_id: str, *, by: Principal) -> Token:
        """Revoke a token by its id, or by its text if that is what somebody found; once revoked it stays so.

        Raises:
            DeniedError: `by` is neither an administrator, nor the account that it belongs to, nor who answers for that.
            NotFoundError: there is no such token.
        """
        wanted = _token_id(token_id)
        with self.registry.write() as connection:
            now_us = self.now_us()
            stored = credentials.find_token(connection, wanted)
            holder = stored.token.principal if stored else ""
            itself = _acting_for(connection, holder, by, now_us)
            _require_manager(connection, by, itself, now_us)
            if stored is None:
                raise NotFoundError("there is no such token", hint="`ghala token list` names them")
            if stored.token.revoked_at is None:
                credentials.revoke_token(connection, wanted, now_us)
                detail = {"token": wanted}
                record(connection, AuditTag.TOKEN_REVOKED, by, [stored.token.principal], detail)
                move_epoch(connection)
            after = credentials.find_token(connection, wanted)
        return after.token if after else stored.token

    def _holder(
        self, connection: Transaction, token: Token, now_us: int
    ) -> tuple[Account, tuple[str, ...]]:
        """Return the account that a token belongs to, if it still opens anything, and its teams."""
        if token.revoked_at is not None:
            raise NotSignedInError("the token was revoked", hint="issue another")
        if token.until <= as_time(now_us):
            raise NotSignedInError("the token has expired", hint="issue another")
        account = identity.find_account(connection, token.principal, now_us)
        acting = account
        if account is not None and account.kind is PrincipalKind.AGENT and account.owner:
            acting = identity.find_account(connection, account.owner, now_us)
        if account is None or acting is None or not (account.is_enabled and acting.is_enabled):
            raise NotSignedInError("the token's account is disabled", hint="ask an administrator")
        if not carries(account, token):
            raise NotSignedInError(
                "the role that the token carries has ended", hint="take it again, issue another"
            )
        return account, acting.teams

    def _require_issuer(
        self, connection: Transaction, principal: str, by: Principal, now_us: int
    ) -> None:
        wanted = parse_id(principal)
        if by.kind is PrincipalKind.OWNER:
            return
        if wanted.kind is PrincipalKind.USER:
            if by.id != str(wanted) or not is_in_scope(by, Action.TOKEN_MANAGE):
                # Not even an administrator: with the token they would be somebody else.
                raise DeniedError(
                    f"{by.id} may not issue a token of {wanted}",
                    reasons=["a user's token is issued by the user, who has signed in"],
                )
            return
        itself = _acting_for(connection, str(wanted), by, now_us)
        _require_manager(connection, by, itself, now_us)


def _require_manager(
    connection: Transaction, by: Principal, itself: str | None, now_us: int
) -> None:
    action = Action.TOKEN_MANAGE
    require(connection, by, action, now_us, itself=itself, own=action)


def _end_of(connection: Transaction, by: Principal) -> list[datetime]:
    """Return when the token ends with which somebody asks; nothing if it is none."""
    kind, _, credential = (by.credential or "").partition(":")
    stored = credentials.find_token(connection, credential) if kind == "token" else None
    return [] if stored is None else [stored.token.until]


def _acting_for(connection: Transaction, account: str, by: Principal, now_us: int) -> str | None:
    """Return the id of `by` if it is the account, or answers for it itself or through a team; None otherwise."""
    found = identity.find_account(connection, account, now_us)
    is_own = found is not None and (found.id == by.id or found.owner in {by.id, *by.teams})
    return by.id if is_own else None


def _token_id(text: str) -> str:
    try:
        return TokenText.parse(text).id
    except ValueError:
        return text


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _hash(secret: str) -> str:
    # Random of 256 bits cannot be guessed from a fast hash, as a password could.
    return hashlib.sha256(secret.encode()).hexdigest()
