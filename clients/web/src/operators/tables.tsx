import type { JSX } from "preact";
import type { FeedbackNumbers, LastHour as Hour, Queue } from "../api/schema";
import { milliseconds, words } from "../view/format";

/** What waits and runs at this moment. */
export function QueueNow({ queue }: { queue: Queue }): JSX.Element {
  const rows = Object.entries(queue.phases).flatMap(([phase, { priorities }]) =>
    Object.entries(priorities)
      .filter(([, line]) => line.units_in_line + line.games_behind > 0)
      .map(([priority, line]) => ({ phase, priority, ...line })),
  );
  return (
    <section class="card" aria-label="Queue now">
      <h2>Now</h2>
      {queue.is_store_away && <p class="notice bad" role="alert">The store is away: workers wait for it.</p>}
      <dl class="facts">
        <Fact name="Unfinished analyses" value={queue.jobs} />
        <Fact name="Oldest of them" value={milliseconds(queue.oldest_job_ms)} />
        {Object.entries(queue.phases).map(([phase, { units_in_flight }]) => <Fact key={phase} name={`At work, ${phase}`} value={units_in_flight} />)}
        <Fact name="Out of attempts" value={queue.exhausted_units} />
      </dl>
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label="Lines">
          <table class="numbers">
            <thead><tr><th scope="col">Phase</th><th scope="col">Priority</th><th scope="col">Units in line</th><th scope="col">Games behind</th><th scope="col">Oldest</th></tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.phase + row.priority}>
                  <th scope="row">{row.phase}</th><td>{row.priority}</td><td>{row.units_in_line}</td><td>{row.games_behind}</td><td>{milliseconds(row.oldest_ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** What happened in the last hour. */
export function LastHour({ hour, feedback }: { hour: Hour; feedback: FeedbackNumbers | null }): JSX.Element {
  return (
    <section class="card" aria-label="Last hour">
      <h2>The last hour</h2>
      <dl class="facts">
        <Fact name="Time to first result" value={milliseconds(hour.mean_time_to_first_result_ms)} />
        <Fact name="Time to complete" value={milliseconds(hour.mean_time_to_complete_ms)} />
        <Fact name="Segments searched" value={hour.segments_finished} />
        <Fact name="Error rate" value={hour.error_rate === null ? "–" : `${(100 * hour.error_rate).toFixed(1)} %`} />
        <Fact name="Failed attempts" value={hour.failed_attempts} />
        <Fact name="Expired leases" value={hour.expired_leases} />
        <Fact name="Had their last try" value={hour.exhausted_units} />
        <Fact name="Analyses completed" value={completed(hour)} />
        {feedback && <Fact name="Users' rating" value={feedback.mean_rating?.toFixed(1) ?? "–"} />}
      </dl>
      <div class="scroll" tabIndex={0} role="group" aria-label="By phase and priority">
        <table class="numbers">
          <thead><tr><th scope="col">Phase</th><th scope="col">Priority</th><th scope="col">Mean wait</th><th scope="col">Finished</th><th scope="col">Since request</th></tr></thead>
          <tbody>
            {Object.entries(hour.phases).flatMap(([phase, activity]) =>
              Object.entries(activity.priorities)
                .filter(([, { claims, phases_finished }]) => claims + phases_finished > 0)
                .map(([priority, { mean_wait_ms, phases_finished, mean_since_request_ms }]) => (
                  <tr key={phase + priority}>
                    <th scope="row">{words(phase)}</th><td>{words(priority)}</td><td>{milliseconds(mean_wait_ms)}</td><td>{phases_finished}</td><td>{milliseconds(mean_since_request_ms)}</td>
                  </tr>
                )))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The hour's throughput. */
function completed({ phases }: Hour): number {
  return Object.values(phases.complete?.priorities ?? {}).reduce((sum, { phases_finished }) => sum + phases_finished, 0);
}

function Fact({ name, value }: { name: string; value: string | number }): JSX.Element {
  return <div><dt>{name}</dt><dd>{value}</dd></div>;
}
