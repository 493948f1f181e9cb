// A customer signs in to the product in a window of its own. What that window brings back counts only here, with the key of who began.
import { html } from "lit";
import { type Api, path } from "./api.js";

export interface Standing { signed_in: boolean; expires: number | null }

const KNOCK_AGAIN = 1_000; // milliseconds
const PATIENCE = 12 * 60_000; // as long as the address works, and its ticket then
const TICKET = 16; // letters

// In the press itself: a window that opens later is blocked. It knows no opener, so that no page in it can lead this one elsewhere.
export function newWindow(): Window | null {
  const opened = window.open("", "_blank");
  if (opened) opened.opener = null;
  return opened;
}

// Leads the window to where one signs in. Without a window, the address is for a link.
export async function lead(api: Api, connection: string, scheme: string, opened: Window | null): Promise<string> {
  try {
    const { url } = await api.send<{ url: string }>("POST", path`/v1/connections/${connection}/authorize`, scheme ? { scheme } : {});
    if (!/^https?:\/\//i.test(url)) throw new Error("The address to sign in at is none that can be opened.");
    opened?.location.replace(url);
    return url;
  } catch (error) {
    opened?.close();
    throw error;
  }
}

// The ticket of the page of ours to which the window comes back. Knocks are for that page alone; while another is there they are lost.
// Null when it took too long or was left. The window's own policy may part it from us: then its page shows the ticket, to be copied.
export function handed(api: Api, opened: Window, signal: AbortSignal): Promise<string | null> {
  const { origin } = new URL(api.base, location.href);
  return new Promise((resolve) => {
    const knock = (): void => opened.postMessage({ parlance: "waiting" }, origin);
    const done = (ticket: string | null): void => {
      clearInterval(knocking);
      clearTimeout(ending);
      removeEventListener("message", listen);
      document.removeEventListener("visibilitychange", knock);
      signal.removeEventListener("abort", left);
      resolve(ticket);
    };
    const left = (): void => done(null);
    const listen = (event: MessageEvent): void => {
      if (event.source === opened && event.origin === origin && event.data?.parlance === "signed-in") done(String(event.data.ticket));
    };
    const knocking = setInterval(knock, KNOCK_AGAIN);
    const ending = setTimeout(left, PATIENCE);
    addEventListener("message", listen);
    document.addEventListener("visibilitychange", knock); // timers of a page that nobody sees are slow
    signal.addEventListener("abort", left);
    if (signal.aborted) left();
  });
}

export function redeem(api: Api, connection: string, ticket: string): Promise<void> {
  return api.send("POST", path`/v1/connections/${connection}/signed-in`, { ticket });
}

// For the code that the window shows where it cannot hand it over. It is taken as soon as it is whole.
export function codeField(take: (ticket: string) => void) {
  const typed = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const ticket = field.value.replace(/[\s-]/g, "");
    if (ticket.length !== TICKET) return;
    field.value = "";
    take(ticket);
  };
  // It stands in a form with another purpose.
  const only = (event: KeyboardEvent): void => void (event.key === "Enter" && event.preventDefault());
  return html`<label>Code <input type="text" class="code" autocomplete="off" autocapitalize="off" spellcheck="false" @input=${typed} @keydown=${only}>
    <span class="muted">If the other window shows one.</span></label>`;
}
