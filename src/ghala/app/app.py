"""What a workspace's people do: `open` is the way in for Python, CLI and servers."""

from __future__ import annotations

from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Self

from ghala.app.quarantine import Quarantining
from ghala.errors import NotFoundError, UsageError
from ghala.ingest.find import check_source
from ghala.lake.files import Disk
from ghala.model.names import ProductName, name_fault
from ghala.model.principal import OWNER_LOCAL
from ghala.model.release import PROD
from ghala.model.system import is_system
from ghala.spec.named import dataset_name, find_dataset, find_owner, find_product
from ghala.spec.settings_file import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ghala.lake.catalog import LakeCatalog
    from ghala.model.asset import Hit
    from ghala.model.event import SeenEvent
    from ghala.model.lineage_graph import LineageGraph
    from ghala.model.names import DatasetName
    from ghala.model.outcome import Diagnosis, ProductStatus, RunOutcome, Verification
    from ghala.model.release import Release
    from ghala.query.result import Result
    from ghala.spec.finding import LintFinding


def open(path: str | Path = ".", *, disk: Disk | None = None) -> App:  # noqa: A001 - `ghala.open` reads as it should
    """Open the workspace in a folder.

    Args:
        path: the folder that has `ghala.yaml`.
        disk: what changes files; tests put one here that fails.

    Raises:
        NotFoundError: there is no workspace.
        DefinitionError: its ghala.yaml is wrong.
    """
    return App(load_settings(Path(path)), disk or Disk())


def lint(path: str | Path = ".") -> tuple[LintFinding, ...]:
    """Return everything that is wrong with the workspace in a folder, also one that cannot be opened."""
    from ghala.governance.policy_files import check_policies
    from ghala.pipelines.lint import check_plan
    from ghala.query.lint import check_sql
    from ghala.spec.lint import lint_workspace

    return lint_workspace(
        Path(path), check_source, check_sql, check_plan, check_policies=check_policies
    )


class App(Quarantining):
    """One opened workspace; `close` it, or use it as a context manager."""

    def __enter__(self) -> Self:
        """Return the app itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def lint(self) -> tuple[LintFinding, ...]:
        """Return everything that is wrong with the definitions; empty when nothing is."""
        return lint(self.settings.root)

    def run(
        self,
        products: Sequence[str] = (),
        *,
        environment: str = PROD,
        wait_s: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> tuple[RunOutcome, ...]:
        """Make, check and publish products, each after those that it reads; all of the workspace when none is named.

        Each product has an outcome of its own, with its error if it failed: a step of it reads what it may not, another
        run of it did not end in time, its rows broke their contract. The others run all the same: a product keeps those
        that read it from running only if it never had a release, since they build on its last good one.

        Raises:
            DefinitionError: something is wrong that belongs to no single product; nothing ran.
            NotFoundError: a product that is named is not there, or has no pipeline; nothing ran.
        """
        if products and all(map(is_system, products)):
            wanted_here = {find_product(self.everything(), name).name for name in products}
            return self.system.run(wanted_here, progress)
        from ghala.pipelines.graph import order
        from ghala.pipelines.run import never_begun
        from ghala.query.lint import table_places
        from ghala.spec.apart import read_apart

        if fault := name_fault(environment):
            raise UsageError(f"`{environment}` cannot be an environment's name", hint=fault)
        workspace, broken = read_apart(self.settings.root, self.settings, check_source)
        unread = [str(name) for name in broken]
        wanted = {
            ProductName.parse(name) if name in unread else find_product(workspace, name).name
            for name in products
        }
        ordered = [one for one in order(workspace, table_places) if one.product.name not in broken]
        chosen = [one for one in ordered if not wanted or one.product.name in wanted]
        for name in sorted(wanted - {one.product.name for one in chosen} - set(broken)):
            raise NotFoundError(f"{name} has no pipeline.yaml", hint="add one, then run again")
        ran = [
            self._runner.run(
                planned,
                environment=environment,
                wait_s=self.settings.wait_s if wait_s is None else wait_s,
                say=progress or (lambda _line: None),
            )
            for planned in chosen
        ]
        not_run = [
            never_begun(name, environment, error)
            for name, error in broken.items()
            if not wanted or name in wanted
        ]
        if self.settings.channels:
            self.notifications.deliver_soon()
        return (*ran, *not_run)

    def products(self, environment: str = PROD) -> tuple[ProductStatus, ...]:
        """Return every product with its current release and how its last run ended."""
        from ghala.query.describe import product_status
        from ghala.registry import environments, releases, runs

        with environments.read(self._registry, environment) as connection:
            current = {
                release.product: release
                for release in releases.history(connection, environment)
                if release.is_current
            }
            last = runs.latest(connection, environment)
        workspace = self._with(*map(str, current))
        # What Ghala brings along is listed once somebody asked for it.
        return tuple(
            product_status(product, current.get(product.name), last.get(product.name))
            for product in workspace.products
            if product.name in current or not is_system(str(product.name))
        )

    def show(self, name: str, environment: str = PROD) -> dict[str, object]:
        """Return what there is to know about a product (`sales/orders`) or dataset (`sales.orders`), ready for JSON."""
        from ghala.query.describe import dataset_facts, product_facts
        from ghala.registry import environments, releases, runs

        workspace = self._with(name)
        with environments.read(self._registry, environment) as connection:
            pins = releases.current(connection, environment)
            if "/" in name:
                product = find_product(workspace, name)
                named = {str(dataset): pin for dataset, pin in pins.items()}
                last = runs.latest(connection, environment).get(product.name)
                reports = runs.reports_of(connection, last.id) if last else []
                return product_facts(product, named, last, reports)
        product, contract, dataset = find_dataset(workspace, name)
        found = self.declarations.tags(str(dataset.name), by=OWNER_LOCAL)
        inherited = {one.column: one.inherited for one in found}
        return dataset_facts(product, contract, dataset, pins.get(dataset.name), inherited)

    def lineage(
        self,
        name: str,
        *,
        direction: str = "up",
        depth: int = 1000,
        environment: str = PROD,
        release: int | None = None,
        steps: bool = False,
    ) -> LineageGraph:
        """Return what a dataset or column comes from (`up`), or what comes from it (`down`)."""
        from ghala.model.lineage_graph import Direction
        from ghala.query.lineage import FullSight, LineageQuestion, Lineages

        way = Direction(direction)
        question = LineageQuestion(name, way, depth, environment, release, steps)
        return Lineages(self._registry).graph(question, FullSight())

    def profile(
        self,
        name: str,
        *,
        release: int | None = None,
        column: str | None = None,
        environment: str = PROD,
    ) -> dict[str, object]:
        """Return what a dataset looks like in a release (the current one unless given), ready for JSON."""
        return self._told.profiles.profile(
            name, OWNER_LOCAL, release=release, column=column, environment=environment
        )

    def series(self, name: str, column: str, environment: str = PROD) -> dict[str, object]:
        """Return how one column of a dataset changed over the last 30 releases, ready for JSON."""
        return self._told.profiles.series(name, column, OWNER_LOCAL, environment=environment)

    def diff(
        self,
        name: str,
        *,
        start: int | None = None,
        end: int | None = None,
        rows: bool = True,
        environment: str = PROD,
    ) -> dict[str, object]:
        """Return what is different in a dataset's release `end` (the current one) from `start` (the one before)."""
        return self._told.differences.between(
            name, OWNER_LOCAL, start=start, end=end, rows=rows, environment=environment
        )

    def release(self, product: str, number: int, environment: str = PROD) -> dict[str, object]:
        """Return when and how a release of a product was made, and what it has, ready for JSON."""
        found = find_owner(self._with(product), product).name
        return self._told.facts.release(str(found), number, OWNER_LOCAL, environment)

    def roll_back(
        self,
        product: str,
        to: int,
        *,
        reason: str,
        environment: str = PROD,
        wait_s: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Release:
        """Make a new release of a product with the content of release `to`, and return it."""
        from ghala.spec.apart import read_apart
        from ghala.spec.kept import Definitions

        # What is wrong with another product keeps nobody from this.
        workspace, broken = read_apart(self.settings.root, self.settings, check_source)
        for name, error in broken.items():
            if str(name) == product.lower():
                raise error
        if is_system(product):
            raise UsageError(f"{product} is made from what was recorded, and is not rolled back")
        made = self._rollbacks(lambda: Definitions(workspace)).roll_back(
            find_product(workspace, product).name,
            to,
            reason=reason,
            by=OWNER_LOCAL,
            environment=environment,
            wait_s=self.settings.wait_s if wait_s is None else wait_s,
            say=progress or (lambda _line: None),
        )
        if self.settings.channels:
            self.notifications.deliver_soon()
        return made

    def search(
        self,
        text: str,
        *,
        kind: str | None = None,
        domain: str | None = None,
        owner: str | None = None,
        tag: str | None = None,
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Return what is defined and can be found by some words, the best first."""
        from ghala.query.search import Filters, find_kind

        filters = Filters(find_kind(kind), domain, owner, tag)
        self.finders.index.refresh()
        return self.finders.search.search(text, OWNER_LOCAL, filters=filters, limit=limit)

    def releases(self, name: str | None = None, environment: str = PROD) -> tuple[Release, ...]:
        """Return releases, newest first: of one product, of the product of one dataset, or of all."""
        from ghala.registry import environments, releases

        product = None if name is None else find_owner(self._with(name), name).name
        with environments.read(self._registry, environment) as connection:
            return tuple(releases.history(connection, environment, product))

    def events(self, *, look_s: float = 0.5) -> Iterator[SeenEvent]:
        """Yield what happens from now on, and wait for more; as the workspace's owner."""
        from ghala.governance.events import Events

        found = Events(self.access.requests.scope)
        after = found.newest()
        while True:
            page = found.page(OWNER_LOCAL, after)
            yield from page.events
            after = page.number
            if not page.events:
                sleep(look_s)

    def sql(
        self,
        text: str,
        *,
        environment: str = PROD,
        timeout_s: float | None = None,
        row_limit: int | None = None,
    ) -> Result:
        """Ask one question in SQL as the workspace's owner; see `Result` for the forms of its answer."""
        from ghala.query.result import Result

        asking = self._answerer.answer(
            text, OWNER_LOCAL, environment=environment, timeout_s=timeout_s, row_limit=row_limit
        )
        return Result(asking)

    def verify(self, name: str | None = None) -> Verification:
        """Compare every file of every kept release, or of one product or dataset, with what was released."""
        from ghala.publish.verify import verify

        wanted: ProductName | DatasetName | None = None
        if name is not None:
            # A name that nothing has must not pass for a clean bill of health.
            owner = find_owner(self._with(name), name)
            wanted = owner.name if "/" in name else dataset_name(name)
        return verify(self._registry, self._places.lake, wanted)

    def doctor(self) -> tuple[Diagnosis, ...]:
        """Examine whether this workspace can be relied upon on this machine."""
        return tuple(self._doctor().examine())

    def sweep(self, minimum_age_s: float | None = None) -> int:
        """Remove files that nothing needs, once they are old enough, and return how many."""
        from ghala.publish.sweep import Sweeper

        age = self.settings.orphan_age_s if minimum_age_s is None else minimum_age_s
        places = self._places
        folders = (places.lake, places.staging, places.quarantine, places.raw)
        sweeper = Sweeper(self._registry, self._disk, *folders)
        return len(sweeper.sweep(OWNER_LOCAL, minimum_age_s=age))

    def catalog(self, environment: str = PROD) -> LakeCatalog:
        """Return the workspace as a read-only pyiceberg catalog over the current releases."""
        from ghala.lake.catalog import LakeCatalog
        from ghala.query.released import CurrentPointers
        from ghala.registry import environments

        with environments.read(self._registry, environment):
            return LakeCatalog(self._places.lake, CurrentPointers(self._registry, environment))
