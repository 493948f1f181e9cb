// A document's settings, changed by several parts of the page: each change is made of what is kept by then, one after the other, so that none undoes another's.
import { type Api, path } from "./api.js";
import type { Settings } from "./specs.js";

let before: Promise<unknown> = Promise.resolve();

export function settingsOf(api: Api, spec: string): Promise<Settings> {
  return api.get<Settings>(path`/v1/specs/${spec}/settings`);
}

export function changeSettings(api: Api, spec: string, change: (kept: Settings) => Settings): Promise<Settings> {
  const made = before.catch(() => undefined).then(async () => {
    const settings = change(await settingsOf(api, spec));
    await api.send("PUT", path`/v1/specs/${spec}/settings`, settings);
    return settings;
  });
  before = made;
  return made;
}

export function switchedOff(settings: Settings): string[] {
  return Array.isArray(settings["off"]) ? settings["off"].map(String) : [];
}
