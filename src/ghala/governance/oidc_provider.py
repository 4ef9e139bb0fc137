"""A provider of OpenID Connect over HTTP: what it says of itself, its keys, and what it gives for a code."""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from ghala.errors import BusyError, NotSignedInError, StorageError
from ghala.governance.oidc_claims import Expected, KeyUnknownError, claims_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.model.outside import OidcProvider

Json = dict[str, Any]
TIMEOUT_S = 10.0
LARGEST_BYTES = 1_000_000
KEPT_S = 3600.0
FAILED_S = 10.0
"""How long what failed is not tried again."""
WAITS_S = 1.0
"""How long somebody waits for what another is fetching: whoever fetches may wait for all of the timeout."""
LOOKED_AGAIN_S = 60.0
"""How often at most keys are asked for again since a token names one that is not known."""


def fetch(
    url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Json:
    """Return a JSON object of a provider; with a form, it is posted. No redirect is followed.

    Raises:
        StorageError: it cannot be reached, or answers with something else.
        NotSignedInError: it refuses what was posted.
    """
    data = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(  # noqa: S310 - https, or this machine, as the settings demand
        url, data, {"Accept": "application/json", **(headers or {})}
    )
    try:
        with _OPENER.open(request, timeout=TIMEOUT_S) as response:
            read = json.loads(response.read(LARGEST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            if form is not None and error.code in {400, 401, 403}:
                raise NotSignedInError(
                    "the provider does not take the code", hint="sign in again"
                ) from None
        raise _unreachable() from None
    except (OSError, ValueError, RecursionError):
        raise _unreachable() from None
    if not isinstance(read, dict):
        raise _unreachable()
    return read


@dataclass(slots=True)
class ProviderClient:
    """This server as a client of one provider. What the provider says of itself is kept for an hour."""

    settings: OidcProvider
    fetch: Callable[..., Json] = fetch
    clock_s: Callable[[], float] = time.monotonic
    _kept: dict[str, tuple[float, Json]] = field(default_factory=dict, repr=False)
    _failed: dict[str, tuple[float, StorageError]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def authorization_url(self, parameters: Mapping[str, str]) -> str:
        """Return where a browser signs in."""
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"

    def names_itself(self) -> bool:
        """Return whether the provider adds its name to every answer (RFC 9207)."""
        said = self._metadata().get("authorization_response_iss_parameter_supported")
        return said is True

    def exchange(
        self, code: str, *, verifier: str, redirect_uri: str, nonce: str, now_s: float
    ) -> Mapping[str, Any]:
        """Return the claims of the ID token that a code is good for.

        Raises:
            NotSignedInError: the provider refuses the code, or its token does not hold.
            StorageError: the provider cannot be reached.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": self.settings.client_id,
        }
        headers: dict[str, str] = {}
        if self.settings.client_secret is not None:
            methods = self._metadata().get("token_endpoint_auth_methods_supported")
            if isinstance(methods, list) and "client_secret_basic" not in methods:
                form["client_secret"] = self.settings.client_secret
            else:
                pair = (
                    f"{quote(self.settings.client_id, '')}:{quote(self.settings.client_secret, '')}"
                )
                headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        answer = self.fetch(self._endpoint("token_endpoint"), form, headers)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise NotSignedInError(
                "the provider's answer is refused: it names nobody", hint="sign in again"
            )
        expected = Expected(
            self.settings.issuer,
            self.settings.client_id,
            nonce,
            access if isinstance(access, str) else None,
        )
        try:
            return claims_of(token, self._keys(KEPT_S), expected, now_s)
        except KeyUnknownError:
            # Its keys may have been changed for new ones since they were read.
            return claims_of(token, self._keys(LOOKED_AGAIN_S), expected, now_s)

    def _metadata(self) -> Json:
        url = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._read(url, KEPT_S)
        if found.get("issuer") != self.settings.issuer:
            error = StorageError(
                "the identity provider calls itself by another name",
                hint="`identity.oidc.issuer` is the `issuer` of its own description, to the letter",
            )
            self._failed[url] = (self.clock_s(), error)
            self._kept.pop(url, None)
            raise error
        return found

    def _endpoint(self, name: str) -> str:
        url = self._metadata().get(name)
        if isinstance(url, str):
            parts = urlsplit(url)
            own = urlsplit(self.settings.issuer)
            is_own = (parts.scheme, parts.hostname) == (own.scheme, own.hostname)
            if parts.hostname and (parts.scheme == "https" or is_own):
                return url
        raise StorageError(f"the identity provider has no `{name}` that can be used")

    def _keys(self, fresh_s: float) -> Json:
        return self._read(self._endpoint("jwks_uri"), fresh_s)

    def _read(self, url: str, fresh_s: float) -> Json:
        found = self._known(url, fresh_s)
        if found is not None:
            return found
        if not self._lock.acquire(timeout=WAITS_S):
            raise BusyError("the identity provider is slow to answer", hint="try again in a minute")
        try:
            found = self._known(url, fresh_s)
            if found is None:
                now_s, found = self.clock_s(), self.fetch(url)
                self._kept[url] = (now_s, found)
        except StorageError as error:
            if url not in self._failed:
                self._failed[url] = (self.clock_s(), error)
            raise
        finally:
            self._lock.release()
        return found

    def _known(self, url: str, fresh_s: float) -> Json | None:
        """Return what was read not long ago; None if it must be read.

        Raises:
            StorageError: not long ago it could not be read.
        """
        kept, now_s = self._kept.get(url), self.clock_s()
        if kept is not None and now_s - kept[0] < fresh_s:
            return kept[1]
        failed = self._failed.get(url)
        if failed is None:
            return None
        if now_s - failed[0] < FAILED_S:
            raise StorageError(str(failed[1]), hint=failed[1].hint)
        self._failed.pop(url, None)
        return None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A provider that sends us elsewhere could make us ask any address for it."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def _unreachable() -> StorageError:
    return StorageError(
        "the identity provider cannot be reached, or does not answer as one", hint="try again later"
    )
