import { signal } from "@preact/signals";
import { AuthClient, isAuthRetryableFetchError, type Session as AuthSession } from "@supabase/auth-js";
import type { Config } from "../api/config";
import { ApiError } from "../api/problem";

/** Who is signed in: by an account of Supabase, or by a token that was pasted. */
export interface SignedIn {
  email: string | null;
  source: "account" | "token";
}

const PASTED = "knight-vision-token";
const KEPT = "knight-vision-session";

/** The session of this browser. auth-js is the part of supabase-js that keeps and renews tokens. */
export class Session {
  /** Undefined until it is known, null when nobody is signed in. */
  readonly user = signal<SignedIn | null | undefined>(undefined);
  /** True while a session is kept that its service, being away, cannot renew; auth-js tries again about once a minute. */
  readonly isAway = signal(false);
  /** A last word to whoever was signed out. */
  readonly farewell = signal<string | null>(null);
  private readonly auth: InstanceType<typeof AuthClient>;
  private pasted: string | null = sessionStorage.getItem(PASTED);

  constructor(config: Config) {
    this.auth = new AuthClient({
      url: `${config.supabase_url}/auth/v1`,
      headers: { apikey: config.supabase_publishable_key },
      storageKey: KEPT,
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: true,
    });
    this.auth.onAuthStateChange((_, session) => this.tell(session));
  }

  /** A token that is good now. */
  token = async (): Promise<string | null> => {
    if (this.pasted) return this.pasted;
    const { data, error } = await this.auth.getSession();
    // Without this a request would go out without a token, be refused, and sign the user out.
    if (error && isAuthRetryableFetchError(error)) throw new ApiError(0, "sign_in_unreachable", "The sign-in service cannot be reached.");
    return data.session?.access_token ?? null;
  };

  /** Sign in, or up; returns what went wrong or is still to do, null when signed in. */
  async enter(kind: "in" | "up", email: string, password: string): Promise<string | null> {
    const credentials = { email, password };
    const { data, error } =
      kind === "in" ? await this.auth.signInWithPassword(credentials) : await this.auth.signUp(credentials);
    this.farewell.value = null;
    if (error) return isAuthRetryableFetchError(error) ? (error.status ? DOWN : UNREACHABLE) : sentence(error.message);
    if (!data.session) return "We sent you a letter: open the link in it, then sign in here.";
    return null;
  }

  /** Use a token that was made elsewhere; it lives as long as this tab. */
  paste(token: string): void {
    this.pasted = token.trim();
    sessionStorage.setItem(PASTED, this.pasted);
    this.tell(null);
  }

  /** Forget who is signed in, here only. */
  leave = async (farewell: string | null = null): Promise<void> => {
    this.farewell.value = farewell;
    this.pasted = null;
    sessionStorage.removeItem(PASTED);
    await this.auth.signOut({ scope: "local" });
    this.isAway.value = false;
    this.user.value = null;
  };

  private tell(session: AuthSession | null): void {
    this.isAway.value = !this.pasted && !session && localStorage.getItem(KEPT) !== null;
    if (this.isAway.value) return;
    if (this.pasted) this.user.value = { email: null, source: "token" };
    else this.user.value = session ? { email: session.user.email ?? null, source: "account" } : null;
  }
}

const UNREACHABLE = "The sign-in service cannot be reached. Check your connection and try again.";
const DOWN = "The sign-in service does not answer at the moment. Nothing is lost; try again shortly.";

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
}
