"""What users do with what is theirs, on the rows of the memory store."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from knight_vision.domain.game_query import Place, Sort
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import AnalysisNotFoundError, ForbiddenError, GameNotFoundError
from knight_vision.ports import AnalysisState, Clock, RequestedAnalysis, StartedBatch
from knight_vision.user_ports import FeedbackCount
from tests.support.memory_library import MemoryLibrary
from tests.support.memory_query import behind, in_order
from tests.support.memory_rows import GameRow, SystemTime, game_json, iso

DAY_MS = 86_400_000


class MemoryUsers(MemoryLibrary):
    """A UserStore, and the export of a GameLibrary."""

    clock: Clock | SystemTime
    plans: dict[UserId, str]

    def __init__(self) -> None:
        super().__init__()
        self.ids: Callable[[], str] = lambda: str(uuid.uuid4())
        self.feedback: dict[GameId, dict[str, Any]] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.profiles: dict[UserId, dict[str, Any]] = {}
        self.operators: set[UserId] = set()

    def start(self, game: GameRow, *, is_bulk: bool) -> RequestedAnalysis:
        raise NotImplementedError

    def start_batch(self, user_id: UserId, game_ids: Sequence[GameId] | None, at_most: int) -> StartedBatch:
        with self.transaction():
            if game_ids is None:
                rows = [one for one in self.rows.values() if one.user_id == user_id and one.analysis is None]
                rows.sort(key=lambda row: (row.created_at, row.id))
            else:
                rows = [row for one in dict.fromkeys(game_ids) if (row := self.own(user_id, one))]
            begun = [self.start(row, is_bulk=True) for row in rows[:at_most]]
            if not begun:
                return None, []
            batch_id = self.ids()
            self.batches[batch_id] = {
                "id": batch_id,
                "user_id": user_id,
                "source": "unannotated" if game_ids is None else "submission",
                "created_at": iso(self.clock.now_ms()),
                "game_ids": [one.game_id for one in begun],
            }
            return batch_id, begun

    def batch(self, user_id: UserId, batch_id: str) -> dict[str, Any] | None:
        with self.transaction():
            batch = self.batches.get(batch_id)
            if batch is None or batch["user_id"] != user_id:
                return None
            found = [row.analysis for one in batch["game_ids"] if (row := self.rows.get(one))]
            analyses = [one for one in found if one]
            age_ms = self.clock.now_ms() - datetime.fromisoformat(batch["created_at"]).timestamp() * 1000
            left = [one for one in analyses if not one.state.is_final]
            return {
                **{name: batch[name] for name in ("id", "source", "created_at")},
                "age_s": age_ms / 1000,
                "total": len(analyses),
                **{state.value: sum(one.state is state for one in analyses) for state in AnalysisState},
                "unfinished_phases": sum(
                    3 - (one.finished_phase.rank if one.finished_phase else 0) for one in left
                ),
            }

    def own(self, user_id: UserId, game_id: GameId) -> GameRow | None:
        row = self.rows.get(game_id)
        return row if row and row.user_id == user_id else None

    def give_feedback(
        self, user_id: UserId, game_id: GameId, rating: int, comment: str | None
    ) -> dict[str, Any]:
        with self.transaction():
            row = self.own(user_id, game_id)
            if row is None:
                raise GameNotFoundError("unknown")
            if row.analysis is None or row.analysis.report_phase is None:
                raise AnalysisNotFoundError("no report")
            now = iso(self.clock.now_ms())
            self.feedback[game_id] = {
                "game_id": game_id,
                "rating": rating,
                "comment": comment,
                "report_phase": row.analysis.report_phase.value,
                "report_generation": row.analysis.report_generation,
                "created_at": self.feedback.get(game_id, {}).get("created_at", now),
                "updated_at": now,
            }
            return dict(self.feedback[game_id])

    def require_operator(self, user_id: UserId) -> None:
        """Raises ForbiddenError."""
        if user_id not in self.operators:
            raise ForbiddenError()

    def count_for_operators(self, operator: UserId, *, days: int) -> tuple[int, FeedbackCount]:
        with self.transaction():
            self.require_operator(operator)
            since = iso(self.clock.now_ms() - days * DAY_MS)
            ratings = [one["rating"] for one in self.feedback.values() if one["updated_at"] > since]
            given_up = sum(
                row.analysis is not None and row.analysis.state is AnalysisState.FAILED
                for row in self.rows.values()
            )
            mean = sum(ratings) / len(ratings) if ratings else None
            return given_up, FeedbackCount(len(ratings), mean)

    def delete_game(self, user_id: UserId, game_id: GameId) -> int | None:
        with self.transaction():
            row = self.own(user_id, game_id)
            if row is None:
                return None
            del self.rows[game_id]
            self.feedback.pop(game_id, None)
            return row.analysis.generation if row.analysis else 0

    def delete_everything(self, user_id: UserId, *, with_account: bool = False) -> list[tuple[GameId, int]]:
        with self.transaction():
            if with_account:
                self.plans.pop(user_id, None)
            jobs = []
            for row in [one for one in self.rows.values() if one.user_id == user_id]:
                if (analysis := row.analysis) and (not analysis.state.is_final or analysis.redos):
                    jobs.append((row.id, analysis.generation))
                self.delete_game(user_id, row.id)
            self.profiles.pop(user_id, None)
            self.batches = {k: one for k, one in self.batches.items() if one["user_id"] != user_id}
            return jobs

    def export(self, user_id: UserId, *, at_most: int, after: Place | None = None) -> dict[str, Any]:
        with self.transaction():
            rows = in_order(
                [game_json(row) for row in self.rows.values() if row.user_id == user_id], Sort.OLDEST
            )
            rows = behind(rows, after, Sort.OLDEST) if after else rows
            games = []
            for row in rows[:at_most]:
                whole = self.analysis(user_id, row["id"], with_report=True)
                assert whole is not None
                del whole["played_day"]
                kept = self.feedback.get(row["id"])
                games.append({**whole, "feedback": kept and {k: kept[k] for k in kept if k != "game_id"}})
            mine = [
                {
                    **{name: one[name] for name in ("id", "source", "created_at")},
                    "game_ids": [game_id for game_id in one["game_ids"] if game_id in self.rows],
                }
                for one in self.batches.values()
                if one["user_id"] == user_id and after is None
            ]
            return {"profile": self.profiles.get(user_id), "batches": mine, "games": games}
