"""The peers: how each is run at its best for at-least-once, and what it promises.

The facts are read from each library's documentation and code, in the versions pinned in `apps/*.txt`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis

from tests.bench.queue.servers import CLUSTER, PLAIN

__all__ = ["OURS", "PEERS", "Facts", "Peer"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a queue promises, in few words."""

    at_least_once: bool
    """A job whose worker died is run again."""
    priorities: str
    leases: str
    """What ends a dead worker's hold on a job."""
    fencing: str
    """What keeps a worker that lost its hold from changing anything."""
    cluster: str


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of the table."""

    name: str
    library: str
    """`apps/<library>.txt` and `apps/<library>_app.py`."""
    worker: tuple[str, ...]
    """Command line of its own worker, a program of its virtual environment first; `{url}` is the server's."""
    concurrency: str
    remaining: Callable[[Redis], int]
    """Jobs that wait or are not acknowledged yet. Few, constant-time commands: it is called all the time."""
    facts: Facts
    jobs: int = 3_000
    """In a round: for about a second's work."""
    mode: str = PLAIN


def total(*probes: tuple[str, str]) -> Callable[[Redis], int]:
    """The sum of the answers to commands such as LLEN."""

    def remaining(redis: Redis) -> int:
        answers: list[int] = [redis.execute_command(*probe) for probe in probes]  # type: ignore[no-untyped-call]
        return sum(answers)

    return remaining


def stream_backlog(redis: Redis) -> int:
    """Entries of taskiq's stream that are not delivered, or not acknowledged."""
    groups: Any = redis.xinfo_groups("taskiq")
    return sum(int(group["pending"]) + int(group["lag"] or 0) for group in groups)


APP = "tests.bench.queue.apps"
RQ_FACTS = Facts(
    True, "queues in order", "heartbeat of the execution; runs again only with Retry", "no", "no"
)
RQ_KEYS = total(
    ("LLEN", "rq:queue:default"), ("LLEN", "rq:queue:default:intermediate"), ("ZCARD", "rq:wip:default")
)
TASKIQ_WORKER = (
    "taskiq",
    "worker",
    f"{APP}.taskiq_app:broker",
    "--workers",
    "1",
    "--log-level",
    "ERROR",
    "--ack-type",
    "when_executed",
)
TASKIQ_FACTS = Facts(
    True, "no", "idle time in the stream, 10 minutes", "no", "another broker, not at-least-once"
)


OURS = Facts(
    True, "four, by waiting time, fair between users", "for each unit", "token and generation", "yes"
)
PEERS = (
    Peer(
        name="rq, Worker",
        library="rq",
        worker=("rq", "worker", "--url", "{url}", "--quiet", "default"),
        concurrency="a fork for each job (its default)",
        remaining=RQ_KEYS,
        facts=RQ_FACTS,
        jobs=100,
    ),
    Peer(
        name="rq, SimpleWorker",
        library="rq",
        worker=("rq", "worker", "--url", "{url}", "--quiet", "-w", "rq.worker.SimpleWorker", "default"),
        concurrency="one after the other",
        remaining=RQ_KEYS,
        facts=RQ_FACTS,
        jobs=600,
    ),
    Peer(
        name="arq",
        library="arq",
        worker=("arq", f"{APP}.arq_app.WorkerSettings", "--custom-log-dict", f"{APP}.quiet.LOGGING"),
        concurrency="asyncio, 10 jobs (its default), poll_delay 0",
        remaining=total(("ZCARD", "arq:queue")),
        facts=Facts(True, "no", "a key for each job, job_timeout + 10 s", "no", "no"),
        jobs=1_500,
    ),
    Peer(
        name="saq",
        library="saq",
        worker=("saq", f"{APP}.saq_app.settings", "--quiet"),
        concurrency="asyncio, 10 jobs (its default)",
        remaining=total(("ZCARD", "saq:default:incomplete")),
        facts=Facts(True, "no (Postgres only)", "timeout or heartbeat, swept every minute", "no", "no"),
        jobs=2_000,
    ),
    Peer(
        name="dramatiq",
        library="dramatiq",
        worker=("dramatiq", f"{APP}.dramatiq_app", "--processes", "1", "--threads", "8"),
        concurrency="8 threads (its default)",
        remaining=total(("HLEN", "dramatiq:default.msgs")),
        facts=Facts(
            True,
            "within a worker's prefetched jobs",
            "heartbeat of the process, 1 minute",
            "of the acknowledgement",
            "no",
        ),
    ),
    Peer(
        name="Celery, prefork",
        library="celery",
        worker=(
            "celery",
            "-A",
            f"{APP}.celery_app",
            "worker",
            "--loglevel",
            "CRITICAL",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "--concurrency",
            "2",
        ),
        concurrency="2 processes (its default here)",
        remaining=total(("LLEN", "celery"), ("HLEN", "unacked")),
        facts=Facts(True, "a list for each of 4 steps", "visibility timeout, 1 hour", "no", "no"),
        jobs=1_500,
    ),
    Peer(
        name="Celery, threads",
        library="celery",
        worker=(
            "celery",
            "-A",
            f"{APP}.celery_app",
            "worker",
            "--loglevel",
            "CRITICAL",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "--pool",
            "threads",
            "--concurrency",
            "8",
        ),
        concurrency="8 threads",
        remaining=total(("LLEN", "celery"), ("HLEN", "unacked")),
        facts=Facts(True, "a list for each of 4 steps", "visibility timeout, 1 hour", "no", "no"),
        jobs=1_500,
    ),
    Peer(
        name="taskiq, streams",
        library="taskiq",
        worker=TASKIQ_WORKER,
        concurrency="asyncio, 100 jobs (its default), read 100 at once",
        remaining=stream_backlog,
        facts=TASKIQ_FACTS,
    ),
    Peer(
        name="taskiq, cluster broker",
        library="taskiq",
        worker=TASKIQ_WORKER,
        concurrency="asyncio, 100 jobs (its default), reads all at once",
        remaining=stream_backlog,
        facts=Facts(False, "no", "none: nothing takes back what a dead worker had read", "no", "yes"),
        mode=CLUSTER,
    ),
    Peer(
        name="huey",
        library="huey",
        worker=("huey_consumer", f"{APP}.huey_app.huey", "--quiet"),
        concurrency="one thread (its default)",
        remaining=total(("LLEN", "huey.redis.bench")),
        facts=Facts(False, "with another storage class", "no", "no", "no"),
    ),
)
