"""The glossary for readers: what is related to a term, and that a long one takes no longer for each of its terms."""

import pytest

from ghala.model.principal import OWNER_LOCAL
from ghala.model.term import Term
from ghala.query import glossary
from ghala.query.glossary import Glossary
from ghala.query.visible import Visibility
from ghala.registry.registry import open_registry
from ghala.testing.catalog import definitions


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()


def shown(registry, *terms):
    known = definitions()
    return Glossary(registry, lambda: terms, Visibility(lambda: known)).all(by=OWNER_LOCAL)


def test_terms_are_related_both_ways_by_their_names_and_synonyms(registry):
    terms = (
        Term("Churn", "who left", synonyms=("attrition",)),
        Term("Customer", "who buys", related=("attrition", "customer", "nothing")),
        Term("Basket", "what is bought", related=("Customer", "churn")),
    )
    found = {one.name: one.related for one in shown(registry, *terms)}
    assert found == {
        "Basket": ("Churn", "Customer"),
        "Churn": ("Basket", "Customer"),
        "Customer": ("Basket", "Churn"),
    }


def test_a_glossary_is_read_once_however_many_terms_it_has(registry, monkeypatch):
    looked = []

    def words_of(text):
        looked.append(text)
        return [text]

    monkeypatch.setattr(glossary, "words_of", words_of)
    count = 50
    terms = [Term(f"t{one}", "x", related=(f"t{(one + 1) % count}",)) for one in range(count)]
    assert len(shown(registry, *terms)) == count
    assert len(looked) == 3 * count
