"""A small real app for the command line's tests: it answers from its own lists and notes what it was asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa

from ghala.errors import NotFoundError, Place
from ghala.model.contract import OnFail, RuleKind, Severity
from ghala.model.names import DatasetName, ProductName
from ghala.model.outcome import (
    Diagnosis,
    FileFault,
    ProductStatus,
    Quarantined,
    RunOutcome,
    Verification,
)
from ghala.model.release import Release, ReleasedDataset
from ghala.model.report import Finding, Report
from ghala.model.run import FileBalance, Run, RunState, StepBalance
from ghala.quality.report import to_dict
from ghala.spec.finding import FindingCode, Level, LintFinding

PRODUCT = ProductName("sales", "orders")
DATASET = DatasetName("sales", "orders")
MOMENT = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
RELEASED = ReleasedDataset(DATASET, "orders-id", "sales/orders/3.json", 7, 0, "ab" * 32, 98, 4096)
RELEASE = Release(PRODUCT, "prod", 3, "r1", "cd" * 32, MOMENT, (RELEASED,), is_current=True)
STEPS = (
    StepBalance("orders", 100, 98, 2, (FileBalance("orders.csv", "ef" * 32, 900, 100, 98, 2),)),
    StepBalance("refused", 0, 0, 0, (FileBalance("bad.csv", "00" * 32, 9, 0, 0, 0, "is UTF-16"),)),
)
PASSED = Finding(
    "orders.id.required",
    RuleKind.REQUIRED,
    ("id",),
    Severity.ERROR,
    OnFail.BLOCK,
    passed=True,
    measured=0,
)
BROKEN = Finding(
    "orders.status.enum", RuleKind.ENUM, ("status",), Severity.ERROR, OnFail.BLOCK,
    passed=False, measured=4, failed_rows=4, samples=(("17",), ("19",)),
)  # fmt: skip
BATCH = Quarantined(PRODUCT, "r1", "orders", "source", 2, "quarantine/r1.parquet", MOMENT)
KEPT_OUT = pa.table(
    {
        "file": ["orders.csv", "orders.csv"],
        "line": [3, 9],
        "raw": [b"1,\x1b[31m,\xff", b"x"],
        "column": ["amount", None],
        "reason": ["bad_number", "ragged"],
    }
)
LINTED = LintFinding(
    FindingCode.KEY_UNKNOWN,
    Level.ERROR,
    "`zone` is not a key here",
    "write `zones`",
    Place("ghala.yaml", 3, 1),
)


def outcome(state=RunState.PUBLISHED, *, release=RELEASE, findings=(PASSED,), error=None):
    run = Run("r1", PRODUCT, "prod", "cd" * 32, state, MOMENT, MOMENT, 3, None, STEPS)
    return RunOutcome(run, release, (Report(DATASET, 98, 0, 98, findings),), error, 1.234)


@dataclass
class FakeResult:
    table: pa.Table
    fails: BaseException | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    @property
    def schema(self):
        return self.table.schema

    def batches(self):
        yield from self.table.to_batches()
        if self.fails:
            raise self.fails


@dataclass
class FakeApp:
    """Every answer is a field that a test sets; `asked` lists what the commands asked for."""

    outcomes: tuple = (outcome(),)
    findings: tuple = ()
    statuses: tuple = (
        ProductStatus(
            PRODUCT,
            "Orders",
            "sales-team",
            "1.0.0",
            "active",
            (DATASET,),
            3,
            MOMENT,
            RunState.PUBLISHED,
        ),
        ProductStatus(
            ProductName("web", "events"), "Events", "web", "0.1.0", "draft", (), None, None, None
        ),
    )
    result: pa.Table = field(default_factory=lambda: pa.table({"n": [1]}))
    result_fails: BaseException | None = None
    faults: tuple = ()
    diagnoses: tuple = (Diagnosis("disk", is_fine=True, message="keeps what it is told to keep"),)
    batches: tuple = (BATCH,)
    fails: BaseException | None = None
    asked: list = field(default_factory=list)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.asked.append("close")

    def _note(self, *what):
        self.asked.append(what)
        if self.fails:
            raise self.fails

    def lint(self):
        self._note("lint")
        return self.findings

    def run(self, products=(), *, environment="prod", wait_s=None, progress=None):
        self._note("run", products, environment, wait_s)
        progress("making sales/orders")
        return self.outcomes

    def products(self, environment="prod"):
        self._note("products", environment)
        return self.statuses

    def show(self, name, environment="prod"):
        self._note("show", name, environment)
        if name == "sales/orders":
            reports = [to_dict(Report(DATASET, 98, 0, 98, (PASSED, BROKEN)))]
            return {"name": name, "last_run": {"id": "r1", "state": "refused", "reports": reports}}
        if name != "sales.orders":
            raise NotFoundError(f"no product or dataset `{name}`", hint="`ghala list` names them")
        return {
            "name": DATASET,
            "columns": [
                {"name": "id", "type": "BIGINT", "tags": ()},
                {"name": "on", "type": "DATE", "tags": ("a",)},
            ],
            "release": {"number": 3, "created_at": MOMENT},
            "description": "",
        }

    def releases(self, name=None, environment="prod"):
        self._note("releases", name, environment)
        return (RELEASE,)

    def sql(self, text, *, environment="prod", timeout_s=None, row_limit=None):
        self._note("sql", text, environment, timeout_s, row_limit)
        return FakeResult(self.result, self.result_fails)

    def verify(self, name=None):
        self._note("verify", name)
        return Verification(3, 12, 4096, self.faults)

    def quarantine(self, product=None, run_id=None, environment="prod"):
        self._note("quarantine", product, run_id, environment)
        return self.batches

    def quarantined_rows(self, item, environment="prod", limit=None):  # noqa: ARG002 - as the real one
        self._note("quarantined_rows", item.run_id)
        return KEPT_OUT.slice(0, limit)

    def doctor(self):
        self._note("doctor")
        return self.diagnoses

    def sweep(self, minimum_age_s=None):
        self._note("sweep", minimum_age_s)
        return 2


FAULT = FileFault("lake/sales/orders/a.parquet", DATASET, PRODUCT, 3, "one byte differs")
