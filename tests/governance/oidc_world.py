"""A provider beyond the network, and a browser that goes there and comes back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from ghala.errors import NotSignedInError
from ghala.model.outside import OidcProvider
from ghala.testing.people import ADDRESS

ISSUER = "https://id.acme.example"
CLIENT = "ghala"
BACK = "https://data.acme.example/api/v1/session/oidc/callback"
SETTINGS = OidcProvider(ISSUER, CLIENT, "s3cret", teams={"Sales EU": "sales-team", "HR": "hr-team"})
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
SECOND = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
PUBLIC = KEY.as_dict(private=False)


class Provider:
    """A provider that lives beyond the network: what it says, and what its next token says."""

    def __init__(self, clock):
        self.clock, self.key, self.shown, self.asked = clock, KEY, [KEY], []
        self.metadata = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        self.changes, self.token, self.elapsed_s = {}, None, 0.0
        self.nonce, self.shown_keys = "", None

    def fetch(self, url, form=None, headers=None):
        self.asked.append((url, form, headers))
        if url.endswith("/.well-known/openid-configuration"):
            return self.metadata
        if url.endswith("/keys"):
            shown = [key.as_dict(private=False) for key in self.shown]
            return {"keys": shown if self.shown_keys is None else self.shown_keys}
        return {"access_token": "opaque", "id_token": self.token or self.signed()}

    def signed(self, **header):
        now_s = self.clock.us // 1_000_000
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "0007",
            "iat": now_s,
            "exp": now_s + 300,
            "nonce": self.nonce,
            "preferred_username": "Amina@acme.example",
            "groups": ["Sales EU", "all"],
        }
        claims = {
            name: value for name, value in {**claims, **self.changes}.items() if value is not None
        }
        algorithm = "RS256" if self.key.key_type == "RSA" else "ES256"
        return jwt.encode({"alg": algorithm, "kid": self.key.kid, **header}, claims, self.key)


class Browser:
    """Somebody who goes to the provider and comes back."""

    def __init__(self, outside, provider):
        self.outside, self.provider = outside, provider

    def begin(self, **options):
        begun = self.outside.begin("analytics", **{"address": ADDRESS, **options})
        self.secret = begun.secret
        self.sent = {name: one for name, (one,) in parse_qs(urlsplit(begun.url).query).items()}
        self.provider.nonce = self.sent["nonce"]
        return {"state": self.sent["state"], "code": "good"}

    def finish(self, answer, secret=None):
        return self.outside.finish(answer, secret or self.secret, address=ADDRESS)

    def sign_in(self, **options):
        begun, _ = self.finish(self.begin(**options))
        return self.outside.sessions.check(begun.cookie.value).principal


def refused(browser, answer, words, **options):
    with pytest.raises(NotSignedInError, match=words) as caught:
        browser.finish(answer, **options)
    # Neither a token nor a claim's value is repeated.
    assert "eyJ" not in f"{caught.value}{caught.value.hint}"
