import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ApiClient } from "../api/client";
import { asApiError, type ApiError } from "../api/problem";
import type { LimitLeft, QuotaAnswer } from "../api/schema";
import type { Session } from "../session/session";
import { saveFile } from "../view/save";
import { Notice, Trouble } from "../view/parts";
import { Deletions } from "./deletion";
import { exportAll } from "./export";

/** What the user may use, and the rights over what is kept: take it along, or have it deleted. */
export function AccountPage({ api, session }: { api: ApiClient; session: Session }): JSX.Element {
  return (
    <div class="account">
      <h1>Account</h1>
      <p class="muted">{session.user.value?.email ?? "Signed in with a token."}</p>
      <button type="button" class="only-narrow" onClick={() => void session.leave()}>Sign out</button>
      <Quota api={api} />
      <TakeAlong api={api} />
      <Deletions api={api} onAccountGone={() => { location.hash = "#/games"; void session.leave("Your account is deleted, with all that was in it."); }} />
    </div>
  );
}

function Quota({ api }: { api: ApiClient }): JSX.Element {
  const quota = useSignal<QuotaAnswer | null>(null);
  const trouble = useSignal<ApiError | null>(null);
  const load = (): void => {
    trouble.value = null;
    api.quota().then((answer) => (quota.value = answer), (error: unknown) => (trouble.value = asApiError(error)));
  };
  useEffect(load, [api]);

  const limits = quota.value?.limits;
  return (
    <section class="card" aria-label="Plan">
      <h2>Plan: {quota.value?.plan ?? "…"}</h2>
      {trouble.value && <Trouble error={trouble.value} onRetry={load} />}
      <dl class="facts">
        <Used name="New games today" limit={limits?.games_per_day} />
        <Used name="Analyses under way" limit={limits?.unfinished_games} />
      </dl>
    </section>
  );
}

function Used({ name, limit }: { name: string; limit: LimitLeft | undefined }): JSX.Element {
  return <div><dt>{name}</dt><dd>{limit?.used ?? "–"} <span class="muted small">of {limit?.limit ?? "–"}</span></dd></div>;
}

function TakeAlong({ api }: { api: ApiClient }): JSX.Element {
  const games = useSignal<number | null>(null);
  const isDone = useSignal(false);
  const trouble = useSignal<ApiError | null>(null);

  async function take(): Promise<void> {
    isDone.value = false;
    trouble.value = null;
    games.value = 0;
    try {
      const everything = await exportAll(api, (count) => (games.value = count));
      saveFile(new File([everything], "knight-vision-export.json"));
      isDone.value = true;
    } catch (error) {
      trouble.value = asApiError(error);
      games.value = null;
    }
  }

  const isBusy = games.value !== null && !isDone.value;
  return (
    <section class="card" aria-label="Take it along">
      <h2>Take it along</h2>
      <p>Your games with their analyses, move by move, and all else that is kept of you, as one JSON file.</p>
      <button type="button" disabled={isBusy} onClick={() => void take()}>{isBusy ? `${games.value} games so far…` : "Download everything"}</button>
      {isDone.value && <Notice kind="good">{games.value} {games.value === 1 ? "game" : "games"} saved.</Notice>}
      {trouble.value && <Trouble error={trouble.value} onRetry={() => void take()} />}
    </section>
  );
}
