import type { ReviewStore } from "./store";

/** What the keys do, for the help and for `onKey`. */
export const KEYS: [keys: string, does: string][] = [
  ["← →", "one move back, one on"],
  ["Home End", "first and last position"],
  ["n p", "next and previous mistake"],
  ["f", "flip the board"],
  ["b", "play the better line"],
  ["Esc", "back from a line to the game"],
];

/** Does what a key stands for; true when it stood for something. */
export function onKey(key: string, store: ReviewStore, playBetter: () => void): boolean {
  switch (key) {
    case "ArrowLeft":
      store.step(-1);
      return true;
    case "ArrowRight":
      store.step(1);
      return true;
    case "Home":
      store.stepToEnd("first");
      return true;
    case "End":
      store.stepToEnd("last");
      return true;
    case "n":
    case "p": {
      const ply = store.mistakeFrom(key === "n" ? 1 : -1);
      if (ply !== null) store.goTo(ply);
      return true;
    }
    case "f":
      store.isFlipped.value = !store.isFlipped.value;
      return true;
    case "b":
      playBetter();
      return true;
    case "Escape":
      if (!store.line.value) return false;
      store.line.value = null;
      return true;
    default:
      return false;
  }
}

/** True where keys belong to what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
