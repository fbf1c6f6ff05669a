"""That the bench still fits the queue, and judges what it measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bench.installed import PeerError
from tests.bench.queue.bound import Bounds
from tests.bench.queue.contestants import PEERS, Peer
from tests.bench.queue.cores import Cores
from tests.bench.queue.ours import BOUND_SHARE, OurFigures, Spent, measure_ours
from tests.bench.queue.peer_runs import PeerFigures, drain
from tests.bench.queue.report import Results, goals, markdown
from tests.bench.queue.scale import SMALL, measure_scale
from tests.bench.queue.servers import CLUSTER, MODES, Servers, started_servers
from tests.bench.queue.workload import SEGMENTS

ANYWHERE = Cores(frozenset(), frozenset())
JOBS = 20


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with started_servers(ANYWHERE) as started:
        yield started


@pytest.mark.parametrize("mode", MODES)
def test_a_round_of_ours_works_off_every_job(servers: Servers, mode: str) -> None:
    figures = measure_ours(servers[mode], mode, JOBS)
    assert (figures.enqueue.count, figures.enqueue_ten.count) == (BOUND_SHARE * JOBS, JOBS)
    assert figures.claim_finish.count == figures.whole.count == figures.whole_real.count == JOBS * SEGMENTS
    assert 0 < figures.claim_finish.seconds < figures.whole.seconds


def test_a_backlog_is_filled_and_measured(servers: Servers) -> None:
    one, many = measure_scale(servers[CLUSTER], 2 * SMALL)
    assert (one.whose, many.whose) == ("one user", "200 users")
    for figures in (one, many):
        assert figures.claim_ratio > 0
        assert figures.enqueue_ratio > 0
        assert figures.bytes_per_segment > 50


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process


def test_a_drain_is_measured_from_a_tenth_to_the_end(worker: subprocess.Popen[bytes]) -> None:
    left = iter([100, 95, 90, 40, 0, 0])
    seconds, jobs = drain(lambda: next(left), 100, worker)
    assert jobs == 90
    assert seconds > 0


def test_a_job_between_two_keys_is_not_taken_for_done(worker: subprocess.Popen[bytes]) -> None:
    left = iter([90, 0, 1, 0, 0])
    drain(lambda: next(left), 100, worker)
    assert list(left) == []


def test_a_worker_that_ends_is_an_error(worker: subprocess.Popen[bytes]) -> None:
    worker.communicate(b"\n")
    with pytest.raises(PeerError, match="ended with 0"):
        drain(lambda: 100, 100, worker)


BOUNDS = Bounds(enqueue_s=1.0, enqueued=1, claim_s=1.0, claimed=1)


def results_of(enqueue: float, claim: float, **peers: tuple[float, float]) -> Results:
    """One round in which things reached these shares of the bound; peers by library."""
    ours = OurFigures(BOUNDS, *(Spent(1 / share, 1) for share in (enqueue, enqueue, claim, claim, claim)))
    results = Results(ours={CLUSTER: [ours]})
    for peer in PEERS:
        results.peers[peer] = [figures_of(peer, peers)] if peer.library in peers else []
    return results


def figures_of(peer: Peer, peers: dict[str, tuple[float, float]]) -> PeerFigures:
    enqueue, claim = peers[peer.library]
    return PeerFigures(BOUNDS, 1 / enqueue, 1 / claim)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (results_of(0.65, 0.70, saq=(0.6, 0.6)), [True, True, True, True]),
        (results_of(0.64, 0.70, saq=(0.6, 0.6)), [False, True, True, True]),
        (results_of(0.65, 0.69, saq=(0.6, 0.6)), [True, False, True, True]),
        (results_of(0.65, 0.70, saq=(0.7, 0.6), arq=(0.1, 0.1)), [True, True, False, True]),
        (results_of(0.65, 0.70, saq=(0.1, 0.1), arq=(0.6, 0.8)), [True, True, True, False]),
        (results_of(0.65, 0.70, huey=(0.9, 0.9)), [True, True]),
    ],
    ids=["reached", "enqueue", "claim", "peer enqueues faster", "peer claims faster", "huey promises less"],
)
def test_goals(results: Results, expected: list[bool]) -> None:
    assert [row.is_kept for row in goals(results)] == expected


def test_the_tables_say_why_a_peer_has_no_figures() -> None:
    results = results_of(0.65, 0.70)
    results.failures[PEERS[0]] = "rq does not install"
    text = markdown(results)
    assert "rq does not install" in text
    assert "0.65 (0.65 to 0.65)" in text
