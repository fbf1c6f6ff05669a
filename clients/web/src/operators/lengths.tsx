import type { JSX } from "preact";
import type { LastHour } from "../api/schema";
import { milliseconds, words } from "../view/format";

const MEANS = { short: "up to 40 plies", medium: "41 to 80", long: "more than 80" } as const;
type Length = keyof typeof MEANS;

/** How long phases took, apart for short and long games, which their mean would mix, and what the cache saved. */
export function TimesByLength({ hour }: { hour: LastHour }): JSX.Element {
  const phases = Object.entries(hour.phases);
  return (
    <section class="card" aria-label="Times by game length, and the cache">
      <h2>Time of a phase by game length, and the cache, last hour</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label="By phase and length">
        <table class="numbers">
          <thead>
            <tr><th scope="col">Phase</th>{(Object.keys(MEANS) as Length[]).map((length) => <th key={length} scope="col">{words(length)} <span class="small">({MEANS[length]})</span></th>)}<th scope="col">A segment's search</th><th scope="col">Found by other games</th></tr>
          </thead>
          <tbody>
            {phases.map(([phase, { game_lengths, mean_segment_ms, cache_hit_rate, positions }]) => (
              <tr key={phase}>
                <th scope="row">{words(phase)}</th>
                {(Object.keys(MEANS) as Length[]).map((length) => <td key={length}>{timeOf(game_lengths[length])}</td>)}
                <td>{milliseconds(mean_segment_ms)}</td>
                <td>{cache_hit_rate === null ? "–" : `${(100 * cache_hit_rate).toFixed(1)} % of ${positions}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function timeOf(activity: { mean_phase_ms: number | null; phases_finished: number } | undefined): string {
  return activity?.phases_finished ? `${milliseconds(activity.mean_phase_ms)} (${activity.phases_finished})` : "–";
}
