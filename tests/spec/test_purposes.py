import pytest

from ghala.errors import DefinitionError
from ghala.model.purpose import BUILT_IN, LegalBasis
from ghala.spec.purposes import PURPOSES_FILE, load_purposes

GOOD = """\
purposes:
  - name: churn_analysis
    legal_basis: legitimate_interests
    retention_days: 90
    description: Why customers leave; no decisions about single people.
"""


def load(folder, text):
    folder.write(PURPOSES_FILE, text)
    return load_purposes(folder.root)


def codes(folder, text):
    with pytest.raises(DefinitionError) as caught:
        load(folder, text)
    return [(found.code.value, found.place.line) for found in caught.value.evidence["findings"]]


def test_a_workspace_without_a_list_has_the_built_in_one(folder):
    assert load_purposes(folder.root) == {purpose.name: purpose for purpose in BUILT_IN}


def test_a_list_takes_the_place_of_the_built_in_one_but_for_two(folder):
    found = load(folder, GOOD)
    assert sorted(found) == ["administration", "churn_analysis", "production"]
    purpose = found["churn_analysis"]
    assert purpose.legal_basis is LegalBasis.LEGITIMATE_INTERESTS
    assert purpose.retention_days == 90
    assert purpose.description.startswith("Why customers leave")


def test_administration_can_be_described_otherwise(folder):
    found = load(folder, GOOD.replace("churn_analysis", "administration"))
    assert found["administration"].retention_days == 90


def test_every_fault_has_its_place(folder):
    text = GOOD + (
        "  - {name: Churn, legal_basis: because, retention_days: ninety, description: x}\n"
        "  - {name: churn_analysis, legal_basis: consent, retention_days: -1, description: x}\n"
        "  - {name: short, legal_bases: consent}\n"
        "  - yes\n"
        "more: 1\n"
    )
    found = codes(folder, text)
    assert ("name.invalid", 6) in found
    assert ("value.not_allowed", 6) in found
    assert ("value.wrong_type", 6) in found
    assert ("name.taken", 7) in found
    assert ("value.not_allowed", 7) in found
    assert ("key.unknown", 8) in found
    assert found.count(("key.missing", 8)) == 3
    assert ("value.wrong_type", 9) in found
    assert ("key.unknown", 10) in found


@pytest.mark.parametrize(
    "text", ["", "purposes:\n", "purposes: reporting\n", "- a\n", "purposes: [\n"]
)
def test_a_file_that_lists_nothing_is_wrong(folder, text):
    assert codes(folder, text)


def test_lint_knows_the_file(folder):
    folder.write(PURPOSES_FILE, GOOD + "more: 1\n")
    (found,) = folder.lint()
    assert (found.code.value, found.place.file, found.place.line) == (
        "key.unknown",
        PURPOSES_FILE,
        6,
    )


def test_a_symlink_out_of_the_workspace_is_not_followed(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "purposes.yaml"
    outside.write_text(GOOD)
    path = folder.root / PURPOSES_FILE
    path.parent.mkdir()
    path.symlink_to(outside)
    with pytest.raises(DefinitionError, match="leads out"):
        load_purposes(folder.root)
