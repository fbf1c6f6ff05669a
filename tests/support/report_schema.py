"""The JSON Schema of a report, as docs/report.schema.json publishes it.

`PYTHONPATH=functions python -m tests.support.report_schema > docs/report.schema.json` writes it anew.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from api.report_schemas import Report

__all__ = ["report_schema"]


def report_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**dialect, **Report.model_json_schema()}


if __name__ == "__main__":
    json.dump(report_schema(), sys.stdout, indent=1)
    sys.stdout.write("\n")
