import pytest

from ghala.errors import UsageError
from ghala.ingest.find import check_source
from ghala.spec.lint import lint_workspace
from ghala.spec.load import load_workspace
from ghala.spec.scaffold import init_workspace
from ghala.spec.settings_file import load_settings


def test_a_new_workspace_has_no_finding(tmp_path):
    target = tmp_path / "acme"
    written = init_workspace(target, "acme")
    assert lint_workspace(target, check_source, environment={}) == ()
    assert all(path.is_file() for path in written)


def test_a_new_workspace_has_one_whole_product(tmp_path):
    init_workspace(tmp_path, "acme")
    settings = load_settings(tmp_path, environment={})
    product = load_workspace(tmp_path, settings, check_source).products[0]
    assert (settings.name, str(product.name), product.owner) == (
        "acme",
        "sales/orders",
        "sales-team",
    )
    assert [step.name for step in product.pipeline.steps] == ["orders"]
    assert len(product.datasets[0].rules) >= 6


def test_two_new_workspaces_share_no_ids(tmp_path):
    for name in ("a", "b"):
        init_workspace(tmp_path / name, name)
    texts = [
        (tmp_path / name / "domains/sales/orders/product.odps.yaml").read_text()
        for name in ("a", "b")
    ]
    assert texts[0] != texts[1]


@pytest.mark.parametrize("name", ["ghala.yaml", "notes.txt"])
def test_a_folder_that_has_something_in_it_is_refused(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError):
        init_workspace(tmp_path, "acme")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_new_git_repository_is_as_good_as_empty(tmp_path):
    (tmp_path / ".git").mkdir()
    assert init_workspace(tmp_path, "acme")


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(UsageError):
        init_workspace(tmp_path / "x", "acme")


@pytest.mark.parametrize("name", ["", "Acme", "acme ltd", "7up", "../x", "a" * 80])
def test_a_name_that_cannot_be_one_writes_nothing(tmp_path, name):
    with pytest.raises(UsageError):
        init_workspace(tmp_path / "x", name)
    assert not (tmp_path / "x").exists()
