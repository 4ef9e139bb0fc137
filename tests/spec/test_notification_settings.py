"""The channels of `ghala.yaml`: where secrets are, whom they tell what, and what is wrong with them, with its place."""

import pytest

from ghala.errors import DefinitionError, UsageError
from ghala.model.notification import Channel, NotificationKind
from ghala.settings import read_secret
from ghala.spec.finding import FindingCode as Code
from ghala.spec.finding import Findings
from ghala.spec.settings_file import load_settings, read_settings

HEAD = "name: acme\nnotifications:\n  channels:\n"


def load(folder, text):
    folder.write("ghala.yaml", text)
    return load_settings(folder.root, environment={})


def found(folder, text):
    folder.write("ghala.yaml", text)
    findings = Findings()
    read_settings(folder.root, findings)
    return [(str(one.place), one.code, one.message, one.hint) for one in findings]


def test_a_channel_says_where_its_secrets_are_and_whom_it_tells_what(folder):
    folder.write("domains/sales/domain.yaml", "owner: sales-team\n")
    settings = load(
        folder,
        f"{HEAD}    sales-mail:\n      url: env:SALES_MAIL\n      secret: file:/run/secrets/hook\n"
        "      kinds: [run:failed, contract:broken]\n      domains: sales\n      to: [Sales-Team, user:Amina]\n"
        "    ops: {url: 'file:ops.url'}\n  allowed_hosts: [mail.acme.internal:25, 10.1.0.0/16]\n  expiring_days: 7\n",
    )
    kinds = frozenset({NotificationKind.RUN_FAILED, NotificationKind.CONTRACT_BROKEN})
    assert settings.channels == (
        Channel("ops", "file:ops.url"),
        Channel(
            "sales-mail",
            "env:SALES_MAIL",
            "file:/run/secrets/hook",
            kinds,
            frozenset({"sales"}),
            frozenset({"team:sales-team", "user:amina"}),
        ),
    )
    assert settings.allowed_hosts == ("mail.acme.internal:25", "10.1.0.0/16")
    assert settings.expiring_days == 7


def test_without_any_there_are_none(folder):
    settings = load(folder, "name: acme\nnotifications:\n")
    assert (settings.channels, settings.allowed_hosts, settings.expiring_days) == ((), (), 14)


@pytest.mark.parametrize(
    ("channel", "place", "code", "says", "hint"),
    [
        ("a: {ulr: 'env:A'}", "4:9", Code.KEY_UNKNOWN, "`ulr` is not a key", "did you mean `url`?"),
        ("a: {to: sales}", "4:8", Code.KEY_MISSING, "needs `url`", None),
        ("a: {url: 'mailto://u:pw@h'}", "4:14", Code.SETTINGS_SECRET, "a secret stands", "write `env:NAME`"),
        ("a: {url: 'env:A', secret: hunter2}", "4:31", Code.SETTINGS_SECRET, "a secret stands", "write `env:NAME`"),
        ("a: {url: SALES_MAIL}", "4:14", Code.VALUE_NOT_ALLOWED, "says where a secret is", "write `env:NAME`"),
        ("a: {url: 'env:A', kinds: run:failedd}", "4:30", Code.VALUE_NOT_ALLOWED, "is one of", "mean `run:failed`?"),
        ("a: {url: 'env:A', domains: slaes}", "4:32", Code.VALUE_NOT_ALLOWED, "no domain `slaes`", "mean `sales`?"),
        ("a: {url: 'env:A', to: 'service:x'}", "4:27", Code.NAME_INVALID, "cannot be told", "programs are not told"),
        ("a: {url: 'env:A', to: 'a b'}", "4:27", Code.NAME_INVALID, "cannot be told anything", "use letters"),
        ("A B: {url: 'env:A'}", "4:5", Code.NAME_INVALID, "cannot be a channel's name", "use lower-case"),
        ("a:", "4:5", Code.KEY_MISSING, "needs `a`", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(folder, channel, place, code, says, hint):
    folder.write("domains/sales/domain.yaml", "owner: sales-team\n")
    one, *_ = found(folder, f"{HEAD}    {channel}\n")
    assert (one[0], one[1]) == (f"ghala.yaml:{place}", code)
    assert says in one[2]
    assert (hint or "") in (one[3] or "")
    assert "pw@h" not in str(one)
    assert "hunter2" not in str(one)


def test_a_host_that_is_none_is_said(folder):
    (one,) = found(folder, "name: acme\nnotifications: {allowed_hosts: ['https://x/']}\n")
    assert (one[0], one[1]) == ("ghala.yaml:2:33", Code.VALUE_NOT_ALLOWED)


def test_an_unknown_key_is_refused(folder):
    with pytest.raises(DefinitionError):
        load(folder, "name: acme\nnotifications: {channelz: {}}\n")


def test_a_secret_is_read_when_it_is_needed(tmp_path):
    (tmp_path / "hook").write_text(" s3cret\n")
    (tmp_path / "empty").write_text("\n")
    assert read_secret("file:hook", tmp_path, {}) == "s3cret"
    assert read_secret("env:HOOK", tmp_path, {"HOOK": "s3cret"}) == "s3cret"
    for reference, says in (
        ("env:HOOK", "the environment variable `HOOK` is not set"),
        ("file:gone", "the file `gone` cannot be read, or is empty"),
        ("file:empty", "the file `empty` cannot be read, or is empty"),
    ):
        with pytest.raises(UsageError, match=says):
            read_secret(reference, tmp_path, {})
