import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ApiClient } from "../api/client";
import { asApiError, type ApiError } from "../api/problem";
import { playerName } from "../view/format";
import { Trouble } from "../view/parts";
import { saveFile } from "../view/save";
import { boardPicture } from "./picture";
import type { ReviewStore } from "./store";

/** Take the analysis along: annotated PGN, the report as JSON, pictures of board and chart. */
export function Exports({ api, store }: { api: ApiClient; store: ReviewStore }): JSX.Element {
  const trouble = useSignal<ApiError | null>(null);
  const game = store.game.value;
  const hasReport = store.report.value !== null;

  async function give(kind: string, make: () => Promise<Blob>): Promise<void> {
    const names = [playerName(game?.white, "White"), playerName(game?.black, "Black")].join("-");
    try {
      trouble.value = null;
      const name = names.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
      const made = await make();
      // Browsers share no file whose type they are not told.
      await hand(new File([made], `${name}.${kind}`, { type: made.type }), kind === "png");
    } catch (error) {
      trouble.value = asApiError(error);
    }
  }

  const id = game?.id ?? "";
  return (
    <>
      <button type="button" disabled={!hasReport} onClick={() => void give("pgn", async () => new Blob([await api.annotatedPgn(id)]))}>
        Annotated PGN
      </button>
      <button type="button" disabled={!hasReport} onClick={() => void give("json", async () => new Blob([JSON.stringify((await api.analysis(id)).value, null, 1)]))}>
        JSON
      </button>
      <button type="button" onClick={() => void give("png", () => boardPicture(store.fen.value, store.isFlipped.value, store.lastMove.value?.uci ?? null))}>
        Picture of the board
      </button>
      <button type="button" disabled={!hasReport} onClick={() => void give("png", chartPicture)}>Picture of the chart</button>
      {trouble.value && <Trouble error={trouble.value} />}
    </>
  );
}

/** Pictures go to the system's share sheet where there is one; everything else is saved. */
async function hand(file: File, isPicture: boolean): Promise<void> {
  const isTouch = matchMedia("(pointer: coarse)").matches;
  if (isPicture && isTouch && "canShare" in navigator && navigator.canShare({ files: [file] })) {
    await navigator.share({ files: [file] }).catch(() => undefined); // the user may change their mind
    return;
  }
  saveFile(file);
}

async function chartPicture(): Promise<Blob> {
  const canvas = document.querySelector<HTMLCanvasElement>(".chart canvas");
  if (!canvas) throw new Error("There is no chart yet.");
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("The browser makes no picture of the chart.");
  return blob;
}
