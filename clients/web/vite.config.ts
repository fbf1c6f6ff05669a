import { defineConfig, type Plugin } from "vite";

// What every host must keep to. Where a host can set headers, it narrows connect-src to its own two
// servers (infra/local/web_page.py, template.yaml); the stricter of the two rules holds.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' https: wss: http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Writes the policy into the built page only: Vite's own development server needs inline styles. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
    ],
  };
}

export default defineConfig({
  // Relative addresses: the page works in any folder of any static host.
  base: "./",
  plugins: [contentSecurityPolicy()],
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  // `npm run dev` beside `make dev`: KNIGHT_VISION_PAGE is the page's URL that `make dev` prints.
  server: { proxy: { "/config.json": process.env.KNIGHT_VISION_PAGE ?? "http://127.0.0.1:8001" } },
  test: { include: ["tests/unit/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
