"""The reference of the definition files names every key that they can have."""

from pathlib import Path

import pytest

from ghala.ingest.find import source_type
from ghala.model.contract import Operator
from ghala.model.purpose import LegalBasis
from ghala.model.types import Kind
from ghala.settings import SETTINGS
from ghala.spec import columns, domain, glossary, pipeline, purposes, settings_file

PAGE = (Path(__file__).parents[2] / "docs/reference/definitions.md").read_text("utf-8")
WORDS = [
    *(
        f"{setting.section}.{setting.key}" if setting.section else setting.key
        for setting in SETTINGS
    ),
    *settings_file.KEYS[-1:],
    *domain.KEYS,
    *pipeline.KEYS,
    *purposes.KEYS,
    *glossary.KEYS,
    *LegalBasis,
    *pipeline.STEP_KEYS,
    *pipeline.COLUMN_KEYS,
    *(option.name for name in ("csv", "ndjson") for option in source_type(name).options),
    *Operator,
    *(kind for kind in Kind if kind not in {Kind.LIST, Kind.STRUCT, Kind.DECIMAL}),
    columns.ON_FAIL,
    columns.ROUNDING,
]


@pytest.mark.parametrize("word", dict.fromkeys(WORDS))
def test_every_key_is_documented(word):
    assert f"`{word}`" in PAGE
