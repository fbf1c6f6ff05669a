/** Small games and reports for tests of the logic, made as the service makes them. */
import type { GameDetail, MoveReport, Report, Status } from "../../src/api/schema";
import { playedGame } from "../../src/review/chess";

export const OPERA = "1. e4 e5 2. Nf3 d6 3. d4 Bg4 4. dxe5 Bxf3 5. Qxf3 dxe5 6. Bc4 Nf6 7. Qb3 Qe7 8. Nc3 c6 9. Bg5 b5 10. Nxb5 cxb5 11. Bxb5+ Nbd7 12. O-O-O Rd8 13. Rxd7 Rxd7 14. Rd1 Qe6 15. Bxd7+ Nxd7 16. Qb8+ Nxb8 17. Rd8# 1-0";

export function game(pgn = OPERA): GameDetail {
  return {
    id: "g", white: "Morphy", black: "Allies", result: "1-0", event: null, played_on: null, eco: null, opening: null,
    ply_count: 33, created_at: "2026-11-27T00:00:00Z", analysis_state: "running", analysis_phase: null, pgn, headers: {},
  };
}

export function report(phase: Report["phase"], judgedPlies: Record<number, Partial<MoveReport>> = {}): Report {
  const { startFen, moves } = playedGame(OPERA);
  const side = {
    accuracy: 90, accuracy_by_phase: { opening: null, middlegame: null, endgame: null }, acpl: 20,
    inaccuracies: 0, mistakes: 0, blunders: 0, classes: {},
  };
  return {
    schema: 2, phase, engine: "Stockfish", limit: "depth 8", cost: null, start_fen: startFen, ply_count: moves.length,
    result: "1-0", opening: null, division: { middlegame_ply: null, endgame_ply: null },
    start: { white_cp: 20, white_mate: null }, white: side, black: side, turning_points: [], words: [], time: null,
    positional: { white: {}, black: {}, stretches: [] },
    moves: moves.map((move, index) => ({
      ...move, ply: index + 1, white_cp: 30, white_mate: null, win_percent: 53, accuracy: 98, judgement: null,
      judgement_reason: null, class: "good", explanation: null, best_uci: null, best_san: null, variation: [],
      second_white_cp: null, second_white_mate: null, missed: [], allowed: [], positional: null, depth: 8, nodes: 1,
      clock_s: null, spent_s: null, ...judgedPlies[index + 1],
    })),
  };
}

export function status(fields: Partial<Status> = {}): Status {
  return {
    game_id: "g", state: "running", generation: 1, phase: "intermediate", finished_phase: "initial",
    progress: { plies_done: 8, plies_total: 33, percent: 24.2 }, queue_position: null, estimated_seconds_left: 61,
    priority: "standard", degraded: false, requested_at: "2026-11-27T00:00:00Z", failure: null, ...fields,
  };
}
