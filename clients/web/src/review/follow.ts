import type { ApiClient, Polled } from "../api/client";
import { Poller } from "../api/poll";
import { asApiError } from "../api/problem";
import type { Analysis } from "../api/schema";
import type { Hints } from "../realtime/hints";
import type { ReviewStore } from "./store";

/** Brings a game and its analysis into the store and keeps them up to date. */
export class Follower {
  private poller: Poller | null = null;
  private stopHints: (() => void) | null = null;
  private etag: string | null = null;
  private isClosed = false;

  constructor(
    private readonly api: ApiClient,
    private readonly store: ReviewStore,
    private readonly gameId: string,
    /** Null: poll only. */
    private readonly hints: Hints | null = null,
  ) {}

  /** Load the game, ask for its analysis where there is none, and follow it. */
  open = async (ply = 0): Promise<void> => {
    this.store.trouble.value = null;
    try {
      if (!this.store.game.value) {
        this.store.game.value = await this.api.game(this.gameId);
        this.store.goTo(ply);
      }
      const { analysis_state: state } = this.store.game.value;
      // Whoever opens a game wants its verdict next: asking again makes one that waits in bulk urgent.
      const isOver = state === "done" || state === "failed" || state === "cancelled";
      this.begin(await (isOver ? this.api.analysis(this.gameId) : this.api.requestAnalysis(this.gameId)));
    } catch (error) {
      this.store.trouble.value = asApiError(error);
    }
  };

  /** Ask for the analysis, again if it was cancelled or failed. */
  analyse = async (): Promise<void> => {
    try {
      this.begin(await this.api.requestAnalysis(this.gameId));
      this.store.trouble.value = null;
    } catch (error) {
      this.store.trouble.value = asApiError(error);
    }
  };

  cancel = async (): Promise<void> => {
    try {
      this.store.status.value = await this.api.cancel(this.gameId);
      this.poller?.stop();
      this.store.trouble.value = null;
    } catch (error) {
      this.store.trouble.value = asApiError(error);
      this.refresh();
    }
  };

  /** Ask at once how far it is. */
  refresh = (): void => void (this.poller ? this.poller.refresh() : this.open());

  close(): void {
    this.isClosed = true;
    this.poller?.stop();
    this.stopHints?.();
  }

  /** Take an answer over and ask again when it says so. */
  private begin({ value, retryAfterS }: Polled<Analysis>): void {
    this.take(value);
    this.poller?.stop();
    if (this.isClosed) return;
    this.etag = null;
    this.poller = new Poller(this.ask, (error) => {
      this.store.trouble.value = asApiError(error);
      return this.store.trouble.value.isPassing;
    });
    this.poller.start(retryAfterS);
    this.listenWhile(retryAfterS !== null || value.status.degraded);
  }

  private readonly ask = async (): Promise<{ retryAfterS: number | null }> => {
    const { value, etag, retryAfterS } = await this.api.status(this.gameId, this.etag);
    if (value) {
      const wanted = value.finished_phase;
      if (wanted && (wanted !== this.store.report.value?.phase || value.generation !== this.store.status.value?.generation)) {
        this.take((await this.api.analysis(this.gameId)).value);
      } else if (!this.isClosed) {
        this.store.status.value = value;
      }
    }
    // Only now: had the report not come, the same state must be told again.
    this.etag = etag;
    this.store.trouble.value = null;
    this.listenWhile(retryAfterS !== null || (this.store.status.value?.degraded ?? false));
    return { retryAfterS };
  };

  /** Hear of changes while some may come: a report made in a hurry is made again when the service is idle. */
  private listenWhile(mayChange: boolean): void {
    if (mayChange && !this.isClosed) {
      this.stopHints ??= this.hints?.(this.gameId, () => this.poller?.hint()) ?? null;
    } else {
      this.stopHints?.();
      this.stopHints = null;
    }
  }

  private take({ status, report }: Analysis): void {
    if (this.isClosed) return;
    this.store.takeReport(report, status.generation);
    this.store.status.value = status;
  }
}
