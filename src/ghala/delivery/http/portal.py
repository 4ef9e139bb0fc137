"""The portal's pages: files that the package brings along, the same bytes for everybody."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

from ghala.delivery.http.outer import API

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from starlette.types import ASGIApp, Receive, Scope, Send

INDEX = "index.html"
ASSETS = "assets/"
"""Below it, a file's name changes with what is in it."""
# Widths and places of what is drawn are attributes of elements, hence the one `unsafe-inline`.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ABSENT = """\
The portal is not there: the package was installed without it. The API is: /api/v1/openapi.json.
hint: install once more without GHALA_PORTAL=skip; in the project's folder, `make demo` builds it
"""
_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
}
_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file as it is sent; `is_packed` says that its bytes are compressed."""

    content: bytes = field(repr=False)
    media_type: str
    is_packed: bool
    etag: str


def shipped(folder: Traversable) -> Mapping[str, BundleFile]:
    """Read a bundle's files by their path below its folder; none if it is not there."""
    found = {}
    for path, content in _walked(folder, "") if folder.is_dir() else ():
        name = path.removesuffix(_PACKED)
        media_type = _MEDIA_TYPES.get(name.rpartition(".")[2])
        if media_type is not None:
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            found[name] = BundleFile(content, media_type, name != path, etag)
    return found


def _walked(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walked(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry.read_bytes()


@cache
def bundle() -> Mapping[str, BundleFile]:
    """Return the bundle of this package, read once."""
    return shipped(files("ghala") / "portal" / "dist")


@dataclass(frozen=True, slots=True)
class Portal:
    """Answers everything but the API: a file of the bundle, else its one page, which finds its way by the address."""

    app: ASGIApp
    bundle: Mapping[str, BundleFile]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_page = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if is_page and not scope["path"].startswith(API):
            response = self._response(scope["path"].lstrip("/"), Headers(scope=scope))
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _response(self, path: str, headers: Headers) -> Response:
        if not self.bundle:
            return PlainTextResponse(ABSENT, 503)
        file = self.bundle.get(path)
        if file is None and path.startswith(ASSETS):
            return PlainTextResponse("There is no such file; load the page again.\n", 404)
        file = file or self.bundle[INDEX]
        caching = "public, max-age=31536000, immutable" if path.startswith(ASSETS) else "no-cache"
        sent = {
            "Cache-Control": caching,
            "Content-Security-Policy": POLICY,
            "ETag": file.etag,
            "Vary": "Accept-Encoding",
        }
        if headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=sent)
        content = file.content
        if file.is_packed and _takes_packed(headers):
            sent["Content-Encoding"] = "gzip"
        elif file.is_packed:
            content = gzip.decompress(content)
        return Response(content, headers=sent, media_type=file.media_type)


def _takes_packed(headers: Headers) -> bool:
    """Return whether a client takes gzip.

    >>> _takes_packed(Headers({"accept-encoding": "br, gzip;q=0.5"})), _takes_packed(Headers({}))
    (True, False)
    >>> _takes_packed(Headers({"accept-encoding": "gzip;q=0"}))
    False
    """
    for one in headers.get("accept-encoding", "").split(","):
        name, _, weight = one.strip().partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
