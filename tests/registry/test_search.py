"""What is found, in which order, and by whom: one behaviour over both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.model.asset import AssetKind
from ghala.model.policy import Action
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.term import Term
from ghala.query.indexing import SearchIndex
from ghala.query.passes import MOST_CHARACTERS
from ghala.query.search import Filters, Search
from ghala.query.visible import Visibility
from ghala.registry import search as index
from ghala.testing.catalog import ANN, Eyes, column, definitions, product

CUSTOMERS = product(
    "sales/customers",
    {
        "customers": [
            column("email", "Where invoices go.", "pii.email"),
            column("région", "Straße und Größe"),
        ]
    },
    title="People who buy",
    purpose="Every customer once, with churn risk.",
    tags=("crm",),
)
ORDERS = product(
    "sales/orders", {"orders": [column("order_id"), column("orderTotal")], "orders_archive": []}
)
SALARIES = product(
    "hr/salaries",
    {"salaries": [column("salary", "Of each employee", "pii.income")]},
    owner="payroll",
)
WAREHOUSE = product("logistics/warehouse", {"stock": [column("orders", "Open orders per shelf")]})
CHURN = Term(
    "churn",
    "A customer who left.",
    ("attrition",),
    "sales-team",
    ("sales.customers", "hr.salaries", "hr.salaries.salary"),
)


class Catalog:
    """Everything that a search needs, over one registry."""

    def __init__(self, registry, *products, terms=(CHURN,), eyes=None):
        self.known, self.terms = definitions(*products), terms
        self.eyes = eyes or Eyes()
        self.missed = []
        self.index = SearchIndex(registry, lambda: self.known, lambda: self.terms)
        self.search = Search(
            registry,
            self.index,
            Visibility(lambda: self.known, self.eyes),
            lambda: self.terms,
            lambda text, domain: self.missed.append((text, domain)),
        )
        self.index.refresh()

    def find(self, text, *, by=ANN, limit=20, is_typing=False, **filters):
        return self.search.search(
            text, by, filters=Filters(**filters), limit=limit, is_typing=is_typing
        )

    def names(self, text, **options):
        return [hit.name for hit in self.find(text, **options)]


@pytest.fixture
def catalog(registry):
    return Catalog(registry, CUSTOMERS, ORDERS, SALARIES, WAREHOUSE)


def test_whole_names_come_before_words_in_names_titles_and_descriptions(catalog):
    assert catalog.names("orders")[:4] == [
        "sales/orders",
        "sales.orders",
        "sales.orders_archive",
        "logistics.stock.orders",
    ]
    assert catalog.names("customer") == [
        "sales/customers",
        "sales.customers",
        "sales.customers.email",
        "sales.customers.région",
        "churn",
    ]


def test_a_whole_word_comes_before_one_that_begins_so(registry):
    one = product("a/ord", {"ordinary": [], "ord": []})
    assert Catalog(registry, one).names("ord", kind=AssetKind.DATASET) == ["a.ord", "a.ordinary"]


def test_products_datasets_columns_owners_and_terms_are_found(catalog):
    assert {hit.kind for hit in catalog.find("sales")} >= {AssetKind.PRODUCT, AssetKind.OWNER}
    assert catalog.names("payroll")[0] == "payroll"
    assert catalog.names("attrition") == ["churn"]
    assert catalog.names("crm") == ["sales/customers"]
    assert catalog.names("people") == ["sales/customers"]


@pytest.mark.parametrize("text", ["REGION", "région", "Re\u0301gion", "regio"])
def test_case_accents_and_the_end_of_a_word_do_not_matter(catalog, text):
    assert catalog.names(text) == ["sales.customers.région"]


def test_all_words_must_be_there_wherever_they_stand(catalog):
    assert catalog.names("customers email") == ["sales.customers.email"]
    assert catalog.names("sales.customers.email") == ["sales.customers.email"]
    assert catalog.names("strasse grosse") == ["sales.customers.région"]
    assert catalog.names("email warehouse") == []


def test_names_are_split_where_they_change_case(catalog):
    assert catalog.names("total") == ["sales.orders.orderTotal"]


@pytest.mark.parametrize(
    "text", ["salareis", "sallaries", "salarie", "salraies", "slaaries", "salariess"]
)
def test_typing_errors_do_not_matter(catalog, text):
    assert "hr/salaries" in catalog.names(text)


def test_short_words_are_taken_as_they_are(catalog):
    assert catalog.names("crn") == []


def test_filters_narrow(catalog):
    assert catalog.names("orders", kind=AssetKind.COLUMN) == [
        "logistics.stock.orders",
        "sales.orders.order_id",
        "sales.orders.orderTotal",
    ]
    assert catalog.names("orders", domain="logistics") == ["logistics.stock.orders"]
    assert catalog.names("salaries", owner="payroll", kind=AssetKind.DATASET) == ["hr.salaries"]
    assert catalog.names("email", tag="pii") == ["sales.customers.email"]
    assert catalog.names("email", tag="PII.email") == ["sales.customers.email"]
    assert catalog.names("salary", tag="pii.email") == []


@pytest.mark.parametrize(
    ("filters", "message", "hint"),
    [
        ({"domain": "logistic"}, "there is no domain `logistic`", "did you mean `logistics`?"),
        ({"domain": "x"}, "there is no domain `x`", "search without the domain"),
        ({"owner": "Pay-roll"}, "there is no owner `pay-roll`", "did you mean `payroll`?"),
    ],
)
def test_a_filter_that_nothing_has_is_no_answer_and_no_demand(catalog, filters, message, hint):
    with pytest.raises(NotFoundError) as caught:
        catalog.find("zebra", **filters)
    assert (caught.value.message, caught.value.hint) == (message, hint)
    assert catalog.missed == []


def test_highlights_say_where_a_word_stands(catalog):
    (hit,) = catalog.find("invoices mail", kind=AssetKind.COLUMN) or catalog.find("invoices")
    parts = [(part.text, part.is_match) for part in hit.highlights["description"]]
    assert parts == [("Where ", False), ("invoices", True), (" go.", False)]
    (term,) = catalog.find("attrition")
    assert term.highlights["synonyms"][0].is_match


def test_a_long_description_is_shown_where_the_word_stands(registry):
    text = "word " * 300 + "needle " + "word " * 300
    one = product("a/b", {"c": [column("d", text)]})
    (hit,) = Catalog(registry, one).find("needle")
    assert len(hit.description) < 410
    assert "needle" in hit.description


def test_what_is_missed_is_told_unless_somebody_is_typing(catalog):
    catalog.find("zebra", domain="sales")
    catalog.find("zebr", is_typing=True)
    catalog.find("orders")
    catalog.find("?!")
    assert catalog.missed == [("zebra", "sales")]


def test_wrong_use_says_so(catalog):
    for options in ({"limit": 0}, {"limit": 101}):
        with pytest.raises(UsageError):
            catalog.find("a", **options)
    with pytest.raises(UsageError):
        catalog.find("a" * (MOST_CHARACTERS + 1))
    narrow = Principal("user:ann", PrincipalKind.USER, "x", scopes=frozenset({Action.PRODUCT_RUN}))
    with pytest.raises(DeniedError):
        catalog.find("orders", by=narrow)


QUESTIONS = ("salaries", "sal", "salery", "hr", "payroll", "employee", "pii", "customer", "churn",
             "orders", "team", "e", "salary employee", "income")  # fmt: skip


def test_with_something_hidden_every_answer_is_as_if_it_were_not_there(place):
    without = Catalog(place.open(), CUSTOMERS, ORDERS, WAREHOUSE, terms=(CHURN,))
    answers = [(without.find(text), without.find(text, limit=2)) for text in QUESTIONS]
    missed = list(without.missed)
    without.search.registry.close()
    hiding = Catalog(
        place.open(),
        CUSTOMERS,
        ORDERS,
        SALARIES,
        WAREHOUSE,
        eyes=Eyes({"hr.salaries"}),
    )
    assert [(hiding.find(text), hiding.find(text, limit=2)) for text in QUESTIONS] == answers
    assert hiding.missed == missed
    assert hiding.find("salaries", tag="pii.income") == ()
    for filters in ({"domain": "hr"}, {"owner": "payroll"}):
        with pytest.raises(NotFoundError) as caught:
            hiding.find("salaries", **filters)
        assert caught.value.hint.startswith("search without")
    hiding.search.registry.close()


def test_a_hidden_column_is_in_no_answer(registry):
    margin = column("margin", "What is left.", classification="restricted")
    one = product("sales/customers", {"customers": [column("region"), margin]})
    links = ("sales.customers", "sales.customers.margin", "sales.customers.region")
    term = Term("profit", "What is left.", (), "", links)
    catalog = Catalog(registry, one, terms=(term,), eyes=Eyes({"sales.customers.margin"}))
    assert catalog.names("margin") == []
    (found,) = catalog.find("left")
    assert found.links == ("sales.customers", "sales.customers.region")


def test_without_a_decider_only_the_owner_finds_anything(registry):
    catalog = Catalog(registry, CUSTOMERS, terms=())
    blind = Search(
        registry, catalog.index, Visibility(lambda: catalog.known), lambda: (), lambda *_: None
    )
    assert blind.search("customers", ANN) == ()
    owner = Principal("owner:local", PrincipalKind.OWNER, "administration")
    assert len(blind.search("customers", owner)) == 4


def test_the_index_follows_the_definitions(registry):
    catalog = Catalog(registry, CUSTOMERS, ORDERS)
    assert catalog.index.refresh() == 0
    changed = product("sales/customers", {"clients": [column("phone")]})
    catalog.known = definitions(changed, ORDERS)
    assert catalog.index.refresh() == 6
    assert catalog.names("clients phone") == ["sales.clients.phone"]
    assert catalog.names("email") == []
    catalog.known, catalog.terms = definitions(), ()
    catalog.index.refresh()
    with registry.read() as connection:
        assert index.kept_sources(connection).keys() == {"glossary", "owners"}
        assert index.kept_assets(connection, "sales/orders") == {}
    assert catalog.names("orders") == []


def test_another_process_repeats_nothing(registry):
    catalog = Catalog(registry, CUSTOMERS)
    other = SearchIndex(registry, lambda: catalog.known, lambda: catalog.terms)
    assert other.refresh() == 0


def test_work_that_was_broken_off_is_taken_up(registry):
    catalog = Catalog(registry, CUSTOMERS, ORDERS)
    with registry.write() as connection:
        kept = index.kept_assets(connection, "sales/orders")
        index.remove_assets(connection, [kept["column", "sales.orders.order_id"].number])
        index.set_source(connection, "sales/orders", None)
    again = SearchIndex(registry, lambda: catalog.known, lambda: catalog.terms)
    assert again.refresh() == 1
    assert "sales.orders.order_id" in catalog.names("order id")


def test_a_search_does_not_wait_for_the_index(registry):
    catalog = Catalog(registry, CUSTOMERS)
    catalog.known = definitions(CUSTOMERS, ORDERS)
    with registry.write():
        assert "sales/customers" in catalog.names("customers")
    catalog.index.close()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(
                ["orders", '"', "'", "*", "AND", "OR", "NOT", "NEAR(", ")", "{", "}", ":", "^", "-", "+",
                 "name:", "\\", "|", "&", "!", "<->", "facets", "\0", "\ud800", "%", "_", "__domain_sales",
                 "é", "売上", "İ", "ß", "½", "ord*", "rowid", ";", "--"]
            ),
            max_size=12,
        ).map(" ".join),
    )
)  # fmt: skip
def test_no_text_is_an_error(catalog, text):
    for hit in catalog.find(text, is_typing=True):
        assert hit.name
