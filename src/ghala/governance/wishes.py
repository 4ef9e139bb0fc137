"""Wishes: whoever does not find data asks for it, others vote, and owners and stewards say what becomes of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, NotFoundError, QuotaError, UsageError
from ghala.governance.access_terms import find_state
from ghala.governance.administration import record
from ghala.governance.approval import Person
from ghala.governance.demand import looks_personal
from ghala.governance.keepers import keeps, keeps_any, read_words, require_answerer
from ghala.governance.products_seen import require_voter, seen_product
from ghala.governance.wishes_seen import Looker, require_looker
from ghala.model.audit import AuditTag
from ghala.model.notification import Notification, NotificationKind
from ghala.model.principal import PrincipalKind
from ghala.model.token import ALPHABET, ID_LENGTH
from ghala.model.wish import ANSWERS, Wish, WishEntry, WishEvent, WishState
from ghala.model.wording import words_of
from ghala.registry import outbox, votes, wishes
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection

    from ghala.governance.access_scope import AccessScope
    from ghala.model.principal import Principal
    from ghala.model.wish import SeenWish
    from ghala.registry.identity import Transaction

LONGEST_TITLE = 120
LONGEST_REASON = 1_000
LONGEST_ANSWER = 2_000
MOST_OPEN = 50
MOST_LISTED = 500
_LISTED = (WishState.OPEN, WishState.PLANNED, WishState.SHIPPED, WishState.DECLINED)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Takes wishes, shows them to all, and lets those who answer for data answer."""

    scope: AccessScope

    def wish(self, title: str, reason: str, *, by: Principal) -> SeenWish:
        """Ask for data that is not there. An open wish with the same words is the same one, and gets a vote.

        Args:
            title: what is missing.
            reason: what for.
            by: who asks.

        Raises:
            DeniedError: `by` is no person, or may find nothing with this token.
            QuotaError: too many of their wishes are open.
            UsageError: a text is missing, too long, or has what looks like personal data.
        """
        require_looker(by)
        require_voter(by)
        named = read_words(title, "title", LONGEST_TITLE, is_needed=True)
        said = read_words(reason, "reason", LONGEST_REASON, is_needed=True)
        words = " ".join(sorted(set(words_of(named))))
        if not words:
            raise UsageError("a title has a letter or a digit")
        if looks_personal(f"{named}\n{said}"):
            raise UsageError(
                "this looks like somebody's address or number",
                hint="everybody reads wishes: ask for the data without naming anybody",
            )
        with self.scope.writing() as (connection, scope):
            now_us = scope.now_us()
            known = wishes.same(connection, words)
            if known is None:
                is_limited = by.kind is not PrincipalKind.OWNER
                if is_limited and wishes.open_count(connection, by.id) >= MOST_OPEN:
                    raise QuotaError(f"{by.id} has {MOST_OPEN} open wishes", retry_after_s=3600)
                known = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
                at = as_time(now_us)
                made = Wish(known, named, said, words, "", by.id, at, WishState.OPEN, at)
                wishes.add(connection, made)
                wishes.add_entry(connection, known, WishEntry(at, by.id, WishEvent.WISHED, ""))
                record(connection, AuditTag.WISH_MADE, by, [known])
            self._give(connection, known, by, now_us)
        return self.find(known, by=by)

    def wishes(
        self,
        *,
        by: Principal,
        state: str | None = None,
        domain: str | None = None,
        among: Collection[str] | None = None,
        limit: int = 100,
    ) -> tuple[SeenWish, ...]:
        """Return wishes, the most wanted first: all but those that were merged, or those in a state or of a domain.

        `among` are domains too, of which `by` answers for the data: those of others are left out.

        Raises:
            DeniedError: `by` may find nothing with this token.
            NotFoundError: there is no such domain, as far as `by` may know.
            UsageError: there is no such state, or the limit is not allowed.
        """
        require_looker(by)
        if not 1 <= limit <= MOST_LISTED:
            raise UsageError(f"a list of wishes has 1 to {MOST_LISTED} entries")
        wanted = _LISTED if state is None else (find_state(state, WishState),)
        looker = self._looker(by)
        domains = among if domain is None else [looker.domain(domain)]
        with self.scope.registry.read() as connection:
            found = wishes.listed(connection, wanted, domains, limit)
            own = votes.of_account(connection, [wishes.about(one.id) for one in found], by.id)
        return tuple(looker.seen(one, is_voted=wishes.about(one.id) in own) for one in found)

    def find(self, wish_id: str, *, by: Principal) -> SeenWish:
        """Return a wish with what happened to it.

        Raises:
            DeniedError: `by` may find nothing with this token.
            NotFoundError: there is none.
        """
        require_looker(by)
        looker = self._looker(by)
        with self.scope.registry.read() as connection:
            wish = _find(connection, wish_id)
            is_voted = votes.has(connection, wishes.about(wish.id), by.id)
        return looker.seen(wish, is_voted=is_voted)

    def vote(self, wish_id: str, *, by: Principal) -> SeenWish:
        """Vote for a wish; a second vote of the same person changes nothing.

        Raises:
            DeniedError: `by` is no person.
            NotFoundError: there is none.
            UsageError: nobody waits for it any more.
        """
        require_looker(by)
        require_voter(by)
        with self.scope.writing() as (connection, scope):
            wish = _find(connection, wish_id)
            if not wish.state.is_open:
                hint = f"vote for {wish.merged_into}" if wish.merged_into else None
                raise UsageError(f"the wish is {wish.state}", hint=hint)
            self._give(connection, wish.id, by, scope.now_us())
        return self.find(wish_id, by=by)

    def withdraw(self, wish_id: str, *, by: Principal) -> SeenWish:
        """Take a vote back; without one nothing changes.

        Raises:
            DeniedError: `by` is no person.
            NotFoundError: there is none.
        """
        require_looker(by)
        require_voter(by)
        with self.scope.registry.write() as connection:
            wish = _find(connection, wish_id)
            if votes.withdraw(connection, wishes.about(wish.id), by.id):
                record(connection, AuditTag.VOTE_WITHDRAWN, by, [wishes.about(wish.id)])
        return self.find(wish_id, by=by)

    def assign(self, wish_id: str, domain: str, *, by: Principal) -> SeenWish:
        """Say which domain shall answer a wish: stewards any, owners theirs, or another one for a wish of theirs.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is no such wish or domain, as far as `by` may know.
        """
        require_looker(by)
        # What somebody may know is found out before the transaction: nobody waits for it.
        name = self._looker(by).domain(domain)
        with self.scope.writing() as (connection, scope):
            wish = _find(connection, wish_id)
            person, known = Person.of(connection, by, scope.now_us()), scope.definitions()
            is_keeper = keeps(person, known, wish.domain) or (
                not wish.domain and keeps(person, known, name)
            )
            require_answerer(by, is_keeper=is_keeper)
            changed = replace(wish, domain=name, changed_at=as_time(scope.now_us()))
            self._change(connection, changed, WishEvent.ASSIGNED, name, by)
            self._tell(connection, NotificationKind.WISH_ASSIGNED, changed, by, scope)
        return self.find(wish_id, by=by)

    def answer(
        self,
        wish_id: str,
        *,
        by: Principal,
        state: str,
        text: str = "",
        roadmap_item: str | None = None,
        dataset: str | None = None,
    ) -> SeenWish:
        """Say what becomes of a wish: open, planned as an item of a roadmap, shipped as a dataset, or declined.

        Raises:
            ConflictError: it was merged.
            DeniedError: `by` may not answer it.
            NotFoundError: there is no such wish, item or dataset, as far as `by` may know.
            UsageError: what the state needs is missing, or something is named that belongs to another state.
        """
        require_looker(by)
        to, said = find_state(state, WishState), read_words(text, "text", LONGEST_ANSWER)
        _check_answer(to, said, roadmap_item, dataset)
        item = None if roadmap_item is None else self._item(roadmap_item, by)
        name = None if dataset is None else self.scope.dataset(dataset, by)[2].name
        with self.scope.writing() as (connection, scope):
            wish = _find(connection, wish_id)
            person, known = Person.of(connection, by, scope.now_us()), scope.definitions()
            place = item.partition("/")[0] if item else name.domain if name else ""
            is_keeper = keeps(person, known, wish.domain) or (
                not wish.domain and bool(place) and keeps(person, known, place)
            )
            require_answerer(by, is_keeper=is_keeper)
            if wish.state is WishState.MERGED:
                raise ConflictError("the wish was merged", hint=f"answer {wish.merged_into}")
            changed = replace(
                wish,
                state=to,
                answer=said,
                roadmap_item=item,
                dataset=str(name) if name else None,
                domain=wish.domain or place,
                changed_at=as_time(scope.now_us()),
            )
            self._change(connection, changed, WishEvent.ANSWERED, said, by)
            self._tell(connection, NotificationKind.WISH_ANSWERED, changed, by, scope)
        return self.find(wish_id, by=by)

    def merge(self, wish_id: str, into: str, *, by: Principal) -> SeenWish:
        """Let a wish live on in a like one, with the votes for both, each person's once; return the one that stays.

        Raises:
            ConflictError: one of them was merged already.
            DeniedError: `by` may not answer both.
            NotFoundError: there is no such wish.
            UsageError: they are the same.
        """
        require_looker(by)
        if wish_id == into:
            raise UsageError("a wish is not merged into itself")
        with self.scope.writing() as (connection, scope):
            gone, stays = _find(connection, wish_id), _find(connection, into)
            person, known = Person.of(connection, by, scope.now_us()), scope.definitions()
            is_keeper = all(
                keeps(person, known, one.domain) if one.domain else keeps_any(person, known)
                for one in (gone, stays)
            )
            require_answerer(by, is_keeper=is_keeper)
            if WishState.MERGED in {gone.state, stays.state}:
                raise ConflictError("one of the wishes was merged already")
            at = as_time(scope.now_us())
            votes.move(connection, wishes.about(gone.id), wishes.about(stays.id))
            merged = replace(gone, state=WishState.MERGED, merged_into=stays.id, changed_at=at)
            self._change(connection, merged, WishEvent.MERGED, stays.id, by)
            wishes.add_entry(
                connection, stays.id, WishEntry(at, by.id, WishEvent.JOINED, gone.title)
            )
        return self.find(stays.id, by=by)

    def _give(self, connection: Transaction, wish: str, by: Principal, now_us: int) -> None:
        if votes.give(connection, wishes.about(wish), by.id, now_us):
            record(connection, AuditTag.VOTE_GIVEN, by, [wishes.about(wish)])

    def _item(self, text: str, by: Principal) -> str:
        name, _, item = text.strip().lower().partition("#")
        product, _ = seen_product(self.scope.definitions(), self.scope.decider, name, by)
        if item not in {one.id for one in product.roadmap.items}:
            raise NotFoundError(
                f"{product.name} has no item `{item[:80]}` to come",
                hint="write it into its roadmap.yaml first",
            )
        return f"{product.name}#{item}"

    def _change(
        self, connection: Transaction, wish: Wish, event: WishEvent, text: str, by: Principal
    ) -> None:
        wishes.change(connection, wish)
        wishes.add_entry(connection, wish.id, WishEntry(wish.changed_at, by.id, event, text))
        detail = {"event": event.value, "state": wish.state.value, "domain": wish.domain}
        record(connection, AuditTag.WISH_CHANGED, by, [wish.id], detail)

    def _tell(
        self,
        connection: Transaction,
        kind: NotificationKind,
        wish: Wish,
        by: Principal,
        scope: AccessScope,
    ) -> None:
        """Tell those who wait: whoever wished is not told a domain, which they may not know."""
        domain = wish.domain if kind is NotificationKind.WISH_ASSIGNED else ""
        facts: dict[str, str | int] = {"wish": wish.id, "state": wish.state.value}
        made = Notification(kind, subject=wish.id, domain=domain, by=by.id, facts=facts)
        outbox.add(connection, made, scope.now_us())

    def _looker(self, by: Principal) -> Looker:
        scope = self.scope.still()
        with scope.registry.read() as connection:
            person = Person.of(connection, by, scope.now_us())
        return Looker.of(person, scope, by)


def _find(connection: Transaction, wish_id: str) -> Wish:
    wish = wishes.find(connection, wish_id)
    if wish is None:
        raise NotFoundError(f"there is no wish `{wish_id[:80]}`")
    return wish


def _check_answer(to: WishState, text: str, roadmap_item: str | None, dataset: str | None) -> None:
    if to not in ANSWERS:
        raise UsageError(f"an answer is not `{to}`", hint=f"use {', '.join(ANSWERS)}")
    if (to is WishState.PLANNED) is not (roadmap_item is not None):
        raise UsageError(
            "what is planned is an item of a roadmap, and nothing else is",
            hint="like sales/orders#refunds",
        )
    if (to is WishState.SHIPPED) is not (dataset is not None):
        raise UsageError(
            "what is shipped is a dataset, and nothing else is", hint="like sales.refunds"
        )
    if to in {WishState.DECLINED, WishState.OPEN} and not text:
        raise UsageError("nobody says no, or not yet, without saying why", hint="say it in `text`")
