"""Which products a text finds: all that the search of assets finds something of, over both databases."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ghala.errors import UsageError
from ghala.model.asset import AssetKind
from ghala.model.names import DatasetName
from ghala.model.term import Term
from ghala.query.indexing import SearchIndex
from ghala.query.passes import MOST_CHARACTERS
from ghala.query.product_search import ProductSearch
from ghala.query.product_words import KeptProductWords, ProductWords
from ghala.query.search import Search
from ghala.query.shelf import Columns
from ghala.query.visible import Visibility
from ghala.registry.search_words import FIELDS, Pattern
from ghala.testing.catalog import ANN, Eyes, column, definitions, product

TERMS = (Term("churn", "Somebody left.", ("attrition",), "sales-team", ("sales.customers",)),)
CUSTOMERS = product(
    "sales/customers",
    {"customers": [column("email", "Where invoices go."), column("région", "Straße")]},
    title="People who buy",
    purpose="Every customer once.",
    tags=("crm",),
)
ORDERS = product(
    "sales/orders", {"orders": [column("order_id"), column("total")], "order_lines": []}
)
STAFF = product(
    "people/staff",
    {"staff": [column("salary", "Paid each month", classification="restricted"), column("name")]},
)
STOCK = product("logistics/stock", {"stock": [column("place", "Where an order waits")]})


@dataclass
class Entry:
    """A product with the datasets of it that exist for somebody, as a shelf has it."""

    datasets: tuple

    @property
    def columns(self):
        return {
            one.name: Columns(
                has_personal=False,
                open_names=frozenset(c.name for c in one.columns if not c.classification),
            )
            for one in self.datasets
        }


@dataclass
class Shelf:
    entries: dict = field(default_factory=dict)


class Catalog:
    """The two searches over one registry, as somebody sees it from whom some names are hidden."""

    def __init__(self, registry, *products, hidden=()):
        self.known, self.terms, self.missed = definitions(*products), TERMS, []
        self.eyes = Eyes(set(hidden))
        self.index = SearchIndex(registry, lambda: self.known, lambda: self.terms)
        visibility = Visibility(lambda: self.known, self.eyes)
        self.words = KeptProductWords(lambda: self.known, lambda: self.terms)
        self.products = ProductSearch(
            registry, self.index, visibility, self.words, lambda text, _: self.missed.append(text)
        )
        self.assets = Search(
            registry, self.index, visibility, lambda: self.terms, lambda _text, _domain: None
        )
        self.index.refresh()
        self.shelf = self.shelved()

    def shelved(self):
        entries = {}
        for one in self.known.products.values():
            there = tuple(d for d in one.datasets if str(d.name) not in self.eyes.hidden)
            if there:
                entries[str(one.name)] = Entry(there)
        return Shelf(entries)

    def find(self, text, **options):
        return self.products.products(text, ANN, self.shelf, **options)

    def products_of(self, hit):
        """Return the products that a hit of the other search leads to."""
        if hit.kind is AssetKind.PRODUCT:
            return [hit.name]
        owned = {"sales-team": "sales", "people-team": "people", "logistics-team": "logistics"}
        if hit.kind is AssetKind.OWNER:
            return [name for name in self.shelf.entries if name.split("/")[0] == owned[hit.name]]
        names = hit.links if hit.kind is AssetKind.TERM else [hit.name]
        found = [self.known.datasets[DatasetName(*name.split(".")[:2])][0] for name in names]
        return [str(one.name) for one in found]


@pytest.fixture
def catalog(registry):
    made = Catalog(registry, CUSTOMERS, ORDERS, STAFF, STOCK)
    yield made
    made.index.close()


def test_words_in_names_come_before_words_in_descriptions(catalog):
    assert catalog.find("order") == ("sales/orders", "logistics/stock")


def test_a_product_is_found_by_its_datasets_columns_tags_and_title(catalog):
    assert catalog.find("order_lines") == ("sales/orders",)
    assert catalog.find("salary") == ("people/staff",)
    assert catalog.find("crm") == ("sales/customers",)
    assert catalog.find("people who") == ("sales/customers",)


def test_all_words_must_stand_in_one_asset(catalog):
    assert catalog.find("salary paid") == ("people/staff",)
    assert catalog.find("salary name") == ()


def test_accents_case_and_typing_errors_are_forgiven(catalog):
    assert catalog.find("REGION") == ("sales/customers",)
    assert catalog.find("custmoer") == ("sales/customers",)


def test_owners_and_terms_stand_for_their_products(catalog):
    assert set(catalog.find("sales team")) == {"sales/customers", "sales/orders"}
    assert catalog.find("attrition") == ("sales/customers",)


def test_what_is_missed_is_told_once_it_is_typed_to_the_end(catalog):
    assert catalog.find("xylophone", is_typing=True) == ()
    assert catalog.missed == []
    assert catalog.find("xylophone") == ()
    assert catalog.missed == ["xylophone"]


def test_no_word_finds_nothing_and_a_book_is_refused(catalog):
    assert catalog.find(" ;; ") == ()
    with pytest.raises(UsageError):
        catalog.find("a" * (MOST_CHARACTERS + 1))


def test_hidden_columns_and_datasets_lead_nowhere(registry):
    hidden = Catalog(
        registry, CUSTOMERS, ORDERS, STAFF, hidden=("people.staff.salary", "sales.order_lines")
    )
    assert hidden.find("salary") == ()
    assert hidden.find("paid") == ()
    assert hidden.find("order_lines") == ()
    assert hidden.find("total") == ("sales/orders",)


def test_a_product_that_nobody_may_know_is_not_found(registry):
    assert Catalog(registry, CUSTOMERS, STAFF, hidden=("people.staff",)).find("staff") == ()


def test_new_definitions_are_found_when_their_words_are_gathered(catalog):
    catalog.find("order")
    before = catalog.words.now()
    catalog.known = definitions(CUSTOMERS, product("sales/parcels", {"parcels": []}))
    catalog.shelf = catalog.shelved()
    assert catalog.find("order") == ()  # of before, and no longer there
    with catalog.words._making:  # the thread that gathers them has ended
        pass
    assert catalog.words.now() is not before
    assert catalog.find("parcels") == ("sales/parcels",)


@pytest.mark.parametrize("copies", [1, 600])
def test_common_words_are_found_as_rare_ones_are(copies):
    """From some hundred assets on a word is kept in another form."""
    one = product("a/b", {"c": [column(f"shared_{number}") for number in range(copies)]})
    words = ProductWords(definitions(one), ())
    for pattern in (Pattern("shared"), Pattern("shar", is_prefix=True)):
        fitting = words.fitting([(pattern,)], len(FIELDS))
        assert fitting.bit_count() == copies
    assert words.fitting([(Pattern("shar"),)], len(FIELDS)) == 0


WORDS = ("pin", "pint", "tin", "tins", "zinc", "ash")
NAMES = st.sampled_from([f"{one}_{other}" for one in WORDS for other in WORDS])
COLUMNS = st.lists(
    st.tuples(NAMES, st.sampled_from(["", *WORDS])), max_size=3, unique_by=lambda one: one[0]
)
DATASETS = st.dictionaries(NAMES, COLUMNS, min_size=1, max_size=2)


@given(
    st.dictionaries(st.sampled_from(["sales/a", "people/b", "logistics/c"]), DATASETS, min_size=1),
    st.lists(st.sampled_from([*WORDS, "pi", "t", "zin"]), min_size=1, max_size=2),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_products_are_those_of_the_assets_that_are_found(registry, given_products, words, chance):
    made, used = [], set()
    for name, datasets in given_products.items():
        domain = name.split("/")[0]
        fresh = {key: value for key, value in datasets.items() if f"{domain}.{key}" not in used}
        used |= {f"{domain}.{key}" for key in fresh}
        made.append(
            product(
                name,
                {
                    k: [column(*one, classification="restricted") for one in v]
                    for k, v in fresh.items()
                },
            )
        )
    named = [
        f"{dataset.name}{suffix}"
        for one in made
        for dataset in one.datasets
        for suffix in ["", *(f".{c.name}" for c in dataset.columns)]
    ]
    hidden = [name for name in named if chance.random() < 0.3]
    catalog = Catalog(registry, *made, hidden=hidden)
    hits = catalog.assets.search(" ".join(words), ANN, limit=100, is_typing=True)
    expected = dict.fromkeys(name for hit in hits for name in catalog.products_of(hit))
    found = catalog.find(" ".join(words), is_typing=True)
    assert set(found) == set(expected)
