import { plyOffset, playLine, type BoardMove } from "./chess";

/** A run of moves that can be played on the board, from the position after `fromPly`. */
export interface CitedLine {
  fromPly: number;
  moves: BoardMove[];
}

/** A piece of an explanation: plain text, or a move that leads `index + 1` moves into a line. */
export type Cited = { text: string } | { text: string; line: CitedLine; index: number };

interface Game {
  startFen: string;
  moves: readonly BoardMove[];
}

const MOVE = /(?:(\d+)(\.{1,3}))?(O-O(?:-O)?|[KQRBN]?[a-h]?[1-8]?x?[a-h][1-8](?:=[QRBN])?)([+#])?/g;

/**
 * The moves that a text about the move `ply` cites, each with the line it stands in.
 *
 * An explanation cites two lines: the played move with the replies to it, and the better move with what
 * follows. A numbered move that follows on the one before continues its line; squares in prose, such as
 * "the pawn on e4", carry no number and follow no move, and stay text.
 */
export function citedMoves(text: string, ply: number, game: Game): Cited[] {
  const offset = plyOffset(game.startFen);
  const parts: Cited[] = [];
  let line: CitedLine | null = null;
  let end = 0;
  for (const match of text.matchAll(MOVE)) {
    const [token, number, dots, san, mark] = match;
    const gap = text.slice(end, match.index);
    const before: CitedLine | null = line;
    let next: CitedLine | null = null;
    if (number && dots && san) {
      const at = 2 * Number(number) - (dots === "." ? 1 : 0) - offset;
      next = continued(before, at, san) ?? begun(at, san, ply, game);
    } else if (san && before && end > 0 && gap === " ") {
      next = continued(before, before.fromPly + before.moves.length + 1, san);
    }
    // "e4+" may be a square at the end of a sentence only without its mark.
    if (!next) {
      if (number) line = null;
      continue;
    }
    if (match.index > end) parts.push({ text: gap });
    parts.push({ text: token + (mark && !token.endsWith(mark) ? mark : ""), line: next, index: next.moves.length - 1 });
    line = next;
    end = match.index + token.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return wholeLines(parts);
}

function continued(line: CitedLine | null, at: number, san: string): CitedLine | null {
  const last = line?.moves.at(-1);
  if (!line || !last || at !== line.fromPly + line.moves.length + 1) return null;
  const [move] = playLine(last.fen, [san]);
  return move ? { fromPly: line.fromPly, moves: [...line.moves, move] } : null;
}

/** A line that starts at ply `at`: in the game as played, or, at the explained move, with a better one. */
function begun(at: number, san: string, ply: number, game: Game): CitedLine | null {
  if (at < 1 || at > ply + 1) return null;
  const played = game.moves[at - 1];
  const fen = at === 1 ? game.startFen : game.moves[at - 2]?.fen;
  const [move] = fen ? playLine(fen, [san]) : [];
  if (!move) return null;
  // The played move alone is no line yet: replies to it continue it.
  return at === ply && played?.uci === move.uci
    ? { fromPly: at - 1, moves: [played] }
    : { fromPly: at - 1, moves: [move] };
}

/** Let every move of a run carry the run's whole line, so that one can play on from it. */
function wholeLines(parts: Cited[]): Cited[] {
  let whole: CitedLine | null = null;
  return parts
    .toReversed()
    .map((part) => {
      if (!("line" in part)) return part;
      const isPart: boolean = whole?.moves[part.index] === part.line.moves[part.index];
      if (!isPart || !whole) whole = part.line;
      return { ...part, line: whole };
    })
    .toReversed();
}
