import type { Config } from "../api/config";

/** Calls `onHint` whenever something of a game's analysis has changed; returns how to stop that. */
export type Hints = (gameId: string, onHint: () => void) => () => void;

/**
 * Hints by Supabase Realtime, for pages whose config.json says that the project offers it; null for others.
 * Its client is loaded when a game is opened. Whatever goes wrong with it costs the hints alone: the page polls anyhow.
 */
export function realtimeHints(config: Config, token: () => Promise<string | null>): Hints | null {
  if (!config.realtime) return null;
  return (gameId, onHint) => {
    let isStopped = false;
    let stop = (): void => undefined;
    import("./listen").then(
      ({ listen }) => { if (!isStopped) stop = listen(config, token, gameId, onHint); },
      () => undefined,
    );
    return () => {
      isStopped = true;
      stop();
    };
  };
}
