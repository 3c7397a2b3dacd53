"""Discord's codes and messages for the errors of the schema validator.

Discord documents the form of its errors and a few of the codes; the other codes are those that clients report.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from jsonschema.exceptions import ValidationError

from tests.fakes.discord.wrong import NO_EFFECT, Wrong

_Words = tuple[str, str]


def in_words(error: ValidationError) -> Wrong:
    """Return an error in Discord's words."""
    path = tuple(error.absolute_path)
    if error.validator == "known":
        return Wrong(path=path, code="UNKNOWN_KEY", message=_unknown(error), top=NO_EFFECT)
    say = _WORDS.get(str(error.validator))
    code, message = say(error) if say else ("BASE_TYPE_INVALID", error.message)
    return Wrong(path=path, code=code, message=message)


def _unknown(error: ValidationError) -> str:
    key = str(error.absolute_path[-1])
    near = get_close_matches(key, _value(error), n=1)
    return f'Unknown key "{key}"' + (f', perhaps "{near[0]}".' if near else ".")


def _value(error: ValidationError) -> Any:
    """Return the value of the schema keyword that failed."""
    return error.validator_value


def _type(error: ValidationError) -> _Words:
    wanted = _value(error)
    kind = next((each for each in wanted if each != "null"), "") if isinstance(wanted, list) else str(wanted)
    if error.instance is None:
        return _REQUIRED
    code, message = _TYPES.get(kind, ("BASE_TYPE_INVALID", "Not of the right type."))
    return code, message.format(error.instance)


def _length(error: ValidationError) -> _Words:
    schema: Any = error.schema
    least = schema.get("minLength", schema.get("minItems"))
    most = schema.get("maxLength", schema.get("maxItems"))
    if least is not None and most is not None:
        return "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
    if most is not None:
        return "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."
    return "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length."


_REQUIRED: _Words = ("BASE_TYPE_REQUIRED", "This field is required")
_TYPES: Mapping[str, _Words] = {
    "string": ("STRING_TYPE_CONVERT", 'Could not interpret "{}" as string.'),
    "integer": ("NUMBER_TYPE_COERCE", 'Value "{}" is not int.'),
    "number": ("NUMBER_TYPE_COERCE", 'Value "{}" is not float.'),
    "boolean": ("BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
    "array": ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    "object": ("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"),
}


def _choices(error: ValidationError) -> _Words:
    return "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(repr, _value(error)))}}}."


def _union(error: ValidationError) -> _Words:
    kinds = ", ".join(map(str, _value(error)))
    return "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({kinds}).'


_WORDS: Mapping[str, Callable[[ValidationError], _Words]] = {
    "type": _type,
    "required": lambda _error: _REQUIRED,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _length,
    "maxItems": _length,
    "enum": _choices,
    "const": _choices,
    "by_type": _union,
    "minimum": lambda e: ("NUMBER_TYPE_MIN", f"Value should be greater than or equal to {e.validator_value}."),
    "maximum": lambda e: ("NUMBER_TYPE_MAX", f"Value should be less than or equal to {e.validator_value}."),
    "maxProperties": lambda e: ("DICT_TYPE_MAX_LENGTH", f"Must have {e.validator_value} or fewer entries."),
    "pattern": lambda e: ("NUMBER_TYPE_COERCE", f'Value "{e.instance}" is not snowflake.'),
    "uniqueItems": lambda _error: ("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value."),
    "additionalProperties": lambda e: ("DICT_TYPE_INVALID_KEY", e.message),
}
