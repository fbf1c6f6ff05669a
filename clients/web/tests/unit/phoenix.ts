/** A server that speaks as much of Phoenix channels as Supabase Realtime's postgres_changes need. */
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

type Message = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: Record<string, unknown>];

export interface Join {
  topic: string;
  token: unknown;
  changes: unknown;
}

export class PhoenixServer {
  readonly joins: Join[] = [];
  readonly left: string[] = [];
  private readonly members = new Map<WebSocket, string>();

  private constructor(private readonly server: WebSocketServer) {
    server.on("connection", (socket) => {
      socket.on("close", () => this.members.delete(socket));
      socket.on("message", (data) => this.answer(socket, JSON.parse((data as Buffer).toString()) as Message));
    });
  }

  static async start(port = 0): Promise<PhoenixServer> {
    const server = new WebSocketServer({ port, host: "127.0.0.1" });
    await new Promise((done) => server.once("listening", done));
    return new PhoenixServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.server.clients.size;
  }

  /** Tell all members of a change of their rows. */
  change(): void {
    for (const [socket, topic] of this.members) {
      const data = { type: "UPDATE", schema: "public", table: "analyses", commit_timestamp: "", columns: [], record: {}, old_record: {}, errors: null };
      socket.send(JSON.stringify([null, null, topic, "postgres_changes", { ids: [1], data }]));
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.server.clients) socket.terminate();
    await new Promise((done) => this.server.close(done));
  }

  private answer(socket: WebSocket, [joinRef, ref, topic, event, payload]: Message): void {
    let response: Record<string, unknown> = {};
    if (event === "phx_join") {
      const { config, access_token } = payload as { config: { postgres_changes: object[] }; access_token?: string };
      this.joins.push({ topic, token: access_token, changes: config.postgres_changes });
      this.members.set(socket, topic);
      response = { postgres_changes: config.postgres_changes.map((change, index) => ({ id: index + 1, ...change })) };
    } else if (event === "phx_leave") {
      this.left.push(topic);
      this.members.delete(socket);
    }
    socket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response }]));
  }
}
