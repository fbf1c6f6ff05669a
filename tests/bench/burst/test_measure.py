"""What a measured burst is made of: processor time by role, log lines, fitted constants."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit
from tests.bench.burst.constants import Constants
from tests.bench.burst.cores import ENGINES, CoreUse, Snapshot, role_of
from tests.bench.burst.engine_speed import fitted, measured_speed
from tests.bench.burst.local_burst import LocalBurst, counts_of, events_in, renamed, wait_for_last
from tests.bench.burst.measure import told
from tests.bench.burst.simulation import simulate

SMALL = replace(
    Constants(),
    settings=replace(
        Constants().settings,
        initial_limit=Limit(depth=4),
        intermediate_limit=Limit(nodes=2_000),
        complete_limit=Limit(nodes=5_000),
    ),
)


@pytest.mark.parametrize(
    ("command", "role"),
    [
        ("/project/.tools/stockfish/bin/stockfish", ENGINES),
        (
            "/lambda-runtime/aws-lambda-rie --log-level ERROR python -m awslambdaric phase.handler",
            "Lambda's emulator",
        ),
        ("/project/.venv/bin/python -m awslambdaric phase.handler", "functions' Python"),
        ("valkey-server 127.0.0.1:1 [cluster]", "Valkey"),
        ("node /project/node_modules/@supabase/lite/dist/cli/index.js start", "Supabase"),
        ("/project/.venv/bin/python -m moto.server -H 127.0.0.1", "EventBridge, SQS, SSM (moto)"),
        ("/project/.venv/bin/python -m infra.local up", "API Gateway, Lambda service"),
    ],
)
def test_every_process_of_a_stack_has_a_role(command: str, role: str) -> None:
    assert role_of(command) == role


def test_processor_time_is_counted_between_two_snapshots() -> None:
    before = Snapshot(10.0, {1: ("a", 5.0), 2: (ENGINES, 1.0)}, 100.0)
    after = Snapshot(20.0, {1: ("a", 6.0), 2: (ENGINES, 8.0), 3: (ENGINES, 2.0)}, 115.0)
    use = replace(before.until(after), cores=2)
    assert use.by_role == {"a": 1.0, ENGINES: 9.0}
    assert (use.wall_s, use.others_s, use.idle_s) == (10.0, 5.0, 5.0)
    assert use.share(ENGINES) == pytest.approx(9 / 20)
    assert use.share_of_ours(ENGINES) == pytest.approx(9 / 15)


def test_this_process_is_seen() -> None:
    found = Snapshot.of(os.getpid())
    assert 0 < found.by_process[os.getpid()][1] < found.machine_s


@pytest.mark.parametrize("search_s", [(0.004, 0.01, 0.022), (0.004, 0.01, 0.026), (0.0005, 0.01, 0.011)])
def test_fitted_constants_give_back_what_was_measured(search_s: tuple[float, float, float]) -> None:
    found = fitted(SMALL, search_s)
    again = [found.one_search_s(plan.limit) for plan in found.plans]
    assert again[0] == pytest.approx(search_s[0])
    # Each by itself where a straight line fits, both together in any case.
    assert again[1] + again[2] == pytest.approx(search_s[1] + search_s[2])


def test_limits_that_do_not_tell_depth_from_nodes_are_refused() -> None:
    with pytest.raises(ValueError, match="a depth as limit"):
        fitted(replace(SMALL, settings=replace(SMALL.settings, initial_limit=Limit(nodes=1))), (1, 2, 3))
    with pytest.raises(ValueError, match="take longer"):
        fitted(SMALL, (1, 3, 2))


LINES = [
    {"message": "segment_searched", "ms": 5},
    {"message": "phase_finished", "ms": 7},
    {"message": "phase_run", "claims": 0},
    {"message": "phase_run", "claims": 2},
]


def test_log_lines_are_counted_from_where_the_burst_began(tmp_path: Path) -> None:
    log = tmp_path / "function.log"
    before = '{"message": "phase_finished"}\nSTART RequestId: 1\n{"_aws": {}}\n'
    log.write_text(before + "".join(json.dumps(line) + "\n" for line in LINES))
    counts = counts_of(events_in(log, len(before)))
    assert counts == {"segment_searched": 1, "phase_finished": 1, "phase_run": 2, "empty": 1}
    assert counts_of(events_in(log, 0))["phase_finished"] == 2
    wait_for_last(log, 0, 2)


def test_renamed_games_are_different_games_of_the_same_moves() -> None:
    pgn = '[White "Byrne"]\n\n1. e4 *'
    assert renamed(pgn, "game 1") == '[White "game 1 Byrne"]\n\n1. e4 *'


def test_the_tables_name_everybody_who_used_a_core() -> None:
    use = CoreUse(10.0, 2, {ENGINES: 12.0, "Valkey": 1.0}, 3.0)
    counts = Counter(phase_run=21, empty=19, segment_searched=21)
    text = told(LocalBurst(1, (1.0,), 9.0, use, counts, 70_000, 20), simulate(SMALL, 1), SMALL, 2)
    for row in (
        "| engines | 12.0 | 60.0% | 12000 |",
        "| other programs | 3.0 | 15.0%",
        "| nobody | 4.0 | 20.0%",
    ):
        assert row in text
    assert "20.00 wake-up calls" in text
    assert "19.00 of them for\nnothing" in text
    assert "engines had 100%" in text
    simulated_s = simulate(SMALL, 1).drain_s
    assert f"| measured | 9.0 | {9 / simulated_s:.2f} |" in text
    assert f"| measured, less what others used | 7.6 | {9 * 0.85 / simulated_s:.2f} |" in text


def test_two_engines_at_once_are_timed_at_every_limit() -> None:
    game = read_game("1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 *", max_plies=20)
    constants = replace(SMALL, plies=game.ply_count)
    speed = measured_speed(constants, game, engines=2)
    assert len(speed.search_s) == 3
    assert speed.report_s > 0
    assert 0 <= min(speed.search_s) < speed.search_s[2]
