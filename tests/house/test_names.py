"""One word for one thing: the glossary's words, and no module that is named after nothing."""

import ast
import re

from tree import ROOT, files, listed, modules, name, nodes

SYNONYMS = {
    "publication": "release",
    "dataproduct": "product",
    "grant": "agreement",
    "subscription": "agreement",
    "tenant": "domain",
}
"""Words that no name may have, and the glossary's word (docs/concepts/words.md)."""
EMPTY = {
    "base",
    "common",
    "core",
    "helper",
    "helpers",
    "impl",
    "manager",
    "misc",
    "service",
    "util",
    "utils",
}
"""Words that say nothing about what a file or a class is for."""
SPLIT = re.compile(r"\bdata[ -]sets?\b", re.IGNORECASE)


def words(identifier):
    """Return the words of an identifier, in small letters."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", identifier)}


def identifiers(path):
    """Yield every name that a file defines."""
    for node in nodes(path):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_names_use_the_glossary():
    wrong = [
        (name(path), identifier)
        for path in modules()
        for identifier in identifiers(path)
        for word in words(identifier)
        if word in SYNONYMS or word.removesuffix("s") in SYNONYMS
    ]
    assert not wrong, listed(wrong)


def test_dataset_is_one_word():
    texts = [path for path in files(".py", ".md", ".sql", ".yaml") if path.parent.name != "house"]
    wrong = [name(path) for path in texts if SPLIT.search(path.read_text("utf-8"))]
    assert not wrong, listed(wrong)


def test_modules_and_classes_are_named_after_what_they_do():
    classes = [
        (name(path), node.name)
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and words(node.name) & EMPTY
    ]
    places = [
        name(path)
        for path in modules()
        if set(path.relative_to(ROOT).with_suffix("").parts) & EMPTY
    ]
    found = classes + places
    assert not found, listed(found)


def test_the_glossary_has_every_noun_of_the_model():
    page = (ROOT / "docs" / "concepts" / "words.md").read_text("utf-8")
    nouns = [
        "audit entry",
        "contract",
        "dataset",
        "decision",
        "domain",
        "environment",
        "principal",
        "product",
    ]
    nouns += [
        "definition",
        "quarantine",
        "release",
        "run",
        "source",
        "step",
        "workspace",
        "landing zone",
    ]
    assert [noun for noun in nouns if f"| {noun} |" not in page] == []
