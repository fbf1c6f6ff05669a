import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { MoveReport } from "../api/schema";
import { evaluation } from "../view/format";
import { classLook, NOTABLE } from "./classes";
import type { ReviewStore } from "./store";

/** The game as a score sheet, a row for each move number. */
export function MoveList({ store }: { store: ReviewStore }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const { moves } = store.played.value;
  const selected = store.ply.value;
  const offset = store.offset.value;

  // Only the list scrolls, and only when the selected move is out of sight.
  useEffect(() => {
    const box = list.current;
    const move = box?.querySelector<HTMLElement>("[aria-current]");
    if (!box || !move) return;
    const row = move.closest("li") ?? move;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop + row.offsetHeight) box.scrollTop = top - row.offsetHeight;
    else if (top + 2 * row.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top + 2 * row.offsetHeight - box.clientHeight;
    }
  }, [selected]);

  const rows: JSX.Element[] = [];
  const first = offset % 2; // a game that Black begins has a hole before its first move
  for (let at = -first; at < moves.length; at += 2) {
    rows.push(
      <li key={at}>
        <span class="number">{(at + offset) / 2 + 1}</span>
        {[at, at + 1].map((index) => {
          const move = moves[index];
          return move
            ? <Move key={index} store={store} ply={index + 1} san={move.san} isSelected={selected === index + 1} />
            : <span key={index} class="move" />;
        })}
      </li>,
    );
  }
  return <ol ref={list} class="moves" aria-label="Moves" tabIndex={-1}>{rows}</ol>;
}

function Move({ store, ply, san, isSelected }: {
  store: ReviewStore;
  ply: number;
  san: string;
  isSelected: boolean;
}): JSX.Element {
  const report = store.report.value?.moves[ply - 1];
  return (
    <button
      type="button" class="move" aria-current={isSelected ? "true" : undefined} tabIndex={isSelected || ply === 1 ? 0 : -1}
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
