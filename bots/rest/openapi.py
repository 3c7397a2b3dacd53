"""The OpenAPI 3.1 document of the API, made from the table of its operations. Pure functions."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from bots.domain.export_formats import ExportFormat
from bots.rest.operations import Operation, Parameter, Where
from bots.rest.schemas import SCHEMAS, ref

Json = dict[str, Any]
#: What every operation may answer beside its result.
_PROBLEMS = (400, 401, 403, 404, 413, 415, 422, 429, 503)


def document(operations: Sequence[Operation], *, url: str, version: str) -> Json:
    """Return the document of the API that is served at an address."""
    paths: dict[str, Json] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paperwire",
            "version": version,
            "description": "The day's papers, condensed: the same requests and replies as in the chats.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made with `paperwire api-token create`; it acts in one workspace, with its rights.",
                }
            },
            "schemas": SCHEMAS,
            "responses": {"Problem": _problem()},
        },
    }


def _operation(operation: Operation) -> Json:
    told: Json = {
        "operationId": operation.name,
        "summary": operation.says,
        "description": f"Needs the right `{operation.right}`.",
        "responses": {
            str(operation.status): _result(operation),
            **{str(status): {"$ref": "#/components/responses/Problem"} for status in _PROBLEMS},
        },
    }
    if operation.parameters:
        told["parameters"] = [_parameter(each) for each in operation.parameters]
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": operation.body}}}
    return told


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.where.value,
        "required": parameter.required or parameter.where is Where.PATH,
        "description": parameter.says,
        "schema": parameter.schema,
    }


def _result(operation: Operation) -> Json:
    said: Json = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer:
        said["content"] = {"application/json": {"schema": ref(operation.answer)}}
    elif operation.status != HTTPStatus.NO_CONTENT:
        # A file, which is described by its own specification.
        said["content"] = {form.media_type: {} for form in ExportFormat}
    return said


def _problem() -> Json:
    return {
        "description": "The call cannot be answered; `hint` says what to do.",
        "content": {"application/problem+json": {"schema": ref("Problem")}},
        "headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}},
    }
