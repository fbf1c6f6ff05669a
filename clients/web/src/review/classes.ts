import type { MoveClass, MoveReport } from "../api/schema";

export interface ClassLook {
  /** The symbol of chess literature where there is one. */
  symbol: string;
  /** The CSS variable of its colour. */
  colour: string;
  says: string;
}

/** How each class of move is shown, from the best to the worst; what they mean: docs/analysis-classes.md. */
export const CLASSES: Record<MoveClass, ClassLook> = {
  brilliant: { symbol: "!!", colour: "--brilliant", says: "A sound sacrifice, and nothing else would have done" },
  great: { symbol: "!", colour: "--great", says: "The only good move, and it mattered" },
  best: { symbol: "★", colour: "--best", says: "As the engine would play" },
  excellent: { symbol: "✓", colour: "--best", says: "As good as the best" },
  good: { symbol: "·", colour: "--good", says: "Fine, but there was better" },
  book: { symbol: "≡", colour: "--book", says: "Known theory" },
  forced: { symbol: "□", colour: "--good", says: "The only legal move" },
  inaccuracy: { symbol: "?!", colour: "--inaccuracy", says: "A little was lost" },
  mistake: { symbol: "?", colour: "--mistake", says: "It cost something" },
  miss: { symbol: "×", colour: "--miss", says: "A chance was there and is gone" },
  blunder: { symbol: "??", colour: "--blunder", says: "It cost much" },
};

/** The classes that deserve a badge in a calm list. */
export const NOTABLE: ReadonlySet<string> = new Set(["brilliant", "great", "inaccuracy", "mistake", "miss", "blunder"]);

/** True for a move that is told to be wrong: a judged one that is theory, or no loss after all, is not. */
export function isError(move: Pick<MoveReport, "class">): boolean {
  return move.class === "inaccuracy" || move.class === "mistake" || move.class === "miss" || move.class === "blunder";
}

export function classLook(name: MoveClass | null | undefined): ClassLook | null {
  return name ? CLASSES[name] : null;
}
