import type { GameVerdict, Problem } from "./schema";

/** A request that was not done: what happened in the service's words, and what the user can do. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** The protocol's stable code, or `unreachable`. */
    readonly code: string,
    message: string,
    readonly retryAfterS: number | null = null,
    readonly requestId: string | null = null,
    /** The verdicts, when all games of a submission were refused. */
    readonly verdicts: GameVerdict[] | null = null,
  ) {
    super(message);
  }

  /** True for what passes by itself: the same request may do later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** What to do about it. */
  get advice(): string {
    return ADVICE[this.code] ?? (this.isPassing ? "Try again in a moment." : "");
  }
}

const ADVICE: Record<string, string> = {
  unreachable: "Check your connection. Nothing is lost: an analysis goes on without this page, which asks again by itself.",
  sign_in_unreachable: "You stay signed in. Check your connection; the page asks again by itself.",
  unauthorized: "Sign in again; you come back to this page.",
  forbidden: "This page is for operators. Ask the service's owner for the right.",
  game_not_found: "It may have been deleted, or belongs to another account. Go back to your games.",
  analysis_not_found: "Ask for the analysis with the button “Analyse”.",
  analysis_final: "It was finished before it could be cancelled.",
  too_large: "Split the file and send its parts one after the other.",
  invalid_request: "Check what was entered.",
  daily_limit_reached: "The limit of new games is renewed at midnight UTC.",
  queue_limit_reached: "Wait until some of your analyses are finished, or cancel some.",
  rate_limited: "Too many requests at once; the page slows down by itself.",
  queue_unavailable: "The queue is away for a moment; nothing was stored. Try again shortly.",
  store_unavailable: "The store is away for a moment; nothing is lost. Try again shortly.",
  internal_error: "It is our fault. Try again; if it stays, report the number below.",
};

/** The error that an unsuccessful answer stands for, in the protocol's shape or in a proxy's. */
export async function errorOf(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  const fallback = answer.status >= 500 ? "The service does not answer at the moment." : `HTTP ${answer.status}`;
  return new ApiError(
    answer.status,
    problem.code ?? "unknown",
    problem.detail ?? problem.title ?? fallback,
    retryAfterOf(answer),
    answer.headers.get("X-Request-Id"),
    problem.games ?? null,
  );
}

/** Seconds after which the service wants to be asked again; null when it names none. */
export function retryAfterOf(answer: Response): number | null {
  const text = answer.headers.get("Retry-After") ?? "";
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** Any thrown value as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(-1, "page_error", error instanceof Error ? error.message : String(error));
}
