import type { Position } from "chessops/chess";
import { makeSan } from "chessops/san";
import type { NormalMove, Role } from "chessops/types";
import { makeUci, opposite, parseUci, squareRank } from "chessops/util";
import { positionOf } from "./chess";

/** What the side that has moved would do if it could move once more. */
export interface Threat {
  uci: string;
  san: string;
}

const VALUES: Record<Role, number> = { pawn: 1, knight: 3, bishop: 3, rook: 5, queen: 9, king: 100 };

/**
 * The new threat of a move: to mate at once, or else to win the most by captures on one square where the best reply meets that.
 * Null where there is none, where the move gives check, which is answered first, or where the piece that moved can be won itself.
 */
export function threatOf(fenBefore: string, uci: string, fenAfter: string, replyUci: string | null): Threat | null {
  const before = positionOf(fenBefore);
  const after = positionOf(fenAfter);
  const landed = parseUci(uci)?.to;
  if (!before || !after || landed === undefined || after.isCheck() || gainOn(after, landed) > 0) return null;
  const passed = after.clone();
  passed.turn = opposite(passed.turn);
  passed.epSquare = undefined;
  const mate = mates(before).next().done ? mates(passed).next().value : undefined;
  const found = mate ?? metBy(replyUci, after, bestCapture(before, passed), passed);
  return found ? { uci: makeUci(found), san: makeSan(passed, found) } : null;
}

/** The capture, if the reply takes its target away or leaves less to win there: else it was no threat worth a move. */
function metBy(replyUci: string | null, after: Position, capture: NormalMove | null, passed: Position): NormalMove | null {
  const reply = replyUci ? parseUci(replyUci) : undefined;
  if (!capture || !reply || !("from" in reply) || !after.isLegal(reply)) return null;
  if (reply.from === capture.to) return capture;
  const answered = played(after, reply);
  return !answered.isCheck() && gainOn(answered, capture.to) < gainOn(passed, capture.to) ? capture : null;
}

function* mates(position: Position): Generator<NormalMove, undefined> {
  for (const [from, squares] of position.allDests()) {
    for (const to of squares) {
      const move = moveOf(position, from, to);
      if (played(position, move).isCheckmate()) yield move;
    }
  }
}

/** The capture that wins the most, and more than it would have won before. */
function bestCapture(before: Position, now: Position): NormalMove | null {
  let best: NormalMove | null = null;
  let most = 0;
  for (const square of now.board[opposite(now.turn)]) {
    const gain = gainOn(now, square);
    if (gain > most && gain > gainOn(before, square)) {
      best = cheapestCapture(now, square);
      most = gain;
    }
  }
  return best;
}

/** What the side to move wins by captures on a square, in pawns: both take with the least they can, and may stop. */
function gainOn(position: Position, square: number): number {
  const capture = cheapestCapture(position, square);
  if (!capture) return 0;
  const taken = VALUES[position.board.getRole(square) ?? "pawn"] + (capture.promotion ? VALUES.queen - VALUES.pawn : 0);
  return Math.max(0, taken - gainOn(played(position, capture), square));
}

function cheapestCapture(position: Position, square: number): NormalMove | null {
  if (!position.board[opposite(position.turn)].has(square)) return null;
  const takers = [...position.board[position.turn]].filter((from) => position.dests(from).has(square));
  const value = (from: number): number => VALUES[position.board.getRole(from) ?? "king"];
  const [first, ...others] = takers;
  if (first === undefined) return null;
  return moveOf(position, others.reduce((least, from) => (value(from) < value(least) ? from : least), first), square);
}

function moveOf(position: Position, from: number, to: number): NormalMove {
  const promotes = position.board.getRole(from) === "pawn" && [0, 7].includes(squareRank(to));
  return promotes ? { from, to, promotion: "queen" } : { from, to };
}

function played(position: Position, move: NormalMove): Position {
  const after = position.clone();
  after.play(move);
  return after;
}
