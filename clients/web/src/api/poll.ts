/** When to ask again. Pure, so that its promises can be tested without a clock. */

export interface PollState {
  /** What the service asked for with its last answer; null: nothing more will come. */
  retryAfterS: number | null;
  /** Questions in a row without an answer. */
  failures: number;
  /** True while nobody looks at the page. */
  isHidden: boolean;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** A hidden tab asks rarely, and at once when it is looked at again. */
const HIDDEN_MS = 60_000;

/** Milliseconds until the next question, never sooner than the service asks for; null: ask no more. */
export function nextPollMs({ retryAfterS, failures, isHidden }: PollState): number | null {
  if (retryAfterS === null && failures === 0) return null;
  const asked = (retryAfterS ?? 0) * 1_000;
  const backoff = failures ? Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) : 0;
  return Math.max(asked, backoff, isHidden ? HIDDEN_MS : 0);
}

/** What one question found. */
export interface PollAnswer {
  retryAfterS: number | null;
}

/** Asks now and then, as `nextPollMs` says, until there is nothing more to come or it is stopped. */
export class Poller {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private state: PollState = { retryAfterS: 0, failures: 0, isHidden: document.hidden };
  private isAsking = false;
  private isStopped = false;
  private isHinted = false;
  private mayAskAt_ms = 0;

  constructor(
    private readonly ask: () => Promise<PollAnswer>,
    /** Told of a failure, true: go on asking. */
    private readonly onError: (error: unknown) => boolean,
  ) {
    document.addEventListener("visibilitychange", this.onVisibility);
    window.addEventListener("online", this.onOnline);
  }

  /** Begin after so many seconds, as the answer to the request asked for; null: there is nothing to wait for. */
  start(retryAfterS: number | null): void {
    this.take({ ...this.state, retryAfterS });
  }

  /** Ask at once: when the user wants it. */
  refresh = async (): Promise<void> => {
    if (this.isAsking || this.isStopped) return;
    clearTimeout(this.timer);
    this.isAsking = true;
    let next: PollState;
    try {
      const { retryAfterS } = await this.ask();
      next = { ...this.state, retryAfterS, failures: 0 };
    } catch (error) {
      const retryAfterS = (error as { retryAfterS?: number | null }).retryAfterS ?? null;
      next = this.onError(error)
        ? { ...this.state, retryAfterS, failures: this.state.failures + 1 }
        : { ...this.state, retryAfterS: null, failures: 0 };
    }
    this.isAsking = false;
    this.take({ ...next, isHidden: document.hidden });
    if (this.isHinted) this.hint();
  };

  /** Something has changed: ask at once, also when nothing more was to come. A hidden tab waits. */
  hint = (): void => {
    // What is being asked may have been answered before the change.
    this.isHinted = this.isAsking;
    if (!this.isAsking && !document.hidden) void this.refresh();
  };

  private take(state: PollState): void {
    this.state = state;
    this.mayAskAt_ms = performance.now() + (state.retryAfterS ?? 0) * 1_000;
    this.plan();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onVisibility);
    window.removeEventListener("online", this.onOnline);
  }

  private plan(): void {
    clearTimeout(this.timer);
    const wait = nextPollMs(this.state);
    if (wait !== null && !this.isStopped) this.timer = setTimeout(() => void this.refresh(), wait);
  }

  private readonly onVisibility = (): void => {
    this.state = { ...this.state, isHidden: document.hidden };
    if (nextPollMs(this.state) === null) return;
    if (document.hidden) this.plan();
    else this.soon();
  };

  private readonly onOnline = (): void => {
    if (this.state.failures > 0) this.soon();
  };

  /** Ask as soon as the service lets us. */
  private soon(): void {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.mayAskAt_ms - performance.now());
    this.timer = setTimeout(() => void this.refresh(), wait);
  }
}
