import "./browser";
import { expect, test } from "vitest";
import { lossOf, tasksOf } from "../../src/learn/judge";
import { extended, sampleOf } from "../../src/operators/history";
import type { OperationsMetrics } from "../../src/api/schema";
import { arrowsOf } from "../../src/review/arrows";
import { playedGame, playLine, playUci, plyOffset } from "../../src/review/chess";
import { percentOf, sentence } from "../../src/review/progress";
import { parseRoute } from "../../src/route";
import { duration, evaluation, moveNumber, playerName } from "../../src/view/format";
import { report, status } from "./reports";

test("evaluations are White's, in pawns or moves to mate", () => {
  expect([32, -205, 0, 4, 1234].map((white_cp) => evaluation({ white_cp }))).toEqual(["+0.3", "−2.0", "0.0", "0.0", "+12"]);
  expect([3, -2, 0].map((white_mate) => evaluation({ white_mate }))).toEqual(["#3", "−#2", "#"]);
  expect(evaluation({ white_cp: null, white_mate: null })).toBe("");
});

test("moves are numbered as on a score sheet, names turned round, times short", () => {
  expect([moveNumber(1, 0), moveNumber(2, 0), moveNumber(1, 79)]).toEqual(["1.", "1...", "40..."]);
  expect([playerName("Morphy, Paul", "White"), playerName("?", "White"), playerName(null, "Black")]).toEqual(["Paul Morphy", "White", "Black"]);
  expect([4, 65, 120, 3725].map(duration)).toEqual(["4 s", "1 min 5 s", "2 min", "1 h 2 min"]);
});

test("addresses lead to pages, odd ones to the games", () => {
  expect(parseRoute("#/games/abc/21")).toEqual({ page: "game", gameId: "abc", ply: 21 });
  expect(parseRoute("#/games/abc/-3")).toEqual({ page: "game", gameId: "abc", ply: 0 });
  expect(parseRoute("#/learn/abc")).toEqual({ page: "learn", gameId: "abc" });
  expect(["", "#/", "#/nowhere", "#/learn"].map((hash) => parseRoute(hash).page)).toEqual(["games", "games", "games", "games"]);
});

test("games with castling, promotion and their own start are read", () => {
  const castled = playedGame("1. e4 e5 2. Nf3 Nf6 3. Bc4 Bc5 4. O-O *").moves.at(-1);
  expect(castled?.uci).toBe("e1g1");
  expect(playUci("8/P6k/8/8/8/8/8/K7 w - - 0 1", "a7a8")?.san).toBe("a8=Q");
  expect(playLine("8/P6k/8/8/8/8/8/K7 w - - 0 1", ["a8=N", "Kg6", "Ke5"]).map(({ san }) => san)).toEqual(["a8=N", "Kg6"]);
  expect(plyOffset("4k3/8/8/8/8/8/4P3/4K3 b - - 0 40")).toBe(79);
  expect(playedGame("").moves).toEqual([]);
});

test("bars and words tell how far it is", () => {
  const running = status();
  expect((["initial", "intermediate", "complete"] as const).map((phase) => percentOf(phase, running))).toEqual([100, 24.2, 0]);
  expect(percentOf("intermediate", status({ progress: { plies_done: 33, plies_total: 33, percent: 100 } }))).toBe(99);
  expect(sentence(running)).toBe("Looking deeper, about 1 min 1 s left");
  expect(sentence(status({ state: "queued", queue_position: 3, finished_phase: null }))).toBe("Waiting in line, 3 before it, about 1 min 1 s left");
  expect(sentence(status({ state: "failed", failure: "the engine crashed" }))).toContain("the engine crashed");
});

test("an error has arrows for the move, the better one and the reply to it; another what it threatens", () => {
  const [move] = report("initial", { 1: { judgement: "blunder", class: "blunder", best_uci: "d2d4" } }).moves;
  if (!move) throw new Error("no move");
  const shown = { move, reply_uci: "e7e5", threat_uci: "d1h5" };
  const brushes = arrowsOf(shown, () => "#000").map(({ brush }) => brush ?? "badge");
  expect(brushes).toEqual(["reply", "best", "played", "badge"]);
  const good = { ...shown, move: { ...move, class: "good" as const } };
  expect(arrowsOf({ ...good, threat_uci: null }, () => "#000")).toEqual([]);
  expect(arrowsOf(good, () => "#000")).toEqual([{ orig: "d1", dest: "h5", brush: "threat" }]);
});

test("one learns from one's own mistakes, before which the position stands", () => {
  const all = report("complete", {
    5: { judgement: "mistake", class: "mistake", best_uci: "d4e5" }, 6: { judgement: "blunder", class: "blunder", best_uci: "e5d4" }, 8: { judgement: "blunder", class: "blunder" },
  });
  const [task, ...others] = tasksOf(all, "black");
  expect(others).toEqual([]);
  expect(task).toMatchObject({ side: "black", winPercent: 53, fen: all.moves[4]?.fen });
  expect([lossOf("white", 60, 50), lossOf("black", 60, 50)]).toEqual([10, -10]);
});

test("the queue's history is what all lines hold, for an hour", () => {
  const line = { units_in_line: 2, games_behind: 1, oldest_ms: 3_000 };
  const metrics: OperationsMetrics = {
    last_hour: null, dead_letters: 0, feedback: null, problems: [],
    queue: { jobs: 1, oldest_job_ms: 0, exhausted_units: 0, is_store_away: false,
      phases: { initial: { units_in_flight: 1, priorities: { bulk: line, standard: { ...line, oldest_ms: 9_000 } } } } },
  };
  const sample = sampleOf(metrics, 4_000);
  expect(sample).toEqual({ at_s: 4_000, units: 7, oldest_s: 9 });
  expect(extended([{ at_s: 100, units: 0, oldest_s: 0 }], sample)).toEqual([sample]);
  expect(sampleOf({ ...metrics, queue: null }, 1)).toBeNull();
});
