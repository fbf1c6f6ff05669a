import { signal } from "@preact/signals";
import { AuthClient, type Session as AuthSession } from "@supabase/auth-js";
import type { Config } from "../api/config";

/** Who is signed in: by an account of Supabase, or by a token that was pasted. */
export interface SignedIn {
  email: string | null;
  source: "account" | "token";
}

const PASTED = "knight-vision-token";

/** The session of this browser. auth-js is the part of supabase-js that keeps and renews tokens. */
export class Session {
  /** Undefined until it is known, null when nobody is signed in. */
  readonly user = signal<SignedIn | null | undefined>(undefined);
  private readonly auth: InstanceType<typeof AuthClient>;
  private pasted: string | null = sessionStorage.getItem(PASTED);

  constructor(config: Config) {
    this.auth = new AuthClient({
      url: `${config.supabase_url}/auth/v1`,
      headers: { apikey: config.supabase_publishable_key },
      storageKey: "knight-vision-session",
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: true,
    });
    this.auth.onAuthStateChange((_, session) => this.tell(session));
  }

  /** A token that is good now. */
  token = async (): Promise<string | null> => {
    if (this.pasted) return this.pasted;
    const { data } = await this.auth.getSession();
    return data.session?.access_token ?? null;
  };

  /** Sign in, or up; returns what went wrong or is still to do, null when signed in. */
  async enter(kind: "in" | "up", email: string, password: string): Promise<string | null> {
    const credentials = { email, password };
    const { data, error } =
      kind === "in" ? await this.auth.signInWithPassword(credentials) : await this.auth.signUp(credentials);
    if (error) return error.status === 0 || error.status === undefined ? UNREACHABLE : sentence(error.message);
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
  leave = async (): Promise<void> => {
    this.pasted = null;
    sessionStorage.removeItem(PASTED);
    await this.auth.signOut({ scope: "local" });
    this.user.value = null;
  };

  private tell(session: AuthSession | null): void {
    if (this.pasted) this.user.value = { email: null, source: "token" };
    else this.user.value = session ? { email: session.user.email ?? null, source: "account" } : null;
  }
}

const UNREACHABLE = "The sign-in service cannot be reached. Check your connection and try again.";

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
}
