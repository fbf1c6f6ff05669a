"""The store and the library in memory, for unit tests of the services; passes the same contract suite."""

from __future__ import annotations

import copy
import threading
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import StoreUnavailableError
from knight_vision.ports import (
    AddedGame,
    AnalysisState,
    Clock,
    NewGame,
    PhaseResult,
    RequestedAnalysis,
    SaveAnswer,
)
from tests.support.memory_rows import (
    AnalysisRow,
    GameRow,
    analysis_json,
    describe,
    game_json,
    in_order_of_request,
    parse_cursor,
    place_in_list,
    through_json,
)

PREMIUM_PRIORITY = 10


class SystemTime:
    """The real time, for those who do not care."""

    def now_ms(self) -> int:
        return int(datetime.now(UTC).timestamp() * 1000)


class MemoryStore:
    """An AnalysisStore and, for any user, a GameLibrary over the same rows."""

    def __init__(
        self,
        *,
        plans: Mapping[UserId, str] | None = None,
        clock: Clock | SystemTime | None = None,
        premium_priority: int = PREMIUM_PRIORITY,
    ) -> None:
        """`plans`: `premium` or `free` by user, free when missing."""
        self.plans = dict(plans or {})
        self.clock = clock or SystemTime()
        self.premium_priority = premium_priority
        self.is_away = False
        """Set it, and every call raises StoreUnavailableError with nothing done."""
        self.rows: dict[GameId, GameRow] = {}
        self.created_at = datetime.min.replace(tzinfo=UTC)
        self.lock = threading.RLock()

    def add_games(self, user_id: UserId, games: Sequence[NewGame]) -> list[AddedGame]:
        with self.transaction():
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
                game_id = GameId(str(uuid.uuid4()))
                self.created_at = max(now, self.created_at + timedelta(microseconds=1))
                self.rows[game_id] = GameRow(game_id, user_id, new, self.created_at)
                answers.append(AddedGame(game_id, is_new=True))
            return answers

    def request_analyses(self, user_id: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        with self.transaction():
            own = [self.rows[game_id] for game_id in dict.fromkeys(game_ids) if game_id in self.rows]
            return [self.start(row) for row in own if row.user_id == user_id]

    def request_unannotated(self, user_id: UserId | None, at_most: int) -> list[RequestedAnalysis]:
        with self.transaction():
            never_asked = [
                row for row in self.rows.values() if row.analysis is None and user_id in (None, row.user_id)
            ]
            never_asked.sort(key=lambda row: (row.created_at, row.id))
            return [self.start(row) for row in never_asked[:at_most]]

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
            if row.finished_phase is not None and row.finished_phase.rank >= result.phase.rank:
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

    def cancel(self, user_id: UserId, game_id: GameId) -> None:
        """What cancel_analysis_v1 does, for tests of what comes after."""
        with self.transaction():
            game = self.rows[game_id]
            if game.user_id == user_id and game.analysis and not game.analysis.state.is_final:
                self.touch(game.analysis, AnalysisState.CANCELLED)

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

    def delete_game(self, game_id: GameId) -> None:
        """Delete a game and all that hangs on it."""
        with self.transaction():
            del self.rows[game_id]

    # GameLibrary

    def games(self, user_id: UserId, *, limit: int, before: str | None) -> list[dict[str, Any]]:
        with self.transaction():
            rows = [game_json(row) for row in self.rows.values() if row.user_id == user_id]
            rows.sort(key=place_in_list, reverse=True)
            if before is not None:
                cursor = parse_cursor(before)
                rows = [row for row in rows if place_in_list(row) < cursor]
            long = ("pgn", "headers", "moves")
            return [{name: row[name] for name in row if name not in long} for row in rows[:limit]]

    def game(self, user_id: UserId, game_id: GameId) -> dict[str, Any] | None:
        with self.transaction():
            row = self.rows.get(game_id)
            return game_json(row) if row and row.user_id == user_id else None

    def analysis(self, user_id: UserId, game_id: GameId, *, with_moves: bool) -> dict[str, Any] | None:
        with self.transaction():
            row = self.rows.get(game_id)
            if row is None or row.user_id != user_id:
                return None
            analysis = None
            if row.analysis is not None:
                analysis = analysis_json(row.analysis)
                if with_moves:
                    analysis["moves"] = copy.deepcopy(row.analysis.moves)
            return {**game_json(row), "analysis": analysis}

    def transaction(self) -> threading.RLock:
        """The lock to hold during one call. Raises StoreUnavailableError while away."""
        if self.is_away:
            raise StoreUnavailableError("The store is away.")
        return self.lock

    def start(self, game: GameRow) -> RequestedAnalysis:
        priority = self.premium_priority if self.plans.get(game.user_id) == "premium" else 0
        old = game.analysis
        if old is None or old.state in (AnalysisState.FAILED, AnalysisState.CANCELLED):
            now_ms = self.clock.now_ms()
            row = AnalysisRow(generation=1, priority=priority, requested_at_ms=now_ms, updated_at_ms=now_ms)
            if old is not None:
                row.generation = old.generation + 1
                row.report, row.moves, row.engine = old.report, old.moves, old.engine
                row.report_phase, row.report_generation = old.report_phase, old.report_generation
            game.analysis = row
        elif not old.state.is_final:
            old.priority = max(old.priority, priority)
        assert game.analysis is not None
        return describe(game, game.analysis)

    def touch(self, row: AnalysisRow, state: AnalysisState) -> None:
        row.state = state
        row.updated_at_ms = self.clock.now_ms()
        row.finished_at_ms = row.updated_at_ms if state.is_final else None
