"""Search over a synthetic catalog: how long an answer takes, as a user who may discover a part of it.

`python benchmarks/catalog_search.py [assets]` prints one line: milliseconds on the clock and of processor time, the
first time that a user asks and once more; then those of a page of the catalog with its facets, for each key of some
texts that are typed. 100,000 assets take some minutes to be written first.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.decider import EndpointDecider
from ghala.model.browsing import Browse, Facet
from ghala.model.contract import Column, Contract, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.product import Definition, Domain, Product, Workspace
from ghala.model.types import DataType, Kind
from ghala.query.browse import Browser
from ghala.query.browse_facts import ProductFacts
from ghala.query.cursors import Cursors
from ghala.query.indexing import SearchIndex
from ghala.query.product_search import ProductSearch
from ghala.query.product_words import KeptProductWords
from ghala.query.search import Search
from ghala.query.shelf import Shelves
from ghala.query.visible import Visibility
from ghala.registry.registry import open_registry
from ghala.spec.kept import Definitions

NOUNS_TEXT = (
    "account address agreement amount article asset balance basket batch bill booking branch "
    "budget campaign cancellation capacity carrier channel claim client code commission "
    "complaint consent contact container cost coupon course credit currency customer date "
    "delivery demand deposit device discount district donation driver employee energy entry "
    "event exchange expense fee fleet forecast freight goal grade guest household incident "
    "income index insurance interest inventory invoice item journey label lead ledger lesson "
    "letter licence limit line loan location machine margin market material measure meeting "
    "member message meter mortgage notice offer office order outage package parcel partner "
    "passenger patient payment pension permit phone plan policy position premium price product "
    "profit project promotion purchase quantity quota rate reading receipt refund region "
    "registration rent repair report reserve return revenue review reward risk route salary "
    "sale sample schedule score season segment sensor session shift shipment shop signature "
    "site stock store student subscriber supplier supply survey target tariff tax team tenancy "
    "ticket tour trade training transfer transport treatment trip turnover unit usage user "
    "vehicle vendor visit voucher warehouse warranty weight yield "
)
ADJECTIVES_TEXT = (
    "active annual average closed current daily domestic early final foreign gross late monthly "
    "net new open planned raw regional total weekly "
)
SYLLABLES_TEXT = (
    "ba be bi bo bu da de di do du fa fe fi ka ke ki ko ku la le li lo lu ma me mi mo mu na ne "
    "ni no nu ra re ri ro ru sa se si so su ta te ti to tu "
)
NOUNS, ADJECTIVES, SYLLABLES = NOUNS_TEXT.split(), ADJECTIVES_TEXT.split(), SYLLABLES_TEXT.split()
POLICY = """@id("bench.all") permit (principal is User, action == Action::"dataset:discover", resource)
when { principal in Team::"everywhere" };
@id("bench.none") forbid (principal is User, action in [Action::"dataset:discover", Action::"dataset:read"], resource)
unless { principal in Team::"everywhere" || principal in resource.owners };"""
SEEN_BY = {"all": "team:everywhere", "2%": "team:team7"}


def catalog(assets: int) -> Definitions:
    """Return a workspace with about so many assets, always the same."""
    chance = random.Random(20)  # noqa: S311 - the same words each time, no secret
    rare = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(assets // 4)]

    def described() -> str:
        return " ".join(
            [*chance.choices(ADJECTIVES, k=3), *chance.choices(NOUNS, k=6), chance.choice(rare)]
        )

    def named(numbers: count) -> str:
        return f"{chance.choice(ADJECTIVES)}_{chance.choice(NOUNS)}_{chance.choice(NOUNS)}_{next(numbers)}"

    products = []
    for number in range(assets // 100):
        domain = f"domain{number % 50}"
        numbers = count(number * 10)
        datasets = []
        for _ in range(9):
            columns = tuple(
                Column(
                    f"{chance.choice(ADJECTIVES)}_{chance.choice(NOUNS)}_{place}",
                    DataType(Kind.VARCHAR),
                    description=described(),
                    classification=chance.choice(["public", "internal", "restricted"]),
                    tags=tuple(chance.sample(["finance", "pii.email", "gdpr"], k=number % 2)),
                )
                for place in range(10)
            )
            name = DatasetName(domain, named(numbers))
            datasets.append(Dataset(name, f"id-{name}", columns, description=described()))
        products.append(
            Product(
                name=ProductName(domain, f"product_{number}"),
                id=str(number), title=f"{chance.choice(NOUNS).title()} of {chance.choice(NOUNS)}",
                version="1.0.0", status="active", owner=f"team{number % 50}",
                contracts=(Contract(f"c{number}", f"c{number}", "1.0.0", "active", tuple(datasets)),),
                pipeline=None, inputs=(), definition=Definition(str(number), {}), folder=Path("/"),
                purpose=described(),
            )
        )  # fmt: skip
    domains = tuple(Domain(f"domain{number}", f"team{number}") for number in range(50))
    return Definitions(Workspace("bench", Path("/"), domains, tuple(products), {}))


def questions(chance: random.Random, definitions: Definitions) -> list[str]:
    """Return what people type: one word, two, a beginning, a name with a typing error, and what is not there."""
    datasets = sorted(definitions.datasets)
    found = []
    for _ in range(60):
        name = chance.choice(datasets).dataset
        at = chance.randrange(len(name) - 2)
        noun = chance.choice([noun for noun in NOUNS if len(noun) > 5])
        found += [
            chance.choice(NOUNS),
            f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}",
            chance.choice(NOUNS)[: chance.randint(2, 4)],
            name,
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            noun[:2] + noun[3:],
            "".join(chance.choices(SYLLABLES, k=5)),
        ]
    return found


def measured(assets: int) -> dict[str, object]:
    """Write the index, ask, and return what it took."""
    definitions = catalog(assets)
    chance = random.Random(7)  # noqa: S311 - the same questions each time
    with tempfile.TemporaryDirectory() as folder:
        registry = open_registry(None, Path(folder))
        decider = EndpointDecider.of(
            Policies.of([PolicyFile("bench.cedar", POLICY)]),
            lambda: definitions,
            agreements_of=lambda _name, _grantees, _purpose: (),
            agreed_ids=lambda _grantees, _purpose: frozenset(),
            hash_key_of=lambda _purpose: b"",
            endpoint="rest",
            epoch=lambda: 1,
        )
        index = SearchIndex(registry, lambda: definitions, lambda: ())
        began = time.perf_counter()
        written = index.refresh()
        facts: dict[str, object] = {
            "assets": written,
            "index_s": round(time.perf_counter() - began, 1),
        }
        visibility = Visibility(lambda: definitions, decider)
        search = Search(
            registry,
            index,
            visibility,
            terms=lambda: (),
            missed=lambda _text, _domain: None,
        )
        words = KeptProductWords(lambda: definitions, lambda: ())
        products = ProductSearch(registry, index, visibility, words, lambda _text, _domain: None)
        began = time.perf_counter()
        words.now()
        facts["words_s"] = round(time.perf_counter() - began, 1)
        asked = questions(chance, definitions)
        for seen, team in SEEN_BY.items():
            user = Principal("user:ann", PrincipalKind.USER, "analytics", teams=frozenset({team}))
            for turn in ("first", "again"):
                wall, cpu = [], []
                for text in asked:
                    began, begun = time.perf_counter(), time.process_time()
                    search.search(text, user)
                    wall.append(1000 * (time.perf_counter() - began))
                    cpu.append(1000 * (time.process_time() - begun))
                facts[f"{seen}, {turn}"] = _spread(wall, cpu)
            facts |= browsed(Shelves(registry, lambda: definitions, decider), products, user, seen)
        registry.close()
    return facts


def browsed(
    shelves: Shelves, search: ProductSearch, user: Principal, seen: str
) -> dict[str, dict[str, float]]:
    """Open the catalog, then type some words into it, key by key, as a page with facets shows it."""
    facts = ProductFacts(shelves.registry, shelves.decider)
    browser = Browser(shelves.registry, shelves, search, facts, Cursors(lambda _who: bytes(32)))
    chance = random.Random(11)  # noqa: S311 - the same words each time
    texts = [chance.choice(NOUNS) for _ in range(30)]
    texts += [f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}" for _ in range(15)]
    keys = [text[:length] for text in texts for length in range(1, len(text) + 1)]
    found: dict[str, dict[str, float]] = {}
    for what, asked in (
        ("opened", [Browse()]),
        ("opened again", [Browse()] * 20),
        ("each key", [Browse(text, is_typing=True) for text in keys]),
        ("narrowed", [Browse(chosen={Facet.DOMAIN: frozenset({"domain7"})})] * 20),
    ):
        wall, cpu = [], []
        for one in asked:
            began, begun = time.perf_counter(), time.process_time()
            browser.page(one, user)
            wall.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - begun))
        found[f"catalog, {seen}, {what}"] = _spread(wall, cpu)
    return found


def _spread(wall: list[float], cpu: list[float]) -> dict[str, float]:
    return {
        "p50_ms": _at(wall, 0.5),
        "p95_ms": _at(wall, 0.95),
        "p95_cpu_ms": _at(cpu, 0.95),
        "max_ms": round(max(wall), 1),
    }


def _at(values: list[float], share: float) -> float:
    return round(sorted(values)[int(len(values) * share)], 1)


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
