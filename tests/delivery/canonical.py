"""The one shape of errors."""

FIELDS = ["type", "title", "status", "detail", "hint", "code", "request_id", "reasons"]
HARDENED = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def assert_hardened(response):
    """Demand the headers that every response has."""
    for name, value in HARDENED.items():
        assert response.headers[name] == value
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-request-id"]
    assert "server" not in response.headers
    assert not any(name.startswith("access-control") for name in response.headers)


def assert_canonical_error(response, status, code):
    """Demand that a response is an error in the one shape, and return it."""
    assert_hardened(response)
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert list(body) == FIELDS
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"urn:ghala:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["x-request-id"]
    assert isinstance(body["reasons"], list)
    assert body["hint"] is None or body["hint"]
    assert "Traceback" not in response.text
    return body
