import { useComputed, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { MoveReport } from "../api/schema";
import { evaluation } from "../view/format";
import { classLook, NOTABLE } from "./classes";
import type { ReviewStore } from "./store";

/** The game as a score sheet, a row for each move number. */
export function MoveList({ store }: { store: ReviewStore }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const { moves } = store.played.value;
  const offset = store.offset.value;

  useSignalEffect(() => {
    const ply = store.ply.value;
    // After the moves have been drawn.
    requestAnimationFrame(() => list.current && keepInSight(list.current, ply));
  });

  const rows: JSX.Element[] = [];
  const first = offset % 2; // a game that Black begins has a hole before its first move
  for (let at = -first; at < moves.length; at += 2) {
    rows.push(
      <li key={at}>
        <span class="number">{(at + offset) / 2 + 1}</span>
        {[at, at + 1].map((index) => {
          const move = moves[index];
          return move
            ? <Move key={index} store={store} ply={index + 1} san={move.san} />
            : <span key={index} class="move" />;
        })}
      </li>,
    );
  }
  return <ol ref={list} class="moves" aria-label="Moves" tabIndex={-1}>{rows}</ol>;
}

/** Scroll the list, and nothing else, when the selected move is out of sight. */
function keepInSight(box: HTMLElement, ply: number): void {
  const row = box.querySelector<HTMLElement>(`[data-ply="${ply}"]`)?.closest("li");
  if (!row) return;
  const top = row.offsetTop;
  if (top < box.scrollTop + row.offsetHeight) box.scrollTop = top - row.offsetHeight;
  else if (top + 2 * row.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = top + 2 * row.offsetHeight - box.clientHeight;
  }
}

/** Drawn anew only when it is selected or left, or when a report comes. */
function Move({ store, ply, san }: { store: ReviewStore; ply: number; san: string }): JSX.Element {
  const isSelected = useComputed(() => store.ply.value === ply).value;
  const report = store.report.value?.moves[ply - 1];
  return (
    <button
      type="button" class="move" data-ply={ply} aria-current={isSelected ? "true" : undefined} tabIndex={isSelected || ply === 1 ? 0 : -1}
      onClick={() => store.goTo(ply)}
    >
      <span class="san">{san}</span>
      <ClassBadge move={report} />
      <span class="eval">{report ? evaluation(report) : ""}</span>
    </button>
  );
}

/** The icon of a move's class; only a dot for the many that are simply right. */
export function ClassBadge({ move, always = false }: { move: MoveReport | null | undefined; always?: boolean }): JSX.Element {
  const look = classLook(move?.class);
  if (!look || !move?.class) return <span class="badge none" />;
  const isNotable = always || NOTABLE.has(move.class);
  return (
    <span class={`badge ${isNotable ? "" : "dot"} c-${move.class}`} title={`${move.class}: ${look.says}`}>
      <span aria-hidden="true">{isNotable ? look.symbol : ""}</span>
      <span class="hidden">{move.class}</span>
    </span>
  );
}
