"""Cedar: policies as text in, verdicts with their reasons out. The only file that speaks to its library."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import cedarpy

from ghala.errors import DefinitionError, GhalaError, Place
from ghala.governance.policy_rows import parse_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TOKEN = re.compile(r'//[^\n]*|"(?:[^"\\]|\\.)*"|;', re.DOTALL)
_BUILT_IN, _SCHEMA = "policies.cedar", "schema.cedarschema"
_ABOUT_ROWS = frozenset({"dataset:discover", "dataset:read"})
_HINT = "see docs/concepts/policies.md for what a policy can speak of"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file of policies, by the name that errors give it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its id, the reason that it gives, where it stands, and whether it permits or forbids.

    `reads_clock` says that what it says may change with time alone. `rows_about` is the column whose value must be a
    domain of whoever asks, in the rows that it admits; None where it admits all rows. `named` are the entities that it
    names, as type and id. `says` is what it says in words, if it does; `head` is Cedar's JSON of whom and what it is
    about, and `texts` are all texts in its conditions.
    """

    id: str
    reason: str
    place: Place
    permits: bool = True
    reads_clock: bool = False
    rows_about: str | None = None
    named: frozenset[tuple[str, str]] = frozenset()
    says: str = ""
    text: str = field(default="", repr=False)
    head: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    texts: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that policies speak of, such as `Entity("Team", "sales")`; `parents` are what it is in."""

    type: str
    id: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    parents: tuple[Entity, ...] = ()

    @property
    def reference(self) -> str:
        """The entity as Cedar writes it."""
        return f"{self.type}::{json.dumps(self.id)}"

    @property
    def uid(self) -> dict[str, str]:
        """The entity's name in Cedar's JSON."""
        return {"type": self.type, "id": self.id}


@dataclass(frozen=True, slots=True)
class Question:
    """May this principal do that with this resource, under these circumstances?"""

    principal: Entity
    action: str
    resource: Entity
    context: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with the policies that made it. Without a policy nothing is allowed, and nothing forbidden."""

    is_allowed: bool
    policies: tuple[Policy, ...] = ()

    @property
    def is_forbidden(self) -> bool:
        """Whether a policy said no, as opposed to none having said yes."""
        return not self.is_allowed and bool(self.policies)


class PolicyError(GhalaError):
    """A policy could not be evaluated. It might have been one that forbids, so nothing is allowed."""

    code = "policy"


@dataclass(frozen=True, slots=True)
class Policies:
    """A validated set of policies; `version` changes with any byte of its files.

    `files` are all of them, the built-in ones first; with `schema` they are what the registry keeps of a set.
    """

    version: str
    policies: Mapping[str, Policy]
    files: tuple[PolicyFile, ...] = field(repr=False)
    schema: str = field(repr=False)
    _handle: Any = field(repr=False)
    _schema: Any = field(repr=False)

    @classmethod
    def of(cls, sources: Sequence[PolicyFile] = ()) -> Policies:
        """Return an organisation's policies together with the built-in ones.

        Raises:
            DefinitionError: a policy is no Cedar, speaks of what is not there, or has no id of its own.
        """
        return cls._made((_built_in(), *sources), _resource(_SCHEMA))

    @classmethod
    def kept(cls, files: Sequence[PolicyFile], schema: str) -> Policies:
        """Return a set that was in force once, with the built-in policies and the schema of that time.

        Raises:
            DefinitionError: it is not what `files` and `schema` of a set are.
        """
        return cls._made(files, schema)

    @classmethod
    def _made(cls, sources: Sequence[PolicyFile], schema: str) -> Policies:
        read = list(_read(sources, schema))
        for policy, _ in read:
            if isinstance(policy, DefinitionError):
                raise policy
        return cls(
            version=_version(sources, schema),
            # Cedar numbers policies in their order.
            policies={
                f"policy{n}": policy
                for n, (policy, _) in enumerate(read)
                if isinstance(policy, Policy)
            },
            files=tuple(sources),
            schema=schema,
            _handle=cedarpy.PolicySet.from_str("\n".join(text for _, text in read)),
            # A question of today may say more than an older schema knows: then its types are taken as they are.
            _schema=cedarpy.Schema.from_str(schema) if schema == _resource(_SCHEMA) else None,
        )

    def now(self) -> Policies:
        """Return the set itself: where nothing changes, it is always in force."""
        return self

    @property
    def reads_clock(self) -> bool:
        """Whether a decision may change with time alone."""
        return any(policy.reads_clock for policy in self.policies.values())

    @property
    def named(self) -> frozenset[tuple[str, str]]:
        """The entities that policies name, as type and id: all others are told apart by their attributes alone."""
        return frozenset().union(*(policy.named for policy in self.policies.values()))

    def decide(self, questions: Sequence[Question]) -> tuple[Verdict, ...]:
        """Answer questions, each by its own.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        entities: dict[tuple[str, str], dict[str, object]] = {}
        for question in questions:
            for entity in (question.principal, question.resource):
                entities |= _described(entity)
        requests = [
            {
                "principal": question.principal.reference,
                "action": f"Action::{json.dumps(question.action)}",
                "resource": question.resource.reference,
                "context": dict(question.context),
            }
            for question in questions
        ]
        answers = cedarpy.is_authorized_batch(
            requests, self._handle, list(entities.values()), schema=self._schema
        )
        return tuple(self._verdict(answer) for answer in answers)

    def _verdict(self, answer: Any) -> Verdict:
        decided = answer.decision in {cedarpy.Decision.Allow, cedarpy.Decision.Deny}
        if answer.diagnostics.errors or not decided:
            raise PolicyError(
                "a policy could not be evaluated, so nothing is allowed",
                hint="`ghala policy check` validates all policies",
            )
        reasons = sorted(answer.diagnostics.reasons)
        return Verdict(answer.allowed, tuple(self.policies[one] for one in reasons))


def policy_faults(sources: Sequence[PolicyFile]) -> tuple[DefinitionError, ...]:
    """Return everything that is wrong with an organisation's policies, each with its place."""
    read = _read((_built_in(), *sources), _resource(_SCHEMA))
    return tuple(one for one, _ in read if isinstance(one, DefinitionError))


def _built_in() -> PolicyFile:
    return PolicyFile(f"{_BUILT_IN} (built in)", _resource(_BUILT_IN))


def _version(files: Sequence[PolicyFile], schema: str) -> str:
    texts = [schema, *(part for file in files for part in (file.name, file.text))]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _read(
    sources: Sequence[PolicyFile], schema: str
) -> Iterator[tuple[Policy | DefinitionError, str]]:
    """Yield each policy with its text, in the order of the files, or what is wrong with it."""
    known: set[str] = set()
    for source in sources:
        for text, line in split(source.text):
            place = Place(source.name, line, 1)
            try:
                policy = _policy(text, place, schema)
            except DefinitionError as error:
                yield error, text
                continue
            if policy.id in known:
                yield _wrong(f"there is another policy `{policy.id}`", place), text
                continue
            known.add(policy.id)
            yield policy, text


def split(text: str) -> Iterator[tuple[str, int]]:
    r"""Yield the policies of a file one by one, each with the line on which it begins.

    >>> list(split('permit (a); // one;\n\n@id(";")\nforbid (b);'))
    [('permit (a);', 1), ('@id(";")\nforbid (b);', 3)]
    """
    begin = 0
    for token in _TOKEN.finditer(text):
        if token.group() == ";":
            yield _trimmed(text, begin, token.end())
            begin = token.end()
    rest, line = _trimmed(text, begin, len(text))
    if rest:
        yield rest, line


def _trimmed(text: str, begin: int, end: int) -> tuple[str, int]:
    """Return a part of a text without the blanks and comments before it."""
    ahead = re.compile(r"(?:\s|//[^\n]*)*").match(text, begin, end)
    start = ahead.end() if ahead else begin
    return text[start:end].rstrip(), text.count("\n", 0, start) + 1


@lru_cache(maxsize=4096)
def _policy(text: str, place: Place, schema: str) -> Policy:
    checked = cedarpy.validate_policies(text, schema)
    if checked.errors:
        # Cedar names the policy by its number in the text, which here is always the first.
        words = checked.errors[0].error.removeprefix("Policy parse error: ")
        raise _wrong(words.removeprefix("for policy `policy0`, "), place)
    found = json.loads(cedarpy.policies_to_json_str(text))
    if found["templates"]:
        raise _wrong("a template is not for policy files", place)
    (policy,) = found["staticPolicies"].values()
    annotations = policy.get("annotations", {})
    if not annotations.get("id"):
        raise _wrong('the policy has no id: write `@id("…")` before it', place)
    return Policy(
        annotations["id"],
        annotations.get("reason") or "",
        place,
        permits=policy["effect"] == "permit",
        reads_clock=_reads_clock(policy["conditions"]),
        rows_about=_rows_about(policy, annotations, place),
        named=frozenset(_named(policy)),
        says=annotations.get("says") or "",
        text=text,
        head={part: policy[part] for part in ("principal", "action", "resource")},
        texts=frozenset(_texts(policy["conditions"])),
    )


def _texts(part: object) -> Iterator[str]:
    """Yield the texts that a part of a policy, as Cedar's JSON, compares with.

    >>> list(_texts({"Set": [{"Value": "steward"}, {"Value": 3}]}))
    ['steward']
    """
    if isinstance(part, dict):
        if isinstance(part.get("Value"), str):
            yield part["Value"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)


def _named(part: object) -> Iterator[tuple[str, str]]:
    """Yield the entities that a part of a policy, as Cedar's JSON, names: as type and id.

    >>> list(_named({"op": "==", "entity": {"type": "Dataset", "id": "sales.orders"}}))
    [('Dataset', 'sales.orders')]
    """
    if isinstance(part, list):
        for one in part:
            yield from _named(one)
    elif isinstance(part, dict):
        if isinstance(part.get("type"), str) and isinstance(part.get("id"), str):
            yield part["type"], part["id"]
        for one in part.values():
            yield from _named(one)


def _rows_about(policy: Any, annotations: Mapping[str, str | None], place: Place) -> str | None:
    """Return the column of a policy's `@rows`; None where it has none."""
    if "rows" not in annotations:
        return None
    limits = policy["action"]
    actions = {one["id"] for one in limits.get("entities", [limits.get("entity", {"id": ""})])}
    if policy["effect"] != "permit" or not actions <= _ABOUT_ROWS:
        raise _wrong("`@rows` is for policies that permit to discover and read datasets", place)
    try:
        return parse_rows(annotations["rows"] or "")
    except ValueError as error:
        raise _wrong(f"@rows: {error}", place) from None


def _reads_clock(part: object, *, is_looked_into: bool = False) -> bool:
    """Return whether a part of a policy, as Cedar's JSON, looks at the time, or at the circumstances as a whole.

    >>> _reads_clock({".": {"left": {"Var": "context"}, "attr": "now"}})
    True
    >>> _reads_clock({".": {"left": {"Var": "context"}, "attr": "purpose"}})
    False
    >>> _reads_clock({"Set": [{"Var": "context"}]})
    True
    """
    if isinstance(part, list):
        return any(_reads_clock(one) for one in part)
    if not isinstance(part, dict):
        return False
    if part.get("Var") == "context":
        return not is_looked_into
    if part.get("attr") == "now":
        return True
    # An attribute's name is a text; what a record calls so is not.
    is_attribute = isinstance(part.get("attr"), str)
    return any(_reads_clock(one, is_looked_into=is_attribute) for one in part.values())


def _described(entity: Entity) -> dict[tuple[str, str], dict[str, object]]:
    """Return an entity with all that it is in, or names, as Cedar's JSON."""
    found = {
        (entity.type, entity.id): {
            "uid": entity.uid,
            "attrs": {name: _value(value) for name, value in entity.attributes.items()},
            "parents": [parent.uid for parent in entity.parents],
        }
    }
    for parent in entity.parents:
        found = _described(parent) | found
    return found


def _value(value: object) -> object:
    if isinstance(value, Entity):
        return {"__entity": value.uid}
    if isinstance(value, (set, frozenset, tuple, list)):
        return [_value(one) for one in value]
    return value


def _wrong(message: str, place: Place) -> DefinitionError:
    return DefinitionError(message, hint=_HINT, place=place)


@cache
def _resource(name: str) -> str:
    return files("ghala.governance").joinpath(name).read_text(encoding="utf-8")
