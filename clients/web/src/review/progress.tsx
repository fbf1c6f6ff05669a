import type { JSX } from "preact";
import type { Status } from "../api/schema";
import { duration } from "../view/format";
import type { Follower } from "./follow";
import type { ReviewStore } from "./store";

const PHASES = ["initial", "intermediate", "complete"] as const;
type Phase = (typeof PHASES)[number];
const MEANS: Record<Phase, string> = { initial: "First look", intermediate: "Closer look", complete: "Full depth" };

/** How far the analysis is, phase by phase, and what can be done about it. */
export function ProgressBars({ store, follower }: { store: ReviewStore; follower: Follower }): JSX.Element {
  const status = store.status.value;
  const isOver = status !== null && status.phase === null;
  return (
    <section class={`progress ${isOver && status.state === "done" ? "over" : ""}`} aria-label="Analysis">
      <div class="phases">
        {PHASES.map((phase) => <PhaseBar key={phase} phase={phase} status={status} />)}
      </div>
      <p class="progress-words" aria-live="polite">{status ? sentence(status) : "Loading…"}</p>
      <div class="progress-buttons">
        {status && !isOver && <button type="button" onClick={() => void follower.cancel()}>Cancel</button>}
        {(status?.state === "cancelled" || status?.state === "failed") && (
          <button type="button" onClick={() => void follower.analyse()}>Analyse again</button>
        )}
        {!isOver && <button type="button" onClick={() => follower.refresh()} title="Ask for the newest results">Refresh</button>}
      </div>
    </section>
  );
}

function PhaseBar({ phase, status }: { phase: Phase; status: Status | null }): JSX.Element {
  const percent = percentOf(phase, status);
  const isRunning = status?.phase === phase && status.state === "running";
  const done = isRunning && status.progress ? `${status.progress.plies_done}/${status.progress.plies_total}` : "";
  return (
    <div class="phase">
      <span class="phase-name">{MEANS[phase]}<span class="muted">{percent === 100 ? "✓" : done}</span></span>
      <div
        class="bar" role="progressbar" aria-label={`${MEANS[phase]} (${phase} phase)`}
        aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(percent)}
      >
        <div style={{ transform: `scaleX(${percent / 100})` }} />
      </div>
    </div>
  );
}

/** What a phase shows whose report is still being made. */
const NEARLY = 99;

/** How much of a phase is done, 0 to 100: 100 once its report can be read. */
export function percentOf(phase: Phase, status: Status | null): number {
  if (!status) return 0;
  const rank = PHASES.indexOf(phase);
  if (status.finished_phase && rank <= PHASES.indexOf(status.finished_phase)) return 100;
  return status.phase === phase ? Math.min(status.progress?.percent ?? 0, NEARLY) : 0;
}

/** The state in a sentence. */
export function sentence(status: Status): string {
  const left = status.estimated_seconds_left === null ? "" : `, about ${duration(Math.max(1, status.estimated_seconds_left))} left`;
  switch (status.state) {
    case "queued":
      return status.queue_position ? `Waiting in line, ${status.queue_position} before it${left}` : `Next in line${left}`;
    case "running":
      return status.finished_phase ? `Looking deeper${left}` : `Taking a first look${left}`;
    case "done":
      return status.degraded ? "Done in a hurry; it is made better when the service is idle" : "Analysis complete";
    case "failed":
      return `The analysis failed${status.failure ? `: ${status.failure}` : ""}. What is shown stays.`;
    case "cancelled":
      return "Cancelled. What is shown stays.";
  }
}
