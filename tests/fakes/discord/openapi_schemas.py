"""Rewrites Discord's schemas so that they are quick to validate and their errors are readable.

Three things are rewritten. A union whose branches differ in `type` becomes a choice by that value, so that an error
in a button names the button and not "none of seven". A union without such a mark is validated as the branch that
fits best. And since the spec allows additional keys in every object, each object gets the list of its known keys;
otherwise a misspelt key would pass.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

_SCHEMAS = "#/components/schemas/"
Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """An addition to the spec: something that the documents allow, or that Discord is known to accept."""

    #: The schema's name, and the property that is added or replaced; without a property, the whole schema is replaced.
    schema: str
    key: str = ""
    instead: Mapping[str, Any]
    #: Source of the difference: a document or an observation.
    reason: str


def plain(schemas: Mapping[str, Schema], allowances: Iterable[Allowance]) -> dict[str, Schema]:
    """Return the rewritten schemas by name, with the allowances applied."""
    taken = dict(schemas)
    for each in allowances:
        whole = taken[each.schema]
        properties = {**whole.get("properties", {}), each.key: dict(each.instead)}
        taken[each.schema] = {**whole, "properties": properties} if each.key else dict(each.instead)
    return {name: rewritten(schema, taken) for name, schema in taken.items()}


def rewritten(schema: Schema, named: Mapping[str, Schema]) -> Schema:
    """Return one schema rewritten."""
    if "$ref" in schema:
        return {"named": schema["$ref"].removeprefix(_SCHEMAS)}
    union = schema.get("oneOf") or schema.get("anyOf")
    if union:
        return _union(union, named)
    if "allOf" in schema and "enum" in schema:
        # The reference beside an enum only documents its values.
        return {key: value for key, value in schema.items() if key != "allOf"}
    return _object(schema, named)


def _union(union: list[Schema], named: Mapping[str, Schema]) -> Schema:
    branches = [each for each in union if each != {"type": "null"}]
    if all("const" in each for each in branches):
        return {"enum": [each["const"] for each in branches]}
    inner = _branches(branches, named)
    return inner if len(branches) == len(union) else {"nullable": inner}


def _branches(branches: list[Schema], named: Mapping[str, Schema]) -> Schema:
    if len(branches) == 1:
        return rewritten(branches[0], named)
    marks = [_marks(each, named) for each in branches]
    every = [mark for each in marks for mark in each]
    if all(marks) and len(every) == len(set(every)):
        return {"by_type": {mark: rewritten(b, named) for b, own in zip(branches, marks, strict=True) for mark in own}}
    return {"closest": [rewritten(each, named) for each in branches]}


def _marks(schema: Schema, named: Mapping[str, Schema]) -> list[Any]:
    found = named[schema["$ref"].removeprefix(_SCHEMAS)] if "$ref" in schema else schema
    of_type = found.get("properties", {}).get("type", {})
    marks: list[Any] = of_type.get("enum", [])
    return marks


def _object(schema: Schema, named: Mapping[str, Schema]) -> Schema:
    said = {key: value for key, value in schema.items() if key not in ("format", "contentEncoding", "allOf")}
    if "allOf" in schema:
        parts = [_followed(each, named) for each in schema["allOf"]]
        said["properties"] = {k: v for part in parts for k, v in part.get("properties", {}).items()}
        said["required"] = [key for part in parts for key in part.get("required", [])]
    if "properties" in said:
        said["properties"] = {key: rewritten(each, named) for key, each in said["properties"].items()}
        if "additionalProperties" not in said:
            said["known"] = frozenset(said["properties"])
    for key in ("items", "additionalProperties"):
        if isinstance(said.get(key), dict):
            said[key] = rewritten(said[key], named)
    return said


def _followed(schema: Schema, named: Mapping[str, Schema]) -> Schema:
    return named[schema["$ref"].removeprefix(_SCHEMAS)] if "$ref" in schema else schema


def checker(schemas: Mapping[str, Schema]) -> type[Validator]:
    """Return a validator class with the rewritten keywords, which resolves these schemas by name."""

    def by_name(validator: Validator, name: str, instance: Any, _schema: Schema) -> Iterator[ValidationError]:
        return validator.descend(instance, schemas[name])  # type: ignore[no-any-return, attr-defined] # not in its protocol

    words = {
        "named": by_name,
        "nullable": _nullable,
        "by_type": _by_type,
        "closest": _closest,
        "known": _known,
        "required": _required,
    }
    made: type[Validator] = extend(Draft202012Validator, words)  # type: ignore[no-untyped-call] # its types say less
    return made


def _nullable(validator: Any, inner: Schema, instance: Any, _schema: Schema) -> Iterator[ValidationError]:
    if instance is not None:
        yield from validator.descend(instance, inner)


def _by_type(validator: Any, cases: Mapping[Any, Schema], instance: Any, _schema: Schema) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        yield ValidationError("not an object", validator="type", validator_value="object", instance=instance)
    elif "type" not in instance:
        yield ValidationError("no type", validator="required", path=["type"])
    elif not isinstance(instance["type"], int) or instance["type"] not in cases:
        yield ValidationError("no such type", validator="by_type", validator_value=sorted(cases), path=["type"])
    else:
        yield from validator.descend(instance, cases[instance["type"]])


def _closest(validator: Any, branches: list[Schema], instance: Any, _schema: Schema) -> Iterator[ValidationError]:
    # If several branches fit equally well, the first one is used.
    yield from min((list(validator.descend(instance, each)) for each in branches), key=_misfit)


def _misfit(errors: list[ValidationError]) -> tuple[bool, int]:
    """Return the sort key of a union's branch: a branch for another type of value fits worst."""
    return any(each.validator == "type" and not each.path for each in errors), len(errors)


def _known(_validator: Any, keys: frozenset[str], instance: Any, _schema: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for key in instance:
            if key not in keys:
                yield ValidationError("unknown key", validator="known", validator_value=keys, path=[key])


def _required(_validator: Any, keys: list[str], instance: Any, _schema: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for key in keys:
            if key not in instance:
                yield ValidationError("missing", validator="required", path=[key])
