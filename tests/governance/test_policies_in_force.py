"""Policies in force: what the registry says, what files bring in, and what servers do when files change."""

import threading
from datetime import timedelta

import pytest

from ghala.errors import CorruptError, DefinitionError, DeniedError
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.policies_in_force import FilesState, PoliciesInForce
from ghala.governance.policy_files import read_policy_folder
from ghala.governance.policy_sets import PolicySets
from ghala.model.principal import OWNER_LOCAL
from ghala.registry.epoch import EpochWatch

CLOSED = '@id("{}")\nforbid (principal, action, resource);\n'


@pytest.fixture
def root(tmp_path):
    (tmp_path / "acme" / "policies").mkdir(parents=True)
    return tmp_path / "acme"


@pytest.fixture
def sets(people, root):
    return PolicySets(people.registry, root, people.clock)


def write(root, *ids):
    (root / "policies" / "own.cedar").write_text("".join(CLOSED.format(one) for one in ids))


def policies(*ids):
    text = "".join(CLOSED.format(one) for one in ids)
    return Policies.of([PolicyFile("policies/own.cedar", text)])


def own(found):
    return {one.id for one in found.policies.values() if not one.id.startswith("ghala.")}


class Server:
    """A server over a workspace of its own, long after each change unless a test says otherwise."""

    def __init__(self, people, root):
        self.age_s = 3600
        sets = PolicySets(people.registry, root, people.clock)
        self.in_force = PoliciesInForce(
            sets, EpochWatch(people.registry, 0), fresh_s=0, clock_s=self.clock_s
        )

    def clock_s(self):
        import time

        return time.time() + self.age_s

    def own(self):
        return own(self.in_force.now())


def test_a_set_is_applied_once_and_recorded(people, sets):
    first = sets.apply(policies("a"), by=OWNER_LOCAL)
    assert sets.apply(policies("a"), by=OWNER_LOCAL) == first
    assert people.tags() == ["policy:applied"]
    people.clock.pass_s(1)
    second = sets.apply(policies("b"), by=OWNER_LOCAL)
    again = sets.apply(policies("a"), by=OWNER_LOCAL)
    assert (first.number, second.number, again.number) == (1, 2, 3)
    assert first.version == again.version != second.version
    assert again.applied_at > second.applied_at > first.applied_at
    assert sets.history() == (again, second, first)


def test_what_was_in_force_at_a_time_is_known(people, sets):
    first = sets.apply(policies("a"), by=OWNER_LOCAL)
    people.clock.pass_s(60)
    second = sets.apply(policies("b"), by=OWNER_LOCAL)
    fresh = PolicySets(people.registry, sets.root, people.clock)
    assert fresh.at(first.applied_at - timedelta(seconds=1)) is None
    assert own(fresh.at(first.applied_at).policies) == {"a"}
    assert own(fresh.at(second.applied_at).policies) == {"b"}
    assert fresh.held().policies.version == second.version


def test_a_kept_set_has_its_places(sets, people):
    sets.apply(policies("a", "b"), by=OWNER_LOCAL)
    kept = PolicySets(people.registry, sets.root).held().policies
    places = {one.id: str(one.place) for one in kept.policies.values()}
    assert places["b"] == "policies/own.cedar:3:1"


def test_where_nothing_was_applied_the_files_count(sets, root):
    write(root, "a")
    assert own(sets.held().policies) == {"a"}
    assert sets.held().applied is None


def test_only_an_administrator_applies(people, sets):
    people.add("amina")
    with pytest.raises(DeniedError):
        sets.apply(policies("a"), by=people.principal("amina"))
    assert sets.apply(policies("a"), by=people.administrator()).applied_by == "user:boss"


def test_a_set_that_somebody_changed_is_found_out(people, sets):
    applied = sets.apply(policies("a"), by=OWNER_LOCAL)
    with people.registry.write() as connection:
        connection.exec_driver_sql("UPDATE policy_sets SET version = 'x'")
    with pytest.raises(CorruptError):
        PolicySets(people.registry, sets.root).load(applied.version)


def test_a_server_takes_changed_files_over(people, root):
    write(root, "a")
    server = Server(people, root)
    assert server.own() == {"a"}
    write(root, "b")
    assert server.own() == {"b"}
    (root / "policies" / "own.cedar").unlink()
    assert server.own() == set()


def test_files_that_are_still_written_wait(people, root):
    write(root, "a")
    server = Server(people, root)
    assert server.own() == {"a"}
    server.age_s = 0
    write(root, "b")
    assert server.own() == {"a"}
    server.age_s = 2
    assert server.own() == {"b"}


def test_a_folder_that_went_may_come_back(people, root):
    write(root, "a")
    server = Server(people, root)
    assert server.own() == {"a"}
    server.age_s = 0
    (root / "policies" / "own.cedar").unlink()
    (root / "policies").rmdir()
    assert server.own() == {"a"}
    server.age_s = 2
    assert server.own() == set()


def test_a_registry_that_refuses_keeps_what_is_in_force(people, root, caplog):
    write(root, "a")
    server = Server(people, root)
    assert server.own() == {"a"}
    with people.registry.write() as connection:
        connection.exec_driver_sql("ALTER TABLE policy_applications RENAME TO gone")
    write(root, "b")
    assert server.own() == {"a"}
    assert "those in force stay" in caplog.messages[-1]
    with people.registry.write() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO policy_applications")
    assert server.own() == {"b"}


def test_of_two_sets_that_come_at_once_both_are_applied(people, root, tmp_path):
    other = tmp_path / "other"
    (other / "policies").mkdir(parents=True)
    for folder in (root, other):
        write(folder, "a")
    one, two = Server(people, root), Server(people, other)
    assert one.own() == two.own() == {"a"}
    write(root, "b")
    write(other, "c")
    assert (one.own(), two.own(), one.own()) == ({"b"}, {"c"}, {"c"})
    assert len(one.in_force.sets.history()) == 3


def test_wrong_files_change_nothing_and_are_told(people, root, caplog):
    write(root, "a")
    server = Server(people, root)
    assert server.own() == {"a"}
    (root / "policies" / "own.cedar").write_text("permit")
    for _ in range(3):
        assert server.own() == {"a"}
    assert sum("are wrong" in one for one in caplog.messages) == 1
    applied, state, fault = server.in_force.state()
    assert (applied.number, state) == (1, FilesState.INVALID)
    assert fault.place.file == "policies/own.cedar"
    write(root, "c")
    assert server.own() == {"c"}
    assert server.in_force.state()[1] is FilesState.APPLIED


def test_a_server_starts_with_what_is_in_force_while_files_are_wrong(people, sets, root):
    sets.apply(policies("a"), by=OWNER_LOCAL)
    (root / "policies" / "own.cedar").write_text("permit")
    assert Server(people, root).own() == {"a"}


def test_a_first_server_does_not_start_with_wrong_files(people, root):
    (root / "policies" / "own.cedar").write_text("permit")
    server = Server(people, root)
    for _ in range(2):
        with pytest.raises(DefinitionError):
            server.in_force.now()


def test_all_servers_have_what_was_applied_last(people, root, tmp_path):
    other = tmp_path / "other"
    (other / "policies").mkdir(parents=True)
    for folder in (root, other):
        write(folder, "a")
    one, two = Server(people, root), Server(people, other)
    assert one.own() == two.own() == {"a"}
    write(root, "b")
    assert one.own() == two.own() == {"b"}
    assert two.in_force.state()[1] is FilesState.NOT_APPLIED
    # The second gets the same files later: nothing is applied twice.
    write(other, "b")
    assert two.own() == {"b"}
    assert [tag for tag in people.tags() if tag == "policy:applied"] == ["policy:applied"] * 2


def test_a_server_that_lags_behind_puts_nothing_back(people, root, tmp_path, caplog):
    other = tmp_path / "other"
    (other / "policies").mkdir(parents=True)
    for folder in (root, other):
        write(folder, "a")
    one, two = Server(people, root), Server(people, other)
    assert one.own() == two.own() == {"a"}
    for step in ("b", "c"):
        write(root, step)
        assert one.own() == {step}
    write(other, "b")
    assert two.own() == {"c"}
    assert "`ghala policy apply`" in caplog.messages[-1]
    # Neither does one that is started again with the files of before.
    write(other, "a")
    assert Server(people, other).own() == {"c"}


def test_an_edit_that_is_undone_is_taken_over(people, root):
    write(root, "a")
    server = Server(people, root)
    for step in ("a", "b", "a"):
        write(root, step)
        assert server.own() == {step}


def test_fresh_policies_are_not_looked_up_again(people, root):
    write(root, "a")
    watch = EpochWatch(people.registry, 3600)
    in_force = PoliciesInForce(PolicySets(people.registry, root), watch, fresh_s=3600)
    found = in_force.now()
    people.registry.close()
    assert in_force.now() is found


def test_another_folder_counts_as_if_it_were_the_workspaces(root, tmp_path):
    write(root, "a")
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "own.cedar").write_text((root / "policies" / "own.cedar").read_text())
    assert read_policy_folder(tmp_path / "draft").version == policies("a").version


def test_what_is_noted_beside_them_keeps_nobody_from_the_set_that_is_in_force(people, root, sets):
    write(root, "a")
    noting, may_end = threading.Event(), threading.Event()

    def note():
        noting.set()
        assert may_end.wait(10)

    server = Server(people, root)
    assert server.own() == {"a"}
    server.in_force.looked = note
    looks = threading.Thread(target=server.own)
    looks.start()
    try:
        assert noting.wait(10)
        sets.apply(policies("b"), by=OWNER_LOCAL)
        server.in_force.looked = lambda: None
        assert server.own() == {"b"}
    finally:
        may_end.set()
        looks.join()
