"""The glossary: `glossary.yaml` into terms, with what they mean and which data they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.term import Term
from ghala.model.wording import words_of
from ghala.spec.fields import Fields, nearest
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.folder import read_if_there
from ghala.spec.product import parsed

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.model.product import Workspace
    from ghala.spec.node import Node, ScalarNode

GLOSSARY_FILE = "glossary.yaml"
KEYS = ("term", "meaning", "synonyms", "related", "owner", "links")


def load_glossary(root: Path) -> tuple[Term, ...]:
    """Return a workspace's terms; none where it has no glossary.

    Raises:
        DefinitionError: the file is wrong.
    """
    findings = Findings()
    terms = read_glossary(root.resolve(), findings)
    findings.refuse()
    return terms


def read_glossary(
    root: Path, findings: Findings, workspace: Workspace | None = None
) -> tuple[Term, ...]:
    """Return what can be understood of a glossary, and add everything that is wrong to `findings`.

    With a workspace, links that lead to none of its datasets and columns are findings too.
    """
    data = read_if_there(root / GLOSSARY_FILE, root, findings)
    if data is None:
        return ()
    known = None if workspace is None else _linkable(workspace)
    read = parsed(data, GLOSSARY_FILE, findings, lambda node: _read(node, findings, known))
    return read or ()


def _read(node: Node, findings: Findings, known: frozenset[str] | None) -> tuple[Term, ...]:
    fields = Fields(node, findings, what=f"`{GLOSSARY_FILE}`", known=("terms",))
    fields.require("terms")
    taken: dict[str, int] = {}
    found: list[Term] = []
    related: list[ScalarNode] = []
    for item in fields.items("terms"):
        term, names = _read_term(item, findings, known)
        if term is None:
            continue
        for word in (term.name, *term.synonyms):
            # Two terms must not be meant by one word, however it is written.
            other = taken.setdefault(" ".join(words_of(word)), len(found))
            if other != len(found):
                message = f"`{word[:80]}` means `{found[other].name[:80]}` already"
                hint = "say in one term what it means, or give each a name that sets it apart"
                findings.error(FindingCode.NAME_TAKEN, item.place, message, hint)
        found.append(term)
        related += names
    for name in related:
        if " ".join(words_of(str(name.value))) not in taken:
            message = f"there is no term `{str(name.value)[:80]}`"
            close = nearest(str(name.value), [one.name for one in found])
            findings.warning(FindingCode.GLOSSARY_UNKNOWN_TERM, name.place, message, close)
    return tuple(found)


def _read_term(
    node: Node, findings: Findings, known: frozenset[str] | None
) -> tuple[Term | None, tuple[ScalarNode, ...]]:
    """Return a term, with the names of those that it is related to as they stand in the file."""
    fields = Fields(node, findings, what="a term", known=KEYS)
    fields.require("term", "meaning")
    name = fields.text("term").strip()
    if name and not words_of(name):
        message = "a term has a letter or a digit, or nobody could find it"
        findings.error(FindingCode.NAME_INVALID, fields.at("term"), message)
        return None, ()
    links = fields.texts("links")
    for link in links if known is not None else ():
        text = str(link.value).lower()
        if known is not None and text not in known:
            message = f"`{str(link.value)[:200]}` is no dataset and no column of this workspace"
            hint = nearest(text, known)
            findings.warning(FindingCode.GLOSSARY_UNKNOWN_LINK, link.place, message, hint)
    related = fields.texts("related")
    if not name or not fields.text("meaning").strip():
        return None, ()
    term = Term(
        name=name,
        meaning=fields.text("meaning").strip(),
        synonyms=tuple(str(one.value).strip() for one in fields.texts("synonyms")),
        owner=fields.text("owner"),
        links=tuple(str(link.value).lower() for link in links),
        related=tuple(str(one.value).strip() for one in related),
        place=fields.place,
    )
    return term, related


def _linkable(workspace: Workspace) -> frozenset[str]:
    datasets = [dataset for product in workspace.products for dataset in product.datasets]
    columns = [f"{one.name}.{column.name}".lower() for one in datasets for column in one.columns]
    return frozenset([*(str(dataset.name) for dataset in datasets), *columns])
