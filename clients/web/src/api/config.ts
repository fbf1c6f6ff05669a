/** Where the services are. The file lies beside the page and is written by whoever hosts it. */
export interface Config {
  api_url: string;
  supabase_url: string;
  supabase_publishable_key: string;
  /** Whether the Supabase project offers Realtime; the page polls anyhow. */
  realtime?: boolean;
}

export async function loadConfig(): Promise<Config> {
  const answer = await fetch("./config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json: HTTP ${answer.status}`);
  const config = (await answer.json()) as Config;
  return { ...config, api_url: config.api_url.replace(/\/$/, "") };
}
