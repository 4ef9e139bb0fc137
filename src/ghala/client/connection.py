"""A connection: what one can ask of a server with a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from ghala.client import nouns
from ghala.client.access import Access
from ghala.client.events import Event, follow
from ghala.client.faults import Facts, listed, mapping
from ghala.client.incidents import Incidents
from ghala.client.named import split
from ghala.client.quarantine import Quarantine
from ghala.client.queries import Queries
from ghala.client.result import ARROW, Result
from ghala.client.server import Server
from ghala.client.tags import Tags
from ghala.client.talk import Talk
from ghala.client.transport import Transport, lines_of
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from ghala.model.audit_record import AuditRecord, AuditVerification
    from ghala.model.explanation import Explanation, Reader, WordedPolicy
    from ghala.model.lineage_graph import LineageGraph
    from ghala.model.simulation import Simulation

PROD = "prod"
_AUDIT_PAGE = 1000


def connect(
    url: str,
    *,
    token: str,
    purpose: str | None = None,
    timeout_s: float = 60.0,
    verify: bool | str | Path = True,
) -> Connection:
    """Connect to a server, and find out at once whether it is there and takes the token.

    Args:
        url: what `ghala up` prints.
        token: a personal or service token; it goes to this server only, and into no text of ours.
        purpose: what the data is for; a token has one purpose, and another one is refused here.
        timeout_s: how long the server may be silent.
        verify: False trusts any certificate; a path is a file of the authorities that are trusted.

    Raises:
        NotSignedInError: the server does not take the token.
        UnreachableError: there is no server.
        UsageError: the address, the token or the purpose are not right.
    """
    transport = Transport.to(url, token, timeout_s=timeout_s, verify=verify)
    who = mapping(transport.get("me"))
    stated = str(who.get("purpose", ""))
    if purpose is not None and purpose != stated:
        raise UsageError(
            f"the token is for `{stated}`, not for `{purpose[:80]}`",
            hint="issue one for this purpose: ghala token issue --purpose",
        )
    return Connection(transport, str(who.get("id", "")), stated)


@dataclass(frozen=True, slots=True)
class Connection(Server):
    """Asks one server as `principal`, for `purpose`. It holds nothing open between two questions."""

    principal: str
    purpose: str

    @property
    def access(self) -> Access:
        """Requests for access, and the agreements that they became."""
        return Access(self.transport)

    @property
    def talk(self) -> Talk:
        """What people tell each other about data."""
        return Talk(self.transport)

    @property
    def queries(self) -> Queries:
        """Questions that are kept under a name, and what one asked lately."""
        return Queries(self.transport, self.principal)

    @property
    def incidents(self) -> Incidents:
        """What is not as it was promised, and who takes care of it."""
        return Incidents(self.transport)

    @property
    def quarantine(self) -> Quarantine:
        """Rows that were kept out, and what is done with them."""
        return Quarantine(self.transport)

    def sql(
        self,
        text: str,
        *,
        environment: str = PROD,
        timeout_s: float | None = None,
        row_limit: int | None = None,
    ) -> Result:
        """Ask one question in SQL; it is answered whole or not at all. See `Result` for the forms of its answer."""
        question: dict[str, object] = {"sql": text, "environment": environment}
        if row_limit is not None:
            question["limit"] = row_limit

        return Result(
            lambda: self.transport.send(
                "POST", "/sql", accept=ARROW, body=question, timeout_s=timeout_s
            )
        )

    def products(self, environment: str = PROD) -> list[Facts]:
        """Return the products of which one may discover a dataset."""
        return listed(self.transport.get("products", environment=environment), "products")

    def product(self, name: str, environment: str = PROD) -> Facts:
        """Return the product `domain/product`.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        return mapping(self.transport.get("products", *split(name, "/"), environment=environment))

    def datasets(self, environment: str = PROD) -> list[Facts]:
        """Return the datasets that one may discover."""
        return listed(self.transport.get("datasets", environment=environment), "datasets")

    def dataset(self, name: str, environment: str = PROD) -> Facts:
        """Return the dataset `domain.dataset`: its columns, and how one may read them.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        return mapping(self.transport.get("datasets", *split(name, "."), environment=environment))

    def profile(
        self,
        name: str,
        *,
        release: int | None = None,
        column: str | None = None,
        environment: str = PROD,
    ) -> Facts:
        """Return what `domain.dataset` looks like in a release (the current one unless given), or one column of it.

        Raises:
            NotFoundError: there is no such dataset, release or column, as far as one may know.
            DeniedError: one may not read it.
        """
        found = self.transport.get(
            "datasets", *split(name, "."), "profile",
            release=release, column=column, environment=environment,
        )  # fmt: skip
        return mapping(found)

    def series(self, name: str, column: str, environment: str = PROD) -> Facts:
        """Return how one column of `domain.dataset` changed over the last 30 releases."""
        names = (*split(name, "."), "profile", column)
        return mapping(self.transport.get("datasets", *names, environment=environment))

    def diff(
        self,
        name: str,
        *,
        start: int | None = None,
        end: int | None = None,
        rows: bool = True,
        environment: str = PROD,
    ) -> Facts:
        """Return what is different in release `end` of `domain.dataset` (the current one) from `start` (that before).

        Raises:
            NotFoundError: there is no such dataset or release, as far as one may know.
        """
        given = {"from": start, "to": end, "rows": str(rows).lower(), "environment": environment}
        return mapping(self.transport.get("datasets", *split(name, "."), "diff", **given))

    def release(self, product: str, number: int, environment: str = PROD) -> Facts:
        """Return when and how a release of `domain/product` was made, and what it has."""
        names = (*split(product, "/"), str(number))
        return mapping(self.transport.get("releases", *names, environment=environment))

    def roll_back(self, product: str, to: int, *, reason: str, environment: str = PROD) -> Facts:
        """Make a new release of `domain/product` with the content of release `to`, and return it.

        Raises:
            ContractBrokenError: the contract of today would be broken.
            DeniedError: one neither owns the product nor is a steward.
            NotFoundError: there is no such product or release, as far as one may know.
        """
        domain, name = split(product, "/")
        path = f"/products/{quote(domain, safe='')}/{quote(name, safe='')}/rollback"
        asked: dict[str, object] = {"to": to, "reason": reason, "environment": environment}
        return mapping(self.transport.post(path, asked))

    def releases(self, product: str | None = None, environment: str = PROD) -> list[Facts]:
        """Return releases, newest first: of all products, or of one."""
        found = self.transport.get("releases", product=product, environment=environment)
        return listed(found, "releases")

    def runs(
        self, product: str | None = None, environment: str = PROD, limit: int = 50
    ) -> list[Facts]:
        """Return the last runs, newest first: of all products, or of one."""
        narrowed = {"product": product, "environment": environment, "limit": limit}
        return listed(self.transport.get("runs", **narrowed), "runs")

    def run_of(self, run: str) -> Facts:
        """Return one run: its steps with their times and rows, and what its checks found.

        Raises:
            NotFoundError: there is none of that id, as far as one may know.
        """
        return mapping(self.transport.get("runs", run))

    def run_log(self, run: str, after: int = 0) -> Facts:
        """Return what a run said after its line of some number."""
        return mapping(self.transport.get("runs", run, "log", after=after))

    def quality(self, dataset: str, environment: str = PROD) -> Facts:
        """Return how each rule of `domain.dataset` held in its last checks.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        names = split(dataset, ".")
        return mapping(self.transport.get("quality", *names, "history", environment=environment))

    def service_levels(self, dataset: str, environment: str = PROD, days: int = 30) -> Facts:
        """Return the service levels of `domain.dataset`, each with its error budget.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        asked = {"environment": environment, "days": days}
        names = split(dataset, ".")
        return mapping(self.transport.get("datasets", *names, "service-levels", **asked))

    def status(self, environment: str = PROD) -> list[Facts]:
        """Return how each dataset stands that one may discover, the worst first."""
        return listed(self.transport.get("status", environment=environment), "datasets")

    def start(self, product: str, environment: str = PROD) -> Facts:
        """Start a run of a product for which one is responsible, and return it: `run_of` says how far it is.

        Raises:
            DeniedError: one is not responsible for it.
            ServerError: another run of it has not ended.
        """
        asked = {"product": product, "environment": environment}
        return mapping(self.transport.post("/runs", asked))

    def search(
        self,
        text: str,
        *,
        kind: str | None = None,
        domain: str | None = None,
        owner: str | None = None,
        tag: str | None = None,
        limit: int = 20,
    ) -> list[Facts]:
        """Return what can be found by some words, the best first."""
        narrowed = {"kind": kind, "domain": domain, "owner": owner, "tag": tag}
        return listed(self.transport.get("search", q=text, limit=limit, **narrowed), "results")

    def rate(self, product: str, stars: int, comment: str = "") -> None:
        """Say what one thinks of the product `domain/product`: 1 to 5 stars."""
        domain, name = split(product, "/")
        path = f"/products/{quote(domain, safe='')}/{quote(name, safe='')}/ratings"
        self.transport.post(path, {"stars": stars, "comment": comment})

    def demand(self, limit: int = 50) -> Facts:
        """Return what people looked for in vain, were denied, and think of products."""
        return mapping(self.transport.get("demand", limit=limit))

    def events(self, after: str | None = None) -> Iterator[Event]:
        """Yield what happens, as far as one may know, and wait for more: close the iterator to end it.

        Args:
            after: the `place` of an event, after which to go on; from now on unless given.

        Raises:
            NotSignedInError: the token no longer holds.
            UnreachableError: the server cannot be reached again.
        """
        return follow(self.transport, after)

    def lineage(
        self,
        name: str,
        *,
        direction: str = "up",
        depth: int = 1000,
        environment: str = PROD,
        release: int | None = None,
    ) -> LineageGraph:
        """Return what `domain.dataset` or `domain.dataset.column` comes from (`up`), or what comes from it (`down`)."""
        domain, rest = split(name, ".")
        dataset, _, column = rest.partition(".")
        names = [domain, dataset, *([column] if column else [])]
        found = self.transport.get(
            "lineage", *names, direction=direction, depth=depth, environment=environment,
            release=release,
        )  # fmt: skip
        with nouns.expected():
            return nouns.lineage_graph(mapping(found))

    def why(
        self,
        dataset: str,
        *,
        user: str | None = None,
        purpose: str | None = None,
        endpoint: str = "rest",
        at: datetime | None = None,
    ) -> Explanation:
        """Explain how somebody, oneself unless named, reads a dataset or one column of it, now or at a time."""
        moment = None if at is None else at.isoformat()
        found = self.transport.get(
            "policies", "why",
            dataset=dataset, user=user, purpose=purpose, endpoint=endpoint, at=moment,
        )  # fmt: skip
        with nouns.expected():
            return nouns.explanation(mapping(found))

    def policies(self) -> tuple[WordedPolicy, ...]:
        """Return the policies that are in force, in words and as they are written."""
        found = listed(mapping(self.transport.get("policies")), "policies")
        with nouns.expected():
            return tuple(map(nouns.worded_policy, found))

    @property
    def tags(self) -> Tags:
        """What columns are about, declarations, and the map of personal data."""
        return Tags(self.transport)

    def who(
        self, dataset: str, *, purpose: str | None = None, endpoint: str = "rest"
    ) -> tuple[Reader, ...]:
        """Return everybody who may read a dataset, or sees a column of it, and through what."""
        asked = {"dataset": dataset, "purpose": purpose, "endpoint": endpoint}
        found = listed(self.transport.get("policies", "who", **asked), "readers")
        with nouns.expected():
            return tuple(map(nouns.reader, found))

    def simulate(self, files: Mapping[str, str], *, days: int = 7) -> Simulation:
        """Return who would gain and lose by changed policies (texts by file name), by what was asked in some days."""
        changed = [{"name": name, "text": text} for name, text in files.items()]
        found = self.transport.post("/policies/simulation", {"days": days, "files": changed})
        with nouns.expected():
            return nouns.simulation(mapping(found))

    def audit(self, limit: int = 50, **wanted: object) -> tuple[AuditRecord, ...]:
        """Return entries of the audit, newest first.

        Args:
            limit: how many at most.
            wanted: what narrows them: `who`, `dataset`, `column`, `tag`, `purpose`, `since`, `until`, `outcome`,
                `text`.
        """
        found: list[Facts] = []
        after: object = None
        while len(found) < limit:
            room = min(limit - len(found), _AUDIT_PAGE)
            page = mapping(self.transport.get("audit", limit=room, after=after, **wanted))
            found += listed(page, "entries")
            after = page.get("next")
            if after is None:
                break
        with nouns.expected():
            return tuple(map(nouns.audit_record, found))

    def audit_lines(self, form: str = "jsonl", **wanted: object) -> Iterator[str]:
        """Yield entries of the audit as lines of JSON (`jsonl`) or events of OCSF (`ocsf`), oldest first."""
        given = {key: str(value) for key, value in wanted.items() if value is not None}
        path = f"/audit/export?{urlencode({'format': form, **given})}"
        with self.transport.send("GET", path, accept="application/x-ndjson") as answer:
            yield from lines_of(answer)

    def verify_audit(self) -> AuditVerification:
        """Check every entry of the audit, and return what was found."""
        found = mapping(self.transport.get("audit", "verification"))
        with nouns.expected():
            return nouns.audit_verification(found)
