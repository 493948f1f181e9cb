// JSON from outside: reading without losing digits, JSON pointers, and text for people.
import type { Json, JsonObject } from "./wire.js";

const LONG = /\d{16}/;
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

// A 64-bit id would lose its last digits as a number, so an integer that does not fit stays the text it was.
export function readJson(text: string): Json {
  const keep = (part: string): string => (/^-?\d{16,}$/.test(part) && !Number.isSafeInteger(Number(part)) ? `"${part}"` : part);
  return JSON.parse(LONG.test(text) ? text.replace(STRING_OR_NUMBER, keep) : text) as Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// RFC 6901, 4: ~1 is a slash and ~0 a tilde.
export function at(body: Json, pointer: string): Json | undefined {
  let value: Json | undefined = body;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = value[Number(name)];
    else if (isObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

// A hidden answer travels as its handle; what it stands for never reaches the panel again.
export function isSecret(value: Json | undefined): boolean {
  return typeof value === "string" && /^secret:\S+$/.test(value);
}

export function show(value: Json | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function pretty(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export function fileSize(bytes: number): string {
  const units = ["bytes", "KB", "MB"];
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return `${(bytes / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: step && bytes / 1000 ** step < 10 ? 1 : 0 })} ${units[step]}`;
}

export function cut(text: string, length: number): string {
  const letters = [...text];
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : text;
}
