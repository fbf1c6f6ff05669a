import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ApiClient, Deletion } from "../api/client";
import { asApiError, type ApiError } from "../api/problem";
import { Field, Notice, Trouble } from "../view/parts";

const WORD = "delete";
const KINDS: Record<Deletion, { button: string; title: string; words: string }> = {
  everything: {
    button: "Delete all my games…",
    title: "Delete all your games?",
    words: "All games, analyses and ratings are deleted at once and for good. The account stays, and you stay signed in.",
  },
  account: {
    button: "Delete my account…",
    title: "Delete your account?",
    words: "The account and all its games, analyses and ratings are deleted at once and for good. Nobody can bring them back.",
  },
};

/** Deletes what is kept of the user, after a question that is not answered by mistake. */
export function Deletions({ api, onAccountGone }: { api: ApiClient; onAccountGone: () => void }): JSX.Element {
  const asked = useSignal<Deletion>("everything");
  const word = useSignal("");
  const isBusy = useSignal(false);
  const isDone = useSignal(false);
  const trouble = useSignal<ApiError | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);

  function ask(kind: Deletion): void {
    asked.value = kind;
    word.value = "";
    trouble.value = null;
    isDone.value = false;
    dialog.current?.showModal();
  }

  async function confirmed(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (word.value !== WORD) return;
    isBusy.value = true;
    try {
      await api.deleteMyData(asked.value);
      dialog.current?.close();
      if (asked.value === "account") onAccountGone();
      else isDone.value = true;
    } catch (error) {
      trouble.value = asApiError(error);
    } finally {
      isBusy.value = false;
    }
  }

  const { title, words } = KINDS[asked.value];
  return (
    <section class="card" aria-label="Delete">
      <h2>Delete</h2>
      <p>What is deleted cannot be brought back: take it along before, if you want to keep it.</p>
      <div class="row">
        {(Object.keys(KINDS) as Deletion[]).map((kind) => (
          <button key={kind} type="button" class={kind === "account" ? "danger" : ""} onClick={() => ask(kind)}>{KINDS[kind].button}</button>
        ))}
      </div>
      {isDone.value && <Notice kind="good">All your games are deleted.</Notice>}
      <dialog ref={dialog} class="card" aria-labelledby="deletion-title">
        <form onSubmit={(event) => void confirmed(event)}>
          <h2 id="deletion-title">{title}</h2>
          <p>{words}</p>
          <Field
            label={`Type “${WORD}” to confirm`} name="word" autocomplete="off" autocapitalize="off" spellcheck={false}
            value={word.value} onInput={(event) => (word.value = event.currentTarget.value.trim().toLowerCase())}
          />
          {trouble.value && <Trouble error={trouble.value} />}
          <div class="row">
            <button class="danger" disabled={word.value !== WORD || isBusy.value}>{isBusy.value ? "Deleting…" : "Delete for good"}</button>
            <button type="button" onClick={() => dialog.current?.close()}>Keep everything</button>
          </div>
        </form>
      </dialog>
    </section>
  );
}
