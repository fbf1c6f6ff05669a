import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { GameFilters } from "../api/client";
import { Choice, Field } from "../view/parts";

/** Wait for the end of a word before asking. */
const TYPING_MS = 300;

/** What the list shows; all that is given must hold. */
export function Filters({ onChange }: { onChange: (filters: GameFilters) => void }): JSX.Element {
  const timer = useRef(0);

  function changed(event: Event): void {
    const form = (event.currentTarget as HTMLElement).closest("form");
    if (!form) return;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const entries = [...new FormData(form)].filter(([, value]) => value !== "");
      onChange(Object.fromEntries(entries));
    }, TYPING_MS);
  }

  return (
    <form class="filters" role="search" aria-label="Find games" onSubmit={(event) => event.preventDefault()} onInput={changed}>
      <Field label="Player" name="player" type="search" />
      <Field label="Opening or ECO" name="opening" type="search" />
      <Choice label="Result" name="result" options={[["", "Any"], ["1-0", "White won"], ["0-1", "Black won"], ["1/2-1/2", "Draw"], ["*", "Unfinished"]]} />
      <Choice label="Analysis" name="analysed" options={[["", "Any"], ["true", "Has a report"], ["false", "Has none"]]} />
      <Choice
        label="Order" name="sort"
        options={[["", "Newest first"], ["created_at", "Oldest first"], ["-played_on", "Last played first"], ["-ply_count", "Longest first"], ["ply_count", "Shortest first"]]}
      />
    </form>
  );
}
