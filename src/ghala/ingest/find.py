"""Finds source types by name, and checks what a source says to its type."""

from __future__ import annotations

import difflib
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from ghala.errors import UsageError
from ghala.ingest.check import check_columns
from ghala.ingest.options import COMMON, option_faults, option_values
from ghala.model.fault import OptionFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ghala.ingest.source import SourceType
    from ghala.model.product import Source

BUILT_IN = {
    "csv": "ghala.ingest.sources.csv:csv_files",
    "ndjson": "ghala.ingest.sources.ndjson:ndjson_files",
}
"""Name -> `module:factory`; a factory takes nothing and returns a `SourceType`."""

ENTRY_POINTS = "ghala.sources"


def source_type(name: str) -> SourceType:
    """Return the source type of that name. Built-in ones win: installing a package must not replace `csv` silently.

    Raises:
        UsageError: there is none.

    >>> [option.name for option in source_type("ndjson").options]
    ['nulls']
    """
    target = BUILT_IN.get(name)
    if target is None:
        plugins = {point.name: point.value for point in entry_points(group=ENTRY_POINTS)}
        target = plugins.get(name)
        if target is None:
            known = sorted({*BUILT_IN, *plugins})
            raise UsageError(
                f"there is no source type `{name}`", hint=suggestion(name, known, "types")
            )
    module, _, factory = target.partition(":")
    return cast("Callable[[], SourceType]", getattr(import_module(module), factory))()


def check_source(source: Source, zones: Mapping[str, Path]) -> Sequence[OptionFault]:
    """Return everything that is wrong with a source's options and columns; nothing is read from disk."""
    try:
        found = source_type(source.type)
    except UsageError as error:
        return [OptionFault("type", error.message, error.hint)]
    options = (*COMMON, *found.options)
    faults = option_faults(source.options, options)
    unknown = [name for name in source.options if name not in {option.name for option in options}]
    faults += [
        OptionFault(
            name,
            f"`{name}` is not an option of the source type `{source.type}`",
            suggestion(name, sorted(option.name for option in options), "options"),
        )
        for name in unknown
    ]
    zone = source.options.get("zone")
    if isinstance(zone, str) and zone not in zones:
        faults.append(
            OptionFault(
                "zone",
                f"there is no landing zone `{zone}`",
                suggestion(zone, sorted(zones), "zones") if zones else "name it in ghala.yaml",
            )
        )
    faults += check_columns(source.columns)
    if not faults:
        faults += found.faults(option_values(source.options, found.options), source.columns)
    return faults


def suggestion(name: str, known: Sequence[str], nouns: str) -> str:
    """Return a hint that names the closest of the known names, or all of them.

    >>> suggestion("delimeter", ["delimiter", "quote"], "options")
    'did you mean `delimiter`?'
    >>> suggestion("x", ["csv", "ndjson"], "types")
    'types: csv, ndjson'
    """
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"{nouns}: {', '.join(known)}"
