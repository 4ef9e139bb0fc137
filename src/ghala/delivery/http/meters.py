"""What the server counts while it answers, and how Prometheus reads it. No label holds what a user wrote."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_NO_ROUTE, _OTHER = "none", "OTHER"

Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Histogram:
    """How long something took, how often."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    total_s: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds


@dataclass(slots=True)
class Meters:
    """The counts of one process. Safe between threads."""

    requests: dict[Labels, int] = field(default_factory=lambda: defaultdict(int))
    latencies: dict[Labels, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    audit_failures: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by its route's template, never by its address."""
        known = method if method in _METHODS else _OTHER
        where = (("method", known), ("route", route))
        with self._lock:
            self.requests[(*where, ("status", str(status)))] += 1
            self.latencies[where].add(seconds)

    def audit_failed(self) -> None:
        """Count a read that was refused since it could not be recorded."""
        with self._lock:
            self.audit_failures += 1

    def text(self, gauges: Iterable[tuple[str, str, float]]) -> str:
        """Return all counts, and gauges by name and help, as Prometheus reads them."""
        with self._lock:
            lines = [*self._lines(), *_gauge_lines(gauges)]
        return "\n".join(lines) + "\n"

    def _lines(self) -> Iterator[str]:
        name = "ghala_http_requests_total"
        yield from _head(name, "counter", "Requests that were answered, by route and status.")
        for labels, count in sorted(self.requests.items()):
            yield f"{name}{_labels(labels)} {count}"
        name = "ghala_http_request_seconds"
        yield from _head(name, "histogram", "How long answers took until their last byte.")
        for labels, histogram in sorted(self.latencies.items(), key=lambda item: item[0]):
            running = 0
            bounds = (*(f"{bound:g}" for bound in BOUNDS_S), "+Inf")
            for bound, count in zip(bounds, histogram.counts, strict=True):
                running += count
                yield f"{name}_bucket{_labels((*labels, ('le', bound)))} {running}"
            yield f"{name}_sum{_labels(labels)} {histogram.total_s:.6f}"
            yield f"{name}_count{_labels(labels)} {running}"
        name = "ghala_audit_failures_total"
        yield from _head(
            name, "counter", "Reads that were refused since they could not be recorded."
        )
        yield f"{name} {self.audit_failures}"


@dataclass(frozen=True, slots=True)
class Measured:
    """Stands around the app and counts every request, also those that are refused before a route is found."""

    app: ASGIApp
    meters: Meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began_s = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            # 499 is what servers call a request whose client went away before there was an answer.
            taken_s = time.perf_counter() - began_s
            self.meters.answered(scope["method"], _route(scope), status or 499, taken_s)


def _route(scope: Mapping[str, object]) -> str:
    template = getattr(scope.get("route"), "path", None)
    return template if isinstance(template, str) else _NO_ROUTE


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _gauge_lines(gauges: Iterable[tuple[str, str, float]]) -> Iterator[str]:
    for name, text, value in gauges:
        yield from _head(name, "gauge", text)
        yield f"{name} {value:g}"


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
