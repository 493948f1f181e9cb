// Where the page keeps what it was opened with: key and document from the address' fragment, the conversation over a reload.

const PREFIX = "parlance.";

// Storage may be forbidden (a sandboxed frame): then a reload starts anew, and nothing else is lost.
function remembered(name: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function remember(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, value);
  } catch {
    // see remembered()
  }
}

export { remember, remembered };

// Takes key, spec and connection out of the fragment, so that the key stays in no history entry and no shared address.
export function readFragment(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has("key") && !given.has("spec")) return;
  if (given.has("key")) remember("key", given.get("key"));
  if (given.has("spec")) remember("connection", given.get("connection"));
  if (given.has("spec")) remember("spec", given.get("spec"));
  history.replaceState(history.state, "", location.pathname + location.search);
}

// crypto.randomUUID exists on https and localhost only; a phone in the same network may see plain http.
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// A page may load the script as a module, which has no `currentScript`: then the tag is looked for.
function ownScript(): HTMLScriptElement | null {
  if (typeof document === "undefined") return null;
  const current = document.currentScript as HTMLScriptElement | null;
  return current ?? document.querySelector<HTMLScriptElement>('script[src$="/static/panel.js"], script[src*="/static/panel.js?"]');
}

const script = ownScript();
// The server is where the script came from, also when a product's page embeds it.
export const home = script?.src ? new URL(script.src).origin : location.origin;
