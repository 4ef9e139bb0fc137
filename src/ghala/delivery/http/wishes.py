"""`/wishes`: data that people ask for and that is not there."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.delivery.http.wish_shapes import (
    Assignment,
    Merging,
    NewWish,
    WishAnswer,
    WishList,
    WishQuery,
    WishShape,
)

router = APIRouter(prefix="/wishes", tags=["demand"], route_class=RepeatableRoute)
WishId = Annotated[str, Path(min_length=12, max_length=12, pattern="^[0-9A-Za-z]+$")]


@router.post("", status_code=201)
async def wish(asked: NewWish, asker: WhoAsks, parts: GivenParts) -> WishShape:
    """Ask for data that is not there. An open wish with the same words is the same one, and gets a vote."""
    verb = parts.talk.wishes.wish
    found = await call(parts.lookups, verb, asked.title, asked.reason, by=asker.principal)
    return WishShape.model_validate(found)


@router.get("")
async def wishes(
    asker: WhoAsks, parts: GivenParts, asked: Annotated[WishQuery, Query()]
) -> WishList:
    """List wishes, the most wanted first."""
    find = parts.talk.wishes.wishes
    found = await call(parts.lookups, find, by=asker.principal, **dict(asked))
    return WishList(wishes=[WishShape.model_validate(one) for one in found])


@router.get("/{wish_id}")
async def one_wish(wish_id: WishId, asker: WhoAsks, parts: GivenParts) -> WishShape:
    """Show one wish, with what happened to it."""
    found = await call(parts.lookups, parts.talk.wishes.find, wish_id, by=asker.principal)
    return WishShape.model_validate(found)


@router.put("/{wish_id}/votes")
async def vote(wish_id: WishId, asker: WhoAsks, parts: GivenParts) -> WishShape:
    """Vote for a wish that is open or planned; each person has one vote for it."""
    found = await call(parts.lookups, parts.talk.wishes.vote, wish_id, by=asker.principal)
    return WishShape.model_validate(found)


@router.delete("/{wish_id}/votes")
async def withdraw(wish_id: WishId, asker: WhoAsks, parts: GivenParts) -> WishShape:
    """Take one's vote back."""
    found = await call(parts.lookups, parts.talk.wishes.withdraw, wish_id, by=asker.principal)
    return WishShape.model_validate(found)


@router.post("/{wish_id}/assignment")
async def assign(
    wish_id: WishId, asked: Assignment, asker: WhoAsks, parts: GivenParts
) -> WishShape:
    """Say which domain shall answer a wish: stewards any, owners theirs, or another for a wish of theirs."""
    verb = parts.talk.wishes.assign
    found = await call(parts.lookups, verb, wish_id, asked.domain, by=asker.principal)
    return WishShape.model_validate(found)


@router.post("/{wish_id}/answer")
async def answer(
    wish_id: WishId, asked: WishAnswer, asker: WhoAsks, parts: GivenParts
) -> WishShape:
    """Say what becomes of a wish; whoever wished is told."""
    verb = parts.talk.wishes.answer
    found = await call(parts.lookups, verb, wish_id, by=asker.principal, **dict(asked))
    return WishShape.model_validate(found)


@router.post("/{wish_id}/merging")
async def merge(wish_id: WishId, asked: Merging, asker: WhoAsks, parts: GivenParts) -> WishShape:
    """Let a wish live on in a like one, and return that one."""
    verb = parts.talk.wishes.merge
    found = await call(parts.lookups, verb, wish_id, asked.into, by=asker.principal)
    return WishShape.model_validate(found)
