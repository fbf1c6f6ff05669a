import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ApiClient } from "./api/client";
import { GamesPage } from "./games/page";
import type { Hints } from "./realtime/hints";
import { route, type Route } from "./route";
import type { Session } from "./session/session";
import { Opening } from "./session/opening";
import { SignIn } from "./session/sign-in";
import { Icon } from "./view/icons";
import { toggleTheme } from "./view/theme";

interface PageProps { api: ApiClient; session: Session; hints: Hints | null; route: Route }
// The board and the charts are loaded when a page needs them: the first one comes sooner.
const LAZY: Record<string, () => Promise<ComponentType<PageProps>>> = {
  game: async () => (await import("./review/entry")).GameRoute,
  learn: async () => (await import("./learn/entry")).LearnRoute,
  account: async () => (await import("./account/entry")).AccountRoute,
  operators: async () => (await import("./operators/entry")).OperatorsRoute,
};

export function App({ session, api, hints }: Omit<PageProps, "route">): JSX.Element {
  const user = session.user.value;
  const at = route.value;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to the content</a>
      <header class="top">
        <a class="brand" href="#/games" aria-label="Knight Vision, your games"><img src="./icon.svg" alt="" width="28" height="28" /><span>Knight Vision</span></a>
        {user && (
          <nav aria-label="Pages">
            <a href="#/games" aria-current={at.page === "games" ? "page" : undefined}>Games</a>
            <a href="#/account" aria-current={at.page === "account" ? "page" : undefined}>Account</a>
            <a href="#/operators" aria-current={at.page === "operators" ? "page" : undefined}>Operators</a>
          </nav>
        )}
        <div class="top-right">
          <button type="button" class="quiet" onClick={toggleTheme} aria-label="Switch between light and dark"><Icon name="theme" /></button>
          {user && <button type="button" class="quiet only-wide" onClick={() => void session.leave()} title={user.email ?? "with a token"}>Sign out</button>}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {user === undefined ? <Opening session={session} />
          : user === null ? <SignIn session={session} />
          : at.page === "games" ? <GamesPage api={api} />
          : <LazyPage key={at.page} name={at.page} api={api} session={session} hints={hints} route={at} />}
      </main>
    </>
  );
}

function LazyPage({ name, ...props }: { name: string } & PageProps): JSX.Element {
  const page = useSignal<{ Page: ComponentType<PageProps> } | null>(null);
  const isBroken = useSignal(false);
  useEffect(() => {
    LAZY[name]?.().then((Page) => (page.value = { Page }), () => (isBroken.value = true));
  }, [name]);
  if (isBroken.value) return <p role="alert">This part of the page could not be loaded. Reload it when you are online.</p>;
  return page.value ? <page.value.Page {...props} /> : <p class="muted" role="status">Loading…</p>;
}
