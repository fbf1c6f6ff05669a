import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { GameFilters } from "../api/client";
import { Choice, Field } from "../view/parts";

/** Wait for the end of a word before asking. */
const TYPING_MS = 300;
/** Browsers let six digits be typed for a year; the service reads four. */
const DAYS = { min: "0001-01-01", max: "9999-12-31" };

/** What the list shows; all that is given must hold. */
export function Filters({ onChange }: { onChange: (filters: GameFilters) => void }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  const isFiltered = useSignal(false);

  function changed(wait_ms = TYPING_MS): void {
    if (!form.current) return;
    const filters = filtersOf(new FormData(form.current), form.current);
    isFiltered.value = hasFilter(filters);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(filters), wait_ms);
  }

  /** Everything but the order, which leaves no game out. */
  function clear(): void {
    for (const field of form.current?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select") ?? []) {
      if (field.name !== "sort") field.value = "";
    }
    changed(0);
    form.current?.querySelector("input")?.focus();
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <form ref={form} class="filters" role="search" aria-label="Find games" onSubmit={(event) => event.preventDefault()} onInput={() => changed()}>
      <Field label="Player" name="player" type="search" />
      <Field label="Opening or ECO" name="opening" type="search" />
      <Choice label="Result" name="result" options={[["", "Any"], ["1-0", "White won"], ["0-1", "Black won"], ["1/2-1/2", "Draw"], ["*", "Unfinished"]]} />
      <Choice label="Analysis" name="analysed" options={[["", "Any"], ["true", "Has a report"], ["false", "Has none"]]} />
      <Field label="Played from" name="played_from" type="date" {...DAYS} />
      <Field label="Played to" name="played_to" type="date" {...DAYS} />
      <Choice
        label="Order" name="sort"
        options={[["", "Newest first"], ["created_at", "Oldest first"], ["-played_on", "Last played first"], ["played_on", "First played first"], ["-ply_count", "Longest first"], ["ply_count", "Shortest first"]]}
      />
      <button type="button" disabled={!isFiltered.value} onClick={clear}>Clear filters</button>
    </form>
  );
}

/** What is given, without fields that are half filled in. */
function filtersOf(data: FormData, form: HTMLFormElement): GameFilters {
  const isWhole = (name: string): boolean => (form.elements.namedItem(name) as HTMLInputElement | null)?.validity.valid ?? true;
  return Object.fromEntries([...data].filter(([name, value]) => value !== "" && isWhole(name)));
}

/** Whether some games are left out. */
export function hasFilter(filters: GameFilters): boolean {
  return Object.keys(filters).some((name) => name !== "sort");
}
