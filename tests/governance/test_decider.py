"""Who decides for whom, and what a release's columns are about."""

from types import SimpleNamespace

import pytest

from ghala.errors import CorruptError, DefinitionError, StorageError, UsageError
from ghala.governance.authorize import Asked
from ghala.governance.cedar import Policies
from ghala.governance.decider import EndpointDecider
from ghala.governance.hash_keys import HashKeys
from ghala.governance.policy_files import read_policies
from ghala.lake.files import Disk
from ghala.model.contract import Column
from ghala.model.names import DatasetName, ProductName
from ghala.model.policy import Action, Clearance
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.types import parse_type
from ghala.spec.kept import Definitions, KeptDefinitions

ORDERS = DatasetName("sales", "orders")
TEXT = parse_type("varchar")
PROMISED = (Column("id", TEXT), Column("email", TEXT, tags=("pii.email",)))
RELEASED = (Column("id", TEXT), Column("email", TEXT), Column("dropped", TEXT))
AMINA = Principal(
    "user:amina", PrincipalKind.USER, "analytics", teams=frozenset({"team:sales-team"})
)
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")


def definitions(columns=PROMISED, owner="Sales-Team"):
    dataset = SimpleNamespace(name=ORDERS, columns=columns)
    contract = SimpleNamespace(datasets=(dataset,))
    product = SimpleNamespace(name=ProductName("sales", "orders"), contracts=(contract,))
    domain = SimpleNamespace(name="sales", owner=owner)
    return Definitions(SimpleNamespace(products=(product,), domains=(domain,)))


def decider(columns=PROMISED, owner="Sales-Team"):
    known = definitions(columns, owner)
    return EndpointDecider.of(
        Policies.of(),
        lambda: known,
        agreements_of=lambda *_: (),
        hash_key_of=lambda _: b"key",
        endpoint="rest",
    )


def read(who, released=RELEASED, **changed):
    (decision,) = decider(**changed).decide(who, Action.DATASET_READ, [Asked(ORDERS, released)])
    return decision


def test_the_owner_of_the_files_sees_all():
    decision = read(OWNER_LOCAL)
    assert {decision.clearance(column.name) for column in RELEASED} == {Clearance.CLEAR}
    assert decider().discovers(OWNER_LOCAL, DatasetName("x", "y"))


def test_a_product_reads_its_inputs_and_discovers_nothing():
    product = Principal("product:sales/orders", PrincipalKind.PRODUCT, "run")
    made = decider()
    asked = [Asked(ORDERS, RELEASED)]
    assert not made.decide(product, Action.DATASET_READ, asked)[0].is_allowed
    assert made.decide(product, Action.DATASET_READ, asked, prepared={ORDERS})[0].is_allowed
    assert not made.discovers(product, ORDERS)


def test_a_team_is_known_in_any_case():
    assert read(AMINA).is_allowed
    assert not read(BEN).is_allowed


def test_a_column_that_the_contract_does_not_name_is_restricted():
    public = tuple(Column(one.name, TEXT, classification="public") for one in PROMISED)
    assert read(BEN, public, columns=public).is_allowed
    assert not read(BEN, RELEASED, columns=public).is_allowed


def test_what_a_column_is_about_is_what_the_contract_says_now():
    tagged = (PROMISED[0], Column("email", TEXT, classification="public", tags=("secret",)))
    assert read(AMINA, columns=tagged).clearance("email") is Clearance.MASKED


def test_what_no_contract_promises_is_denied_and_not_there():
    other = Asked(DatasetName("sales", "other"), RELEASED)
    assert not decider().decide(AMINA, Action.DATASET_READ, [other])[0].is_allowed
    assert not decider().discovers(AMINA, other.name)
    assert not decider(owner="").discovers(AMINA, ORDERS)


@pytest.mark.parametrize(
    ("scopes", "reads", "discovers"),
    [
        ({Action.DATASET_READ}, True, True),
        ({Action.DATASET_DISCOVER}, False, True),
        ({Action.PRODUCT_RUN}, False, False),
        (set(), False, False),
    ],
)
def test_a_token_narrows(scopes, reads, discovers):
    who = Principal(
        AMINA.id, AMINA.kind, AMINA.purpose, teams=AMINA.teams, scopes=frozenset(scopes)
    )
    assert read(who).is_allowed is reads
    assert decider().discovers(who, ORDERS) is discovers


def test_other_actions_are_denied():
    (decision,) = decider().decide(AMINA, Action.PRODUCT_RUN, [Asked(ORDERS)])
    assert not decision.is_allowed


def test_a_purpose_has_a_key_of_its_own_that_stays(tmp_path):
    path = tmp_path / "keys" / "mask.key"
    keys = HashKeys(path, Disk())
    assert keys.of("a") == HashKeys(path, Disk()).of("a") != keys.of("b")
    assert path.read_bytes() not in {keys.of("a"), keys.of("b")}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_can_read_is_not_used(tmp_path):
    path = tmp_path / "mask.key"
    path.write_bytes(b"x" * 32)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="others can read"):
        HashKeys(path, Disk()).of("a")


def test_a_key_that_is_none_is_not_replaced(tmp_path):
    path = tmp_path / "mask.key"
    path.write_bytes(b"")
    path.chmod(0o600)
    with pytest.raises(CorruptError):
        HashKeys(path, Disk()).of("a")
    assert path.read_bytes() == b""


class FullDisk(Disk):
    def open_new(self, path):
        raise OSError(28, "No space left on device", str(path))


def test_a_disk_that_refuses_the_key_is_told(tmp_path):
    with pytest.raises(StorageError):
        HashKeys(tmp_path / "mask.key", FullDisk()).of("a")


def test_policies_are_read_from_their_folder(tmp_path):
    (tmp_path / "policies").mkdir()
    file = tmp_path / "policies" / "own.cedar"
    file.write_text('@id("own")\nforbid (principal, action, resource);\n')
    assert "own" in {policy.id for policy in read_policies(tmp_path).policies.values()}
    assert len(read_policies(tmp_path / "nothing").policies) + 1 == len(
        read_policies(tmp_path).policies
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff", "not UTF-8"), (b"//" + b"x" * 1_000_000, "larger than"), (b"permit;", "unexpected")],
)
def test_a_policy_file_that_is_wrong_is_named(tmp_path, content, words):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.cedar").write_bytes(content)
    with pytest.raises(DefinitionError, match=words) as caught:
        read_policies(tmp_path)
    assert caught.value.place.file == "policies/own.cedar"


def test_a_policy_file_lies_in_the_workspace(tmp_path):
    (tmp_path / "acme" / "policies").mkdir(parents=True)
    (tmp_path / "other.cedar").write_text("")
    (tmp_path / "acme" / "policies" / "own.cedar").symlink_to(tmp_path / "other.cedar")
    with pytest.raises(DefinitionError, match="leads out"):
        read_policies(tmp_path / "acme")


def test_definitions_are_read_again_and_stay_while_they_are_broken():
    readings = [definitions().workspace, DefinitionError("broken"), definitions(()).workspace]

    def load():
        reading = readings.pop(0)
        if isinstance(reading, Exception):
            raise reading
        return reading

    kept = KeptDefinitions(load, fresh_s=0)
    first = kept.now()
    assert kept.now() is first
    assert kept.now().datasets[ORDERS][2].columns == ()
    assert KeptDefinitions(lambda: first.workspace).now().owners == {"sales": "Sales-Team"}


def test_definitions_that_never_were_good_are_an_error():
    def broken():
        raise DefinitionError("broken")

    with pytest.raises(DefinitionError):
        KeptDefinitions(broken).now()


def test_fresh_definitions_are_not_read_again():
    readings = [definitions().workspace]
    kept = KeptDefinitions(readings.pop, fresh_s=3600)
    assert kept.now() is kept.now()
