// A field's JSON Schema as something to fill in: which control it needs, what its text means, what is wrong with it. Pure.
import { isObject } from "./json.js";
import type { Json, JsonObject } from "./wire.js";

export type Control = "text" | "long" | "secret" | "number" | "date" | "datetime" | "email" | "url" | "yesno" | "choice" | "several" | "list" | "json" | "file";
export interface Choice { value: Json; label: string }
export type Read = { value: Json | undefined } | { problem: string };

const LONG = 160;
const FORMATS: Record<string, Control> = { date: "date", "date-time": "datetime", email: "email", "idn-email": "email", uri: "url", url: "url", password: "secret", binary: "file" };

// What is left of a schema once null is taken out of `type` and `anyOf`: being optional is the form's matter.
export function plain(schema: JsonObject): JsonObject {
  const options = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(options)) return schema;
  const real = options.filter((option) => isObject(option) && option["type"] !== "null") as JsonObject[];
  if (real.length === 1) return { ...schema, anyOf: null, oneOf: null, ...plain(real[0]!) };
  return schema;
}

export function kind(schema: JsonObject): string {
  const type = schema["type"];
  const types = Array.isArray(type) ? type.filter((name) => name !== "null") : [type];
  return types.length === 1 && typeof types[0] === "string" ? types[0] : "";
}

export function choices(schema: JsonObject): Choice[] {
  const given = schema["enum"];
  if (Array.isArray(given)) return given.filter((value) => value !== null).map((value) => ({ value, label: String(value) }));
  if ("const" in schema) return [{ value: schema["const"]!, label: String(schema["const"]) }];
  const options = schema["oneOf"] ?? schema["anyOf"];
  if (!Array.isArray(options) || !options.every((option) => isObject(option) && "const" in option)) return [];
  return (options as JsonObject[]).map((option) => ({ value: option["const"]!, label: String(option["title"] ?? option["const"]) }));
}

function ofArray(schema: JsonObject): Control {
  const items = isObject(schema["items"]) ? plain(schema["items"]) : {};
  if (choices(items).length) return "several";
  if (items["format"] === "binary") return "file";
  return ["string", "integer", "number"].includes(kind(items)) ? "list" : "json";
}

export function control(given: JsonObject, hidden = false): Control {
  const schema = plain(given);
  if (hidden) return "secret";
  if (choices(schema).length) return "choice";
  const type = kind(schema);
  if (type === "boolean") return "yesno";
  if (type === "integer" || type === "number") return "number";
  if (type === "array") return ofArray(schema);
  if (type === "object") return "json";
  const format = FORMATS[String(schema["format"] ?? "")];
  return format ?? (Number(schema["maxLength"] ?? 0) > LONG ? "long" : "text");
}

function twoDigits(value: number): string {
  return String(Math.trunc(Math.abs(value))).padStart(2, "0");
}

// "2026-11-05T09:30" as it is on the customer's clock -> RFC 3339 with the offset that clock has on that day.
export function withOffset(local: string): string {
  const minutes = -new Date(local).getTimezoneOffset();
  const full = local.length === 16 ? `${local}:00` : local;
  return minutes === 0 ? `${full}Z` : `${full}${minutes < 0 ? "-" : "+"}${twoDigits(minutes / 60)}:${twoDigits(minutes % 60)}`;
}

function readNumber(schema: JsonObject, text: string): Read {
  const typed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed)) return { problem: "Enter a number." };
  const value = Number(typed);
  if (kind(schema) === "integer" && !Number.isInteger(value)) return { problem: "Enter a whole number." };
  const { minimum, maximum } = schema;
  if (typeof minimum === "number" && value < minimum) return { problem: `Enter ${minimum} or more.` };
  if (typeof maximum === "number" && value > maximum) return { problem: `Enter ${maximum} or less.` };
  return { value: Number.isInteger(value) && !Number.isSafeInteger(value) ? typed : value }; // digits are not lost
}

function readText(schema: JsonObject, text: string): Read {
  const length = [...text].length;
  const { minLength, maxLength } = schema;
  if (typeof minLength === "number" && length < minLength) return { problem: `Enter at least ${minLength} characters.` };
  if (typeof maxLength === "number" && length > maxLength) return { problem: `Enter at most ${maxLength} characters (now ${length}).` };
  return { value: text };
}

function readList(schema: JsonObject, text: string): Read {
  const items = isObject(schema["items"]) ? plain(schema["items"]) : {};
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (kind(items) === "string") return { value: lines };
  const read = lines.map((line) => readNumber(items, line));
  const wrong = read.find((one) => "problem" in one);
  return wrong ?? { value: read.map((one) => ("value" in one ? one.value! : null)) };
}

function readObject(schema: JsonObject, text: string): Read {
  try {
    const value = JSON.parse(text) as Json;
    if (kind(schema) === "object" && !isObject(value)) return { problem: "Enter a JSON object: {…}." };
    if (kind(schema) === "array" && !Array.isArray(value)) return { problem: "Enter a JSON list: […]." };
    return { value };
  } catch {
    return { problem: "This is not valid JSON." };
  }
}

// The value that a control's text stands for. Choices and several carry the places of what was picked ("0", "0,2").
export function read(given: JsonObject, text: string, field: { hidden: boolean; required: boolean }): Read {
  const schema = plain(given);
  const as = control(schema, field.hidden);
  const empty = as === "secret" ? text === "" : text.trim() === "";
  if (empty) return field.required ? { problem: "This is needed." } : { value: undefined };
  switch (as) {
    case "choice": return { value: choices(schema)[Number(text)]?.value };
    case "several": return { value: text.split(",").map((place) => choices(plain(schema["items"] as JsonObject))[Number(place)]!.value) };
    case "yesno": return { value: text === "true" };
    case "number": return readNumber(schema, text);
    case "datetime": return { value: withOffset(text) };
    case "file": return { value: kind(schema) === "array" ? text.split(",") : text };
    case "list": return readList(schema, text);
    case "json": return readObject(schema, text);
    case "email": return /^[^\s@]+@[^\s@]+$/.test(text.trim()) ? readText(schema, text.trim()) : { problem: "Enter an address like name@example.org." };
    case "url": return URL.canParse(text.trim()) ? readText(schema, text.trim()) : { problem: "Enter a full address, with https:// in front." };
    default: return readText(schema, text);
  }
}

function localTime(value: Json): string {
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime())) return "";
  const day = `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  return `${day}T${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

// The other way round: what a control shows for a value (the default, or the value that is edited).
export function written(given: JsonObject, value: Json | undefined): string {
  const schema = plain(given);
  if (value === undefined || value === null) return "";
  const place = (options: Choice[], one: Json): number => options.findIndex((option) => option.value === one);
  switch (control(schema)) {
    case "choice": return place(choices(schema), value) < 0 ? "" : String(place(choices(schema), value));
    case "several": return Array.isArray(value) ? value.map((one) => place(choices(plain(schema["items"] as JsonObject)), one)).filter((index) => index >= 0).join(",") : "";
    case "datetime": return localTime(value);
    case "file": return Array.isArray(value) ? value.join(",") : String(value);
    case "list": return Array.isArray(value) ? value.join("\n") : String(value);
    case "json": return JSON.stringify(value, null, 2);
    default: return String(value);
  }
}
