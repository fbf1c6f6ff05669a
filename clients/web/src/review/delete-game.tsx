import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ApiClient } from "../api/client";
import { asApiError, type ApiError } from "../api/problem";
import { Trouble } from "../view/parts";

/** Deletes one game with all that hangs on it, after a question; then the list of games is shown. */
export function DeleteGame({ api, gameId }: { api: ApiClient; gameId: string }): JSX.Element {
  const isBusy = useSignal(false);
  const trouble = useSignal<ApiError | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);

  async function confirmed(): Promise<void> {
    isBusy.value = true;
    trouble.value = null;
    try {
      await api.deleteGame(gameId);
      location.hash = "#/games";
    } catch (error) {
      trouble.value = asApiError(error);
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>Delete this game…</button>
      <dialog ref={dialog} class="card" aria-labelledby="delete-game-title">
        <h2 id="delete-game-title">Delete this game?</h2>
        <p>The game, its analysis and your rating of it are deleted for good. An analysis that is under way is cancelled.</p>
        {trouble.value && <Trouble error={trouble.value} />}
        <div class="row">
          <button type="button" class="danger" disabled={isBusy.value} onClick={() => void confirmed()}>{isBusy.value ? "Deleting…" : "Delete for good"}</button>
          <button type="button" onClick={() => dialog.current?.close()}>Keep it</button>
        </div>
      </dialog>
    </>
  );
}
