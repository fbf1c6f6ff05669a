"""The published OpenAPI document: the API's own, with examples that it gave when asked (docs/openapi.json).

`make openapi` writes it anew. Everything in the examples is played on the whole system in memory.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.errors import PROBLEMS
from tests.support.openapi import operation_of
from tests.support.openapi_scenes import play, play_the_end, provoke
from tests.unit.api.conftest import SmallApi, small_api

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"
REQUEST_ID = "4fb7a8d2-5c0e-4a51-9f2c-0d6a3f6d2a11"


class Recorder:
    """Asks the API, and keeps the first request and the first answer of each kind as examples."""

    def __init__(self, api: SmallApi, document: dict[str, Any]) -> None:
        """The examples go into `document`."""
        self.api = api
        self.document = document

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """The answer, which is an example from now on."""
        how["headers"] = {"X-Request-Id": REQUEST_ID, **how.get("headers", {})}
        answer = self.api.ask(method, path, **how)
        known = operation_of(method, answer.url.path, self.document)
        assert known, f"{method} {path}"
        if answer.is_success:
            self.keep_request(known, answer.request)
        entry = known["responses"][str(answer.status_code)]
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        if media_type == "application/problem+json":
            self.keep_problem(answer)
        elif media_type:
            is_json = media_type == "application/json"
            value = steady(answer.json()) if is_json else answer.text
            entry["content"][media_type].setdefault("example", value)
        return answer

    def keep_request(self, operation: dict[str, Any], request: httpx.Request) -> None:
        given = dict(request.url.params)
        for parameter in operation["parameters"]:
            name = parameter.get("name", "")
            if parameter.get("in") == "query" and name in given:
                parameter.setdefault("example", typed(parameter["schema"], given[name]))
        if "requestBody" in operation:
            media_type = request.headers["Content-Type"].partition(";")[0]
            content = operation["requestBody"]["content"][media_type]
            text = request.content.decode()
            content.setdefault("example", json.loads(text) if media_type.endswith("json") else text)

    def keep_problem(self, answer: httpx.Response) -> None:
        """The same example serves all operations."""
        example = self.document["components"]["examples"][answer.json()["code"]]
        if not example.get("is_played"):
            example |= {"value": answer.json(), "is_played": True}


def published_document() -> dict[str, Any]:
    """The document, the same whenever and wherever it is made."""
    document: dict[str, Any] = json.loads(json.dumps(create_app().openapi()))
    for scenes in ((play, provoke), (play_the_end,)):
        with pytest.MonkeyPatch.context() as patch:
            api = small_api(patch)
            numbers = itertools.count(1)
            api.world.store.ids = partial(numbered_id, numbers)
            for scene in scenes:
                scene(Recorder(api, document).ask, api)
    examples = document["components"]["examples"]
    unplayed = {code for code in PROBLEMS if not examples[code].pop("is_played", False)}
    # A crash and a store of secrets that is away cannot be asked for; the others have no operation.
    assert unplayed <= {"internal_error", "settings_unavailable", "not_found", "method_not_allowed"}, unplayed
    return document


def numbered_id(numbers: Iterator[int]) -> str:
    """An id like others, but the same each time."""
    return f"5f0c3b52-7f3e-4a8e-9d5c-{next(numbers):012d}"


ON_A_CLOCK: dict[str, object] = {"ms": 0.4, "resets_at": "2026-11-28T00:00:00Z"}


def steady(value: Any) -> Any:
    """The same without what was measured on a real clock."""
    if isinstance(value, dict):
        return {
            key: ON_A_CLOCK[key] if item is not None and key in ON_A_CLOCK else steady(item)
            for key, item in value.items()
        }
    return [steady(item) for item in value] if isinstance(value, list) else value


def typed(schema: dict[str, Any], text: str) -> Any:
    """A parameter's value as its schema has it."""
    kinds = {kind.get("type") for kind in schema.get("anyOf", [schema])}
    return json.loads(text) if kinds & {"integer", "boolean"} else text


if __name__ == "__main__":
    PUBLISHED.write_text(json.dumps(published_document(), indent=1, ensure_ascii=False) + "\n")
