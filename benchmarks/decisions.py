"""How long a decision takes: hot, when nothing moved since it was made, and cold, with 10,000 agreements.

Usage: python benchmarks/decisions.py [AGREEMENTS]
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ghala.governance.authorize import Asked
from ghala.governance.decider import EndpointDecider
from ghala.governance.kept_agreements import KeptAgreements
from ghala.governance.policies_in_force import PoliciesInForce
from ghala.governance.policy_sets import PolicySets
from ghala.model.agreement import Agreement
from ghala.model.contract import Column, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.policy import Action
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.types import parse_type
from ghala.registry import agreements
from ghala.registry.epoch import EpochWatch
from ghala.registry.registry import open_registry
from ghala.spec.kept import Definitions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.registry.registry import Registry

COLUMNS = tuple(
    Column(f"column_{n}", parse_type("varchar"), tags=("pii.email",) if n % 4 == 0 else ())
    for n in range(20)
)
DATASETS = 100
HOT, COLD = 5_000, 300


def definitions() -> Definitions:
    """Return a hundred datasets of twenty columns, in one domain."""
    products = []
    for number in range(DATASETS):
        name = DatasetName("sales", f"orders_{number}")
        contract = SimpleNamespace(name=name.dataset, datasets=(Dataset(name, str(name), COLUMNS),))
        product = ProductName("sales", name.dataset)
        products.append(SimpleNamespace(name=product, contracts=(contract,)))
    domain = SimpleNamespace(name="sales", owner="sales-team")
    return Definitions(SimpleNamespace(products=tuple(products), domains=(domain,)))


def agree(registry: Registry, count: int) -> None:
    """Keep agreements of a hundred users about a hundred datasets."""
    now = datetime.now(UTC)
    with registry.write() as connection:
        for number in range(count):
            name = DatasetName("sales", f"orders_{number % DATASETS}")
            made = Agreement(
                f"a{number}",
                f"user:u{number // DATASETS}",
                name,
                frozenset({"column_1", "column_4"}),
                "analytics",
                now,
                now + timedelta(days=1),
                rows=Comparison("column_2", Operator.EQUAL, "KE"),
                dataset_id=str(name),
            )
            agreements.add_agreement(connection, made)


def microseconds(decide: Callable[[int], object], count: int) -> list[float]:
    """Return how long each call took."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        decide(number)
        taken.append((time.perf_counter() - began) * 1e6)
    return taken


def main() -> None:
    """Measure, and print one line of JSON."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        registry = open_registry(None, Path(folder))
        agree(registry, count)
        known, epoch = definitions(), EpochWatch(registry)
        in_force = PoliciesInForce(PolicySets(registry, Path(folder)), epoch)
        in_force.now()
        decider = EndpointDecider.of(
            in_force,
            lambda: known,
            agreements_of=KeptAgreements(registry, lambda: known, epoch.now).of,
            hash_key_of=lambda _: b"key",
            endpoint="rest",
            epoch=epoch.now,
        )

        def cold(number: int) -> object:
            who = Principal(f"user:u{number % DATASETS}", PrincipalKind.USER, "analytics")
            name = DatasetName("sales", f"orders_{number // DATASETS}")
            return decider.decide(who, Action.DATASET_READ, [Asked(name, COLUMNS)])

        def hot(_: int) -> object:
            return cold(0)

        measured = {"cold": microseconds(cold, COLD), "hot": microseconds(hot, HOT)}
        registry.close()
    found = {
        name: {
            "p50_us": round(statistics.median(taken), 1),
            "p99_us": round(sorted(taken)[int(len(taken) * 0.99)], 1),
        }
        for name, taken in measured.items()
    }
    sys.stdout.write(json.dumps({"agreements": count, **found}) + "\n")


if __name__ == "__main__":
    main()
