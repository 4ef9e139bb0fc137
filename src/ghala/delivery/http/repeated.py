"""`Idempotency-Key`: a change that a client sends twice, because the answer got lost, is made once."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from ghala.delivery.http.asker import find_asker, parts_of
from ghala.delivery.http.sync import call
from ghala.governance.repeats import Claim

KEY_HEADER = "Idempotency-Key"
REPEATED_HEADER = "Idempotency-Replayed"
_FIRST_ERROR = 400


class RepeatableRoute(APIRoute):
    """A route whose POSTs may come with a key: `APIRouter(route_class=RepeatableRoute)`.

    What fails changed nothing and is not kept: it may be tried again with the same key.
    """

    keeps_body: ClassVar[bool] = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answer_once(request: Request) -> Response:
            key = request.headers.get(KEY_HEADER)
            if key is None or request.method != "POST":
                return await answer(request)
            parts = parts_of(request)
            asker = await find_asker(request, parts)
            body = await request.body()
            target = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
            claim = await call(
                parts.lookups, parts.repeats.claim, asker.principal, key, target + body
            )
            if not isinstance(claim, Claim):
                headers = {REPEATED_HEADER: "true"}
                return Response(claim.body, claim.status or 200, headers, claim.media_type)
            try:
                response = await answer(request)
            except BaseException:
                await call(parts.lookups, claim.forget)
                raise
            if response.status_code >= _FIRST_ERROR:
                await call(parts.lookups, claim.forget)
                return response
            kept = bytes(response.body) if self.keeps_body else None
            media_type = response.headers.get("content-type")
            await call(parts.lookups, claim.answer, response.status_code, media_type, kept)
            return response

        return answer_once


class SecretRoute(RepeatableRoute):
    """Likewise, where the answer holds a secret: it is not kept, so a second request learns that the first was done."""

    keeps_body = False
