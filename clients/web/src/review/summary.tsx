import type { JSX } from "preact";
import type { MoveClass, Report, SideReport } from "../api/schema";
import { percent, playerName } from "../view/format";
import { CLASSES } from "./classes";
import { ClassBadge } from "./moves";
import type { ReviewStore } from "./store";

/** The game in words, with its turning points. */
export function GameWords({ store, report }: { store: ReviewStore; report: Report }): JSX.Element {
  return (
    <section class="card" aria-label="The game in words">
      <h2>The game</h2>
      {report.opening && <p class="opening"><strong>{report.opening.eco}</strong> {report.opening.name}</p>}
      <ul class="prose">{report.words.slice(report.opening ? 1 : 0).map((text) => <li key={text}>{text}</li>)}</ul>
      {report.turning_points.length > 0 && (
        <>
          <h3>Turning points</h3>
          <ul class="turning">
            {report.turning_points.toSorted((a, b) => a.ply - b.ply).map((point) => (
              <li key={point.ply}>
                <button type="button" onClick={() => store.goTo(point.ply)}>
                  <ClassBadge move={report.moves[point.ply - 1]} always />
                  <span>{point.move_number}{point.side === "white" ? "." : "..."}{point.san}</span>
                  <span class="muted">−{Math.round(point.win_percent_lost)} % chances</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** Accuracy and counts of both sides. */
export function Accuracy({ store, report }: { store: ReviewStore; report: Report }): JSX.Element {
  const { white, black } = report;
  const game = store.game.value;
  const counted = (Object.keys(CLASSES) as MoveClass[]).filter((name) => count(white, name) + count(black, name) > 0);
  return (
    <section class="card" aria-label="Accuracy">
      <h2>Accuracy</h2>
      <table class="numbers">
        <thead>
          <tr>
            <td />
            <th scope="col">{playerName(game?.white, "White")}</th>
            <th scope="col">{playerName(game?.black, "Black")}</th>
          </tr>
        </thead>
        <tbody>
          <tr class="main"><th scope="row">Whole game</th><td>{percent(white.accuracy)}</td><td>{percent(black.accuracy)}</td></tr>
          {(["opening", "middlegame", "endgame"] as const).map((part) => (
            <tr key={part}>
              <th scope="row">{part.charAt(0).toUpperCase() + part.slice(1)}</th>
              <td>{percent(white.accuracy_by_phase[part])}</td>
              <td>{percent(black.accuracy_by_phase[part])}</td>
            </tr>
          ))}
          <tr><th scope="row">Average centipawn loss</th><td>{white.acpl ?? "–"}</td><td>{black.acpl ?? "–"}</td></tr>
          {counted.map((name) => (
            <tr key={name}>
              <th scope="row"><span class={`badge c-${name}`} aria-hidden="true">{CLASSES[name].symbol}</span> {name}</th>
              <td>{count(white, name)}</td>
              <td>{count(black, name)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small">{report.engine}, {report.limit}</p>
    </section>
  );
}

function count(side: SideReport, name: MoveClass): number {
  return (side.classes as Partial<Record<string, number>>)[name] ?? 0;
}
