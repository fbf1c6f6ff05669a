import { ApiError, errorOf, retryAfterOf } from "./problem";
import type {
  Analysis, DeadLetterPage, Export, GameDetail, GamePage, OperationsMetrics, QuotaAnswer, Redriven, Sort, Status, Submission,
} from "./schema";

export const PGN_TYPE = "application/x-chess-pgn";

/** An answer that is worth asking for again. */
export interface Polled<T> {
  value: T;
  etag: string | null;
  /** Null when nothing more will come. */
  retryAfterS: number | null;
}

export interface GameFilters {
  player?: string;
  opening?: string;
  result?: string;
  analysed?: string;
  played_from?: string;
  played_to?: string;
  sort?: Sort;
  cursor?: string;
  limit?: string;
}

/** The account with all that is in it, or only that. */
export type Deletion = "everything" | "account";

/** The HTTP API as functions, one for each operation of docs/protocol.md that the page uses. */
export class ApiClient {
  constructor(
    private readonly url: string,
    /** A token that is good now; null when nobody is signed in. */
    private readonly token: () => Promise<string | null>,
    private readonly onUnauthorized: () => void,
  ) {}

  submit(pgn: string, annotate: boolean): Promise<Submission> {
    return this.json("POST", `/v1/games${annotate ? "?annotate=true" : ""}`, {
      body: pgn,
      headers: { "Content-Type": PGN_TYPE, "Idempotency-Key": crypto.randomUUID() },
    });
  }

  games(filters: GameFilters): Promise<GamePage> {
    const given = Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]));
    return this.json("GET", `/v1/games?${new URLSearchParams(given)}`);
  }

  game(id: string): Promise<GameDetail> {
    return this.json("GET", path(id));
  }

  async deleteGame(id: string): Promise<void> {
    await this.ask("DELETE", path(id));
  }

  requestAnalysis(id: string): Promise<Polled<Analysis>> {
    return this.polled("POST", `${path(id)}/enhanced-annotate`);
  }

  analysis(id: string): Promise<Polled<Analysis>> {
    return this.polled("GET", `${path(id)}/analysis`);
  }

  /** How far the analysis is; null when that is still what the tag stands for (304). */
  status(id: string, etag: string | null): Promise<Polled<Status | null>> {
    return this.polled("GET", `${path(id)}/analysis/status`, etag);
  }

  cancel(id: string): Promise<Status> {
    return this.json("DELETE", `${path(id)}/analysis`);
  }

  async annotatedPgn(id: string): Promise<string> {
    const answer = await this.ask("GET", `${path(id)}/analysis`, { headers: { Accept: PGN_TYPE } });
    return answer.text();
  }

  quota(): Promise<QuotaAnswer> {
    return this.json("GET", "/v1/me/quota");
  }

  /** A page of all that is kept of the user. */
  exportPage(cursor: string | null): Promise<Export> {
    return this.json("GET", `/v1/me/export${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);
  }

  async deleteMyData(what: Deletion): Promise<void> {
    await this.ask("DELETE", "/v1/me", { headers: { "Confirm-Delete": what } });
  }

  metrics(): Promise<OperationsMetrics> {
    return this.json("GET", "/v1/operations/metrics");
  }

  deadLetters(cursor: string | null): Promise<DeadLetterPage> {
    const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
    return this.json("GET", `/v1/operations/dead-letters${query}`);
  }

  redrive(gameIds: string[]): Promise<Redriven> {
    const headers = { "Content-Type": "application/json" };
    return this.json("POST", "/v1/operations/dead-letters/redrive", { body: JSON.stringify({ game_ids: gameIds }), headers });
  }

  private async polled<T>(method: string, where: string, etag: string | null = null): Promise<Polled<T>> {
    const answer = await this.ask(method, where, { headers: etag ? { "If-None-Match": etag } : {} });
    const value = (answer.status === 304 ? null : await answer.json()) as T;
    return { value, etag: answer.headers.get("ETag") ?? etag, retryAfterS: retryAfterOf(answer) };
  }

  private async json<T>(method: string, where: string, init: RequestInit = {}): Promise<T> {
    const answer = await this.ask(method, where, init);
    return (await answer.json()) as T;
  }

  private async ask(method: string, where: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    let answer: Response;
    const token = await this.token();
    if (token) headers.set("Authorization", `Bearer ${token}`);
    try {
      answer = await fetch(this.url + where, { ...init, method, headers });
    } catch {
      throw new ApiError(0, "unreachable", "The service cannot be reached.");
    }
    if (answer.ok || answer.status === 304) return answer;
    const error = await errorOf(answer);
    if (error.code === "unauthorized") this.onUnauthorized();
    throw error;
  }
}

function path(gameId: string): string {
  return `/v1/games/${encodeURIComponent(gameId)}`;
}
