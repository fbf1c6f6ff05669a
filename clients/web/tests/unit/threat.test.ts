import { expect, test } from "vitest";
import { playUci } from "../../src/review/chess";
import { threatOf } from "../../src/review/threat";

/** What a move threatens, in notation. */
function threat(fen: string, uci: string, reply: string | null): string | undefined {
  const after = playUci(fen, uci);
  if (!after) throw new Error("not legal");
  return threatOf(fen, uci, after.fen, reply)?.san;
}

const SCHOLAR = "r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/8/PPPP1PPP/RNBQK1NR w KQkq - 2 3";

test("mate at the next move", () => {
  expect(threat(SCHOLAR, "d1h5", "g7g6")).toBe("Qxf7#");
  // It was to be had already: then it is missed, not threatened.
  const hanging = "r1bqkb1r/pppp1ppp/2n2n2/4p2Q/2B1P3/8/PPPP1PPP/RNB1K1NR w KQkq - 4 4";
  expect(threat(hanging, "a2a3", "d8e7")).toBeUndefined();
});

test("a piece to be won, when the best reply saves it", () => {
  const fen = "4k3/8/3n4/8/8/8/4PP2/4K3 w - - 0 1";
  expect(threat(fen, "e2e4", "d6e4")).toBeUndefined(); // the pawn is lost instead
  const guarded = "4k3/8/3n4/8/8/5P2/4P3/4K3 w - - 0 1";
  expect(threat(guarded, "e2e4", "e8e7")).toBeUndefined();
  const attacked = "4k3/8/3n4/8/4P3/5P2/8/4K3 w - - 0 1";
  expect(threat(attacked, "e4e5", "d6f5")).toBe("exd6");
  expect(threat(attacked, "e4e5", "e8e7")).toBe("exd6"); // guarded: a pawn for a knight is worth less then
  expect(threat(attacked, "e4e5", null)).toBeUndefined();
});

test("a reply elsewhere, or with check, does not show that there was a threat", () => {
  const fen = "4k3/7r/3n4/8/4P3/5P2/8/4K3 w - - 0 1";
  expect(threat(fen, "e4e5", "h7h6")).toBe("exd6"); // guards
  expect(threat(fen, "e4e5", "h7h2")).toBeUndefined();
  expect(threat(fen, "e4e5", "h7h1")).toBeUndefined();
});

test("none after a check, and none of what was won before as well", () => {
  expect(threat("4k3/8/8/3n4/8/8/8/R3K3 w - - 0 1", "a1a8", "e8e7")).toBeUndefined();
  expect(threat("4k3/8/8/n7/8/8/8/R3K3 w - - 0 1", "a1a2", "a5c4")).toBeUndefined();
});

test("nothing to read is no threat", () => {
  expect(threatOf("", "e2e4", "", "e7e5")).toBeNull();
});
