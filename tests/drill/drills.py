"""The drills: a part of the stack is lost while games are under way, and comes back."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.drill.outcome import Outcome
from tests.drill.site import Site
from tests.support.stack import LocalStack

__all__ = ["DRILLS", "Drill", "MakeStack"]

AWAY_S = 10.0
"""How long a part stays away once everybody has noticed."""
MakeStack = Callable[[Path], LocalStack]
"""A stack, not started, that keeps its data in a folder."""
Drill = Callable[[MakeStack, Path, bool], Outcome]
"""Runs a drill on a stack of its own; whether the sweeper is called often."""


def redis_lost(make_stack: MakeStack, folder: Path, sweeps_often: bool) -> Outcome:
    """Valkey dies with everything in it and comes back empty."""
    outcome = Outcome("Redis lost", f"Valkey killed, away for {AWAY_S:.0f} s, back without data")
    with make_stack(folder) as stack, Site(stack, sweeps_often=sweeps_often) as site:
        site.ask_for_all()
        site.wait_until_under_way()
        stack.part("valkey", "kill")
        begin(outcome, site)
        time.sleep(AWAY_S)
        answer = site.api.annotate(site.game_ids[0])
        outcome.must("new requests are refused with 503", answer.status_code == 503, f"{answer.status_code}")
        before = site.api.get("/v1/games")
        outcome.must("what is stored is read all the same", before.status_code == 200)
        stack.part("valkey", "start")
        with site.sweeping():
            outcome.took(
                "the sweeper has rebuilt the queue", site.wait_for(site.rebuilt, "the queue is rebuilt")
            )
            recover(outcome, site)
        seen = f"{site.rebuilt()} rebuilt"
        outcome.must("the sweeper rebuilt what was lost", site.rebuilt() >= outcome.under_way, seen)
    return outcome


def supabase_lost(make_stack: MakeStack, folder: Path, sweeps_often: bool) -> Outcome:
    """Supabase dies, stays away until nobody works any more, and comes back with its data."""
    outcome = Outcome(
        "Supabase lost", f"Supabase killed, away until all workers paused and {AWAY_S:.0f} s more"
    )
    with make_stack(folder) as stack, Site(stack, sweeps_often=sweeps_often) as site:
        site.ask_for_all()
        site.wait_until_under_way()
        before = site.stored()
        stack.part("supabase", "kill")
        paused_s = site.wait_for(site.is_paused, "the workers pause")
        outcome.must("workers pause by themselves", True, f"after {paused_s:.1f} s")
        time.sleep(AWAY_S)
        outcome.must(
            "and go on pausing", not any(site.busy().values()), f"{sum(site.busy().values())} at work"
        )
        answer = site.api.annotate(site.game_ids[0])
        outcome.must("requests are refused with 503", answer.status_code == 503, f"{answer.status_code}")
        stack.part("supabase", "start")
        began = time.monotonic()
        begin(outcome, site)
        after = site.stored()
        kept = all(after[game_id] >= phases for game_id, phases in before.items())
        outcome.must("no stored phase is lost", kept, f"{sum(before.values())} were stored")
        with site.sweeping():
            site.wait_for(lambda: any(site.busy().values()) or site.is_all_final(), "a worker is back")
            outcome.took("the first worker is back", time.monotonic() - began)
            recover(outcome, site)
        outcome.must("the queue was kept", site.rebuilt() == 0, f"{site.rebuilt()} rebuilt")
    return outcome


def region_lost(make_stack: MakeStack, folder: Path, sweeps_often: bool) -> Outcome:
    """Everything but the database is lost at once; a new stack is made for the same database."""
    outcome = Outcome(
        "Region lost", "all processes killed, all data but Supabase's removed, a new stack made"
    )
    with make_stack(folder) as lost:
        site = Site(lost, sweeps_often=sweeps_often)
        site.ask_for_all()
        site.wait_until_under_way()
        begin(outcome, site)
        lost.stop(signal.SIGKILL)
    for path in folder.iterdir():
        if path.name != "supabase" and path.is_dir():
            shutil.rmtree(path)
    began = time.monotonic()
    with make_stack(folder) as stack, site:
        outcome.took("the new stack answers", time.monotonic() - began)
        site.go_on_at(stack)
        with site.sweeping():
            site.wait_for(site.rebuilt, "the queue is rebuilt")
            outcome.took("the sweeper has rebuilt the queue", time.monotonic() - began)
            recover(outcome, site, waited_s=time.monotonic() - began)
        listed = site.api.get("/v1/games", params={"limit": 50}).json()["games"]
        outcome.must("users find their games with the tokens they had", len(listed) == outcome.games)
    return outcome


DRILLS: dict[str, Drill] = {"redis": redis_lost, "supabase": supabase_lost, "region": region_lost}


def begin(outcome: Outcome, site: Site) -> None:
    """Note what is under way."""
    rows = site.rows()
    outcome.games, outcome.under_way = len(site.game_ids), sum(not row.is_final for row in rows)


def recover(outcome: Outcome, site: Site, waited_s: float | None = None) -> None:
    """Wait until every analysis is final, and look at each."""
    took_s = site.wait_for(site.is_all_final, "every analysis is final")
    last = outcome.recovery[-1][1] if waited_s is None else waited_s
    outcome.took("every analysis is final", last + took_s)
    missing, wrong = site.reports_missing(), site.not_done()
    outcome.must("every game has its complete report, every move of it", not missing, ", ".join(missing))
    outcome.must("no analysis failed", not wrong, ", ".join(wrong))
