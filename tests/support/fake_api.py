"""A small HTTP server that speaks docs/protocol.md: analyses go on by one step with every status request.

It knows no chess: a game whose text holds "Qxh9" is refused, and reports are made up.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.fake_operations import FakeOperations

TOKEN = "good-token"
PGN_TYPE = "application/x-chess-pgn"
PROBLEM_TYPE = "application/problem+json"
PHASES = ("initial", "intermediate", "complete")
PLIES = 40


@dataclass(frozen=True)
class Step:
    """What the status says at one moment."""

    state: str
    phase: str | None = None
    finished: str | None = None
    plies_done: int | None = None
    queue_position: int | None = None
    failure: str | None = None


THREE_PHASES = (
    Step("queued", "initial", None, 0, queue_position=2),
    Step("queued", "initial", None, 20),
    Step("running", "intermediate", "initial", 10),
    Step("running", "complete", "intermediate", 30),
    Step("done", None, "complete"),
)
FAILING = (
    Step("queued", "initial", None, 0, queue_position=0),
    Step("running", "intermediate", "initial", 10),
    Step("failed", None, "initial", failure="The engine ended three times at ply 12."),
)


@dataclass
class StoredGame:
    game_id: str
    white: str
    black: str
    pgn: str
    steps: Sequence[Step]
    at: int | None = None
    """Index of the current step; None when nobody asked for an analysis."""
    priority: str = "standard"
    is_degraded: bool = False

    @property
    def step(self) -> Step:
        assert self.at is not None
        return self.steps[min(self.at, len(self.steps) - 1)]


@dataclass
class Canned:
    """An answer given instead of the real one."""

    path_end: str
    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FakeApi:
    """Use as a context manager; `url` is its base URL."""

    steps: Sequence[Step] = THREE_PHASES
    most_games: int = 100
    games: dict[str, StoredGame] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    canned: list[Canned] = field(default_factory=list)
    page_size: int = 50
    news: threading.Condition = field(default_factory=threading.Condition)
    """Notified of every request."""
    operations: FakeOperations = field(default_factory=FakeOperations)
    hold: threading.Event = field(default_factory=threading.Event)
    """While it is set, analyses stay where they are."""

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: the second would wait for the first's receipt

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, answer = fake.answer(
                    Request(self.command, self.path, dict(self.headers), body)
                )
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_DELETE = handle_any  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer_next(
        self, path_end: str, status: int, body: Any = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """The next request whose path ends so gets this answer; several are given in their order.

        Status 0 drops the connection instead.
        """
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.canned.append(Canned(path_end, status, content, headers or {"Content-Type": PROBLEM_TYPE}))

    def wait_for_request(self, path_end: str, timeout_s: float = 20) -> None:
        """Return as soon as a request to such a path was made."""
        with self.news:
            seen = self.news.wait_for(lambda: self.count(path_end) > 0, timeout_s)
        assert seen, f"no request to …{path_end} within {timeout_s} s"

    def count(self, path_end: str) -> int:
        """Requests made to such paths."""
        return sum(request.path.partition("?")[0].endswith(path_end) for request in self.requests)

    def add_game(self, white: str, black: str, pgn: str = "", *, analysed: bool = False) -> StoredGame:
        game_id = f"{len(self.games) + 1:08x}-aaaa-bbbb-cccc-0123456789ab"
        game = StoredGame(game_id, white, black, pgn, self.steps, len(self.steps) if analysed else None)
        self.games[game_id] = game
        return game

    def answer(self, request: Request) -> tuple[int, Mapping[str, str], bytes]:
        with self.news:
            self.requests.append(request)
            self.news.notify_all()
        path, _, query = request.path.partition("?")
        for canned in self.canned:
            if path.endswith(canned.path_end):
                self.canned.remove(canned)
                return canned.status, canned.headers, canned.body
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return problem(401, "unauthorized", "The token has expired: sign in again.")
        if path.startswith("/v1/operations/"):
            status, fields = self.operations.answer(request.method, path, query, request.body)
            return problem(status, **fields) if status >= 400 else as_json(status, fields)
        if path == "/v1/games":
            return self.submit(request) if request.method == "POST" else self.list_games(query)
        return self.answer_about_game(request, path)

    def submit(self, request: Request) -> tuple[int, Mapping[str, str], bytes]:
        assert request.headers["Content-Type"] == PGN_TYPE
        texts = [text for text in re.split(r"(?m)^(?=\[Event )", request.body.decode()) if text.strip()]
        if len(texts) > self.most_games:
            return problem(413, "too_large", f"{len(texts)} games, the most is {self.most_games}.")
        verdicts = [self.verdict(index, text) for index, text in enumerate(texts)]
        if all(verdict["verdict"] == "refused" for verdict in verdicts):
            return problem(422, "invalid_game", "No game can be analysed.", games=verdicts)
        return as_json(201, {"accepted": 1, "duplicates": 0, "refused": 0, "games": verdicts})

    def verdict(self, index: int, text: str) -> dict[str, Any]:
        if "Qxh9" in text:
            refusal = {"code": "invalid_game", "detail": "Move 3: 'Qxh9' is not a legal move."}
            return {"index": index, "verdict": "refused", "problem": refusal}
        known = [game for game in self.games.values() if game.pgn.strip() == text.strip()]
        game = known[0] if known else self.add_game(tag(text, "White"), tag(text, "Black"), text)
        verdict = "duplicate" if known else "accepted"
        players = {"white": game.white, "black": game.black}
        return {"index": index, "verdict": verdict, "id": game.game_id, **players, "ply_count": PLIES}

    def list_games(self, query: str) -> tuple[int, Mapping[str, str], bytes]:
        parameters = dict(part.split("=") for part in query.split("&") if part)
        first = int(parameters.get("cursor", 0))
        after = first + min(self.page_size, int(parameters["limit"]))
        rows = [game_json(game) for game in list(self.games.values())[::-1]]
        next_cursor = str(after) if after < len(rows) else None
        return as_json(200, {"games": rows[first:after], "next_cursor": next_cursor})

    def answer_about_game(self, request: Request, path: str) -> tuple[int, Mapping[str, str], bytes]:
        match = re.fullmatch(r"/v1/games/([^/]+)(/.*)?", path)
        if not match:
            return problem(404, "not_found", "There is no such route.")
        game = self.games.get(match[1])
        if game is None:
            return problem(404, "game_not_found", f"There is no game {match[1]} of yours.")
        operation = match[2] or ""
        if operation == "":
            return as_json(200, game_json(game) | {"pgn": game.pgn, "headers": {}})
        if operation == "/enhanced-annotate":
            game.at = game.at or 0
            done = game.step.state == "done"
            return as_json(200 if done else 202, analysis_json(game), {} if done else {"Retry-After": "1"})
        if game.at is None:
            return problem(404, "analysis_not_found", "Nobody asked for this game's analysis.")
        if request.method == "DELETE":
            if game.step.state in ("done", "failed"):
                return problem(409, "analysis_final", "The analysis has ended.")
            game.steps, game.at = (Step("cancelled", None, game.step.finished),), 0
            return as_json(200, status_json(game))
        if operation == "/analysis/status":
            if not self.hold.is_set():
                game.at += 1
            return as_json(200, status_json(game))
        if request.headers.get("Accept") == PGN_TYPE:
            return 200, {"Content-Type": PGN_TYPE}, f"{game.pgn.strip()} {{ annotated }}\n".encode()
        return as_json(200, analysis_json(game))


def tag(pgn: str, name: str) -> str:
    match = re.search(rf'\[{name} "(.*)"\]', pgn)
    return match[1] if match else "?"


def as_json(
    status: int, fields: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(fields).encode()


def problem(status: int, code: str, detail: str, **more: Any) -> tuple[int, Mapping[str, str], bytes]:
    body = {"title": code, "status": status, "detail": detail, "code": code, "request_id": "r-1", **more}
    return as_json(status, body, {"Content-Type": PROBLEM_TYPE})


def game_json(game: StoredGame) -> dict[str, Any]:
    return {
        "id": game.game_id,
        "white": game.white,
        "black": game.black,
        "result": "1-0",
        "event": "Paris",
        "played_on": "1858.11.02",
        "ply_count": PLIES,
        "created_at": "2026-11-23T14:00:00+00:00",
        "analysis_state": None if game.at is None else game.step.state,
        "analysis_phase": None if game.at is None else game.step.finished,
    }


def status_json(game: StoredGame) -> dict[str, Any]:
    step = game.step
    done = step.plies_done
    progress = (
        None if done is None else {"plies_done": done, "plies_total": PLIES, "percent": 100 * done / PLIES}
    )
    return {
        "game_id": game.game_id,
        "state": step.state,
        "generation": 1,
        "phase": step.phase,
        "finished_phase": step.finished,
        "progress": progress,
        "queue_position": step.queue_position,
        "estimated_seconds_left": 61 if done else None,
        "priority": game.priority,
        "degraded": game.is_degraded,
        "requested_at": "2026-11-23T14:00:00+00:00",
        "failure": step.failure,
    }


def analysis_json(game: StoredGame) -> dict[str, Any]:
    return {"status": status_json(game), "report": report_json(game.step.finished)}


def report_json(phase: str | None) -> dict[str, Any] | None:
    """A report; each phase has numbers of its own: accuracies 90.5, 91.5, 92.5 and blunders 1, 2, 3."""
    if phase is None:
        return None
    rank = PHASES.index(phase) + 1
    side = {"acpl": 20, "inaccuracies": 1, "mistakes": 0}
    return {
        "schema": 1,
        "phase": phase,
        "engine": "Stockfish 17.1",
        "limit": "depth 8" if rank == 1 else f"nodes {10 ** (rank + 3)}",
        "start_fen": "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
        "ply_count": PLIES,
        "result": "1-0",
        "opening": {"eco": "C41", "name": "Philidor Defense", "ply": 4},
        "division": {"middlegame_ply": 17, "endgame_ply": None},
        "start": {"white_cp": 30, "white_mate": None},
        "white": {**side, "accuracy": 89.5 + rank, "blunders": 0},
        "black": {**side, "accuracy": 70.25, "blunders": rank},
        "turning_points": [
            turning_point(18, "b5", "blunder", (150, None), (610, None), "Qc7"),
            turning_point(29, "Rxd7", "mistake", (None, 5), (310, None), "Bxd7+"),
        ],
        "words": ["The opening was the Philidor Defense (C41); the last book move was 2...d6."],
        "moves": [
            {"ply": 1, "san": "e4", "class": "book", "judgement": "inaccuracy", "explanation": None},
            judged(18, "b5", "blunder", "9...b5 hangs the knight on d7."),
            judged(20, "Kc7", "inaccuracy", "10...Kc7 is slow."),
            {"ply": 21, "san": "Nd5+", "class": "great", "white_cp": 135, "white_mate": None},
        ],
    }


def judged(ply: int, san: str, judgement: str, explanation: str) -> dict[str, Any]:
    return {"ply": ply, "san": san, "class": judgement, "judgement": judgement, "explanation": explanation}


def turning_point(
    ply: int,
    san: str,
    judgement: str,
    before: tuple[int | None, int | None],
    after: tuple[int | None, int | None],
    best_san: str,
) -> dict[str, Any]:
    return {
        "ply": ply,
        "move_number": (ply + 1) // 2,
        "side": "white" if ply % 2 else "black",
        "san": san,
        "judgement": judgement,
        "white_cp_before": before[0],
        "white_mate_before": before[1],
        "white_cp_after": after[0],
        "white_mate_after": after[1],
        "win_percent_lost": 27.1,
        "best_san": best_san,
    }
