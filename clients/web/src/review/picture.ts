import { parseFen } from "chessops/fen";
import { squareFile, squareRank } from "chessops/util";

const SQUARE_PX = 90;

/** A PNG of a position, drawn with the same pieces and colours as the board on the page. */
export async function boardPicture(fen: string, isFlipped: boolean, uci: string | null): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8 * SQUARE_PX;
  const ctx = canvas.getContext("2d");
  const board = parseFen(fen).unwrap((setup) => setup.board, () => null);
  if (!ctx || !board) throw new Error("The browser makes no picture of the board.");
  const style = getComputedStyle(document.documentElement);
  const place = (file: number, rank: number): [number, number] => [
    (isFlipped ? 7 - file : file) * SQUARE_PX,
    (isFlipped ? rank : 7 - rank) * SQUARE_PX,
  ];
  const touched = uci ? [uci.slice(0, 2), uci.slice(2, 4)] : [];
  for (let file = 0; file < 8; file++) {
    for (let rank = 0; rank < 8; rank++) {
      const [x, y] = place(file, rank);
      ctx.fillStyle = style.getPropertyValue((file + rank) % 2 ? "--square-light" : "--square-dark");
      ctx.fillRect(x, y, SQUARE_PX, SQUARE_PX);
      if (touched.includes(`${"abcdefgh".charAt(file)}${rank + 1}`)) {
        ctx.fillStyle = style.getPropertyValue("--square-last");
        ctx.fillRect(x, y, SQUARE_PX, SQUARE_PX);
      }
    }
  }
  for (const [square, { color, role }] of board) {
    const [x, y] = place(squareFile(square), squareRank(square));
    ctx.drawImage(await pieceImage(color, role), x, y, SQUARE_PX, SQUARE_PX);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("The browser makes no picture of the board.");
  return blob;
}

/** A piece as the style sheet draws it. */
async function pieceImage(color: string, role: string): Promise<HTMLImageElement> {
  const wrap = document.createElement("div");
  wrap.className = "cg-wrap hidden";
  const piece = document.createElement("piece");
  piece.className = `${color} ${role}`;
  wrap.append(piece);
  document.body.append(wrap);
  const url = /url\("?(.+?)"?\)/.exec(getComputedStyle(piece).backgroundImage)?.[1];
  wrap.remove();
  if (!url) throw new Error("The pieces are not loaded yet.");
  const image = new Image(SQUARE_PX, SQUARE_PX);
  image.src = url;
  await image.decode();
  return image;
}
