import pytest

import ghala
from ghala.errors import StorageError
from ghala.testing.faults import scenario


@pytest.fixture
def workspace(tmp_path):
    folder = scenario.prepare(tmp_path / "acme")
    with ghala.open(folder) as app:
        scenario.publish(app, folder, 1)
    return folder


@pytest.mark.parametrize("loss", ["removed", "emptied"])
def test_a_lost_registry_is_told_and_nothing_is_run_or_swept(workspace, loss):
    storage = workspace / ".ghala"
    for path in storage.glob("registry.db*"):
        path.unlink()
    if loss == "emptied":
        (storage / "registry.db").touch()
    files = sorted(path for path in (storage / "lake").rglob("*") if path.is_file())
    with ghala.open(workspace) as app:
        for use in (app.run, app.verify, lambda: app.sweep(0), app.products):
            with pytest.raises(StorageError, match="lost or replaced"):
                use()
        assert not all(diagnosis.is_fine for diagnosis in app.doctor())
    assert sorted(path for path in (storage / "lake").rglob("*") if path.is_file()) == files


def test_a_moved_workspace_keeps_its_registry(workspace, tmp_path):
    workspace.rename(tmp_path / "elsewhere")
    with ghala.open(tmp_path / "elsewhere") as app:
        assert app.verify().faults == ()
