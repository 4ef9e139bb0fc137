"""The portal's sources: a lock that every machine can install, and a bundle that is small."""

import gzip
import json
import os
import re

import pytest
from tree import ROOT, SOURCE, files, listed, name

PORTAL = ROOT / "portal"
BUNDLE = SOURCE / "portal" / "dist"
ENTRY_KB, CHUNK_KB = 120, 200
LARGER = re.compile(r"^(layout\.worker|elk)")
"""The layout of graphs, which comes with pages that draw one."""
LONGEST = 400


def lock():
    return json.loads((PORTAL / "package-lock.json").read_text("utf-8"))


def test_the_lock_knows_packages_by_hash_alone():
    packages = {path: one for path, one in lock()["packages"].items() if path}
    assert packages
    assert [path for path, one in packages.items() if "resolved" in one] == []
    assert [
        path for path, one in packages.items() if "integrity" not in one and not one.get("inBundle")
    ] == []


def test_the_lock_has_every_platform():
    packages = lock()["packages"]
    missing = [
        f"{path}: {wanted}"
        for path, one in packages.items()
        for wanted in one.get("optionalDependencies", {})
        if f"node_modules/{wanted}" not in packages
        and f"{path}/node_modules/{wanted}" not in packages
    ]
    assert not missing, listed(missing)


def test_packages_are_pinned_and_may_be_shipped():
    described = json.loads((PORTAL / "package.json").read_text("utf-8"))
    loose = [
        f"{package} {version}"
        for package, version in described["dependencies"].items()
        if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ]
    assert not loose, listed(loose)
    licences = {
        path: one.get("license", "")
        for path, one in lock()["packages"].items()
        if not one.get("dev")
    }
    known = re.compile(
        r"MIT|ISC|0BSD|Apache-2\.0|BSD|MPL-2\.0|OFL-1\.1|EPL-2\.0|BlueOak|Unlicense|CC0"
    )
    unknown = [
        f"{path}: {licence}" for path, licence in licences.items() if not known.search(licence)
    ]
    assert not unknown, listed(unknown)


def test_files_are_short():
    sources = [path for path in files(".ts", ".tsx", below="portal") if path.name != "schema.d.ts"]
    assert sources
    long = [
        f"{name(path)}: {count}"
        for path in sources
        if (count := len(path.read_text("utf-8").splitlines())) > LONGEST
    ]
    assert not long, listed(long)


@pytest.fixture(scope="module")
def bundle():
    if not (BUNDLE / "index.html").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the portal is not built: make portal")
        pytest.skip("the portal is not built: make portal")
    return BUNDLE


def test_the_entry_is_small(bundle):
    index = (bundle / "index.html").read_text("utf-8")
    entry = re.findall(r"/assets/([\w.-]+\.js)", index)
    assert entry
    kilobytes = sum((bundle / "assets" / f"{one}.gz").stat().st_size for one in entry) / 1000
    assert kilobytes <= ENTRY_KB


def test_every_other_chunk_is_small(bundle):
    large = [
        f"{path.name}: {path.stat().st_size}"
        for path in bundle.glob("assets/*.js.gz")
        if path.stat().st_size > CHUNK_KB * 1000 and not LARGER.match(path.name)
    ]
    assert not large, listed(large)


def test_the_bundle_names_no_other_host_to_load_from(bundle):
    loading = re.compile(r"""(?:src|href)=["']https?:|@import ["']?https?:|url\(["']?https?:""")
    texts = {
        path: gzip.decompress(path.read_bytes()).decode() for path in bundle.glob("assets/*.gz")
    }
    texts[bundle / "index.html"] = (bundle / "index.html").read_text("utf-8")
    assert [path.name for path, text in texts.items() if loading.search(text)] == []
