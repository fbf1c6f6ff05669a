import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Field, Notice } from "../view/parts";
import type { Session } from "./session";

/** The first page: sign in, sign up, or paste a token. */
export function SignIn({ session }: { session: Session }): JSX.Element {
  const kind = useSignal<"in" | "up">("in");
  const trouble = useSignal<string | null>(null);
  const isBusy = useSignal(false);

  async function enter(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    isBusy.value = true;
    trouble.value = await session.enter(kind.value, text(form, "email"), text(form, "password"));
    isBusy.value = false;
  }

  function paste(event: SubmitEvent): void {
    event.preventDefault();
    session.paste(text(new FormData(event.currentTarget as HTMLFormElement), "token"));
  }

  const isUp = kind.value === "up";
  return (
    <div class="welcome">
      <section class="welcome-words">
        <h1>See what your games were about</h1>
        <p>
          A first verdict within a second, deepening while you read: every move classed, every mistake explained in a
          sentence whose line you can play through on the board.
        </p>
      </section>
      <section class="card" aria-label={isUp ? "Sign up" : "Sign in"}>
        <div class="segmented" role="group" aria-label="Account">
          <button type="button" aria-pressed={!isUp} onClick={() => (kind.value = "in")}>Returning</button>
          <button type="button" aria-pressed={isUp} onClick={() => (kind.value = "up")}>New here</button>
        </div>
        <form onSubmit={(event) => void enter(event)}>
          <Field label="Email" name="email" type="email" autocomplete="email" required />
          <Field
            label="Password" name="password" type="password" minLength={6} required
            autocomplete={isUp ? "new-password" : "current-password"}
          />
          <button class="primary wide" disabled={isBusy.value}>{isBusy.value ? "One moment…" : isUp ? "Sign up" : "Sign in"}</button>
        </form>
        {trouble.value && <Notice kind="bad">{trouble.value}</Notice>}
        {session.farewell.value && <Notice kind="good">{session.farewell.value}</Notice>}
        <details>
          <summary>Use a token instead</summary>
          <form onSubmit={paste}>
            <Field label="Supabase user token" name="token" type="password" autocomplete="off" required />
            <button class="wide">Use this token</button>
          </form>
        </details>
      </section>
    </div>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
