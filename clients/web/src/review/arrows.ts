import type { DrawShape } from "chessground/draw";
import type { Key } from "chessground/types";
import type { MoveReport } from "../api/schema";
import { classLook, isError, NOTABLE } from "./classes";

/** What is drawn on the board for a move of the game, on the position after it. */
export interface MoveOnBoard {
  move: MoveReport;
  /** The engine's best answer to it: what the move allows. */
  reply_uci: string | null;
  /** What it threatens. */
  threat_uci: string | null;
}

/** Colours as the style sheet has them at this moment. */
export type ColourOf = (variable: string) => string;

/**
 * The played move in its class's colour with its badge, the better one, and after an error the reply that refutes it; after any
 * other move what it threatens.
 */
export function arrowsOf({ move, reply_uci, threat_uci }: MoveOnBoard, colourOf: ColourOf): DrawShape[] {
  const shapes: DrawShape[] = [];
  const isWrong = isError(move);
  if (!isWrong && threat_uci) shapes.push(arrow(threat_uci, "threat"));
  if (isWrong && reply_uci) shapes.push(arrow(reply_uci, "reply"));
  if (isWrong && move.best_uci && move.best_uci !== move.uci) shapes.push(arrow(move.best_uci, "best"));
  const look = classLook(move.class);
  if (isWrong) shapes.push(arrow(move.uci, "played"));
  if (look && move.class && NOTABLE.has(move.class)) {
    shapes.push({ orig: to(move.uci), label: { text: look.symbol, fill: colourOf(look.colour) } });
  }
  return shapes;
}

/** Circles on the squares that a badge points at. */
export function circlesOf(squares: readonly string[]): DrawShape[] {
  return squares.map((square) => ({ orig: square as Key, brush: "motif" }));
}

function arrow(uci: string, brush: string): DrawShape {
  return { orig: uci.slice(0, 2) as Key, dest: to(uci), brush };
}

function to(uci: string): Key {
  return uci.slice(2, 4) as Key;
}
