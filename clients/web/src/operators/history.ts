import type { OperationsMetrics } from "../api/schema";

/** The queue at one moment. */
export interface Sample {
  at_s: number;
  units: number;
  oldest_s: number;
}

/** What lies in the queue, whatever its phase and priority. */
export function sampleOf({ queue }: OperationsMetrics, at_s: number): Sample | null {
  if (!queue) return null;
  const phases = Object.values(queue.phases);
  const lines = phases.flatMap(({ priorities }) => Object.values(priorities));
  return {
    at_s,
    units: lines.reduce((sum, line) => sum + line.units_in_line + line.games_behind, 0) + phases.reduce((sum, { units_in_flight }) => sum + units_in_flight, 0),
    oldest_s: Math.max(0, ...lines.map(({ oldest_ms }) => oldest_ms)) / 1000,
  };
}

const LONGEST_S = 3600;

/** The history with a new sample, an hour at most. */
export function extended(history: readonly Sample[], sample: Sample | null): Sample[] {
  if (!sample) return [...history];
  return [...history.filter(({ at_s }) => at_s > sample.at_s - LONGEST_S), sample];
}
