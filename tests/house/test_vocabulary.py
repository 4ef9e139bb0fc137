"""Closed vocabularies are sorted, and every word of them that people meet is documented."""

import ast
import re

from tree import ROOT, listed, modules, name, nodes

from ghala.cli.main import COMMANDS
from ghala.model.audit import AuditTag
from ghala.settings import SETTINGS
from ghala.spec.finding import MEANINGS, FindingCode

REFERENCE = ROOT / "docs" / "reference"


def vocabularies():
    """Yield (file, class, its members' names in order) of every StrEnum of the package."""
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.ClassDef) and any(
                getattr(base, "id", "") == "StrEnum" for base in node.bases
            ):
                targets = [part.targets[0] for part in node.body if isinstance(part, ast.Assign)]
                yield (
                    name(path),
                    node.name,
                    [target.id for target in targets if isinstance(target, ast.Name)],
                )


def test_vocabularies_are_sorted():
    unsorted = [
        (file, kind) for file, kind, members in vocabularies() if members != sorted(members)
    ]
    assert not unsorted, listed(unsorted)


def test_there_are_vocabularies_to_sort():
    assert ("src/ghala/model/audit.py", "AuditTag") in {
        (file, kind) for file, kind, _ in vocabularies()
    }


def test_audit_tags_are_object_and_verb():
    assert [tag for tag in AuditTag if not re.fullmatch(r"[a-z_]+:[a-z_]+", tag)] == []


def test_every_audit_tag_is_documented():
    page = (REFERENCE / "audit.md").read_text("utf-8")
    assert [tag for tag in AuditTag if f"`{tag}`" not in page] == []


def test_every_finding_is_explained():
    page = (REFERENCE / "findings.md").read_text("utf-8")
    assert [
        code for code in FindingCode if f"| `{code}` |" not in page or not MEANINGS.get(code)
    ] == []


def test_every_command_is_documented():
    page = (REFERENCE / "cli.md").read_text("utf-8")
    assert [command for command in COMMANDS if f"## ghala {command}\n" not in page] == []


def test_every_setting_is_documented():
    page = (REFERENCE / "settings.md").read_text("utf-8")
    assert [setting.variable for setting in SETTINGS if f"`{setting.variable}`" not in page] == []
