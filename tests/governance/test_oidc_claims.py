"""Tokens of a provider: every one that must not count, and whose keys sign."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey
from oidc_world import CLIENT, ISSUER, KEY, PUBLIC, SECOND, refused

from ghala.governance.oidc_provider import LOOKED_AGAIN_S


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iss": "https://evil.example"}, "`iss`"),
        ({"aud": "another"}, "`aud`"),
        ({"aud": ["another"]}, "`aud`"),
        ({"aud": [CLIENT, "another"]}, "`azp`"),
        ({"azp": "another"}, "`azp`"),
        ({"nonce": "of an answer before"}, "`nonce`"),
        ({"nonce": None}, "`nonce`"),
        ({"sub": None}, "`sub`"),
        ({"sub": ""}, "`sub`|names nobody"),
        ({"sub": 7}, "refused"),
        ({"exp": 1_700_000_000}, "expired"),
        ({"exp": None}, "`exp`"),
        ({"iat": 1_799_990_000}, "too old"),
        ({"iat": None}, "`iat`"),
        ({"nbf": 1_900_000_000}, "refused"),
        ({"at_hash": "wrong"}, "refused"),
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_refused(people, browser, provider, changes, words):
    provider.changes = changes
    refused(browser, browser.begin(), words)
    assert "user:created" not in people.tags()


def _compact(header, claims, signature=b""):
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_a_token_that_no_private_key_signed_is_refused(people, browser, provider):
    import hmac

    answer = browser.begin()
    header, claims, _ = provider.signed().split(".")
    body = json.loads(base64.urlsafe_b64decode(claims + "=="))
    provider.token = _compact({"alg": "none", "kid": "first"}, body)
    refused(browser, answer, "not signed with a private key")
    # Keys that everybody can read are no secrets to sign with.
    for known in (KEY.as_pem(private=False), json.dumps(PUBLIC).encode(), PUBLIC["n"].encode()):
        answer = browser.begin()
        body["nonce"] = provider.nonce
        unsigned = _compact({"alg": "HS256", "kid": "first"}, body).rsplit(".", 1)[0]
        made = hmac.digest(known, unsigned.encode(), "sha256")
        provider.token = f"{unsigned}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"
        refused(browser, answer, "not signed with a private key")
    provider.token = f"{header}.{claims}.AAAA"
    refused(browser, browser.begin(), "refused")
    provider.token = "no token"  # noqa: S105 - none indeed
    refused(browser, browser.begin(), "refused")
    assert "user:created" not in people.tags()


def test_a_key_of_the_tokens_own_is_no_key_of_the_provider(browser, provider):
    mine = RSAKey.generate_key(2048, {"kid": "first"})
    answer = browser.begin()
    provider.key = mine
    provider.token = provider.signed(jwk=mine.as_dict(private=False))
    refused(browser, answer, "refused")


def test_a_key_that_is_too_short_signs_nothing(browser, provider):
    with pytest.warns(SecurityWarning, match="2048"):
        provider.key = RSAKey.generate_key(1024, {"kid": "first"})
    provider.shown = [provider.key]
    refused(browser, browser.begin(), "does not hold")
    for modulus in ("", None, "ä", 7):
        provider.shown_keys = [{"kty": "RSA", "kid": "first", "e": "AQAB", "n": modulus}]
        refused(browser, browser.begin(), "does not hold")


def test_a_token_of_another_kind_lets_nobody_in(people, browser, provider):
    """An access token, signed with the same key for the same client, is no answer to a sign-in."""
    answer = browser.begin()
    now_s = people.clock.us // 1_000_000
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "0007", "iat": now_s, "exp": now_s + 300}
    header = {"alg": "RS256", "kid": KEY.kid, "typ": "at+jwt"}
    provider.token = jwt.encode(header, claims | {"scope": "openid"}, KEY)
    refused(browser, answer, "`nonce`")
    assert "user:created" not in people.tags()


def test_keys_that_were_changed_are_read_again_and_not_at_every_request(browser, provider):
    browser.sign_in()
    provider.key, provider.shown = SECOND, [SECOND]
    refused(browser, browser.begin(), "does not show")
    provider.elapsed_s += LOOKED_AGAIN_S
    browser.sign_in()
    looked = [url for url, _, _ in provider.asked].count(f"{ISSUER}/keys")
    provider.key = KEY
    for _ in range(5):
        refused(browser, browser.begin(), "does not show")
    assert [url for url, _, _ in provider.asked].count(f"{ISSUER}/keys") == looked
