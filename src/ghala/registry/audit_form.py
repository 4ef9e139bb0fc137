r"""The form in which an audit entry is kept and hashed: text that is hashed as it lies in the database.

What is hashed is the hash of the entry before, the time, the tag, who, what for, the read's id, the objects and the
detail, each on a line of its own. None of them can hold the end of a line: JSON writes `\n` for it, and `clean_name`
takes it out of names. So no text can be moved from one column to the next without being found.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

BEFORE_CHAINS = 0
"""The chain of the entries from before there was a chain for each writer: its hashes are of another form."""
_UNFIT = re.compile(r"[\x00-\x1f\ud800-\udfff]")


class CanonicalText(str):
    """A text that `canonical` made."""

    __slots__ = ()


class CanonicalJSON(TypeDecorator[Any]):
    """JSON with one text for each value: sorted keys, no spaces."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: object) -> str:
        """Return a value as its text."""
        del dialect
        return str(value) if isinstance(value, CanonicalText) else canonical(value)

    def process_result_value(self, value: str | None, dialect: object) -> Any:
        """Return the value of a text."""
        del dialect
        return None if value is None else json.loads(value)


def canonical(value: object) -> str:
    """Return the one JSON text of a value.

    >>> canonical({"b": 1, "a": ["Zürich"]})
    '{"a":["Zürich"],"b":1}'
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Half a character cannot be kept.
    return text.encode("utf-8", "replace").decode()


def clean_name(text: str) -> str:
    r"""Return a name without what no name has: ends of lines and half characters.

    >>> clean_name("user:amina"), clean_name("a\nb")
    ('user:amina', 'a\ufffdb')
    """
    return _UNFIT.sub("\ufffd", text)


def first_hash(chain: int) -> str:
    """Return what stands for the entry before the first one of a chain: no chain can pass for another.

    >>> first_hash(12)[-4:]
    '0012'
    """
    return f"{chain:064d}"


def hash_of(
    previous: str, at: int, names: tuple[str, str, str, str], values: tuple[str, str]
) -> str:
    """Return the hash of an entry.

    Args:
        previous: the hash of the entry before it.
        at: its time, in microseconds since 1970.
        names: tag, principal, purpose and read id.
        values: objects and detail as canonical JSON.
    """
    text = "\n".join((previous, str(at), *names, *values))
    return hashlib.sha256(text.encode()).hexdigest()


def old_hash_of(previous: str, values: dict[str, object]) -> str:
    """Return the hash of an entry as it was made before there were chains."""
    return hashlib.sha256(canonical([previous, values]).encode()).hexdigest()
