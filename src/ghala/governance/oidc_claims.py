"""What a provider signed: an ID token read, with every check that OpenID Connect demands of a code flow.

The one file that knows how tokens are signed. A signature counts only if it was made with a private key: `none` and
keys that both sides know are not among the algorithms, whatever the token says of itself.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghala.errors import MissingExtraError, NotSignedInError

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SHORTEST_RSA_BITS = 2048
"""Shorter keys can be taken apart: they sign nothing."""
LEEWAY_S = 30
_LONGEST_SUBJECT = 255
_OLDEST_S = 600
"""How old a token may be that answers a code which has just been exchanged."""


class KeyUnknownError(NotSignedInError):
    """The token is signed with a key that is not among those that are known: there may be new ones."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say, for it to be the answer to one sign-in of one client at one provider."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None = None


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a code's verifier (RFC 7636)."""
    try:
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise _missing() from error
    return str(create_s256_code_challenge(verifier))


def claims_of(
    token: str, keys: Mapping[str, Any], expected: Expected, now_s: float
) -> Mapping[str, Any]:
    """Return the claims of an ID token.

    Raises:
        NotSignedInError: the signature, or what it says, does not hold; the message does not repeat it.
        KeyUnknownError: none of the keys made the signature.
        MissingExtraError: what reads tokens is not installed.
    """
    try:
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - an extra
        from joserfc import jws, jwt  # noqa: PLC0415 - likewise
        from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415 - likewise
        from joserfc.jwk import KeySet  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise _missing() from error
    try:
        known = KeySet.import_key_set({"keys": _signing(keys)})
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise _refusal("it is not signed with a private key of the provider")
        decoded = jwt.decode(token, known, algorithms=list(ALGORITHMS))
        read = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "nonce": {"essential": True, "value": expected.nonce},
            },
            params={
                "client_id": expected.client_id,
                "nonce": expected.nonce,
                "access_token": expected.access_token,
            },
        )
        read.validate(now=int(now_s), leeway=LEEWAY_S)
    except InvalidKeyIdError as error:
        raise KeyUnknownError(
            "the provider's answer is signed with a key that it does not show"
        ) from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        # Without the error's text: it may repeat a part of the token.
        raise _refusal(_said(error)) from None
    subject = read["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise _refusal("it names nobody")
    if read["iat"] < now_s - _OLDEST_S:
        raise _refusal("it is too old")
    return dict(read)


def _signing(keys: Mapping[str, Any]) -> list[Any]:
    """Return the public keys that sign: a set may hold others, of kinds that nobody here reads, or too short ones."""
    listed = keys.get("keys")
    return [
        {name: value for name, value in key.items() if name != "d"}
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("kty") in {"RSA", "EC"} and key.get("use") != "enc"
        if key.get("kty") != "RSA" or _bits(key.get("n")) >= SHORTEST_RSA_BITS
    ]


def _bits(modulus: object) -> int:
    """Return how long an RSA key is; 0 if it is none."""
    try:
        text = str(modulus).encode("ascii")
        number = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return 0
    return int.from_bytes(number).bit_length()


def _said(error: Exception) -> str:
    if type(error).__name__ == "ExpiredTokenError":
        return "it has expired"
    claim = getattr(error, "claim", None)
    if isinstance(claim, str) and claim.isidentifier():
        return f"its `{claim}` is not the one that was expected"
    return "its signature does not hold"


def _refusal(why: str) -> NotSignedInError:
    return NotSignedInError(f"the provider's answer is refused: {why}", hint="sign in again")


def _missing() -> MissingExtraError:
    return MissingExtraError(
        "signing in with a provider needs authlib", hint="pip install 'ghala[oidc]'"
    )
