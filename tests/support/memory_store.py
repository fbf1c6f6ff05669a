"""The store and the library in memory, for unit tests of the services; passes the same contract suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.quota import DAY_MS, ByPlan, DayUsage, Plan
from knight_vision.errors import DailyLimitError
from knight_vision.ports import (
    AddedGame,
    AddedGames,
    AnalysisState,
    CancelledAnalysis,
    Clock,
    DeadLetter,
    NewGame,
    PhaseResult,
    RequestedAnalysis,
    SaveAnswer,
)
from tests.support.memory_rows import (
    AnalysisRow,
    GameRow,
    SystemTime,
    dead_letter,
    describe,
    in_order_of_request,
    iso,
    parse_cursor,
    through_json,
)
from tests.support.memory_users import MemoryUsers

MOST_REDOS = 3
"""A degraded report that was begun this often and never saved is left alone."""


class MemoryStore(MemoryUsers):
    """An AnalysisStore and, for any user, a GameLibrary over the same rows."""

    def __init__(
        self, *, plans: Mapping[UserId, str] | None = None, clock: Clock | SystemTime | None = None
    ) -> None:
        """`plans`: `premium` or `free` by user, free when missing."""
        super().__init__()
        self.plans = dict(plans or {})
        self.stored: dict[UserId, tuple[int, int]] = {}
        """The day of the last new game, and how many there were on it."""
        self.clock = clock or SystemTime()
        self.created_at = datetime.min.replace(tzinfo=UTC)

    def add_games(
        self,
        user_id: UserId,
        games: Sequence[NewGame],
        *,
        most_per_day: ByPlan | None = None,
        begin_at_most: int | None = None,
    ) -> AddedGames:
        with self.transaction():
            used = self.usage_now(user_id)
            known = {row.new.content_hash for row in self.rows.values() if row.user_id == user_id}
            asked = len({new.content_hash for new in games} - known)
            limit = most_per_day.of(used.plan) if most_per_day else used.games + asked
            if asked and used.games + asked > limit:
                raise DailyLimitError(limit, used.games, asked, used.resets_in_s)
            self.stored[user_id] = (self.clock.now_ms() // DAY_MS, used.games + asked)
            now = datetime.fromtimestamp(self.clock.now_ms() / 1000, UTC)
            answers = []
            for new in games:
                same = [
                    row
                    for row in self.rows.values()
                    if row.user_id == user_id and row.new.content_hash == new.content_hash
                ]
                if same:
                    answers.append(AddedGame(same[0].id, is_new=False))
                    continue
                game_id = GameId(self.ids())
                self.created_at = max(now, self.created_at + timedelta(microseconds=1))
                self.rows[game_id] = GameRow(game_id, user_id, new, self.created_at)
                answers.append(AddedGame(game_id, is_new=True))
            batch = None
            if begin_at_most is not None:
                batch = self.start_batch(user_id, [one.game_id for one in answers], begin_at_most)
            return AddedGames(answers, self.usage_now(user_id), batch)

    def usage(self, user_id: UserId) -> DayUsage:
        with self.transaction():
            return self.usage_now(user_id)

    def usage_now(self, user_id: UserId) -> DayUsage:
        day, games = self.stored.get(user_id, (0, 0))
        now_ms = self.clock.now_ms()
        plan = Plan(self.plans.get(user_id, Plan.FREE))
        return DayUsage.at(plan, games if day == now_ms // DAY_MS else 0, now_ms)

    def request_analyses(self, user_id: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        with self.transaction():
            own = [self.rows[game_id] for game_id in dict.fromkeys(game_ids) if game_id in self.rows]
            return [self.start(row, is_bulk=False) for row in own if row.user_id == user_id]

    def request_analysis(
        self, user_id: UserId, game_id: GameId
    ) -> tuple[RequestedAnalysis, dict[str, Any]] | None:
        with self.transaction():
            requested = self.request_analyses(user_id, [game_id])
            game = self.analysis(user_id, game_id, with_report=True)
            return (requested[0], game) if requested and game else None

    def request_unannotated(self, user_id: UserId | None, at_most: int) -> list[RequestedAnalysis]:
        with self.transaction():
            never_asked = [
                row for row in self.rows.values() if row.analysis is None and user_id in (None, row.user_id)
            ]
            never_asked.sort(key=lambda row: (row.created_at, row.id))
            return [self.start(row, is_bulk=True) for row in never_asked[:at_most]]

    def request_degraded(self, at_most: int) -> list[RequestedAnalysis]:
        with self.transaction():
            degraded = [
                (row.redos, row.finished_at_ms, game.id, game, row)
                for game in self.rows.values()
                if (row := game.analysis)
                and row.state is AnalysisState.DONE
                and row.degraded
                and row.redos < MOST_REDOS
            ]
            degraded.sort(key=lambda one: one[:3])
            begun = []
            for *_, game, row in degraded[:at_most]:
                row.generation += 1
                priority = self.priority_of(game.user_id, is_bulk=True)
                now_ms = self.clock.now_ms()
                begun.append(replace(describe(game, row), priority=priority, requested_at_ms=now_ms))
            return begun

    def requested(self, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        with self.transaction():
            found = [self.rows[game_id] for game_id in game_ids if game_id in self.rows]
            return [describe(game, game.analysis) for game in found if game.analysis]

    def save_phase(self, result: PhaseResult) -> SaveAnswer:
        with self.transaction():
            game = self.rows.get(result.game_id)
            row = game.analysis if game else None
            if game is None or row is None or row.generation < result.generation:
                return SaveAnswer.UNKNOWN
            if row.generation > result.generation or row.state in (
                AnalysisState.FAILED,
                AnalysisState.CANCELLED,
            ):
                return SaveAnswer.STALE
            is_redo = result.phase is Phase.COMPLETE and row.state is AnalysisState.DONE and row.redos > 0
            is_there = row.finished_phase is not None and row.finished_phase.rank >= result.phase.rank
            if is_there and (not is_redo or result.is_degraded):
                return SaveAnswer.ALREADY_SAVED
            if sorted(move["ply"] for move in result.moves) != list(range(1, game.new.game.ply_count + 1)):
                raise ValueError("a phase is saved with one row for each ply of the game")
            row.moves = through_json(sorted(result.moves, key=lambda move: int(move["ply"])))
            row.report = through_json(result.report)
            row.report_phase = row.finished_phase = result.phase
            row.report_generation = result.generation
            row.engine = result.engine
            row.limits[result.phase] = str(result.limit)
            row.timings[result.phase] = through_json(result.timings)
            row.degraded = result.is_degraded
            is_last = result.phase.next is None
            self.touch(row, AnalysisState.DONE if is_last else AnalysisState.RUNNING)
            return SaveAnswer.SAVED

    def fail(self, game_id: GameId, generation: int, reason: str) -> SaveAnswer:
        with self.transaction():
            game = self.rows.get(game_id)
            row = game.analysis if game else None
            if row is None or row.generation < generation:
                return SaveAnswer.UNKNOWN
            if row.generation == generation and row.state is AnalysisState.FAILED:
                return SaveAnswer.ALREADY_SAVED
            if row.generation > generation or row.state.is_final:
                return SaveAnswer.STALE
            row.failure = reason
            self.touch(row, AnalysisState.FAILED)
            return SaveAnswer.SAVED

    def cancel(self, user_id: UserId, game_id: GameId) -> CancelledAnalysis:
        with self.transaction():
            game = self.rows.get(game_id)
            row = game.analysis if game and game.user_id == user_id else None
            if row is None:
                shown = self.analysis(user_id, game_id, with_report=False)
                return CancelledAnalysis(SaveAnswer.UNKNOWN, 0, shown)
            answer = SaveAnswer.SAVED
            if row.state.is_final:
                is_cancelled = row.state is AnalysisState.CANCELLED
                answer = SaveAnswer.ALREADY_SAVED if is_cancelled else SaveAnswer.STALE
            else:
                self.touch(row, AnalysisState.CANCELLED)
            shown = self.analysis(user_id, game_id, with_report=False)
            return CancelledAnalysis(answer, row.generation, shown)

    def dead_letters(
        self, operator: UserId, *, at_most: int, before: str | None = None
    ) -> tuple[list[DeadLetter], str | None]:
        with self.transaction():
            self.require_operator(operator)
            letters = self.failed()
            letters.sort(key=lambda one: (one.failed_at_ms, one.game_id), reverse=True)
            if before is not None:
                moment, game_id = parse_cursor(before)
                place = (round(moment.timestamp() * 1000), game_id)
                letters = [one for one in letters if (one.failed_at_ms, one.game_id) < place]
            page = letters[:at_most]
            more = len(letters) > at_most
            return page, f"{iso(page[-1].failed_at_ms)}|{page[-1].game_id}" if more else None

    def count_dead_letters(self) -> int:
        with self.transaction():
            return len(self.failed())

    def failed(self) -> list[DeadLetter]:
        """All dead letters, in no order."""
        return [
            dead_letter(game, row)
            for game in self.rows.values()
            if (row := game.analysis) and row.state is AnalysisState.FAILED
        ]

    def redrive(self, operator: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        with self.transaction():
            self.require_operator(operator)
            begun = []
            for game_id in dict.fromkeys(game_ids):
                game = self.rows.get(game_id)
                if game and game.analysis and game.analysis.state is AnalysisState.FAILED:
                    game.analysis = self.next_generation(game.analysis, game.analysis.priority)
                    begun.append(describe(game, game.analysis))
            return begun

    def read_pgn(self, game_id: GameId) -> str | None:
        with self.transaction():
            return self.rows[game_id].new.pgn if game_id in self.rows else None

    def unfinished(
        self, *, older_than_ms: int, at_most: int, after: RequestedAnalysis | None = None
    ) -> list[RequestedAnalysis]:
        with self.transaction():
            before_ms = self.clock.now_ms() - older_than_ms
            found = [
                describe(game, game.analysis)
                for game in self.rows.values()
                if game.analysis
                and not game.analysis.state.is_final
                and game.analysis.updated_at_ms <= before_ms
            ]
            found.sort(key=in_order_of_request)
            if after is not None:
                found = [one for one in found if in_order_of_request(one) > in_order_of_request(after)]
            return found[:at_most]

    def ping(self) -> None:
        with self.transaction():
            pass

    def start(self, game: GameRow, *, is_bulk: bool) -> RequestedAnalysis:
        priority = self.priority_of(game.user_id, is_bulk=is_bulk)
        old = game.analysis
        if old is None or old.state in (AnalysisState.FAILED, AnalysisState.CANCELLED):
            game.analysis = self.next_generation(old, priority)
        elif not old.state.is_final:
            old.priority = max(old.priority, priority)
        assert game.analysis is not None
        return describe(game, game.analysis)

    def next_generation(self, old: AnalysisRow | None, priority: Priority) -> AnalysisRow:
        """What was readable stays readable."""
        now_ms = self.clock.now_ms()
        row = AnalysisRow(generation=1, priority=priority, requested_at_ms=now_ms, updated_at_ms=now_ms)
        if old is not None:
            row.generation = old.generation + 1
            row.report, row.moves, row.engine, row.degraded = old.report, old.moves, old.engine, old.degraded
            row.report_phase, row.report_generation = old.report_phase, old.report_generation
        return row

    def priority_of(self, user_id: UserId, *, is_bulk: bool) -> Priority:
        base = Priority.BULK if is_bulk else Priority.STANDARD
        return Priority(base + (self.plans.get(user_id) == "premium"))

    def touch(self, row: AnalysisRow, state: AnalysisState) -> None:
        row.state = state
        row.updated_at_ms = self.clock.now_ms()
        row.finished_at_ms = row.updated_at_ms if state.is_final else None
