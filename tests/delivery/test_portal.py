"""The portal's files: who gets which, and under which headers."""

import asyncio
import gzip

import httpx
import pytest
from starlette.responses import PlainTextResponse

from ghala.delivery.http.portal import Portal, shipped

SCRIPT = b"console.log('a portal')\n" * 20


@pytest.fixture
def bundle(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b"<!doctype html>\n")
    (tmp_path / "theme.js").write_bytes(b"theme()\n")
    (tmp_path / ".stamp").write_bytes(b"not for anybody\n")
    (tmp_path / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    return shipped(tmp_path)


def get(bundle, path, method="GET", **headers):
    app = Portal(PlainTextResponse("the API"), bundle)

    async def ask():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ghala") as client:
            client.headers["Accept-Encoding"] = "identity"
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("path", ["/", "/catalog", "/datasets/sales/orders.v1", "/../secret"])
def test_every_address_is_the_page_that_finds_its_way(bundle, path):
    got = get(bundle, path)
    assert (got.status_code, got.text) == (200, "<!doctype html>\n")
    assert got.headers["cache-control"] == "no-cache"
    policy = got.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("path", "method"), [("/api/v1/health", "GET"), ("/api/", "GET"), ("/catalog", "POST")]
)
def test_the_api_is_left_alone(bundle, path, method):
    assert get(bundle, path, method).text == "the API"


def test_a_file_of_the_bundle_never_changes_under_its_name(bundle):
    got = get(bundle, "/assets/index-abc.js", **{"accept-encoding": "gzip"})
    assert (got.content, got.headers["content-encoding"]) == (SCRIPT, "gzip")
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["content-type"] == "text/javascript; charset=utf-8"
    assert get(bundle, "/theme.js").headers["cache-control"] == "no-cache"


def test_who_takes_nothing_compressed_gets_it_plain(bundle):
    got = get(bundle, "/assets/index-abc.js")
    assert "content-encoding" not in got.headers
    assert got.content == SCRIPT


def test_what_a_browser_has_is_not_sent_again(bundle):
    etag = get(bundle, "/").headers["etag"]
    again = get(bundle, "/", **{"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/assets/index-old.js", "/assets/", "/assets/../.stamp/x"])
def test_what_is_gone_is_no_page(bundle, path):
    got = get(bundle, path)
    assert got.status_code == 404 or got.text == "<!doctype html>\n"
    assert "not for anybody" not in got.text


def test_nothing_but_known_kinds_of_files_is_shipped(bundle):
    assert set(bundle) == {"index.html", "theme.js", "assets/index-abc.js"}


def test_without_a_bundle_it_says_what_to_do(tmp_path):
    got = get(shipped(tmp_path / "none"), "/catalog")
    assert got.status_code == 503
    assert "hint: " in got.text
