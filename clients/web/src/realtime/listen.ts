import { RealtimeClient, type RealtimeClientOptions } from "@supabase/realtime-js";
import type { Config } from "../api/config";

/** Listens to the row of one game's analysis, as far as the token's user may read it; returns how to stop. */
export function listen(
  { supabase_url, supabase_publishable_key }: Config,
  token: () => Promise<string | null>,
  gameId: string,
  onHint: () => void,
  options: RealtimeClientOptions = {},
): () => void {
  const client = new RealtimeClient(`${supabase_url.replace(/^http/, "ws")}/realtime/v1`, {
    params: { apikey: supabase_publishable_key },
    // While sign-in is away there is no token, and no row to hear of.
    accessToken: () => token().catch(() => null),
    ...options,
  });
  const channel = client
    .channel(`analysis:${gameId}`)
    .on("postgres_changes", { event: "*", schema: "public", table: "analyses", filter: `game_id=eq.${gameId}` }, onHint);
  let isStopped = false;
  // The token first: a channel that is joined without one is told of nothing.
  void client.setAuth().then(() => { if (!isStopped) channel.subscribe(); });
  return () => {
    isStopped = true;
    void client.removeAllChannels().finally(() => client.disconnect());
  };
}
