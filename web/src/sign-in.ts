// A customer signs in to the product in a window of its own, while this page asks until it is done.
import { type Api, path } from "./api.js";

export interface Standing { signed_in: boolean; expires: number | null }

const LOOK_AGAIN = 1_000; // milliseconds
const PATIENCE = 10 * 60_000; // as long as the address works

// In the press itself: a window that opens later is blocked.
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

// True as soon as it is done; false when it took too long or was left.
export async function signedIn(api: Api, connection: string, signal: AbortSignal): Promise<boolean> {
  const end = Date.now() + PATIENCE;
  while (!signal.aborted && Date.now() < end) {
    if ((await api.get<Standing>(path`/v1/connections/${connection}`, signal)).signed_in) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
  return false;
}
