import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ApiClient } from "../api/client";
import { asApiError, type ApiError } from "../api/problem";
import type { GameVerdict } from "../api/schema";
import { playerName } from "../view/format";
import { Notice, Trouble } from "../view/parts";

/** So many are asked for one by one, each as urgent as a single game; more go in bulk. */
const MOST_URGENT = 5;

/** Brings games: paste, drop or pick PGN. Every game gets a verdict; a single good one is opened at once. */
export function Submit({ api, onAccepted }: { api: ApiClient; onAccepted: () => void }): JSX.Element {
  const text = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const verdicts = useSignal<GameVerdict[]>([]);
  const trouble = useSignal<ApiError | null>(null);
  const isBusy = useSignal(false);
  const isOver = useSignal(false);

  async function send(pgn: string): Promise<void> {
    if (!pgn.trim()) {
      text.current?.focus();
      return;
    }
    isBusy.value = true;
    trouble.value = null;
    verdicts.value = [];
    try {
      verdicts.value = await submitAll(api, pgn);
      if (text.current) text.current.value = "";
      onAccepted();
      const [only] = verdicts.value;
      if (only?.id && verdicts.value.length === 1) location.hash = `#/games/${only.id}`;
    } catch (error) {
      trouble.value = asApiError(error);
      verdicts.value = trouble.value.verdicts ?? [];
    } finally {
      isBusy.value = false;
    }
  }

  async function sendFiles(files: FileList | null | undefined): Promise<void> {
    if (files?.length) await send((await Promise.all([...files].map(decoded))).join("\n\n"));
  }

  return (
    <section
      class={`card submit ${isOver.value ? "over" : ""}`} aria-label="Add games"
      onDragOver={(event) => { event.preventDefault(); isOver.value = true; }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => { event.preventDefault(); isOver.value = false; void sendFiles(event.dataTransfer?.files); }}
    >
      <div class="field">
        <label for="pgn">Add games: paste PGN here, or drop files</label>
        <textarea
          id="pgn" ref={text} rows={4} spellcheck={false} placeholder={'[White "…"]  1. e4 e5 2. Nf3 …'}
          onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send(event.currentTarget.value); }}
        />
      </div>
      <div class="row">
        <button type="button" class="primary" disabled={isBusy.value} onClick={() => void send(text.current?.value ?? "")}>
          {isBusy.value ? "Sending…" : "Analyse"}
        </button>
        <button type="button" disabled={isBusy.value} onClick={() => picker.current?.click()}>Choose files…</button>
        <input
          ref={picker} type="file" accept=".pgn,.txt" multiple hidden aria-label="PGN files"
          onChange={(event) => void sendFiles(event.currentTarget.files)}
        />
      </div>
      {trouble.value && verdicts.value.length === 0 && <Trouble error={trouble.value} />}
      <Verdicts verdicts={verdicts.value} />
    </section>
  );
}

/** What became of each game. */
function Verdicts({ verdicts }: { verdicts: GameVerdict[] }): JSX.Element | null {
  if (verdicts.length === 0) return null;
  const refused = verdicts.filter(({ verdict }) => verdict === "refused").length;
  const taken = verdicts.length - refused;
  return (
    <Notice kind={taken === 0 ? "bad" : refused ? "calm" : "good"}>
      <p><strong>{taken} of {verdicts.length} {verdicts.length === 1 ? "game" : "games"} taken.</strong></p>
      <ul class="verdicts">
        {verdicts.map(({ index, verdict, id, white, black, ply_count, problem }) => (
          <li key={index}>
            {id
              ? <><a href={`#/games/${id}`}>{playerName(white, "White")} – {playerName(black, "Black")}</a> {verdict === "duplicate" ? "you have already" : `${Math.ceil((ply_count ?? 0) / 2)} moves`}</>
              : <>Game {index + 1} refused: {problem?.detail}</>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

async function submitAll(api: ApiClient, pgn: string): Promise<GameVerdict[]> {
  // How many there are only the service knows; tags at the start of a line are a good guess.
  const guess = pgn.match(/^\[Event /gm)?.length ?? 1;
  const { games } = await api.submit(pgn, guess > MOST_URGENT);
  // A single game is opened, and its page asks.
  if (games.length > 1 && guess <= MOST_URGENT) {
    await Promise.all(games.filter(({ id }) => id).map(({ id }) => api.requestAnalysis(String(id))));
  }
  return games;
}

/** A file's text: UTF-8, or what old programs write. */
async function decoded(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
