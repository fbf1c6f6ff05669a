"""docs/openapi.json: what the API does, no more and no less, with examples that hold."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from openapi_spec_validator import validate

from tests.support.openapi import Json, errors_of, operations, the_document
from tests.support.openapi_document import PUBLISHED, published_document

DOCUMENT: Json = json.loads(PUBLISHED.read_text())
OPERATIONS = [
    pytest.param(operation, id=operation["operationId"]) for _, _, operation in operations(DOCUMENT)
]
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def test_the_published_document_is_that_of_the_code_and_its_examples_are_real_answers() -> None:
    assert published_document() == DOCUMENT, "make openapi"


def test_it_is_openapi() -> None:
    validate(DOCUMENT)
    validate(the_document())


def test_operations_have_ids_of_their_own_that_say_what_they_do() -> None:
    ids = Counter(operation["operationId"] for _, _, operation in operations(DOCUMENT))
    assert set(ids.values()) == {1}
    for operation_id in ids:
        assert operation_id.isidentifier()
        assert operation_id == operation_id.lower()


def test_the_error_body_is_said_once() -> None:
    assert json.dumps(DOCUMENT).count("An error (RFC 9457)") == 1
    for _, _, operation in operations(DOCUMENT):
        for status, entry in operation["responses"].items():
            if int(status) >= 400 and "application/problem+json" in entry["content"]:
                assert entry["content"]["application/problem+json"]["schema"] == PROBLEM
            elif int(status) >= 400:
                assert operation["operationId"] == "get_readiness"
    assert "HTTPValidationError" not in DOCUMENT["components"]["schemas"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_an_example_of_its_request_and_of_each_answer(operation: Json) -> None:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type != "application/vnd.chess-pgn":  # another name of the one before it
            assert "example" in content, media_type
    for parameter in operation["parameters"]:
        if parameter.get("in") == "query":
            assert "example" in parameter, parameter["name"]
    for status, entry in operation["responses"].items():
        for media_type, content in entry.get("content", {}).items():
            assert ("examples" if media_type == "application/problem+json" else "example") in content, status


@pytest.mark.parametrize("operation", OPERATIONS)
def test_examples_are_of_the_shape_they_are_examples_of(operation: Json) -> None:
    contents = [operation.get("requestBody", {}), *operation["responses"].values()]
    for content in (content for one in contents for content in one.get("content", {}).values()):
        if "example" in content:
            assert not errors_of(content["schema"], content["example"])
    for parameter in operation["parameters"]:
        if "example" in parameter:
            assert not errors_of(parameter["schema"], parameter["example"])


@pytest.mark.parametrize("code", DOCUMENT["components"]["examples"])
def test_examples_of_problems_are_problems(code: str) -> None:
    value = DOCUMENT["components"]["examples"][code]["value"]
    assert value["code"] == code
    assert not errors_of(PROBLEM, value)


def test_every_operation_says_what_it_does() -> None:
    for _, _, operation in operations(DOCUMENT):
        assert operation["description"].endswith(".")
