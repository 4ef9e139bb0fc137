"""Rows that were kept out, as the workspace's owner works with them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ghala.app.serving import Serving
from ghala.errors import NotFoundError
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL
from ghala.model.release import PROD
from ghala.spec.named import find_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from ghala.model.outcome import Quarantined, RunOutcome
    from ghala.query.mending import Mendings


class Quarantining(Serving):
    """Lists what runs kept out, and lets it be edited, given up and released."""

    def quarantine(
        self, product: str | None = None, run_id: str | None = None, environment: str = PROD
    ) -> tuple[Quarantined, ...]:
        """Return the batches of rows that runs kept out, newest first."""
        from ghala.registry import environments, runs

        wanted = None if product is None else find_owner(self._with(product), product).name
        with environments.read(self._registry, environment) as connection:
            return runs.quarantined(connection, environment, wanted, run_id)

    def quarantined_rows(
        self, batch: Quarantined, environment: str = PROD, limit: int | None = None
    ) -> pa.Table:
        """Return the rows of one batch, the first so many or all, with the reason why each was kept out.

        They are raw data: that they were read is recorded.
        """
        import pyarrow.parquet as pq

        path = self._places.quarantine / batch.path
        if not path.is_file():
            raise NotFoundError(f"the rows of `{batch.path}` are no longer kept")
        rows = pq.read_table(path).slice(0, limit)
        self._mendings.kept_out.record_batch(batch, rows.num_rows, OWNER_LOCAL, environment)
        return rows

    @cached_property
    def _mendings(self) -> Mendings:
        from ghala.query.kept_out import KeptOut
        from ghala.query.mending import Mendings

        return Mendings(KeptOut(self.discovery, self._places.quarantine))

    def kept_out(self, dataset: str, environment: str = PROD, **narrowed: Any) -> dict[str, Any]:
        """Return what was kept out of a dataset and still counts, ready for JSON.

        Args:
            dataset: `domain.dataset`.
            environment: where it was kept out.
            narrowed: `run`, `reason`, `file`, `state`, `after` and `limit`, as `Narrowed` has them.
        """
        from ghala.query.kept_out import Narrowed

        asked = Narrowed(**narrowed)
        page = self._mendings.kept_out.page(dataset, OWNER_LOCAL, asked, environment)
        return dict(plain(page))

    def fix_row(
        self,
        dataset: str,
        row: str,
        *,
        raw: str | None = None,
        values: Mapping[str, str | None] | None = None,
        environment: str = PROD,
    ) -> dict[str, Any]:
        """Edit a row that was kept out, and return it as it is now."""
        made = self._mendings.fix(
            dataset, row, by=OWNER_LOCAL, raw=raw, values=values, environment=environment
        )
        return dict(plain(made))

    def discard_rows(
        self, dataset: str, rows: Sequence[str], *, reason: str, environment: str = PROD
    ) -> list[dict[str, Any]]:
        """Give rows up that were kept out, and return them."""
        made = self._mendings.discard(
            dataset, rows, reason=reason, by=OWNER_LOCAL, environment=environment
        )
        return [plain(one) for one in made]

    def release_rows(
        self,
        dataset: str,
        rows: Sequence[str] | None = None,
        *,
        environment: str = PROD,
        wait_s: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> RunOutcome:
        """Run the product of a dataset with rows of it that were edited: those that are named, or all."""
        from ghala.pipelines.run import Asked

        product, chosen = self._mendings.choose(
            dataset, rows, by=OWNER_LOCAL, environment=environment
        )
        outcome = self._runner.run(
            self.planned(product),
            environment=environment,
            wait_s=self.settings.wait_s if wait_s is None else wait_s,
            say=progress or (lambda _line: None),
            asked=Asked(chosen=chosen),
        )
        if self.settings.channels:
            self.notifications.deliver_soon()
        return outcome
