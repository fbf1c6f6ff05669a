import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ApiClient } from "../api/client";
import { asApiError, type ApiError } from "../api/problem";
import type { DeadLetterEntry } from "../api/schema";
import { Notice, Trouble } from "../view/parts";

/** Analyses that were given up, and the way to start them again. */
export function DeadLetters({ api, count }: { api: ApiClient; count: number | null }): JSX.Element {
  const letters = useSignal<DeadLetterEntry[]>([]);
  const cursor = useSignal<string | null>(null);
  const done = useSignal<string | null>(null);
  const trouble = useSignal<ApiError | null>(null);

  async function attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      trouble.value = null;
    } catch (error) {
      trouble.value = asApiError(error);
    }
  }
  const load = (from: string | null): Promise<void> =>
    attempt(async () => {
      const page = await api.deadLetters(from);
      letters.value = from ? [...letters.value, ...page.dead_letters] : page.dead_letters;
      cursor.value = page.next_cursor;
    });
  const redrive = (ids: string[]): Promise<void> =>
    attempt(async () => {
      const { redriven } = await api.redrive(ids);
      await load(null);
      done.value = `${redriven} of ${ids.length} started again.`;
    });
  useEffect(() => void load(null), [count]);

  const ids = letters.value.map(({ game_id }) => game_id);
  return (
    <section class="card" aria-label="Dead letters">
      <h2>Dead letters ({count ?? "?"})</h2>
      {done.value && <Notice kind="good">{done.value}</Notice>}
      {trouble.value && <Trouble error={trouble.value} />}
      {ids.length === 0 ? <p class="muted">No analysis was given up.</p> : (
        <>
          <button type="button" onClick={() => void redrive(ids.slice(0, 100))}>Start all shown again</button>
          <ul class="letters">
            {letters.value.map(({ game_id, reason, failed_at, finished_phase }) => (
              <li key={game_id}>
                <span><code>{game_id.slice(0, 8)}</code> {reason} <span class="muted">{new Date(failed_at).toLocaleString()}, reached: {finished_phase ?? "nothing"}</span></span>
                <button type="button" onClick={() => void redrive([game_id])}>Start again<span class="hidden"> {game_id}</span></button>
              </li>
            ))}
          </ul>
          {cursor.value && <button type="button" onClick={() => void load(cursor.value)}>More</button>}
        </>
      )}
    </section>
  );
}
