"""A page for people that lists the operations: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}
h2 {{ font: bold 1em monospace; border-top: 1px solid; padding-top: 1em }} code {{ font-size: 1.1em }}</style>
<h1>{title}</h1><p>{summary}</p>
<p>For programs: <a href="openapi.json">openapi.json</a>, whose shapes are meant below.</p>
{operations}</html>
"""


@router.get("/docs")
def get_docs(request: Request) -> HTMLResponse:
    """The page."""
    document = request.app.openapi()
    operations = "".join(
        operation_html(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    info = {name: escape(document["info"][name]) for name in ("title", "summary")}
    headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(PAGE.format(**info, operations=operations), headers=headers)


def operation_html(method: str, path: str, operation: dict[str, Any]) -> str:
    """One operation: what it does, what it takes, what it answers."""
    takes = [
        f"<li><code>{escape(one['name'])}</code> ({one['in']}) {escape(one.get('description', ''))}"
        for one in operation["parameters"]
        if "name" in one  # the others are the same for all
    ]
    answers = [
        f"<li>{status} {escape(answer['description'])} {shapes(answer)}"
        for status, answer in operation["responses"].items()
    ]
    return (
        f'<h2 id="{operation["operationId"]}">{method.upper()} {escape(path)}</h2>'
        f"<p>{escape(operation['description'])}</p>"
        + (f"<p>Parameters</p><ul>{''.join(takes)}</ul>" if takes else "")
        + f"<p>Answers</p><ul>{''.join(answers)}</ul>"
    )


def shapes(answer: dict[str, Any]) -> str:
    """The names of an answer's shapes."""
    names = [
        body["schema"].get("$ref", media_type).rpartition("/")[2]
        for media_type, body in answer.get("content", {}).items()
    ]
    return f"<code>{escape(', '.join(names))}</code>" if names else ""
