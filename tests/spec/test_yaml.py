import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ghala.errors import DefinitionError, Place
from ghala.spec import yaml
from ghala.spec.node import MapNode, plain

REFUSED = [
    ("nothing", b"", "yaml.empty", 1, 1),
    ("comments only", b"# nothing\n", "yaml.empty", 1, 1),
    ("duplicate key", b"a: 1\nb: 2\na: 3\n", "yaml.duplicate_key", 3, 1),
    ("duplicate key in a flow mapping", b"x: {a: 1, a: 2}", "yaml.duplicate_key", 1, 11),
    ("duplicate key written differently", b"a: 1\n'a': 2\n", "yaml.duplicate_key", 2, 1),
    ("key that is a number", b"a: 1\n7: b\n", "yaml.key", 2, 1),
    ("key that is a truth value", b"true: b\n", "yaml.key", 1, 1),
    ("key that is empty", b": b\n", "yaml.key", 1, 1),
    ("key that is a list", b"? [a]\n: b\n", "yaml.key", 1, 3),
    ("key with an anchor", b"&x a: b\n", "yaml.key", 1, 1),
    ("alias without an anchor", b"a: *x\n", "yaml.alias", 1, 4),
    ("alias of itself", b"a: &x [1, *x]\n", "yaml.alias", 1, 11),
    ("alias as a key", b"a: &x b\n*x : c\n", "yaml.key", 2, 1),
    ("tag of a Python object", b"a: !!python/object:os.system x\n", "yaml.tag", 1, 4),
    ("tag of our own", b"a: !secret x\n", "yaml.tag", 1, 4),
    ("tag on a mapping", b"a: !!map {}\n", "yaml.tag", 1, 4),
    ("tag without end", b"a: !" + b"!" * 500_000, "yaml.tag", 1, 4),
    ("two documents", b"a: 1\n---\nb: 2\n", "yaml.several_documents", 2, 1),
    ("directive", b"%YAML 1.1\n---\na: no\n", "yaml.directive", 1, 1),
    ("byte order mark", b"\xef\xbb\xbfa: 1\n", "yaml.encoding", 1, 1),
    ("UTF-16", "a: 1".encode("utf-16"), "yaml.encoding", 1, 1),
    ("Latin-1", b"a: 1\nname: M\xfcller\n", "yaml.encoding", 2, 8),
    ("NUL", b"a: 1\nb: x\x00y\n", "yaml.character", 2, 5),
    ("escape character", b"a: \x1b[31m\n", "yaml.character", 1, 4),
    ("hidden byte order mark", "a: x\ufeffy\n".encode(), "yaml.character", 1, 5),
    ("tab indents", b"a:\n\tb: 1\n", "yaml.tab", 2, 1),
    ("tab after spaces indents", b"a: x\n  \ty\n", "yaml.tab", 2, 3),
    ("tab before a dash's value", b"-\ta: 1\n", "yaml.tab", 1, 2),
    ("number without end", b"a: " + b"9" * 5000, "yaml.number", 1, 4),
    ("unclosed quote", b"a: 1\nb: 'x\nc: 2\n", "yaml.syntax", 2, 4),
    ("unclosed list", b"a: [1, 2\nb: 3\n", "yaml.syntax", 2, 2),
    ("colon in a value", b"a: b: c\n", "yaml.syntax", 1, 5),
    ("wrong indentation", b"a:\n  b: 1\n c: 2\n", "yaml.syntax", 3, 2),
    ("escape beyond Unicode", b'a: "\\UFFFFFFFF"\n', "yaml.syntax", 1, 1),
    ("nested lists", b"[" * 50, "yaml.too_deep", 1, 41),
    ("nested dashes", b"- " * 50 + b"a", "yaml.too_deep", 1, 81),
    ("too large", b"a: " + b"x" * (1 << 20), "yaml.too_large", 1, 1),
]


def findings_of(data):
    with pytest.raises(DefinitionError) as caught:
        yaml.parse(data, "a.yaml")
    return caught.value.evidence["findings"]


def refused_at(data):
    """Return the places of all findings; anything else that parsing raises goes through."""
    try:
        yaml.parse(data, "a.yaml")
    except DefinitionError as error:
        return [found.place for found in error.evidence["findings"]]
    return []


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_refused_at_its_place(data, code, line, column):
    found = findings_of(data)
    assert (found[0].code, found[0].place) == (code, Place("a.yaml", line, column))


def test_every_duplicate_is_found():
    found = findings_of(b"a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")
    assert [(item.place.line, item.place.column) for item in found] == [(2, 1), (3, 11), (4, 1)]


def test_aliases_repeat_values():
    node = yaml.parse(b"a: &x {b: [1, 2]}\nc: *x\n", "a.yaml")
    assert plain(node) == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}


def bomb(levels):
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, levels)
    ]
    return b"\n".join(lines)


def test_alias_bombs_are_refused_before_they_grow():
    assert findings_of(bomb(30))[0].code == "yaml.too_many_values"


def test_aliases_count_with_the_depth_of_what_they_repeat():
    lines = [b"a0: &a0 [x]"] + [b"a%d: &a%d [*a%d]" % (n, n, n - 1) for n in range(1, 60)]
    assert findings_of(b"\n".join(lines))[0].code == "yaml.too_deep"


def test_many_values_are_refused():
    assert findings_of(b"- \n" * 100_001)[0].code == "yaml.too_many_values"


def test_a_tab_inside_a_block_of_text_belongs_to_it():
    node = yaml.parse(b"sql: |\n  SELECT\n  \t1\n", "a.yaml")
    assert plain(node) == {"sql": "SELECT\n\t1\n"}


def test_scalars_are_those_of_yaml_1_2():
    text = b"[no, on, y, 0o17, 017, 0x1F, 1_000, 1e3, 2026-11-22, 12:30:00, .inf, ~, 0b1, '1', \"2\", <<]"
    assert plain(yaml.parse(text, "a.yaml")) == [
        "no", "on", "y", 15, 17, 31, "1_000", 1000.0, "2026-11-22", "12:30:00", float("inf"), None, "0b1", "1", "2",
        "<<",
    ]  # fmt: skip


def test_a_number_remembers_how_it_is_written():
    node = yaml.parse(b"a: 1.50\nb: 007\n", "a.yaml")
    assert [node.entries[key].text for key in "ab"] == ["1.50", "007"]


def test_every_value_and_key_knows_its_place():
    node = yaml.parse(b"a:\n  - b: 1\n    cc:   [x, yy]\n", "f.yaml")
    inner = node.entries["a"].nodes[0]
    assert isinstance(inner, MapNode)
    places = (
        node.key_places["a"],
        inner.place,
        inner.key_places["cc"],
        inner.entries["cc"].nodes[1].place,
    )
    assert [(place.line, place.column) for place in places] == [(1, 1), (2, 5), (3, 5), (3, 15)]


def test_windows_line_ends_do_not_move_places():
    node = yaml.parse(b"a: 1\r\n\r\nb: x\r\n", "f.yaml")
    assert (node.entries["b"].place.line, node.entries["b"].value) == (3, "x")


def test_the_same_bytes_are_parsed_once():
    assert yaml.parse(b"once: 1\n", "a.yaml") is yaml.parse(b"once: 1\n", "a.yaml")


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
    | st.text("ab:-[]{}\n \t'\"!&*#|>%?,0.~", max_size=60)
)
@example("%TAG ! tag:x\n---\na: 1")
@example('"\\xZZ"')
@example("a: &\n")
@example("? \n")
@settings(max_examples=400)
def test_any_text_is_read_or_refused(text):
    assert all(place.file == "a.yaml" and place.line >= 1 for place in refused_at(text.encode()))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    assert all(place.line >= 1 for place in refused_at(data))


# A letter at both ends: the writer does not quote everything else that would need it.
WORDS = st.text("abcxyz -_:#é'\"", max_size=8).map("w{}w".format)
SIMPLE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, SIMPLE, max_size=4), st.booleans())
@settings(max_examples=60)
def test_simple_data_reads_as_the_safe_loader_reads_it(data, in_flow):
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = in_flow
    stream = io.StringIO()
    writer.dump(data, stream)
    text = stream.getvalue()
    assert (
        plain(yaml.parse(text.encode(), "a.yaml")) == YAML(typ="safe", pure=True).load(text) == data
    )
