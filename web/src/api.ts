// Parlance's HTTP interface: one place for the key, the base address and problem documents (RFC 9457).
import { isObject, readJson } from "./json.js";
import type { Json } from "./wire.js";

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly errors: Record<string, string> = {}) {
    super(message);
  }
}

export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached. Check the connection and try again.");
  }
}

// Every value becomes one encoded segment of the path.
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((whole, part, index) => whole + encodeURIComponent(values[index - 1] ?? "") + part);
}

function fieldErrors(problem: Json): Record<string, string> {
  const errors = isObject(problem) && isObject(problem["errors"]) ? problem["errors"] : {};
  return Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, String(message)]));
}

export async function refusal(response: Response): Promise<Refused> {
  const text = await response.text().catch(() => "");
  let problem: Json = null;
  try {
    problem = readJson(text);
  } catch {
    // A proxy in between answers in its own way: the status has to do.
  }
  const said = isObject(problem) ? problem : {};
  const detail = typeof said["detail"] === "string" ? said["detail"] : said["title"];
  const message = typeof detail === "string" ? detail : `The server answered ${response.status}.`;
  return new Refused(response.status, String(said["code"] ?? "unknown"), message, fieldErrors(problem));
}

const PATIENCE = 60_000; // milliseconds for an answer that is no stream

export interface Ask { method?: string; body?: BodyInit | null; headers?: Record<string, string>; signal?: AbortSignal | undefined }

export class Api {
  constructor(readonly base: string, readonly key: string) {}

  async open(where: string, ask: Ask = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.key}`, ...ask.headers };
    const init: RequestInit = { method: ask.method ?? "GET", headers, body: ask.body ?? null, signal: ask.signal ?? null, credentials: "omit", cache: "no-store" };
    let response: Response;
    try {
      response = await fetch(this.base + where, init);
    } catch (error) {
      if (ask.signal?.aborted) throw error;
      throw new Unreachable();
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async get<T>(where: string, signal?: AbortSignal): Promise<T> {
    const patience = AbortSignal.timeout(PATIENCE);
    try {
      return readJson(await (await this.open(where, { signal: signal ? AbortSignal.any([signal, patience]) : patience })).text()) as T;
    } catch (error) {
      throw patience.aborted ? new Unreachable() : error;
    }
  }

  async send<T>(method: string, where: string, body?: unknown, accept = "application/json"): Promise<T> {
    const response = await this.post(method, where, body, accept);
    const text = await response.text();
    return (text ? readJson(text) : null) as T;
  }

  post(method: string, where: string, body: unknown, accept: string, signal?: AbortSignal): Promise<Response> {
    const headers = { Accept: accept, "Content-Type": "application/json" };
    return this.open(where, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal });
  }
}
