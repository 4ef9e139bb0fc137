"""What each setting is, once `ghala.yaml` and the environment had their say, and which of them said it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.effective import EffectiveSetting, SettingSource
from ghala.settings import OIDC_CLIENT_SECRET, SETTINGS, ZONE_PREFIX, given_variables
from ghala.spec import yaml
from ghala.spec.node import MapNode
from ghala.spec.settings_file import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.settings import Settings

_SECRET = "***"  # noqa: S105 - what is shown in the place of one


def effective_settings(
    settings: Settings, environment: Mapping[str, str] | None = None
) -> tuple[EffectiveSetting, ...]:
    """Return every setting with where it comes from; `environment` is that of the process unless given.

    The file is read again: call it where the settings were just read.
    """
    given, written = given_variables(environment), frozenset(_written(settings))
    shown = settings.shown()

    def source(key: str, variable: str) -> SettingSource:
        if variable in given:
            return SettingSource.ENVIRONMENT
        return SettingSource.FILE if key in written else SettingSource.DEFAULT

    found = []
    for one in SETTINGS:
        key = ".".join(part for part in (one.section, one.key) if part)
        value = shown[one.field]
        plain = value if value is None or isinstance(value, (str, int, float)) else str(value)
        found.append(
            EffectiveSetting(key, one.variable, plain, source(key, one.variable), one.meaning)
        )
    for name, path in settings.zones.items():
        key, variable = f"zones.{name}", ZONE_PREFIX + name.upper()
        meaning = "A landing zone: a folder from which sources may read."
        found.append(EffectiveSetting(key, variable, str(path), source(key, variable), meaning))
    return (*found, *_identity(settings, given), *_channels(settings))


def _identity(settings: Settings, given: Mapping[str, str]) -> Iterator[EffectiveSetting]:
    if settings.oidc is None:
        return
    secret = SettingSource.ENVIRONMENT if OIDC_CLIENT_SECRET in given else SettingSource.DEFAULT
    has_secret = settings.oidc.client_secret is not None
    for name, variable, value, source, meaning in (
        ("issuer", "", settings.oidc.issuer, SettingSource.FILE, "Who lets users in."),
        ("client_id", "", settings.oidc.client_id, SettingSource.FILE, "Who Ghala is there."),
        ("client_secret", OIDC_CLIENT_SECRET, _SECRET if has_secret else None, secret,
         "By which the provider knows Ghala."),
    ):  # fmt: skip
        yield EffectiveSetting(f"identity.oidc.{name}", variable, value, source, meaning)


def _channels(settings: Settings) -> Iterator[EffectiveSetting]:
    for channel in settings.channels:
        # Where its address is, never the address: it holds passwords.
        key, meaning = (
            f"notifications.channels.{channel.name}",
            "A channel, and where its address is.",
        )
        yield EffectiveSetting(key, "", channel.address, SettingSource.FILE, meaning)
    if settings.allowed_hosts:
        hosts = ", ".join(settings.allowed_hosts)
        meaning = "Hosts that channels reach although not public."
        yield EffectiveSetting(
            "notifications.allowed_hosts", "", hosts, SettingSource.FILE, meaning
        )


def _written(settings: Settings) -> Iterator[str]:
    """Yield the keys that the file says, down to the second level."""
    node = yaml.parse((settings.root / SETTINGS_FILE).read_bytes(), SETTINGS_FILE)
    for key, value in node.entries.items() if isinstance(node, MapNode) else ():
        yield key
        if isinstance(value, MapNode):
            yield from (f"{key}.{below}" for below in value.entries)
