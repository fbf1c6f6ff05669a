import { batch, computed, signal } from "@preact/signals";
import type { ApiError } from "../api/problem";
import type { GameDetail, MoveReport, Report, Status } from "../api/schema";
import { playedGame, playUci, plyOffset, type BoardMove, type PlayedGame } from "./chess";
import type { CitedLine } from "./cited";
import { isError } from "./classes";
import { threatOf } from "./threat";

/** A line that is being played through; `index` 0 is the position it starts from. */
export interface OpenLine extends CitedLine {
  title: string;
  index: number;
}

const PHASES = ["initial", "intermediate", "complete"] as const;
const EMPTY: PlayedGame = { startFen: "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1", moves: [] };

/** All that the review of one game shows. A new report replaces the former; where the user is stays. */
export class ReviewStore {
  readonly game = signal<GameDetail | null>(null);
  readonly status = signal<Status | null>(null);
  readonly report = signal<Report | null>(null);
  readonly trouble = signal<ApiError | null>(null);
  /** The selected position: 0 is the start, n the one after move n. */
  readonly ply = signal(0);
  readonly line = signal<OpenLine | null>(null);
  readonly isFlipped = signal(false);
  /** Squares that a badge points at. */
  readonly highlighted = signal<readonly string[]>([]);

  /** The game as its PGN has it: there from the first moment, and the same under every report. */
  readonly played = computed(() => (this.game.value ? playedGame(this.game.value.pgn) : EMPTY));
  readonly offset = computed(() => plyOffset(this.played.value.startFen));
  readonly move = computed<MoveReport | null>(() => this.report.value?.moves[this.ply.value - 1] ?? null);
  /** The best answer to the selected move, else the one that was given. */
  readonly replyUci = computed<string | null>(() => {
    const next = this.move.value && this.report.value?.moves[this.move.value.ply];
    return next?.best_uci ?? next?.uci ?? null;
  });
  /** What the selected move threatens; after an error its refutation is shown instead. */
  readonly threat = computed(() => {
    const move = this.move.value;
    return move && !isError(move) ? threatOf(this.fenAt(move.ply - 1), move.uci, this.fenAt(move.ply), this.replyUci.value) : null;
  });
  readonly fen = computed(() => {
    const line = this.line.value;
    return line ? this.fenInLine(line) : this.fenAt(this.ply.value);
  });
  readonly lastMove = computed<BoardMove | null>(() => {
    const line = this.line.value;
    if (line) return line.moves[line.index - 1] ?? this.played.value.moves[line.fromPly - 1] ?? null;
    return this.played.value.moves[this.ply.value - 1] ?? null;
  });

  fenAt(ply: number): string {
    return ply === 0 ? this.played.value.startFen : (this.played.value.moves[ply - 1]?.fen ?? this.played.value.startFen);
  }

  /** Take over a report, unless a better phase's of the same run is there already. */
  takeReport(report: Report | null, generation: number): void {
    const present = this.report.value;
    const isOlder =
      present && report && generation === this.generation && PHASES.indexOf(report.phase) < PHASES.indexOf(present.phase);
    if (!report || isOlder) return;
    this.generation = generation;
    this.report.value = report;
  }

  goTo(ply: number): void {
    batch(() => {
      this.line.value = null;
      this.highlighted.value = [];
      this.ply.value = Math.max(0, Math.min(ply, this.played.value.moves.length));
    });
  }

  /** One move on or back: in the open line, else in the game. Back past a line's start leaves it. */
  step(by: 1 | -1): void {
    const line = this.line.value;
    if (!line) {
      this.goTo(this.ply.value + by);
      return;
    }
    const index = line.index + by;
    if (index < 0) this.line.value = null;
    else if (index <= line.moves.length) this.line.value = { ...line, index };
  }

  /** The first position, or the last one, of what is shown. */
  stepToEnd(end: "first" | "last"): void {
    const line = this.line.value;
    if (line) this.line.value = { ...line, index: end === "first" ? 0 : line.moves.length };
    else this.goTo(end === "first" ? 0 : this.played.value.moves.length);
  }

  openLine(line: CitedLine, index: number, title: string): void {
    batch(() => {
      this.highlighted.value = [];
      this.line.value = { ...line, index, title };
    });
  }

  /** Play a move of the user's own on the board: on the game's path it steps, else it makes a line. */
  playOwn(uci: string): void {
    const move = playUci(this.fen.value, uci);
    if (!move) return;
    const line = this.line.value;
    const next = line ? line.moves[line.index] : this.played.value.moves[this.ply.value];
    if (next?.fen === move.fen) {
      this.step(1);
    } else if (line) {
      const moves = [...line.moves.slice(0, line.index), move];
      this.line.value = { ...line, moves, index: moves.length, title: "Your own line" };
    } else {
      this.line.value = { fromPly: this.ply.value, moves: [move], index: 1, title: "Your own line" };
    }
  }

  /** The next judged move after the selected one, of either side, round the end; null when there is none. */
  mistakeFrom(by: 1 | -1): number | null {
    const judged = (this.report.value?.moves ?? []).filter(isError).map((move) => move.ply);
    const ply = this.ply.value;
    if (by === 1) return judged.find((at) => at > ply) ?? judged[0] ?? null;
    return judged.findLast((at) => at < ply) ?? judged.at(-1) ?? null;
  }

  private generation = 0;

  private fenInLine(line: OpenLine): string {
    return line.moves[line.index - 1]?.fen ?? this.fenAt(line.fromPly);
  }
}
