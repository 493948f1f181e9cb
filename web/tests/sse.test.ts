import { expect, test } from "vitest";
import { type ServerEvent, serverEvents } from "../src/sse.js";

function body(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>): Promise<ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of serverEvents(stream)) found.push(event);
  return found;
}

test("an event is read with its name, id and lines of data", async () => {
  expect(await all(body("id: 0-4\nevent: event\ndata: a\ndata: b\n\n"))).toEqual([{ event: "event", id: "0-4", data: "a\nb" }]);
});

test("a letter and an event may be cut anywhere", async () => {
  const bytes = new TextEncoder().encode("event: delta\ndata: grüße 한국어\n\n");
  const one = [...bytes].map((byte) => Uint8Array.of(byte));
  expect(await all(body(...one))).toEqual([{ event: "delta", id: null, data: "grüße 한국어" }]);
});

test("pings are skipped, and all three line ends are understood", async () => {
  expect((await all(body(": ping\n\n", "data: 1\r\n\r\n", "data:2\r\r"))).map((event) => event.data)).toEqual(["1", "2"]);
});

test("an event that is cut off at the end is dropped", async () => {
  expect(await all(body("data: whole\n\ndata: ha"))).toHaveLength(1);
});

test("a connection that is silent for too long is given up", async () => {
  const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
  await expect(serverEvents(silent, 5).next()).rejects.toThrow("silent");
});
