"""Signing in with a provider of OpenID Connect: a code flow with PKCE that only one browser can end, once.

Of a sign-in under way the browser has one secret, in a cookie; `state`, `nonce` and the code's verifier are made of it.
The registry knows the state's hash, so that a state is good once, in whichever process. An answer counts only if it
comes with the cookie of the browser that began, names this provider, and holds a token that this provider signed for
this client and this nonce. Somebody is known by issuer and subject; a name or an address of mail proves nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghala.errors import DeniedError, NotSignedInError, TooManyAttemptsError, UsageError
from ghala.governance.accounts import add_account
from ghala.governance.administration import US, find_purpose, principal_of, record
from ghala.governance.attempts import network
from ghala.governance.oidc_claims import challenge
from ghala.governance.sign_in import NOBODY
from ghala.model.account import AccountId, account_name_fault
from ghala.model.audit import AuditTag
from ghala.model.outside import BegunOutside, OutsideAttempt, OutsideUser
from ghala.model.principal import Principal, PrincipalKind
from ghala.registry import identity, outside
from ghala.registry.registry import move_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.governance.oidc_provider import ProviderClient
    from ghala.governance.sessions import Sessions
    from ghala.model.purpose import Purpose
    from ghala.model.session import BegunSession
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry

LIVES_S = 600
"""How long somebody may take at the provider."""
MOST_UNDER_WAY = 200
"""How many sign-ins of one network may be under way: many people can share an address."""
_LONGEST_PATH = 500
_MOST_GROUPS = 10_000


@dataclass(frozen=True, slots=True)
class OutsideSignIn:
    """Lets users in whom a provider knows. `redirect_uri` is where the provider sends browsers back.

    `named` are the ids to which contracts give a say: no claim makes anybody the first of such a name.
    """

    registry: Registry
    sessions: Sessions
    provider: ProviderClient
    purposes: Callable[[], Mapping[str, Purpose]]
    redirect_uri: str
    named: Callable[[], frozenset[str]]

    def begin(
        self,
        purpose: str,
        *,
        address: str,
        return_to: str | None = None,
        linking: Principal | None = None,
    ) -> BegunOutside:
        """Return where a browser goes on, and the secret that it brings back.

        `return_to` is the path of a page of ours to which it goes afterwards. `linking` is the user, signed in with a
        password, whose account the provider's shall be from now on.

        Raises:
            UsageError: the purpose or the path cannot be used.
            DeniedError: an account is linked by somebody else than its user, who has signed in.
            TooManyAttemptsError: too many that began at this address are under way.
            StorageError: the provider cannot be reached.
        """
        find_purpose(self.purposes(), purpose)
        if return_to is not None and not is_own_path(return_to):
            raise UsageError("`return_to` is a path of this server, like `/catalogue`")
        kind, _, session = ((linking and linking.credential) or "").partition(":")
        if linking is not None and (
            linking.kind is not PrincipalKind.USER
            or linking.scopes is not None
            or kind != "session"
        ):
            raise DeniedError(
                f"{linking.id} may not be linked", reasons=["users link themselves, signed in"]
            )
        secret = secrets.token_urlsafe(32)
        state, settings = _made(secret, "state"), self.provider.settings
        url = self.provider.authorization_url(
            {
                "response_type": "code",
                "client_id": settings.client_id,
                "redirect_uri": self.redirect_uri,
                "scope": "openid profile",
                "state": state,
                "nonce": _made(secret, "nonce"),
                "code_challenge": challenge(_made(secret, "verifier")),
                "code_challenge_method": "S256",
            }
        )
        begun_at = network(address)
        attempt = OutsideAttempt(
            purpose, return_to, None if linking is None else linking.id, session or None, begun_at
        )
        with self.registry.write() as connection:
            now_us = self.sessions.now_us()
            if outside.attempts_under_way(connection, begun_at, now_us) >= MOST_UNDER_WAY:
                raise TooManyAttemptsError(
                    "too many sign-ins from this address are under way",
                    hint=f"try again in {LIVES_S} s",
                    retry_after_s=LIVES_S,
                )
            outside.add_attempt(connection, _hash(state), attempt, now_us, now_us + LIVES_S * US)
        return BegunOutside(url, LIVES_S, secret)

    def finish(
        self, answer: Mapping[str, str], secret: str, *, address: str, ending: str | None = None
    ) -> tuple[BegunSession, str | None]:
        """Return the session of whom the provider's answer lets in, and where the browser goes.

        `answer` are the parameters with which it came back, `secret` the cookie that it had from `begin`.

        Raises:
            NotSignedInError: the answer does not hold.
            StorageError: the provider cannot be reached.
            UsageError: there is an account of that name, which is not linked.
        """
        # Anybody can send an answer to what never began: it is refused, and leaves no trace for ever.
        attempt = self._taken(answer, secret)
        try:
            user = self._proved(answer, secret)
            return self._let_in(attempt, user, address, ending), attempt.return_to
        except NotSignedInError as error:
            detail = {
                "address": address,
                "issuer": self.provider.settings.issuer,
                "why": str(error),
            }
            with self.registry.write() as connection:
                record(connection, AuditTag.SIGN_IN_REFUSED, NOBODY, [], detail)
            raise

    def _taken(self, answer: Mapping[str, str], secret: str) -> OutsideAttempt:
        state = answer.get("state", "")
        # Whoever sends somebody an address with a state of their own does not have the cookie.
        if not secret or not hmac.compare_digest(_made(secret, "state").encode(), state.encode()):
            raise _refusal("it belongs to another browser, or to none")
        with self.registry.write() as connection:
            attempt = outside.take_attempt(connection, _hash(state), self.sessions.now_us())
        if attempt is None:
            raise _refusal("it came before, or too late")
        return attempt

    def _proved(self, answer: Mapping[str, str], secret: str) -> OutsideUser:
        settings = self.provider.settings
        named = answer.get("iss")
        if named != settings.issuer and (named is not None or self.provider.names_itself()):
            raise _refusal("it is another provider's")
        code = answer.get("code")
        if answer.get("error") is not None or not code:
            raise NotSignedInError("the provider did not let you in", hint="sign in again")
        claims = self.provider.exchange(
            code,
            verifier=_made(secret, "verifier"),
            redirect_uri=self.redirect_uri,
            nonce=_made(secret, "nonce"),
            now_s=self.sessions.now_us() / US,
        )
        groups = claims.get(settings.groups_claim, ())
        listed = [groups] if isinstance(groups, str) else groups
        known = listed[:_MOST_GROUPS] if isinstance(listed, list) else ()
        return OutsideUser(
            settings.issuer,
            claims["sub"],
            _name(claims.get(settings.name_claim)),
            frozenset(one for one in known if isinstance(one, str)),
        )

    def _let_in(
        self, attempt: OutsideAttempt, user: OutsideUser, address: str, ending: str | None
    ) -> BegunSession:
        named = self.named()
        with self.registry.write() as connection:
            now_us = self.sessions.now_us()
            if attempt.linking is not None and not self.sessions.is_open(
                connection, attempt.linking, attempt.session or ""
            ):
                raise NotSignedInError(
                    "the session in which linking began has ended", hint="sign in, and link again"
                )
            account_id = self._account(connection, attempt, user, named, now_us)
            account = identity.find_account(connection, account_id, now_us)
            if account is None or not account.is_enabled:
                raise NotSignedInError("the account is disabled", hint="ask an administrator")
            by = principal_of(account, attempt.purpose)
            self._place(connection, account.id, user.groups, by, now_us)
            if ending is not None:
                self.sessions.end_within(connection, ending)
            known = (user.issuer, user.subject)
            return self.sessions.begin(connection, account, attempt.purpose, address, known)

    def _account(
        self,
        connection: Transaction,
        attempt: OutsideAttempt,
        user: OutsideUser,
        named: frozenset[str],
        now_us: int,
    ) -> str:
        """Return the account of somebody at the provider: theirs already, the one to be linked, or a new one."""
        known = outside.account_of(connection, user.issuer, user.subject)
        if known is not None:
            if attempt.linking not in {None, known}:
                raise UsageError("the provider's account is linked to another user already")
            return known
        account_id = attempt.linking
        if account_id is None:
            made = AccountId(PrincipalKind.USER, user.name)
            account_id = str(made)
            if account_name_fault(user.name):
                raise UsageError(
                    "the provider gives no name that a user can have",
                    hint="`identity.oidc.name_claim` says which of its claims is the name",
                )
            if identity.find_account(connection, account_id, now_us) is not None:
                raise UsageError(
                    f"there is an account `{account_id}` already, and nothing says that it is yours",
                    hint="sign in with its password and link it: see the guide of signing in with a provider",
                )
            if account_id in named:
                raise UsageError(
                    f"`{account_id}` approves access, so nobody becomes it by a name alone",
                    hint="an administrator adds the account; then sign in with its password and link it",
                )
            add_account(connection, made, None, NOBODY, now_us)
        outside.link(connection, user.issuer, user.subject, account_id, now_us)
        detail = {"issuer": user.issuer, "subject": user.subject}
        by = Principal(account_id, PrincipalKind.USER, attempt.purpose)
        record(connection, AuditTag.USER_LINKED, by, [account_id], detail)
        move_epoch(connection)
        return account_id

    def _place(
        self,
        connection: Transaction,
        account: str,
        groups: frozenset[str],
        by: Principal,
        now_us: int,
    ) -> None:
        """Make somebody a member of the teams of their groups, and of no other team that groups are given."""
        mapped = {
            group: AccountId(PrincipalKind.TEAM, team)
            for group, team in self.provider.settings.teams.items()
        }
        wanted = {str(team) for group, team in mapped.items() if group in groups}
        for team in {str(one): one for one in mapped.values()}.values():
            found = identity.teams(connection, str(team))
            if not found and str(team) in wanted:
                identity.add_team(connection, team, now_us)
                record(connection, AuditTag.TEAM_CHANGED, by, [str(team)], {"change": "added"})
            is_member = bool(found) and account in found[0].members
            if is_member is not (str(team) in wanted):
                change = identity.leave_team if is_member else identity.join_team
                change(connection, str(team), account)
                detail = {"change": "left" if is_member else "joined", "through": "provider"}
                record(connection, AuditTag.TEAM_CHANGED, by, [str(team), account], detail)
                move_epoch(connection)


def is_own_path(path: str) -> bool:
    r"""Return whether a path leads to a page of this server, and cannot be read as the address of another.

    >>> is_own_path("/catalogue?q=orders"), is_own_path("//evil.example"), is_own_path("/\\evil.example")
    (True, False, False)
    """
    is_plain = path.isascii() and path.isprintable() and len(path) <= _LONGEST_PATH
    return is_plain and path.startswith("/") and path[1:2] not in {"/", "\\"} and "\\" not in path


def _name(said: Any) -> str:
    """Return the name that a new account gets: that of the claim, without the domain of an address of mail."""
    return said.split("@", 1)[0] if isinstance(said, str) else ""


def _made(secret: str, what: str) -> str:
    made = hmac.digest(secret.encode("utf-8", "replace"), f"ghala oidc {what}".encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _refusal(why: str) -> NotSignedInError:
    return NotSignedInError(f"the provider's answer is refused: {why}", hint="sign in again")
