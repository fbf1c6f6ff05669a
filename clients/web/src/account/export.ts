import type { ApiClient } from "../api/client";
import { asApiError } from "../api/problem";
import type { Export } from "../api/schema";

const MOST_TRIES = 5;
const PAUSE_S = 2;

/**
 * All that is kept of the user as one JSON file, page by page, since a thousand reports are a hundred megabytes.
 * `onProgress` is told the number of games so far.
 */
export async function exportAll(api: ApiClient, onProgress: (games: number) => void): Promise<Blob> {
  const first = await patiently(() => api.exportPage(null));
  const { user_id, profile, batches } = first;
  // Kept as pieces of text: parsed, they would take several times the room.
  const pieces: string[] = [`${JSON.stringify({ user_id, profile, batches }).slice(0, -1)},"games":[\n`];
  let games = 0;
  for (let page: Export | null = first; page; ) {
    for (const game of page.games) pieces.push(games++ ? ",\n" : "", JSON.stringify(game));
    onProgress(games);
    const cursor: string | null = page.next_cursor;
    page = cursor === null ? null : await patiently(() => api.exportPage(cursor));
  }
  return new Blob([...pieces, "\n]}\n"], { type: "application/json" });
}

/** What `ask` answers, asked again after the pause that a service that is busy names. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const { isPassing, retryAfterS } = asApiError(error);
      if (!isPassing || tries === MOST_TRIES) throw error;
      await new Promise((done) => setTimeout(done, 1_000 * (retryAfterS ?? PAUSE_S)));
    }
  }
}
