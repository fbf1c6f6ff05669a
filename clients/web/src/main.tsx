import { render } from "preact";
import { ApiClient } from "./api/client";
import { loadConfig } from "./api/config";
import { App } from "./app";
import { realtimeHints } from "./realtime/hints";
import { Session } from "./session/session";
import { Notice } from "./view/parts";
import "./view/theme";
import "./style/base.css";
import "./style/parts.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");

try {
  const config = await loadConfig();
  const session = new Session(config);
  const api = new ApiClient(config.api_url, session.token, () => void session.leave("Your session has ended. Sign in again; you come back to this page."));
  render(<App session={session} api={api} hints={realtimeHints(config, session.token)} />, root);
} catch (error) {
  render(
    <Notice kind="bad">
      <p><strong>The page cannot start.</strong> Its settings, config.json, did not come: {String(error)}.</p>
      <button type="button" onClick={() => location.reload()}>Try again</button>
    </Notice>,
    root,
  );
}
