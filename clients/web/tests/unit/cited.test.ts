import { expect, test } from "vitest";
import { playedGame } from "../../src/review/chess";
import { citedMoves } from "../../src/review/cited";
import { OPERA } from "./reports";

/** Each cited move with the line that it opens, up to itself. */
function cited(text: string, ply: number, pgn = OPERA): Record<string, string> {
  const parts = citedMoves(text, ply, playedGame(pgn));
  expect(parts.map((part) => part.text).join("")).toBe(text);
  return Object.fromEntries(
    parts.flatMap((part) =>
      "line" in part
        ? [[part.text, `${part.line.fromPly}: ${part.line.moves.slice(0, part.index + 1).map(({ san }) => san).join(" ")}`]]
        : []),
  );
}

test("the played line and the better line are both found", () => {
  expect(cited("9...b5 allows 10.Nxb5 cxb5 11.Bxb5+, which wins a pawn. 9...Qc7 would have kept the balance.", 18)).toEqual({
    "9...b5": "17: b5",
    "10.Nxb5": "17: b5 Nxb5",
    cxb5: "17: b5 Nxb5 cxb5",
    "11.Bxb5+": "17: b5 Nxb5 cxb5 Bxb5+",
    "9...Qc7": "17: Qc7",
  });
});

test("a line that begins with the reply starts after the move", () => {
  expect(cited("It loses a pawn: 4.dxe5 Bxf3 5.Qxf3.", 6)).toEqual({
    "4.dxe5": "6: dxe5", Bxf3: "6: dxe5 Bxf3", "5.Qxf3": "6: dxe5 Bxf3 Qxf3",
  });
});

test("squares and pieces in prose stay text", () => {
  expect(cited("It leaves the pawn on e5 hanging and the knight on f3 attacked.", 6)).toEqual({});
});

test("moves that are not legal there stay text", () => {
  expect(cited("9...Qh1 would be odd. 12.O-O comes later.", 18)).toEqual({});
});

test("each move of a run carries the whole run, so that one can play on", () => {
  const parts = citedMoves("after 10.Nxb5 cxb5 11.Bxb5+", 18, playedGame(OPERA));
  expect(parts.flatMap((part) => ("line" in part ? [part.line.moves.length] : []))).toEqual([3, 3, 3]);
});

test("numbers follow the start position", () => {
  const pgn = '[SetUp "1"]\n[FEN "4k3/8/8/8/8/8/4P3/4K3 b - - 0 40"]\n\n40... Kd7 41. e4 *';
  expect(cited("41.e4 allows 41...Kd6, while 41.Kd2 would not.", 2, pgn)).toEqual({
    "41.e4": "1: e4", "41...Kd6": "1: e4 Kd6", "41.Kd2": "1: Kd2",
  });
});
