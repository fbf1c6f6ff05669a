"""What an analysis costs: from measured quantities to dollars.

Prices of AWS' region us-east-1 and of Supabase as of November 2026, without free tiers, taxes and discounts
(each constant names the page it is published on). Those of the cache node and of the server are from memory,
the others were found in print, some in articles of 2026 that cite these pages; look there before you rely on
one. Nothing here measures: the caller brings what it measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

__all__ = [
    "HOURS_PER_MONTH",
    "METRIC_MONTH_USD",
    "SERVER_HOUR_USD",
    "SUPABASE_PRO_MONTH_USD",
    "Architecture",
    "FunctionSize",
    "PhaseCost",
    "billed_ms",
    "cache_requests_price",
    "cache_storage_price_per_month",
    "data_out_price",
    "events_price",
    "gb_seconds",
    "http_requests_price",
    "log_price",
    "messages_price",
    "node_price_per_month",
    "phase_cost",
    "price_of",
    "restores_price",
    "snapshot_price_per_month",
]

MILLION = 1_000_000
MB_PER_GB = 1024
"""Lambda counts memory in MiB and bills GiB-seconds, whatever it calls them."""
HOURS_PER_MONTH = 730
"""As AWS' own price calculator takes a month."""


class Architecture(StrEnum):
    """The processor of a function, named as in the template."""

    X86_64 = "x86_64"
    ARM64 = "arm64"


LAMBDA_GB_SECOND_USD: Mapping[Architecture, float] = MappingProxyType(
    {Architecture.X86_64: 0.0000166667, Architecture.ARM64: 0.0000133334}
)
"""First tier (6 and 7.5 billion GB-seconds a month); https://aws.amazon.com/lambda/pricing/."""
LAMBDA_REQUESTS_USD = 0.20
"""A million calls; https://aws.amazon.com/lambda/pricing/."""
SNAPSHOT_GB_SECOND_USD = 0.0000015046
"""Keeping the snapshot of one published version (Python), by the function's memory, for as long as the
version exists, called or not; https://aws.amazon.com/lambda/pricing/."""
RESTORED_GB_USD = 0.0001397998
"""Starting an environment from a snapshot, by the function's memory; https://aws.amazon.com/lambda/pricing/."""
EVENTS_USD = 1.00
"""A million custom events of up to 64 KB; handing them to a function of the same account costs nothing;
https://aws.amazon.com/eventbridge/pricing/."""
HTTP_REQUESTS_USD = 1.00
"""A million requests to an HTTP API, up to 300 million a month, each begun 512 KB one request;
https://aws.amazon.com/api-gateway/pricing/."""
HTTP_REQUEST_BYTES = 512 * 1024
CACHE_GB_HOUR_USD = 0.084
"""ElastiCache Serverless for Valkey, stored data; https://aws.amazon.com/elasticache/pricing/."""
CACHE_LEAST_GB = 0.1
"""A cache is billed as if it held 100 MB at least; https://aws.amazon.com/elasticache/pricing/."""
CACHE_ECPU_USD = 0.0023
"""A million ElastiCache processing units: a kilobyte of a simple command each, a script by its processor
time when that is more; https://aws.amazon.com/elasticache/pricing/."""
CACHE_NODE_HOUR_USD = 0.0128
"""cache.t4g.micro with Valkey, the smallest node, one of them; https://aws.amazon.com/elasticache/pricing/."""
MESSAGES_USD = 0.40
"""A million requests to a standard SQS queue; https://aws.amazon.com/sqs/pricing/."""
LOG_GB_USD = 0.50
"""Standard logs of functions taken in, first 10 TB a month; https://aws.amazon.com/cloudwatch/pricing/."""
METRIC_MONTH_USD = 0.30
"""A custom metric (name and set of dimensions) sent in every hour of a month, each of the first 10,000;
https://aws.amazon.com/cloudwatch/pricing/."""
DATA_OUT_GB_USD = 0.09
"""What leaves AWS for the internet, after 100 GB a month; https://aws.amazon.com/ec2/pricing/on-demand/."""
SUPABASE_PRO_MONTH_USD = 25.0
"""The Pro plan with its smallest database, 8 GB of disk and 250 GB out; https://supabase.com/pricing."""
SERVER_HOUR_USD = 0.08925
"""An EC2 c7i.large on demand, two vCPUs: the small server that is always on;
https://aws.amazon.com/ec2/pricing/on-demand/."""


@dataclass(frozen=True, slots=True)
class FunctionSize:
    """What of a function its price depends on."""

    memory_mb: int = 1769
    architecture: Architecture = Architecture.X86_64


@dataclass(frozen=True, slots=True)
class PhaseCost:
    """What the functions of one phase of one analysis cost."""

    billed_ms: int
    """Milliseconds of all its functions together; with those of a cold start, which are billed, too."""
    memory_mb: int
    """Of each of them."""
    requests: int
    """Calls of functions that were made for it."""
    dollars: float

    def to_json(self) -> dict[str, Any]:
        """The same, JSON-ready; dollars to a thousandth of a millionth."""
        return {**asdict(self), "dollars": round(self.dollars, 9)}


def billed_ms(seconds: float) -> int:
    """What Lambda bills for one call that took so long: whole milliseconds, begun ones count.

    `seconds` include the start of the environment: since August 2025 it is billed for every function
    (AWS Compute Blog, "AWS Lambda standardizes billing for INIT Phase"). Raises ValueError below zero.

    >>> billed_ms(0.0301), billed_ms(2.0), billed_ms(0)
    (31, 2000, 0)
    """
    if seconds < 0:
        raise ValueError(f"a call cannot take {seconds} s")
    # A thousandth of a millisecond is the clock's noise, not a begun millisecond.
    return math.ceil(round(seconds * 1000, 3))


def gb_seconds(billed: float, memory_mb: int) -> float:
    """GB-seconds of so many billed milliseconds with so much memory.

    >>> gb_seconds(3_000_000_000, 512)  # AWS' own example: three million calls of one second
    1500000.0
    """
    return billed / 1000 * memory_mb / MB_PER_GB


def price_of(
    billed: float, memory_mb: int, architecture: Architecture = Architecture.X86_64, requests: int = 1
) -> float:
    """Dollars for `billed` milliseconds in all of functions with that memory, called `requests` times.

    Raises ValueError for what is less than nothing.

    >>> round(price_of(3_000_000_000, 512, requests=3_000_000), 2)
    25.6
    """
    if billed < 0 or requests < 0 or memory_mb <= 0:
        raise ValueError(f"{billed} ms, {memory_mb} MB and {requests} calls are nothing to bill")
    time = gb_seconds(billed, memory_mb) * LAMBDA_GB_SECOND_USD[architecture]
    return time + requests * LAMBDA_REQUESTS_USD / MILLION


def snapshot_price_per_month(memory_mb: int, versions: int = 1) -> float:
    """Dollars a month for the snapshots of published versions of a function with that memory.

    >>> round(snapshot_price_per_month(1024), 2)
    3.95
    """
    seconds = HOURS_PER_MONTH * 3600
    return versions * memory_mb / MB_PER_GB * seconds * SNAPSHOT_GB_SECOND_USD


def restores_price(memory_mb: int, starts: float) -> float:
    """Dollars for environments started from a snapshot, beside what they run.

    >>> round(restores_price(1024, 1000), 2)
    0.14
    """
    return starts * memory_mb / MB_PER_GB * RESTORED_GB_USD


def phase_cost(
    billed: int, memory_mb: int, architecture: Architecture = Architecture.X86_64, requests: int = 1
) -> PhaseCost:
    """The same as `price_of` with what it was made of."""
    return PhaseCost(billed, memory_mb, requests, price_of(billed, memory_mb, architecture, requests))


def events_price(events: float) -> float:
    """Dollars for custom events on an EventBridge bus, such as wake-up calls (far below 64 KB each)."""
    return events * EVENTS_USD / MILLION


def http_requests_price(requests: float, body_bytes: int = 0) -> float:
    """Dollars for requests to an HTTP API, the function behind it not included.

    `body_bytes`: the larger of what a request carries and what is answered.

    >>> http_requests_price(MILLION), http_requests_price(MILLION, 600_000)
    (1.0, 2.0)
    """
    return requests * max(1, math.ceil(body_bytes / HTTP_REQUEST_BYTES)) * HTTP_REQUESTS_USD / MILLION


def messages_price(messages: float) -> float:
    """Dollars for messages sent to an SQS queue, such as reports of calls that were dropped."""
    return messages * MESSAGES_USD / MILLION


def cache_requests_price(ecpus: float) -> float:
    """Dollars for ElastiCache processing units."""
    return ecpus * CACHE_ECPU_USD / MILLION


def cache_storage_price_per_month(stored_gb: float = 0.0) -> float:
    """Dollars a month for what a serverless cache holds on average; never less than its minimum.

    >>> round(cache_storage_price_per_month(), 2), round(cache_storage_price_per_month(1), 2)
    (6.13, 61.32)
    """
    return max(CACHE_LEAST_GB, stored_gb) * CACHE_GB_HOUR_USD * HOURS_PER_MONTH


def node_price_per_month(nodes: int = 1) -> float:
    """Dollars a month for the smallest nodes that run Valkey.

    >>> round(node_price_per_month(), 2)
    9.34
    """
    return nodes * CACHE_NODE_HOUR_USD * HOURS_PER_MONTH


def data_out_price(sent_bytes: float) -> float:
    """Dollars for so many bytes sent from functions to the internet, such as reports to Supabase."""
    return sent_bytes / 1024**3 * DATA_OUT_GB_USD


def log_price(log_bytes: float) -> float:
    """Dollars for taking in so many bytes of logs; keeping them for a month is a sixteenth of that."""
    return log_bytes / 1024**3 * LOG_GB_USD
