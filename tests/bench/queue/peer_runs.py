"""Feeds a peer through its own producer and lets its own worker drain the queue."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from infra.local.process import spawn, stop
from infra.local.valkey import ValkeyServer
from tests.bench.installed import PeerError
from tests.bench.queue.bound import Bound, Bounds
from tests.bench.queue.contestants import Peer
from tests.bench.queue.servers import empty
from tests.bench.queue.workload import payload

__all__ = ["APPS", "ENVIRONMENTS", "PeerFigures", "measure_peer", "prove", "version_of"]

ROOT = Path(__file__).parents[3]
APPS = Path(__file__).parent / "apps"
ENVIRONMENTS = ROOT / ".tools" / "queue-peers"
LOGS = ROOT / ".local" / "bench"
WARM_SHARE = 0.1
"""The clock starts when this share of the jobs is done: the worker's own start is not measured."""
POLL_S = 0.005
DRAIN_TIMEOUT_S = 60.0
JOBS_TO_PROVE = 20
BOUND_JOBS = 700


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """One round of a peer, with the bound just before and after it."""

    bounds: Bounds
    enqueue_one_s: float
    claim_one_s: float
    """From a worker's claim to its acknowledgement: time of the drain by jobs."""


def version_of(library: str) -> str:
    """The pinned versions of a peer and of its redis-py: `2.2.1, redis-py 8.1.0`."""
    pins = dict(
        line.split("==") for line in (APPS / f"{library}.txt").read_text().split() if line.count("==") == 1
    )
    return f"{pins[library]}, redis-py {pins['redis']}"


def prove(peer: Peer, server: ValkeyServer) -> None:
    """Raises PeerError unless the peer's worker executes every job that its producer enqueues."""
    proof = LOGS / "proof"
    proof.unlink(missing_ok=True)
    run(peer, server, JOBS_TO_PROVE, f"prove {proof}")
    executed = proof.stat().st_size if proof.exists() else 0
    proof.unlink(missing_ok=True)
    if executed != JOBS_TO_PROVE:
        raise PeerError(f"{peer.name} executed {executed} of {JOBS_TO_PROVE} jobs")


def measure_peer(peer: Peer, server: ValkeyServer, jobs: int) -> PeerFigures:
    """One round over an emptied server. Raises PeerError."""
    empty(server)
    text = payload()
    bounds, bound = Bounds(), Bound(server, text)
    bound.both(bounds, BOUND_JOBS)
    enqueue_s, drain_s, drained = run(peer, server, jobs, text)
    bound.both(bounds, BOUND_JOBS)
    bound.close()
    if drained < jobs / 2:
        raise PeerError(f"{peer.name} is too fast for {jobs} jobs: give it more")
    return PeerFigures(bounds, enqueue_s / jobs, drain_s / drained)


def run(peer: Peer, server: ValkeyServer, jobs: int, text: str) -> tuple[float, float, int]:
    """Seconds for enqueueing all jobs, seconds of the drain that were measured, and jobs done in them."""
    programs = ENVIRONMENTS / peer.library / "bin"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QUEUE_BENCH_URL": server.url,
        "QUEUE_BENCH_MODE": peer.mode,
        "QUEUE_BENCH_PAYLOAD": text,
    }
    producer = subprocess.run(
        [programs / "python", "-m", "tests.bench.queue.apps.produce", f"{peer.library}_app", str(jobs)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if producer.returncode != 0:
        raise PeerError(f"{peer.name} does not enqueue: {producer.stderr.strip()[-500:]}")
    with Redis.from_url(server.admin_url) as redis:
        enqueued = peer.remaining(redis)
    if enqueued != jobs:
        raise PeerError(f"{peer.name} has {enqueued} of {jobs} jobs in the queue")
    log = LOGS / f"{peer.library}.log"
    log.unlink(missing_ok=True)
    program, *arguments = (word.format(url=server.url) for word in peer.worker)
    worker = spawn([programs / program, *arguments], log=log, env=environment, cwd=ROOT)
    try:
        with Redis.from_url(server.admin_url) as redis:
            drain_s, drained = drain(lambda: peer.remaining(redis), jobs, worker)
    except (PeerError, RedisError) as error:
        raise PeerError(f"{peer.name}: {error}; {log.read_text()[-300:].strip()}") from error
    finally:
        stop(worker, grace_s=0.0)
    return float(producer.stdout), drain_s, drained


def drain(remaining: Callable[[], int], jobs: int, worker: subprocess.Popen[bytes]) -> tuple[float, int]:
    """Seconds and jobs from the first tenth done to the last acknowledged. Raises PeerError."""
    deadline = time.monotonic() + DRAIN_TIMEOUT_S
    warm: tuple[float, int] | None = None
    while time.monotonic() < deadline:
        left, now = remaining(), time.perf_counter()
        if warm is None and left <= jobs * (1 - WARM_SHARE):
            warm = now, left
        if warm is not None and left == 0:
            time.sleep(POLL_S)
            if remaining() == 0:  # not just on the way from one key to another
                return now - warm[0], warm[1]
        if worker.poll() is not None:
            raise PeerError(f"its worker ended with {worker.returncode}")
        time.sleep(POLL_S)
    raise PeerError(f"{remaining()} of {jobs} jobs are left after {DRAIN_TIMEOUT_S:g} s")
