"""The reference page names every option of the built-in source types and every reason."""

from pathlib import Path

from ghala.ingest.find import BUILT_IN, source_type
from ghala.ingest.options import COMMON
from ghala.ingest.reason import Reason

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "sources.md").read_text()


def test_every_option_is_documented():
    options = {option.name for name in BUILT_IN for option in source_type(name).options}
    options |= {option.name for option in COMMON}
    assert [name for name in sorted(options) if f"| `{name}` |" not in PAGE] == []


def test_every_reason_is_documented():
    assert [reason for reason in Reason if f"| `{reason}` |" not in PAGE] == []
