"""Settings: `ghala.yaml` into `Settings`, after which the environment has its say."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ghala.errors import DefinitionError, NotFoundError, Place
from ghala.model.names import IDENTIFIER
from ghala.model.url_secret import has_secret
from ghala.settings import (
    DEFAULT_STORAGE,
    SETTINGS,
    Setting,
    SettingKind,
    Settings,
    override,
    storage_fault,
    within,
    zone_fault,
)
from ghala.spec import yaml
from ghala.spec.fields import Fields
from ghala.spec.finding import FindingCode, Findings, LintFinding
from ghala.spec.identity_settings import read_oidc
from ghala.spec.node import Node, ScalarNode
from ghala.spec.notification_settings import OWN_KEYS, SECTION, read_channels, read_hosts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS_FILE = "ghala.yaml"
KEYS = (*dict.fromkeys(setting.section or setting.key for setting in SETTINGS), "identity", "zones")


def load_settings(root: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Return a workspace's settings; `environment` is that of the process unless given.

    Raises:
        NotFoundError: there is no `ghala.yaml`.
        DefinitionError: the file is wrong.
        UsageError: an environment variable is wrong.
    """
    findings = Findings()
    settings = read_settings(root, findings)
    findings.refuse()
    return override(settings, environment)


def read_settings(root: Path, findings: Findings) -> Settings:
    """Return what the file says, before the environment; faults become findings and defaults.

    Raises:
        NotFoundError: there is no `ghala.yaml`.
    """
    root = root.resolve()
    file = root / SETTINGS_FILE
    if not file.is_file():
        raise NotFoundError(
            f"no workspace in {root}: there is no `{SETTINGS_FILE}`",
            hint="make one: ghala init",
        )
    try:
        if file.stat().st_size > yaml.MAX_BYTES:
            place = Place(SETTINGS_FILE, 1, 1)
            findings.error(
                FindingCode.YAML_TOO_LARGE, place, f"larger than {yaml.MAX_BYTES:,} bytes"
            )
            return _defaults(root)
        node = yaml.parse(file.read_bytes(), SETTINGS_FILE)
    except DefinitionError as error:
        found = error.evidence["findings"]
        findings.extend(item for item in _findings_of(found))
        return _defaults(root)
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'I/O error'}"
        findings.error(FindingCode.FILE_UNREADABLE, Place(SETTINGS_FILE, 1, 1), message)
        return _defaults(root)
    return _read(node, root, findings)


def _findings_of(evidence: object) -> tuple[LintFinding, ...]:
    return evidence if isinstance(evidence, tuple) else ()


def _defaults(root: Path) -> Settings:
    return Settings(root.name, root, within(root, DEFAULT_STORAGE))


def _read(node: Node, root: Path, findings: Findings) -> Settings:
    fields = Fields(node, findings, what=f"`{SETTINGS_FILE}`", known=KEYS)
    fields.require("name")
    sections = {
        name: Fields(section, findings, what=f"`{name}`", known=_keys_of(name))
        for name in {setting.section for setting in SETTINGS if setting.section}
        if (section := fields.get(name)) is not None
    }
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        where = fields if setting.section is None else sections.get(setting.section)
        if where is None or setting.field in {"name", "storage", "registry_url"}:
            continue
        if setting.kind is SettingKind.TEXT:
            if text := where.text(setting.key):
                values[setting.field] = text
        else:
            _read_number(setting, where, values, findings)
    name = fields.text("name") or root.name
    if "name" in fields and not IDENTIFIER.fullmatch(name.replace("-", "_")):
        message = f"`{name[:80]}` cannot be a workspace's name: use lower-case letters, digits, `_` and `-`"
        findings.error(FindingCode.NAME_INVALID, fields.at("name"), message)
    storage = within(root, fields.text("storage") or DEFAULT_STORAGE)
    if fault := storage_fault(root, storage):
        findings.error(
            FindingCode.SETTINGS_BAD_PATH, fields.at("storage"), f"the storage folder {fault}"
        )
    zones = _read_zones(fields, root, storage, findings)
    values["oidc"] = read_oidc(fields, findings)
    if (told := sections.get(SECTION)) is not None:
        values["channels"] = read_channels(told, findings, root)
        values["allowed_hosts"] = read_hosts(told, findings)
    return Settings(name, root, storage, _read_registry(fields, findings), zones, **values)


def _keys_of(section: str) -> tuple[str, ...]:
    own = tuple(setting.key for setting in SETTINGS if setting.section == section)
    return (*own, *OWN_KEYS) if section == SECTION else own


def _read_number(
    setting: Setting, fields: Fields, values: dict[str, Any], findings: Findings
) -> None:
    node = fields.get(setting.key)
    if node is None:
        return
    value = node.value if isinstance(node, ScalarNode) else None
    if fault := setting.number_fault(value):
        message = f"`{setting.key}` {fault}"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, message)
    else:
        values[setting.field] = value if setting.kind is SettingKind.COUNT else float(str(value))


def _read_registry(fields: Fields, findings: Findings) -> str | None:
    url = fields.text("registry") or None
    if url is None:
        return None
    if "://" not in url:
        message = "`registry` is a URL, like `postgresql://account@host/database`"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, fields.at("registry"), message)
    elif has_secret(url):
        message = "a password stands in a file that others read"
        hint = "give it in the environment variable `GHALA_REGISTRY_PASSWORD`"
        findings.error(FindingCode.SETTINGS_SECRET, fields.at("registry"), message, hint)
    return url


def _read_zones(
    fields: Fields, root: Path, storage: Path, findings: Findings
) -> Mapping[str, Path]:
    node = fields.mapping("zones")
    if node is None:
        return MappingProxyType({})
    entries = Fields(node, findings, what="`zones`", known=node.entries.keys())
    zones = {}
    for name in node.entries:
        if not IDENTIFIER.fullmatch(name):
            message = f"`{name[:80]}` cannot be a landing zone's name"
            hint = "use lower-case letters, digits and `_`, a letter first, at most 63 characters"
            findings.error(FindingCode.NAME_INVALID, entries.key_place(name), message, hint)
        text = entries.text(name)
        if not text:
            entries.require(name)
            continue
        zones[name] = within(root, text)
        if fault := zone_fault(storage, zones[name]):
            message = f"the landing zone `{name[:80]}` {fault}"
            findings.error(FindingCode.SETTINGS_BAD_PATH, entries.at(name), message)
        elif not zones[name].is_dir():
            message = f"the landing zone `{name[:80]}` is not there"
            hint = (
                "make the folder, or point the zone elsewhere: `GHALA_ZONES__"
                + name.upper()[:80]
                + "`"
            )
            findings.warning(FindingCode.SETTINGS_ZONE_MISSING, entries.at(name), message, hint)
    return MappingProxyType(zones)
