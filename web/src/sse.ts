// Server-sent events from a fetch body (EventSource cannot send the Authorization header).

export interface ServerEvent { event: string; data: string; id: string | null }

function parse(block: string): ServerEvent | null {
  const found: ServerEvent = { event: "message", data: "", id: null };
  const data: string[] = [];
  for (const line of block.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(":");
    if (colon === 0) continue; // a comment: the server's ping
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "event") found.event = value;
    else if (name === "id") found.id = value;
  }
  return data.length ? { ...found, data: data.join("\n") } : null;
}

const BLANK = /\r\n\r\n|\n\n|\r\r/;

// The server pings every few seconds: a connection that is silent for longer is dead, whatever the network says.
const SILENCE = 45_000;

async function next(reader: ReadableStreamDefaultReader<Uint8Array>, silence: number): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error("The server is silent.")), silence)));
  try {
    return await Promise.race([reader.read(), silent]);
  } finally {
    clearTimeout(timer);
  }
}

export async function* serverEvents(body: ReadableStream<Uint8Array>, silence = SILENCE): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await next(reader, silence);
      if (done) return; // an unfinished event at the end is dropped, as the standard says
      rest += decoder.decode(value, { stream: true });
      for (let end = BLANK.exec(rest); end; end = BLANK.exec(rest)) {
        const found = parse(rest.slice(0, end.index));
        rest = rest.slice(end.index + end[0].length);
        if (found) yield found;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection may be gone already
  }
}
