"""The ingest step of `system.audit`: entries of the audit chains land as rows, each once."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import json as arrow_json

from ghala.ingest.land import Landed
from ghala.lake.parquet import arrow_schema, write_rows
from ghala.model.audit import AuditTag
from ghala.model.names import DatasetName
from ghala.model.product import Materialisation
from ghala.model.run import StepBalance, TakenFile
from ghala.registry import audit_after, checkpoints
from ghala.registry.audit_form import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ghala.lake.files import Disk
    from ghala.lake.stage import StagedTable
    from ghala.model.audit_record import AuditRecord
    from ghala.model.product import Source, Step
    from ghala.registry.registry import Registry

SOURCE_TYPE = "audit"
"""No workspace can name it: only the built-in products are run with what reads it."""
_CHAIN = "chain "
_BATCH = 4096
_DECISIONS = {AuditTag.DATASET_READ: "allowed", AuditTag.DATASET_READ_DENIED: "denied"}
_READS = frozenset({*_DECISIONS, AuditTag.DATASET_READ_CUT, AuditTag.DATASET_READ_FINISHED})


@dataclass(frozen=True, slots=True)
class AuditEntries:
    """Lands the entries that no release has yet. `flush` writes what this process has not written of them."""

    registry: Registry
    disk: Disk
    flush: Callable[[], None]

    def write_dataset(
        self, step: Step, source: Source, target: StagedTable, seen: Mapping[str, TakenFile]
    ) -> Landed:
        """Land what came after `seen`; all entries, where the step replaces what was there.

        A chain is remembered like a file: how many entries of it were taken, and the hash of the last one.
        """
        del step
        self.flush()
        is_whole = target.materialisation is Materialisation.REPLACE
        taken = {} if is_whole else taken_of(seen)
        columns = [(column.name, column.type) for column in target.dataset.columns]
        schema = arrow_schema(columns, target.field_ids)
        path = target.data.with_name(f"{target.data.name}-00000.parquet")
        with self.registry.read() as connection:
            heads = checkpoints.heads(connection)
            entries = audit_after.read_after(connection, taken, heads)
            file = write_rows(_batches(map(row_of, entries), schema), path, schema, self.disk)
        moved = [head for head in heads if head.number > taken.get(head.chain, 0)]
        rows = file.row_count if file else 0
        return Landed(
            StepBalance(source.name, rows, rows),
            (file,) if file else (),
            None,
            {f"{_CHAIN}{head.chain}": TakenFile(head.sha256, head.number) for head in moved},
        )


def taken_of(seen: Mapping[str, TakenFile]) -> dict[int, int]:
    """Return the number of the last entry that was taken of each chain.

    >>> taken_of({"chain 3": TakenFile("…", 17)})
    {3: 17}
    """
    return {int(path.removeprefix(_CHAIN)): taken.byte_count for path, taken in seen.items()}


def row_of(entry: AuditRecord) -> dict[str, object]:
    """Return an entry as a row of `system.audit`; `recorded_at` is in microseconds."""
    detail = entry.detail
    ended = entry if entry.tag == AuditTag.DATASET_READ_FINISHED else None
    return {
        "recorded_at": round(entry.at.timestamp() * 1_000_000),
        "chain": entry.chain,
        "number": entry.number,
        "tag": entry.tag,
        "principal": entry.principal,
        "on_behalf_of": _text(detail.get("on_behalf_of")),
        "purpose": entry.purpose,
        "endpoint": _text(detail.get("endpoint")),
        "environment": _text(detail.get("environment")),
        "decision": next((said for tag, said in _DECISIONS.items() if tag == entry.tag), None),
        "policy_version": _text(detail.get("policy_version")),
        "datasets": list(_datasets(entry)),
        "read_id": entry.read_id,
        "outcome": ended.outcome.value if ended and ended.outcome else None,
        "row_count": ended.rows if ended else None,
        "byte_count": ended.byte_count if ended else None,
        "milliseconds": ended.ms if ended else None,
        "error": _text(detail.get("error")),
        "statement_sha256": _text(detail.get("statement_sha256")),
        "objects": list(entry.objects),
        "reasons": list(_reasons(detail)),
        "credential": _text(detail.get("credential")),
        "detail": canonical(dict(detail)),
        "sha256": entry.sha256,
    }


def _datasets(entry: AuditRecord) -> Iterator[dict[str, object]]:
    """Yield what was read, or would have been: by an intent with its columns, by all else about reads the names."""
    facts = entry.detail.get("datasets")
    known = dict(facts) if isinstance(facts, dict) else {}
    if not known and entry.tag in _READS:
        known = dict.fromkeys(entry.objects)
    for use, said in sorted(known.items()):
        name = str(use).partition("@")[0]
        try:
            domain = DatasetName.parse(name).domain
        except ValueError:
            continue
        fact = said if isinstance(said, dict) else {}
        release = fact.get("release")
        yield {
            "domain": domain,
            "dataset": name,
            "release": release if isinstance(release, int) else None,
            "columns": _texts(fact.get("columns")),
            "masked": _texts(fact.get("masked")),
        }


def _reasons(detail: Mapping[str, object]) -> list[str]:
    """Return each reason once: of the whole read, or of its datasets."""
    datasets = detail.get("datasets")
    of_each = datasets.values() if isinstance(datasets, dict) else ()
    facts = [detail, *(one for one in of_each if isinstance(one, dict))]
    return list(dict.fromkeys(reason for one in facts for reason in _texts(one.get("reasons"))))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _batches(rows: Iterable[dict[str, object]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches of a schema. Through JSON: Arrow makes an array of Python values with pandas alone."""
    at = schema.get_field_index("recorded_at")
    read_as = schema.set(at, pa.field("recorded_at", pa.int64()))
    parse = arrow_json.ParseOptions(explicit_schema=read_as, unexpected_field_behavior="ignore")
    rest = iter(rows)
    while some := list(islice(rest, _BATCH)):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in some).encode()
        # One block: a row may be longer than what is read at once by default.
        read = arrow_json.ReadOptions(use_threads=False, block_size=len(text) + 1)
        table = arrow_json.read_json(io.BytesIO(text), read_options=read, parse_options=parse)
        columns = [column.combine_chunks() for column in table.select(schema.names).columns]
        columns[at] = columns[at].cast(schema.field(at).type)
        yield pa.RecordBatch.from_arrays(columns, schema=schema)
