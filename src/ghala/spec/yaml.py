"""Strict YAML 1.2: bytes into nodes with places, or every reason why not.

The parser's events are composed here, without recursion and without a constructor: nothing in a
file can name a Python object, grow by aliases or nest beyond a limit. Plain scalars are read by the
core schema of YAML 1.2, so `no` is a text and dates stay texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ghala.errors import Place
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.node import ListNode, MapNode, Node, Plain, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_VALUES = 100_000
MAX_NUMBER_LENGTH = 400
MAX_SHOWN = 200
MAX_DUPLICATES = 100

_BOM = b"\xef\xbb\xbf"
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# The scanner needs time that grows with the square of a tag's length; tags are refused anyway.
_LONG_TAG = re.compile(r"(?:^|[\s,:\[{-])(![^\s,\[\]{}\"']{256})")
_LINE_END = re.compile("\r\n|\r|\n")
_TAB_INDENT = re.compile(r"[ ]*\t(?=[ \t]*[^\s#])")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER_START = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def written(documents: Sequence[object]) -> str:
    r"""Return plain values as YAML, keys in their order: one document each, apart by `---`.

    >>> written([{"id": "a", "until": "2026-01-01", "columns": ["x"]}])
    "id: a\nuntil: '2026-01-01'\ncolumns:\n- x\n"
    """
    writer, text = YAML(typ="safe", pure=True), StringIO()
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # it begins as None
    writer.width = 120
    writer.dump_all(list(documents), text)
    return text.getvalue()


@lru_cache(maxsize=256)
def parse(data: bytes, file: str) -> Node:
    """Return the one document of a file; the same bytes are parsed once in a process.

    Raises:
        DefinitionError: with every finding; the place is as exact as the mistake.

    >>> parse(b"orders: [1, no]", "a.yaml").entries["orders"].nodes[1]
    ScalarNode(value='no', text='no', place=Place(file='a.yaml', line=1, column=13))
    """
    findings = Findings()
    text = _decode(data, file, findings)
    composer = _Composer(file, findings)
    parser = YAML(typ="safe", pure=True)
    try:
        for event in parser.parse(text):
            composer.take(event)
    except MarkedYAMLError as error:
        _refuse_syntax(error, text, file, findings)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # The scanner trips over some broken escapes and directives with an error of its own.
        message = "a broken escape or directive stands after this"
        findings.error(FindingCode.YAML_SYNTAX, composer.last, message)
    findings.refuse()
    _find_tabs(text, composer.block_lines, file, findings)
    findings.refuse()
    if composer.root is None:
        _refuse(findings, FindingCode.YAML_EMPTY, Place(file, 1, 1), "the file is empty")
    return composer.root


def resolve(text: str) -> Plain:
    """Read a plain scalar by the core schema of YAML 1.2.

    Raises:
        ValueError: a number of more than 400 characters.

    >>> [resolve(text) for text in ("no", "True", "~", "0x1F", "007", "1.5e3", "2026-11-22")]
    ['no', True, None, 31, 7, 1500.0, '2026-11-22']
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in _NUMBER_START:
        return text
    is_integer = _INTEGER.fullmatch(text)
    if not is_integer and not _BASED.fullmatch(text) and not _FLOAT.fullmatch(text):
        return float(text.replace(".", "")) if _NOT_FINITE.fullmatch(text) else text
    if len(text) > MAX_NUMBER_LENGTH:
        raise ValueError(f"a number has at most {MAX_NUMBER_LENGTH} characters")
    if is_integer:
        return int(text)
    return int(text, 0) if text[:2] in {"0o", "0x"} else float(text)


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is not closed yet; `key` waits for its value."""

    place: Place
    is_map: bool
    anchor: str | None
    values: int = 1
    height: int = 1
    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    key_places: dict[str, Place] = field(default_factory=dict)
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A finished node that aliases may repeat, with what it counts when it is written out."""

    node: Node
    values: int
    height: int


class _Composer:
    """Events into nodes, counting as if every alias were written out."""

    def __init__(self, file: str, findings: Findings) -> None:
        """Start before the first event of a file."""
        self.root: Node | None = None
        self.last = Place(file, 1, 1)
        self.block_lines: list[tuple[int, int]] = []
        self._file = file
        self._findings = findings
        self._frames: list[_Frame] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._documents = 0
        self._values = 0

    def take(self, event: Any) -> None:
        """Take the next event."""
        match event:
            case ScalarEvent():
                self._take_scalar(event)
            case MappingStartEvent() | SequenceStartEvent():
                self._open(event, is_map=isinstance(event, MappingStartEvent))
            case MappingEndEvent() | SequenceEndEvent():
                self._close()
            case AliasEvent():
                self._take_alias(event)
            case DocumentStartEvent():
                self._start_document(event)
            case _:
                pass

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        place = self._place(event)
        if self._documents > 1:
            self._refuse(
                FindingCode.YAML_SEVERAL_DOCUMENTS, place, "a second document starts here",
                "one document per file: remove `---`",
            )  # fmt: skip
        if event.version is not None or event.tags:
            self._refuse(
                FindingCode.YAML_DIRECTIVE, Place(self._file, 1, 1), "directives are not read",
                "remove the line that starts with `%`; files are YAML 1.2",
            )  # fmt: skip

    def _take_scalar(self, event: Any) -> None:
        place = self._place(event)
        self._refuse_tag(event, place)
        self._count(1, place)
        value: Plain = event.value
        if event.style in {"|", ">"}:
            self.block_lines.append((event.start_mark.line + 1, event.end_mark.line))
        elif not event.style:
            try:
                value = resolve(event.value)
            except ValueError as error:
                self._refuse(FindingCode.YAML_NUMBER, place, str(error))
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.is_map and frame.key is None:
            self._take_key(frame, value, event, place)
            return
        node = ScalarNode(value, event.value, place)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(node, 1, 0)
        self._add(node, 1, 0)

    def _take_key(self, frame: _Frame, value: Plain, event: Any, place: Place) -> None:
        if event.anchor:
            self._refuse(FindingCode.YAML_KEY, place, "a key cannot have an anchor")
        if not isinstance(value, str):
            self._refuse(
                FindingCode.YAML_KEY, place, f"the key `{_shortened(event.value)}` is not a text",
                f'put quotes around it: "{_shortened(event.value)}"' if event.value else "name the key",
            )  # fmt: skip
        if value in frame.key_places:
            self._findings.error(
                FindingCode.YAML_DUPLICATE_KEY, place, f"the key `{_shortened(value)}` stands twice",
                f"it stands in line {frame.key_places[value].line} already",
            )  # fmt: skip
            if len(self._findings) >= MAX_DUPLICATES:
                self._findings.refuse()
        else:
            frame.key_places[value] = place
        frame.key = value

    def _take_alias(self, event: Any) -> None:
        place = self._place(event)
        self._refuse_as_key(place)
        name = _shortened(event.anchor)
        if event.anchor not in self._anchors:
            self._refuse(FindingCode.YAML_ALIAS, place, f"there is no anchor `{name}`")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            self._refuse(FindingCode.YAML_ALIAS, place, f"`*{name}` contains itself")
        self._count(anchored.values, place)
        self._add(anchored.node, anchored.values, anchored.height)

    def _open(self, event: Any, *, is_map: bool) -> None:
        place = self._place(event)
        self._refuse_tag(event, place)
        self._refuse_as_key(place)
        self._count(1, place)
        if len(self._frames) >= MAX_DEPTH:
            self._refuse_depth(place)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._frames.append(_Frame(place, is_map, event.anchor))

    def _close(self) -> None:
        frame = self._frames.pop()
        node: Node
        if frame.is_map:
            node = MapNode(frame.entries, frame.key_places, frame.place)
        else:
            node = ListNode(tuple(frame.nodes), frame.place)
        if frame.anchor:
            self._anchors[frame.anchor] = _Anchored(node, frame.values, frame.height)
        self._add(node, frame.values, frame.height)

    def _add(self, node: Node, values: int, height: int) -> None:
        if not self._frames:
            self.root = node
            return
        frame = self._frames[-1]
        frame.values += values
        frame.height = max(frame.height, height + 1)
        if len(self._frames) + height > MAX_DEPTH:
            self._refuse_depth(node.place)
        if not frame.is_map:
            frame.nodes.append(node)
        elif frame.key is not None:
            frame.entries.setdefault(frame.key, node)
            frame.key = None

    def _count(self, values: int, place: Place) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            message = f"more than {MAX_VALUES:,} values, counting aliases written out"
            self._refuse(FindingCode.YAML_TOO_MANY_VALUES, place, message)

    def _refuse_as_key(self, place: Place) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.is_map and frame.key is None:
            self._refuse(FindingCode.YAML_KEY, place, "a key must be a text")

    def _refuse_tag(self, event: Any, place: Place) -> None:
        if event.ctag is not None:
            self._refuse(
                FindingCode.YAML_TAG, place, "tags are not read",
                "remove the `!` and write the value as it is; put quotes around a text",
            )  # fmt: skip

    def _refuse_depth(self, place: Place) -> NoReturn:
        self._refuse(
            FindingCode.YAML_TOO_DEEP, place, f"values are nested deeper than {MAX_DEPTH} levels"
        )

    def _refuse(
        self, code: FindingCode, place: Place, message: str, hint: str | None = None
    ) -> NoReturn:
        _refuse(self._findings, code, place, message, hint)

    def _place(self, event: Any) -> Place:
        self.last = Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        return self.last


def _decode(data: bytes, file: str, findings: Findings) -> str:
    start = Place(file, 1, 1)
    if len(data) > MAX_BYTES:
        _refuse(
            findings, FindingCode.YAML_TOO_LARGE, start, f"larger than {MAX_BYTES:,} bytes",
            "split it: a product can have several contracts",
        )  # fmt: skip
    hint = "save the file as UTF-8 without a byte order mark"
    if data.startswith(_BOM):
        _refuse(findings, FindingCode.YAML_ENCODING, start, "starts with a byte order mark", hint)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = _place_of(data[: error.start].decode(errors="replace"), file)
        _refuse(findings, FindingCode.YAML_ENCODING, place, "not UTF-8", hint)
    if found := _NOT_PRINTABLE.search(text):
        place = _place_of(text[: found.start()], file)
        _refuse(
            findings, FindingCode.YAML_CHARACTER, place,
            f"the character U+{ord(found.group()):04X} may not stand here",
            "write it as an escape in double quotes",
        )  # fmt: skip
    if found := _LONG_TAG.search(text):
        place = _place_of(text[: found.start(1)], file)
        _refuse(findings, FindingCode.YAML_TAG, place, "tags are not read")
    return text


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def _place_of(before: str, file: str) -> Place:
    """Return the place that follows a text."""
    lines = _LINE_END.split(before)
    return Place(file, len(lines), len(lines[-1]) + 1)


def _refuse_syntax(error: MarkedYAMLError, text: str, file: str, findings: Findings) -> None:
    # What is never closed is best shown where it was opened.
    is_open = "end of stream" in str(error.problem) and error.context_mark is not None
    mark = error.context_mark if is_open else error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    if mark and text[mark.index : mark.index + 1] == "\t":
        findings.error(
            FindingCode.YAML_TAB, place, "a tab stands where spaces must", "indent with spaces"
        )
        return
    message = " ".join(str(part) for part in (error.context, error.problem) if part)
    findings.error(FindingCode.YAML_SYNTAX, place, _shortened(message) or "not YAML")


def _find_tabs(
    text: str, block_lines: list[tuple[int, int]], file: str, findings: Findings
) -> None:
    """Find tabs that indent; inside block scalars they belong to the text."""
    if "\t" not in text:
        return
    in_blocks = {line for first, last in block_lines for line in range(first + 1, last + 1)}
    for number, line in enumerate(_LINE_END.split(text), start=1):
        found = _TAB_INDENT.match(line)
        if found and number not in in_blocks:
            place = Place(file, number, found.end())
            findings.error(
                FindingCode.YAML_TAB, place, "a tab indents this line", "indent with spaces"
            )


def _refuse(
    findings: Findings, code: FindingCode, place: Place, message: str, hint: str | None = None
) -> NoReturn:
    """Add a finding after which nothing more can be read, and raise all of them."""
    findings.error(code, place, message, hint)
    findings.refuse()
    raise AssertionError("an error was just added")
