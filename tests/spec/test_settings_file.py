from pathlib import Path

import pytest

from ghala.errors import DefinitionError, NotFoundError, UsageError
from ghala.spec.find import find_workspace
from ghala.spec.settings_file import load_settings


def load(folder, text, environment=None):
    folder.write("ghala.yaml", text)
    return load_settings(folder.root, environment=environment or {})


def test_every_setting_of_the_file_is_read(folder):
    found = load(
        folder,
        "name: acme\nstorage: store\nregistry: postgresql://db/x\nzones: {erp: landing, crm: /srv/crm}\n"
        "engine: {threads: 3, memory_mb: 512}\nlimits: {query_s: 1, result_rows: 10}\n"
        "runs: {lease_s: 0.5, wait_s: 7}\nupkeep: {orphan_age_s: 60, live_snapshots: 4}\n",
    )
    root = folder.root.resolve()
    assert (found.name, found.root, found.storage) == ("acme", root, root / "store")
    assert found.registry_url == "postgresql://db/x"
    assert found.zones == {"erp": root / "landing", "crm": Path("/srv/crm")}
    assert (found.threads, found.memory_mb, found.query_s, found.result_rows) == (3, 512, 1.0, 10)
    assert (found.lease_s, found.wait_s, found.orphan_age_s, found.live_snapshots) == (
        0.5,
        7.0,
        60.0,
        4,
    )


def test_a_name_is_enough(folder):
    found = load(folder, "name: acme\n")
    assert (found.storage.name, found.registry_url, found.result_rows) == (".ghala", None, None)


def test_null_is_as_good_as_nothing(folder):
    assert (
        load(folder, "name: acme\nregistry: null\nlimits: {result_rows: null}\n").result_rows
        is None
    )


def test_the_environment_wins(folder):
    found = load(folder, "name: acme\nstorage: a\n", {"GHALA_STORAGE": "b"})
    assert found.storage == folder.root.resolve() / "b"


def test_a_wrong_file_tells_all_its_faults(folder):
    with pytest.raises(DefinitionError) as caught:
        load(folder, "name: 7\nzone: {}\n")
    assert [found.code for found in caught.value.evidence["findings"]] == [
        "value.wrong_type",
        "key.unknown",
    ]


def test_a_wrong_variable_is_not_the_files_fault(folder):
    with pytest.raises(UsageError):
        load(folder, "name: acme\n", {"GHALA_ENGINE__THREADS": "x"})


def test_a_folder_without_a_file_is_no_workspace(tmp_path):
    with pytest.raises(NotFoundError):
        load_settings(tmp_path, environment={})


def test_the_nearest_workspace_above_is_found(folder):
    assert find_workspace(folder.root / "domains" / "sales") == folder.root


def test_a_folder_in_no_workspace_is_told_so(tmp_path):
    with pytest.raises(NotFoundError) as caught:
        find_workspace(tmp_path)
    assert "ghala init" in caught.value.hint
