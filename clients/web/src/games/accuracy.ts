import { signal, type ReadonlySignal } from "@preact/signals";
import type { ApiClient } from "../api/client";
import type { GameSummary } from "../api/schema";

export interface Accuracies {
  white: number | null;
  black: number | null;
}

/**
 * Both sides' accuracy of listed games. The list does not have it, so the reports are read one after the other,
 * and kept: a report of a phase never changes.
 */
export class AccuracyReader {
  private readonly known = signal<Record<string, Accuracies>>(read());
  private readonly asked = new Set<string>();
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly api: ApiClient) {}

  get all(): ReadonlySignal<Record<string, Accuracies>> {
    return this.known;
  }

  want(games: readonly GameSummary[]): void {
    for (const game of games) {
      const key = keyOf(game);
      if (!game.analysis_phase || key in this.known.value || this.asked.has(key)) continue;
      this.asked.add(key);
      this.queue = this.queue.then(async () => {
        const { report } = (await this.api.analysis(game.id)).value;
        if (!report) return;
        const accuracies = { white: report.white.accuracy, black: report.black.accuracy };
        this.known.value = { ...this.known.value, [`${game.id} ${report.phase}`]: accuracies };
        write(this.known.value);
      }).catch(() => void this.asked.delete(key));
    }
  }
}

/** Under what a game's accuracy is kept. */
export function keyOf(game: GameSummary): string {
  return `${game.id} ${game.analysis_phase}`;
}

const STORED = "knight-vision-accuracies";
const MOST_KEPT = 500;

function read(): Record<string, Accuracies> {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Record<string, Accuracies>;
  } catch {
    return {};
  }
}

function write(all: Record<string, Accuracies>): void {
  sessionStorage.setItem(STORED, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-MOST_KEPT))));
}
