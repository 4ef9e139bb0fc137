"""Settings: what the operator of a workspace decides, and the only reading of the environment.

`spec/settings_file.py` reads `ghala.yaml` into `Settings`; `override` lets the environment win.
Every setting stands once, in `SETTINGS`: its key in the file, its variable, its bounds and its
meaning.
"""

from __future__ import annotations

import math
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ghala.errors import UsageError
from ghala.model.url_secret import mask, with_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.notification import Channel
    from ghala.model.outside import OidcProvider

PREFIX = "GHALA_"
ZONE_PREFIX = "GHALA_ZONES__"
DEFAULT_STORAGE = ".ghala"
REGISTRY_PASSWORD = "GHALA_REGISTRY_PASSWORD"  # noqa: S105 - the name of a variable
OIDC_CLIENT_SECRET = "GHALA_OIDC_CLIENT_SECRET"  # noqa: S105 - likewise


@dataclass(frozen=True, slots=True)
class Settings:
    """One workspace's settings after the environment had its say; a None limit is no limit.

    `registry_url` is the URL of a database, None for SQLite in `storage`; it can hold a password,
    so it is shown by `shown` only.
    """

    name: str
    root: Path
    storage: Path
    registry_url: str | None = field(default=None, repr=False)
    zones: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    threads: int = 2
    memory_mb: int = 4096
    answers_mb: int = 64
    query_s: float = 300.0
    result_rows: int | None = None
    questions_each: int = 4
    questions_per_minute: int | None = None
    bytes_per_day: int | None = None
    lease_s: float = 30.0
    wait_s: float = 600.0
    orphan_age_s: float = 86_400.0
    live_snapshots: int = 10
    checkpoint_s: float = 600.0
    server_host: str = "127.0.0.1"
    server_port: int = 8321
    server_public_url: str | None = None
    server_body_bytes: int = 1_000_000
    server_open_requests: int = 600
    oidc: OidcProvider | None = None
    expiring_days: int = 14
    channels: tuple[Channel, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    profile_rows: int = 20_000

    def shown(self) -> dict[str, object]:
        """Return all values ready to be shown to people: without a password."""
        values: dict[str, object] = {
            setting.field: getattr(self, setting.field) for setting in SETTINGS
        }
        values["root"] = str(self.root)
        values["storage"] = str(self.storage)
        values["registry_url"] = None if self.registry_url is None else mask(self.registry_url)
        values["zones"] = {name: str(path) for name, path in self.zones.items()}
        return values


class SettingKind(StrEnum):
    """What a setting's value is; keep sorted."""

    COUNT = "count"
    SECONDS = "seconds"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `field` of `Settings`, `section` and `key` in `ghala.yaml`."""

    field: str
    section: str | None
    key: str
    kind: SettingKind
    meaning: str
    minimum: float = 0
    is_optional: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return PREFIX + "__".join(part.upper() for part in (self.section, self.key) if part)

    def number_fault(self, value: object) -> str | None:
        """Return why a value cannot be this setting's number; None if it can.

        >>> SETTINGS[3].variable, SETTINGS[3].number_fault(0), SETTINGS[3].number_fault(4)
        ('GHALA_ENGINE__THREADS', 'must be a whole number of at least 1', None)
        """
        allowed = int if self.kind is SettingKind.COUNT else (int, float)
        what = "a whole number" if self.kind is SettingKind.COUNT else "a number of seconds"
        is_number = isinstance(value, allowed) and not isinstance(value, bool)
        if is_number and math.isfinite(float(str(value))) and float(str(value)) >= self.minimum:
            return None
        return f"must be {what} of at least {self.minimum:g}"


SETTINGS = (
    Setting("name", None, "name", SettingKind.TEXT, "The workspace's name."),
    Setting(
        "storage", None, "storage", SettingKind.TEXT,
        "The folder of everything that Ghala stores; relative to the workspace.",
    ),
    Setting(
        "registry_url", None, "registry", SettingKind.TEXT,
        "URL of the registry's database; `null` for SQLite in the storage folder.",
        is_optional=True,
    ),
    Setting("threads", "engine", "threads", SettingKind.COUNT, "Threads of the engine.", 1),
    Setting(
        "memory_mb", "engine", "memory_mb", SettingKind.COUNT,
        "Memory of the engine, in MiB.", 128,
    ),
    Setting(
        "answers_mb", "engine", "answers_mb", SettingKind.COUNT,
        "Memory for small answers that are asked for again, in MiB; 0 keeps none.",
    ),
    Setting("query_s", "limits", "query_s", SettingKind.SECONDS, "How long a query may run.", 0.1),
    Setting(
        "result_rows", "limits", "result_rows", SettingKind.COUNT,
        "How many rows a query may return; `null` for all.", 1, is_optional=True,
    ),
    Setting(
        "questions_each", "limits", "questions_each", SettingKind.COUNT,
        "How many questions of one principal the server runs at once; of all principals it is 8.", 1,
    ),
    Setting(
        "questions_per_minute", "limits", "questions_per_minute", SettingKind.COUNT,
        "How many questions the server takes in a minute from one principal for one purpose; `null` for any.", 1,
        is_optional=True,
    ),
    Setting(
        "bytes_per_day", "limits", "bytes_per_day", SettingKind.COUNT,
        "How many bytes of answers one principal gets in a day (UTC) for one purpose; `null` for any.", 1,
        is_optional=True,
    ),
    Setting("lease_s", "runs", "lease_s", SettingKind.SECONDS, "How long a silent run keeps its claim.", 0.1),
    Setting("wait_s", "runs", "wait_s", SettingKind.SECONDS, "How long a run waits for another one."),
    Setting(
        "profile_rows", "profiles", "sample_rows", SettingKind.COUNT,
        "About how many rows a release's profile takes distributions from; 0 makes no profiles.",
    ),
    Setting(
        "orphan_age_s", "upkeep", "orphan_age_s", SettingKind.SECONDS,
        "How old a file that nothing points at must be to be deleted.",
    ),
    Setting(
        "live_snapshots", "upkeep", "live_snapshots", SettingKind.COUNT,
        "How many snapshots a table's current metadata keeps.", 1,
    ),
    Setting(
        "checkpoint_s", "audit", "checkpoint_s", SettingKind.SECONDS,
        "How often the server signs what the audit recorded.", 1,
    ),
    Setting(
        "server_host", "server", "host", SettingKind.TEXT,
        "The address on which `ghala up` listens; `127.0.0.1` unless set: this machine alone.",
    ),
    Setting(
        "server_port", "server", "port", SettingKind.COUNT,
        "The port of `ghala up`, 8321 unless set; 0 takes one that is free.",
    ),
    Setting(
        "server_public_url", "server", "public_url", SettingKind.TEXT,
        "By which address others reach the server, like `https://data.acme.example`; needed where it is not this "
        "machine's own.",
        is_optional=True,
    ),
    Setting(
        "server_body_bytes", "server", "body_bytes", SettingKind.COUNT,
        "How large the body of a request may be, in bytes.", 1_000,
    ),
    Setting(
        "server_open_requests", "server", "open_requests", SettingKind.COUNT,
        "How many requests a minute one address may send that nobody has signed; this machine's own has no limit.", 1,
    ),
    Setting(
        "expiring_days", "notifications", "expiring_days", SettingKind.COUNT,
        "How many days before an agreement ends its grantee is told; 14 unless set, 0 for never.",
    ),
)  # fmt: skip
"""Every setting but `zones`, `identity` and the channels of `notifications`, in the order of `ghala.yaml`."""


def override(settings: Settings, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings with what the environment says; an empty variable says nothing.

    Raises:
        UsageError: a variable's value cannot be used, or it names a section but no setting.
    """
    given = given_variables(environment)
    _refuse_unknown(given)
    changes: dict[str, Any] = {}
    for setting in SETTINGS:
        if setting.variable in given:
            changes[setting.field] = _value(setting, given[setting.variable], settings.root)
    registry_url = changes.get("registry_url", settings.registry_url)
    if registry_url is not None and REGISTRY_PASSWORD in given:
        changes["registry_url"] = with_password(registry_url, given[REGISTRY_PASSWORD])
    if settings.oidc is not None and OIDC_CLIENT_SECRET in given:
        changes["oidc"] = replace(settings.oidc, client_secret=given[OIDC_CLIENT_SECRET])
    zones = {
        name.removeprefix(ZONE_PREFIX).lower(): within(settings.root, text)
        for name, text in given.items()
        if name.startswith(ZONE_PREFIX)
    }
    if zones:
        changes["zones"] = MappingProxyType({**settings.zones, **zones})
    if not changes:
        return settings
    changed = replace(settings, **changes)
    _refuse_places(changed, given)
    return changed


def given_variables(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of Ghala that say something.

    >>> given_variables({"GHALA_NAME": "acme", "GHALA_STORAGE": "", "PATH": "/bin"})
    {'GHALA_NAME': 'acme'}
    """
    known = os.environ if environment is None else environment
    return {name: text for name, text in known.items() if name.startswith(PREFIX) and text}


def read_token(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the token of a server, `GHALA_TOKEN`; None if there is none. No command takes it as a word.

    >>> read_token({"GHALA_TOKEN": " ghala_x "}), read_token({})
    ('ghala_x', None)
    """
    given = os.environ if environment is None else environment
    return given.get("GHALA_TOKEN", "").strip() or None


def read_secret(reference: str, root: Path, environment: Mapping[str, str] | None = None) -> str:
    """Return a secret that the settings refer to: `env:NAME` or `file:PATH`, relative to the workspace.

    Raises:
        UsageError: it is not there, or there is nothing in it.

    >>> read_secret("env:SALES_MAIL", Path("/acme"), {"SALES_MAIL": " mailtos://… "})
    'mailtos://…'
    """
    kind, _, place = reference.partition(":")
    text, fault = "", f"the file `{place}` cannot be read, or is empty"
    if kind == "env":
        text = (os.environ if environment is None else environment).get(place, "")
        fault = f"the environment variable `{place}` is not set"
    else:
        with suppress(OSError, UnicodeDecodeError):
            text = within(root, place).read_text("utf-8")
    if not text.strip():
        raise UsageError(fault)
    return text.strip()


def is_trace_wanted(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether a fault in Ghala itself shall show its stack trace: `GHALA_TRACE=1`.

    >>> is_trace_wanted({"GHALA_TRACE": "1"}), is_trace_wanted({"GHALA_TRACE": "0"})
    (True, False)
    """
    text = (os.environ if environment is None else environment).get("GHALA_TRACE", "")
    return text.lower() not in {"", "0", "false", "no"}


def within(root: Path, text: str) -> Path:
    """Return a path of the settings: absolute as it is, relative to the workspace otherwise.

    >>> within(Path("/acme"), "landing/erp").as_posix()
    '/acme/landing/erp'
    >>> within(Path("/acme"), "/srv/erp").as_posix()
    '/srv/erp'
    """
    # Not `resolve()`: a landing zone is often a symlink that the operator moves.
    return Path(os.path.normpath(root / Path(text).expanduser()))


def storage_fault(root: Path, storage: Path) -> str | None:
    """Return why a folder cannot be the storage of a workspace; None if it can.

    >>> storage_fault(Path("/acme"), Path("/acme/domains/sales"))
    'would lie among the definitions'
    """
    if storage == root or storage in root.parents:
        return "would hold the workspace itself"
    if storage.is_relative_to(root / "domains"):
        return "would lie among the definitions"
    return None


def zone_fault(storage: Path, zone: Path) -> str | None:
    """Return why a folder cannot be a landing zone; None if it can.

    >>> zone_fault(Path("/acme/.ghala"), Path("/acme"))
    'would let sources read the storage folder'
    """
    # Reading the lake's or the registry's own files would be a way around the read door.
    if storage.is_relative_to(zone) or zone.is_relative_to(storage):
        return "would let sources read the storage folder"
    return None


def _value(setting: Setting, text: str, root: Path) -> object:
    if setting.is_optional and text.lower() == "null":
        return None
    if setting.kind is SettingKind.TEXT:
        return within(root, text) if setting.field == "storage" else text
    value: object
    try:
        value = int(text) if setting.kind is SettingKind.COUNT else float(text)
    except ValueError:
        value = None
    if fault := setting.number_fault(value):
        hint = "or `null` for no limit" if setting.is_optional else None
        raise UsageError(f"`{setting.variable}` {fault}", hint=hint, variable=setting.variable)
    return value


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = {setting.variable for setting in SETTINGS}
    sections = {variable.split("__")[0] + "__" for variable in known if "__" in variable}
    for name in sorted(given):
        # Other programs may have such variables too; one that names a section is meant for us.
        if name not in known and name.startswith(tuple(sections)):
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else None
            raise UsageError(f"`{name}` is not a setting", hint=hint, variable=name)


def _refuse_places(settings: Settings, given: Mapping[str, str]) -> None:
    if "GHALA_STORAGE" in given and (fault := storage_fault(settings.root, settings.storage)):
        raise UsageError(f"`GHALA_STORAGE` {fault}", variable="GHALA_STORAGE")
    for name, zone in settings.zones.items():
        if fault := zone_fault(settings.storage, zone):
            variable = ZONE_PREFIX + name.upper()
            if variable not in given:
                variable = "GHALA_STORAGE"
            raise UsageError(f"`{variable}`: the landing zone `{name}` {fault}", variable=variable)
