import type { JSX } from "preact";
import type { PlayerTime, Report } from "../api/schema";
import { duration, moveNumber } from "../view/format";
import { isError } from "./classes";
import type { ReviewStore } from "./store";

/** The time each move took: White's bars up, Black's down. Shown only where the PGN has clocks. */
export function TimeChart({ store, report }: { store: ReviewStore; report: Report }): JSX.Element | null {
  if (!report.time) return null;
  const { white, black } = report.time;
  const longest = Math.max(1, ...report.moves.map((move) => move.spent_s ?? 0));
  const offset = store.offset.value;
  const width = 100 / Math.max(1, report.moves.length);
  return (
    <section class="card" aria-label="Time">
      <h2>Time</h2>
      <svg class="time-chart" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
        {report.moves.map((move) => {
          const { ply, spent_s } = move;
          const height = (19 * Math.sqrt((spent_s ?? 0) / longest)) || 0;
          const isWhite = (ply + offset) % 2 === 1;
          return (
            <rect
              key={ply} x={(ply - 1) * width} y={isWhite ? 20 - height : 20} width={width * 0.8} height={height}
              class={isError(move) ? "error" : isWhite ? "white" : "black"} onClick={() => store.goTo(ply)}
            />
          );
        })}
      </svg>
      <ul class="prose">
        <li>White: {player(white, offset)}</li>
        <li>Black: {player(black, offset)}</li>
      </ul>
      <p class="muted small">Bars grow with the root of the time; errors are red.</p>
    </section>
  );
}

function player(time: PlayerTime, offset: number): string {
  const parts = [`${duration(time.total.total_s)} in all`];
  if (time.median_s !== null) parts.push(`half of the moves within ${duration(time.median_s)}`);
  if (time.longest_ply !== null && time.longest_s !== null) {
    parts.push(`longest ${duration(time.longest_s)} on move ${moveNumber(time.longest_ply, offset).replaceAll(".", "")}`);
  }
  if (time.trouble_moves) parts.push(`${time.trouble_moves} moves in time trouble`);
  return `${parts.join(", ")}.`;
}
