import { Chess, castlingSide, type Position } from "chessops/chess";
import { chessgroundDests } from "chessops/compat";
import { INITIAL_FEN, makeFen, parseFen } from "chessops/fen";
import { parsePgn, startingPosition } from "chessops/pgn";
import { makeSan, parseSan } from "chessops/san";
import type { Move, NormalMove } from "chessops/types";
import { makeSquare, makeUci, parseUci, squareRank } from "chessops/util";

/** A move and the position after it. */
export interface BoardMove {
  san: string;
  /** From and to as shown on the board: a castling king goes where it ends. */
  uci: string;
  fen: string;
}

export interface PlayedGame {
  startFen: string;
  moves: BoardMove[];
}

/** The main line of a game, up to what cannot be read. */
export function playedGame(pgn: string): PlayedGame {
  const game = parsePgn(pgn)[0];
  const start = game && startingPosition(game.headers).unwrap((position) => position, () => null);
  if (!game || !start) return { startFen: INITIAL_FEN, moves: [] };
  const sans = [...game.moves.mainline()].map((node) => node.san);
  return { startFen: makeFen(start.toSetup()), moves: playAll(start, sans) };
}

/** A line from a position, up to its first move that is not legal there. */
export function playLine(fen: string, sans: readonly string[]): BoardMove[] {
  const position = positionOf(fen);
  return position ? playAll(position, sans) : [];
}

/** A move given as from and to squares, as when a piece is dragged; a pawn becomes a queen. */
export function playUci(fen: string, uci: string): BoardMove | null {
  const position = positionOf(fen);
  const move = parseUci(uci);
  if (!position || !move || !("from" in move)) return null;
  const promotes = position.board.getRole(move.from) === "pawn" && [0, 7].includes(squareRank(move.to));
  const whole: NormalMove = promotes && !move.promotion ? { ...move, promotion: "queen" } : move;
  return position.isLegal(whole) ? play(position, whole) : null;
}

/** Where each piece may go, as the board wants it. */
export function destinations(fen: string): Map<string, string[]> {
  const position = positionOf(fen);
  return position ? chessgroundDests(position) : new Map<string, string[]>();
}

/** Whose turn it is, and whether that king is in check. */
export function turnOf(fen: string): { turn: "white" | "black"; isCheck: boolean } {
  const position = positionOf(fen);
  return position
    ? { turn: position.turn, isCheck: position.isCheck() }
    : { turn: fen.split(" ")[1] === "b" ? "black" : "white", isCheck: false };
}

/** Plies before the first position, for move numbers: 0 for a game from the start. */
export function plyOffset(startFen: string): number {
  const [, turn, , , , number] = startFen.split(" ");
  return 2 * (Math.max(1, Number(number ?? 1)) - 1) + (turn === "b" ? 1 : 0);
}

/** The position of a FEN; null where there is none. */
export function positionOf(fen: string): Position | null {
  const setup = parseFen(fen).unwrap((value) => value, () => null);
  return setup && Chess.fromSetup(setup).unwrap((value) => value, () => null);
}

function playAll(position: Position, sans: readonly string[]): BoardMove[] {
  const moves: BoardMove[] = [];
  for (const san of sans) {
    const move = parseSan(position, san);
    if (!move) break;
    moves.push(play(position, move));
  }
  return moves;
}

/** Plays on the given position. */
function play(position: Position, move: Move): BoardMove {
  const san = makeSan(position, move);
  const uci = shownUci(position, move);
  position.play(move);
  return { san, uci, fen: makeFen(position.toSetup()) };
}

function shownUci(position: Position, move: Move): string {
  const side = castlingSide(position, move);
  if (!side || !("from" in move)) return makeUci(move);
  const rank = position.turn === "white" ? "1" : "8";
  return `${makeSquare(move.from)}${side === "h" ? "g" : "c"}${rank}`;
}
