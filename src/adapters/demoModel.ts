/**
 * The demo model: an OpenAI-compatible server on this machine that plays a scripted session on samples/invoice. What it
 * answers follows from the conversation it is sent (see `demoScript.ts`), so runs can be refused, stopped and resumed;
 * all it remembers is which prompts it has seen, to bill cached input as providers do.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "../core/errors";
import { PromptMeter } from "./demoModelBill";
import { DEMO_MODEL_ID } from "./demoModelId";
import { readDemoRequest } from "./demoModelRequest";
import { streamed, whole } from "./demoModelStream";
import { nextAnswer } from "./demoScript";

export interface DemoServerOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Milliseconds per output token; default 25, which is 40 tokens a second. 0 = at once. */
  readonly delayMs?: number;
}

export interface DemoServer {
  /** The base URL to give to a client, `/v1` included. */
  readonly url: string;
  close(): Promise<void>;
}

const DEFAULT_DELAY_MS = 25;
/** Time to the first token, in tokens. */
const FIRST_TOKEN = 16;
const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** Starts the demo model, reachable from this machine only. Rejects when the port is taken. */
export async function startDemoServer({ port = 0, delayMs = DEFAULT_DELAY_MS }: DemoServerOptions = {}): Promise<DemoServer> {
  const meter = new PromptMeter();
  const server = createServer((request, response) => {
    // A client that went away is noticed by `destroyed`; it is no fault of ours.
    response.on("error", () => {});
    handle(request, response, meter, delayMs).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else fail(response, 500, messageOf(error));
    });
  });
  await listen(server, port);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the demo model has no port");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function handle(request: IncomingMessage, response: ServerResponse, meter: PromptMeter, delayMs: number): Promise<void> {
  const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname.replace(/^\/v1(?=\/)/, "");
  if (request.method === "GET" && path === "/models") {
    return send(response, 200, {
      object: "list",
      data: [{ id: DEMO_MODEL_ID, object: "model", created: 0, owned_by: "turnpike" }],
    });
  }
  if (request.method !== "POST" || path !== "/chat/completions")
    return fail(response, 404, `there is no ${request.method} ${path} here`);
  const body = await bodyOf(request);
  if (body === null) return fail(response, 413, "the request is too large");
  const asked = readDemoRequest(body);
  if ("complaint" in asked) return fail(response, 400, asked.complaint);
  const answer = nextAnswer(asked.messages, asked.mayCall && asked.tools.length > 0);
  const delivery = { answer, request: asked, bill: meter.bill(asked) };
  if (!asked.stream) return send(response, 200, whole(delivery));

  const pause = pacer(response, delayMs);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  await pause(FIRST_TOKEN);
  for await (const event of streamed({ ...delivery, pause })) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end("data: [DONE]\n\n");
}

/** Pieces come a little unevenly, as from a real model. */
function pacer(response: ServerResponse, delayMs: number): (tokens: number) => Promise<boolean> {
  let pieces = 0;
  return async (tokens) => {
    pieces += 1;
    if (delayMs > 0) await wait(delayMs * tokens * (0.6 + 0.8 * ((pieces * 0.618) % 1)));
    return !response.destroyed;
  };
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, message: string): void {
  send(response, status, { error: { message, type: "invalid_request_error", param: null, code: null } });
}
