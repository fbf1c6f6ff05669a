import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Notice } from "../view/parts";
import type { Session } from "./session";

/** Longer than this the renewal of a token does not take where the service answers. */
const PATIENCE_MS = 4_000;

/** Until it is known who is signed in: a moment, or as long as the sign-in service is away. */
export function Opening({ session }: { session: Session }): JSX.Element {
  const isLong = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (isLong.value = true), PATIENCE_MS);
    // At once: auth-js itself asks about once a minute, whoever wants it sooner.
    addEventListener("online", startAgain);
    return () => {
      clearTimeout(timer);
      removeEventListener("online", startAgain);
    };
  }, []);

  if (!isLong.value && !session.isAway.value) return <p class="muted" role="status">One moment…</p>;
  return (
    <Notice kind="bad">
      <h1>The sign-in service does not answer</h1>
      <p>You stay signed in; the page goes on by itself when it is back. Running analyses go on without it.</p>
      <div class="row">
        <button type="button" onClick={startAgain}>Try again</button>
        <button type="button" onClick={() => void session.leave()}>Sign out</button>
      </div>
    </Notice>
  );
}

/** There is nothing on the page yet that could be lost. */
function startAgain(): void {
  location.reload();
}
