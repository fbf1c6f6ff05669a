"""Holds answers of the API to its OpenAPI document: status, type and shape of each must be documented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from api.app import create_app

Json = dict[str, Any]


@cache
def the_document() -> Json:
    """The document as the API serves it."""
    return create_app().openapi()


def operations(document: Json | None = None) -> Iterator[tuple[str, str, Json]]:
    """Method, path template and description of every operation, of the API's own document or another."""
    for path, methods in (document or the_document())["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def errors_of(schema: Json, value: Any) -> list[str]:
    """Where a value departs from a schema of the document."""
    whole = {**schema, "components": the_document()["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)]


def operation_of(method: str, path: str, document: Json | None = None) -> Json | None:
    """The operation that a request is for; None when there is none."""
    for known_method, template, operation in operations(document):
        if method == known_method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return operation
    return None


def assert_documented(method: str, path: str, answer: httpx.Response) -> None:
    """The answer is one that the document promises. Paths outside of the document are let pass."""
    operation = operation_of(method, path)
    if operation is None:
        return
    name, status = operation["operationId"], str(answer.status_code)
    assert status in operation["responses"], f"{name} answered {status}: {answer.text[:300]}"
    entry = operation["responses"][status]
    for header in entry.get("headers", {}):
        may_lack = header == "Retry-After" and status in ("200", "304")  # when nothing more will come
        assert may_lack or header in answer.headers, f"{name} {status} lacks {header}"
    content = entry.get("content", {})
    if not content:
        assert not answer.content, f"{name} {status} has a body: {answer.text[:300]}"
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in content, f"{name} {status} is {media_type}"
    if media_type.endswith("json"):
        value = json.loads(answer.text)
        problems = errors_of(content[media_type]["schema"], value)
        assert not problems, f"{name} {status}: {problems[:5]}"
        if media_type == "application/problem+json":
            assert value["code"] in content[media_type]["examples"], f"{name} {status}: {value['code']}"
