import type { ApiClient } from "../api/client";
import { Poller } from "../api/poll";
import type { MoveReport, Report } from "../api/schema";
import { turnOf } from "../review/chess";
import { isError } from "../review/classes";

/** A guess may lose as little as this of the mover's win percent: below Lichess' inaccuracy (5). */
export const SMALL_LOSS = 4;

/** A mistake to find the better move for. */
export interface Task {
  move: MoveReport;
  /** The position before the mistake. */
  fen: string;
  side: "white" | "black";
  /** White's win percent there. */
  winPercent: number;
}

/** A side's own mistakes, in the order of the game. */
export function tasksOf(report: Report, side: "white" | "black"): Task[] {
  return report.moves.flatMap((move, index) => {
    const before = report.moves[index - 1];
    const fen = before?.fen ?? report.start_fen;
    if (!isError(move) || !move.best_uci || turnOf(fen).turn !== side) return [];
    return [{ move, fen, side, winPercent: before?.win_percent ?? 50 }];
  });
}

/** What the mover loses from one White's win percent to another. */
export function lossOf(side: "white" | "black", before: number, after: number): number {
  return side === "white" ? before - after : after - before;
}

export interface Judgement {
  isGood: boolean;
  /** Win percent lost; null where it is the best move or the mistake itself, which need no search. */
  loss: number | null;
}

/**
 * Whether a guess is good. The best move and the mistake are known; any other move is searched by the service
 * as a game of one move from this position, which is deleted afterwards.
 */
export async function judge(api: ApiClient, task: Task, san: string, uci: string): Promise<Judgement> {
  if (uci === task.move.best_uci) return { isGood: true, loss: null };
  if (uci === task.move.uci) return { isGood: false, loss: null };
  const [, turn, , , , number] = task.fen.split(" ");
  const pgn = `[Event "Learning"]\n[SetUp "1"]\n[FEN "${task.fen}"]\n\n${number ?? 1}${turn === "b" ? "..." : "."} ${san} *\n`;
  const { games } = await api.submit(pgn, false);
  const id = games[0]?.id;
  if (!id) throw new Error(games[0]?.problem?.detail ?? "The move could not be judged.");
  try {
    const { retryAfterS } = await api.requestAnalysis(id);
    const report = await finished(api, id, retryAfterS);
    const after = report.moves[0]?.win_percent ?? 50;
    const loss = Math.max(0, lossOf(task.side, task.winPercent, after));
    return { isGood: loss <= SMALL_LOSS, loss };
  } finally {
    if (games[0]?.verdict === "accepted") await api.deleteGame(id).catch(() => undefined);
  }
}

/** The report of the last phase, polled for as the service asks. */
function finished(api: ApiClient, id: string, retryAfterS: number | null): Promise<Report> {
  return new Promise((resolve, reject) => {
    const poller = new Poller(
      async () => {
        const status = await api.status(id, null);
        if (status.value?.phase !== null) return status;
        poller.stop();
        const { report } = (await api.analysis(id)).value;
        if (report) resolve(report);
        else reject(new Error("The move could not be judged."));
        return { retryAfterS: null };
      },
      (error) => {
        poller.stop();
        reject(error instanceof Error ? error : new Error(String(error)));
        return false;
      },
    );
    poller.start(retryAfterS ?? 0);
  });
}
