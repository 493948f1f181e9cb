// Moments as the customer's clock and language write them. What is no whole moment (a date, a time without its zone) stays as it is.
import type { Log } from "./log.js";
import type { Json } from "./wire.js";

export interface Clock { locale: string | undefined; timezone: string | undefined }
export const HERE: Clock = { locale: undefined, timezone: undefined };

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;

// The session's own; what the browser has is what a session of ours begins with.
export function clock(log: Log): Clock {
  const started = log.events.find((event) => event.type === "SessionStarted");
  return started ? { locale: started.locale, timezone: started.timezone } : HERE;
}

export function isMoment(value: Json | undefined): value is string {
  return typeof value === "string" && MOMENT.test(value) && !Number.isNaN(Date.parse(value));
}

function format({ locale, timezone }: Clock): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone: timezone });
  } catch {
    return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }); // a zone this browser does not know
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(where: Clock): Intl.DateTimeFormat {
  const name = `${where.locale} ${where.timezone}`;
  const found = formats.get(name) ?? format(where);
  formats.set(name, found);
  return found;
}

export function moment(value: string, where: Clock): string {
  return formatOf(where).format(new Date(value));
}

export function zone(where: Clock): string {
  return formatOf(where).resolvedOptions().timeZone;
}
