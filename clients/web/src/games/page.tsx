import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { ApiClient, GameFilters } from "../api/client";
import { Poller } from "../api/poll";
import { asApiError, type ApiError } from "../api/problem";
import type { ListedGame } from "../api/schema";
import { Trouble } from "../view/parts";
import { Filters, hasFilter } from "./filters";
import { GameList } from "./list";
import { Submit } from "./submit";

const PAGE_SIZE = "25";
/** While some analysis runs, the list is read anew as often as this. */
const WHILE_RUNNING_S = 3;

/** The user's games, and where new ones are brought. */
export function GamesPage({ api }: { api: ApiClient }): JSX.Element {
  const games = useSignal<ListedGame[] | null>(null);
  const cursor = useSignal<string | null>(null);
  const filters = useSignal<GameFilters>({});
  const trouble = useSignal<ApiError | null>(null);

  const poller = useMemo(
    () =>
      new Poller(
        async () => {
          const wanted = filters.value;
          const page = await api.games({ ...wanted, limit: PAGE_SIZE });
          if (wanted !== filters.value) return { retryAfterS: 0 };
          // Pages that were opened below stay as they are.
          const fresh = new Set(page.games.map(({ id }) => id));
          const below = (games.value ?? []).slice(page.games.length).filter(({ id }) => !fresh.has(id));
          if (below.length === 0) cursor.value = page.next_cursor;
          games.value = [...page.games, ...(cursor.value === page.next_cursor ? [] : below)];
          trouble.value = null;
          const isRunning = page.games.some((game) => game.analysis_state === "queued" || game.analysis_state === "running");
          return { retryAfterS: isRunning ? WHILE_RUNNING_S : null };
        },
        (error) => {
          trouble.value = asApiError(error);
          return trouble.value.isPassing;
        },
      ),
    [api],
  );
  useEffect(() => {
    void poller.refresh();
    return () => poller.stop();
  }, [poller]);

  async function more(): Promise<void> {
    try {
      const page = await api.games({ ...filters.value, limit: PAGE_SIZE, ...(cursor.value ? { cursor: cursor.value } : {}) });
      games.value = [...(games.value ?? []), ...page.games];
      cursor.value = page.next_cursor;
    } catch (error) {
      trouble.value = asApiError(error);
    }
  }

  function filter(next: GameFilters): void {
    filters.value = next;
    games.value = null;
    void poller.refresh();
  }

  return (
    <div class="games">
      <h1>Your games</h1>
      <Submit api={api} onAccepted={() => void poller.refresh()} />
      <Filters onChange={filter} />
      {trouble.value && <Trouble error={trouble.value} onRetry={() => void poller.refresh()} />}
      {games.value === null && !trouble.value && <p class="muted" role="status">Loading your games…</p>}
      {games.value && <GameList games={games.value} isFiltered={hasFilter(filters.value)} />}
      {cursor.value && <button type="button" onClick={() => void more()}>More games</button>}
    </div>
  );
}
