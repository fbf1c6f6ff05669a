// Fails when the script that the first page loads is larger than a phone on a slow line should wait for.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 150;
const dist = new URL("../dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const files = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const sizes = files.map((file) => [file, gzipSync(readFileSync(new URL(file, dist))).length / 1000]);
for (const [file, kb] of sizes) console.log(`${kb.toFixed(1).padStart(6)} kB gzip  ${file}`);
const scripts_kb = sizes.filter(([file]) => file.endsWith(".js")).reduce((sum, [, kb]) => sum + kb, 0);
console.log(`${scripts_kb.toFixed(1).padStart(6)} kB of script at first load, ${BUDGET_KB} allowed`);
if (scripts_kb === 0 || scripts_kb > BUDGET_KB) process.exit(1);
