import "./browser";
import { expect, test } from "vitest";
import { ReviewStore } from "../../src/review/store";
import { game, report } from "./reports";

function opened(): ReviewStore {
  const store = new ReviewStore();
  store.game.value = game();
  return store;
}

test("the board is usable before any report", () => {
  const store = opened();
  store.stepToEnd("last");
  expect(store.ply.value).toBe(33);
  expect(store.fen.value).toContain("1n1Rkb1r");
  expect(store.move.value).toBeNull();
});

test("a new phase's report leaves position, line and orientation where they are", () => {
  const store = opened();
  store.takeReport(report("initial"), 1);
  store.goTo(18);
  store.isFlipped.value = true;
  store.openLine({ fromPly: 17, moves: [{ san: "Qc7", uci: "e7c7", fen: "8/8/8/8/8/8/8/K1k5 w - - 0 1" }] }, 1, "The line");
  const { played, line } = { played: store.played.value, line: store.line.value };
  store.takeReport(report("intermediate"), 1);
  expect(store.report.value?.phase).toBe("intermediate");
  expect([store.ply.value, store.isFlipped.value]).toEqual([18, true]);
  expect(store.line.value).toBe(line);
  expect(store.played.value).toBe(played); // the same moves: the list is not made anew
});

test("a report that comes late does not replace a better one, but one of a new run does", () => {
  const store = opened();
  store.takeReport(report("complete"), 1);
  store.takeReport(report("initial"), 1);
  expect(store.report.value?.phase).toBe("complete");
  store.takeReport(null, 2);
  expect(store.report.value?.phase).toBe("complete");
  store.takeReport(report("initial"), 2);
  expect(store.report.value?.phase).toBe("initial");
});

test("stepping stays in the game, and in a line until one goes back past its start", () => {
  const store = opened();
  store.step(-1);
  expect(store.ply.value).toBe(0);
  store.goTo(99);
  expect(store.ply.value).toBe(33);
  store.goTo(4);
  store.playOwn("g1f3"); // not legal: that knight is on f3
  expect(store.line.value).toBeNull();
  store.playOwn("f1b5");
  store.playOwn("c7c6");
  expect(store.line.value).toMatchObject({ fromPly: 4, index: 2 });
  store.step(1);
  expect(store.line.value?.index).toBe(2);
  store.step(-1);
  store.playOwn("d8d7");
  expect(store.line.value?.moves.map(({ san }) => san)).toEqual(["Bb5+", "Qd7"]);
  for (let times = 0; times < 3; times++) store.step(-1);
  expect(store.line.value).toBeNull();
  expect(store.ply.value).toBe(4);
});

test("playing the game's own next move steps on", () => {
  const store = opened();
  store.playOwn("e2e4");
  expect([store.ply.value, store.line.value]).toEqual([1, null]);
});

test("the next mistake goes round the end, the previous one round the start", () => {
  const store = opened();
  expect(store.mistakeFrom(1)).toBeNull();
  store.takeReport(report("initial", { 2: { judgement: "inaccuracy", class: "book" }, 6: { judgement: "inaccuracy", class: "inaccuracy" }, 18: { judgement: "blunder", class: "blunder" } }), 1);
  expect(store.mistakeFrom(1)).toBe(6);
  store.goTo(6);
  expect(store.mistakeFrom(1)).toBe(18);
  store.goTo(18);
  expect([store.mistakeFrom(1), store.mistakeFrom(-1)]).toEqual([6, 6]);
});
