"""The glossary: strict, with the place of everything that is wrong."""

import pytest

from ghala.errors import DefinitionError
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.glossary import load_glossary, read_glossary
from ghala.spec.kept_glossary import KeptGlossary
from ghala.testing.catalog import column, definitions, product

TERMS = """terms:
  - term: Churn
    meaning: A customer who left.
    synonyms: [attrition, lost customer]
    owner: sales-team
    links: [sales.orders, Sales.Orders.ID]
"""
RELATED = TERMS + "  - {term: Stay, meaning: x, related: [Lost Customer, chrun]}\n"


def found(root, text, workspace=None):
    (root / "glossary.yaml").write_text(text)
    findings = Findings()
    terms = read_glossary(root.resolve(), findings, workspace)
    return terms, [(one.code, one.place.line) for one in findings.in_order()]


def test_a_workspace_without_a_glossary_has_no_terms(tmp_path):
    assert load_glossary(tmp_path) == ()


def test_terms_are_read_with_their_links(tmp_path):
    workspace = definitions(product("sales/orders", {"orders": [column("id")]})).workspace
    (term,), wrong = found(tmp_path, TERMS, workspace)
    assert wrong == []
    assert (term.name, term.synonyms, term.owner) == (
        "Churn",
        ("attrition", "lost customer"),
        "sales-team",
    )
    assert term.links == ("sales.orders", "sales.orders.id")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("words: []\n", FindingCode.KEY_UNKNOWN, 1),
        ("terms:\n  - term: a\n", FindingCode.KEY_MISSING, 2),
        ("terms:\n  - {term: '?!', meaning: x}\n", FindingCode.NAME_INVALID, 2),
        ("terms:\n  - {term: 1, meaning: x}\n", FindingCode.VALUE_WRONG_TYPE, 2),
        (TERMS + "  - {term: CHURN, meaning: x}\n", FindingCode.NAME_TAKEN, 7),
        (TERMS + "  - {term: x, meaning: x, synonyms: Attrition}\n", FindingCode.NAME_TAKEN, 7),
        ("terms:\n  - {term: a, meaning: b, colour: c}\n", FindingCode.KEY_UNKNOWN, 2),
        ("terms: {a: b}\n", FindingCode.VALUE_WRONG_TYPE, 1),
    ],
)
def test_what_is_wrong_has_its_place(tmp_path, text, code, line):
    assert (code, line) in found(tmp_path, text)[1]
    with pytest.raises(DefinitionError):
        load_glossary(tmp_path)


def test_a_link_to_nothing_is_a_warning(tmp_path):
    workspace = definitions(product("sales/orders", {"orders": []})).workspace
    terms, wrong = found(tmp_path, TERMS, workspace)
    assert (len(terms), wrong) == (1, [(FindingCode.GLOSSARY_UNKNOWN_LINK, 6)])


def test_related_terms_are_there_under_any_name(tmp_path):
    terms, wrong = found(tmp_path, RELATED)
    assert terms[1].related == ("Lost Customer", "chrun")
    assert wrong == [(FindingCode.GLOSSARY_UNKNOWN_TERM, 7)]


def test_a_link_out_of_the_workspace_is_refused(tmp_path):
    (tmp_path / "outside.yaml").write_text(TERMS)
    root = tmp_path / "acme"
    root.mkdir()
    (root / "glossary.yaml").symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(DefinitionError, match="leads out"):
        load_glossary(root)


def test_a_glossary_that_breaks_leaves_the_last_good_one(tmp_path):
    kept = KeptGlossary(tmp_path, fresh_s=0)
    assert kept.now() == ()
    (tmp_path / "glossary.yaml").write_text(TERMS)
    (term,) = kept.now()
    (tmp_path / "glossary.yaml").write_text("terms: 1\n")
    assert kept.now() == (term,)
    (tmp_path / "glossary.yaml").unlink()
    assert kept.now() == ()
