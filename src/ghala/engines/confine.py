"""Takes away from this process what a statement never needs; for good, and before any library is loaded.

Resource limits hold everywhere. Landlock, where the kernel has it, forbids writing, truncating, removing and running
files, TCP, and reading outside the given folders. The engine's own settings stand before both, and are not enough.
"""

from __future__ import annotations

import ctypes
import os
import resource
import site
import sys
import sysconfig
from contextlib import suppress
from enum import IntFlag
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ADDRESS_SPACE_SPARE_MB = 4096
"""What libraries, thread stacks and allocators reserve beside the engine's own memory limit."""

_OPEN_FILES = 65_536
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_SYSTEM_FOLDERS = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
    # What the engine reads about the machine; `/proc/self` is this process alone, not its neighbours.
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm",
    "/sys",
)


class Access(IntFlag):
    """What Landlock can forbid to do with files; the kernel's numbers."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


_FIRST = (1 << 13) - 1
_SINCE = {2: Access.REFER, 3: Access.TRUNCATE, 5: Access.IOCTL_DEV}
_NETWORK_SINCE, _SCOPE_SINCE = 4, 6
_TCP = 0b11
_SOCKETS_AND_SIGNALS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scope", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


def confine(memory_mb: int, folders: Iterable[str]) -> bool:
    """Confine this process and all that it starts; `folders` are where data may be read.

    Returns whether the kernel fences files and network as well.
    """
    address_space = (memory_mb * 5 // 4 + ADDRESS_SPACE_SPARE_MB) << 20
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No byte can be written to any file, pipes aside. Opening one could still empty it: see the fence below.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return sys.platform == "linux" and _fence([*folders, *_program_folders()])


def _program_folders() -> list[str]:
    here = Path(__file__).resolve().parent.parent
    libraries = (
        sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    )
    return [
        *_SYSTEM_FOLDERS,
        str(here),
        sys.prefix,
        sys.base_prefix,
        *(path for path in libraries if path),
        *(path for path in site.getsitepackages() if path),
    ]


def _fence(readable: Iterable[str]) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    version = library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    files = _FIRST
    for since, access in _SINCE.items():
        files |= int(access) if version >= since else 0
    ruleset = _Ruleset(
        files,
        _TCP if version >= _NETWORK_SINCE else 0,
        _SOCKETS_AND_SIGNALS if version >= _SCOPE_SINCE else 0,
    )
    size = 24 if version >= _SCOPE_SINCE else 16 if version >= _NETWORK_SINCE else 8
    descriptor = library.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    if descriptor < 0:
        return False
    try:
        for path in readable:
            _allow(library, descriptor, path)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(library.syscall(_RESTRICT_SELF, descriptor, 0) == 0)
    finally:
        os.close(descriptor)


def _allow(library: ctypes.CDLL, ruleset: int, path: str) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            access = Access.READ_FILE | (Access.READ_DIR if Path(path).is_dir() else 0)
            rule = _Beneath(int(access), descriptor)
            library.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(descriptor)
