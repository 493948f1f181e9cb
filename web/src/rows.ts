// What a view shows of a result: records out of the body, filtered, sorted and counted. Pure.
import { at, isObject } from "./json.js";
import { words } from "./log.js";
import type { Json, JsonObject, Result, View } from "./wire.js";

export interface Order { column: string; down: boolean }

export function records(body: Json): JsonObject[] {
  const list = Array.isArray(body) ? body : body === null || body === undefined ? [] : [body];
  return list.map((row) => (isObject(row) ? row : { value: row }));
}

export function cell(row: JsonObject, column: string): Json | undefined {
  if (Object.hasOwn(row, column)) return row[column];
  if (column.startsWith("/")) return at(row, column);
  return column.includes(".") ? column.split(".").reduce<Json | undefined>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), row) : undefined;
}

export function firstOrder(sort: string | null): Order | null {
  if (!sort) return null;
  return sort.startsWith("-") ? { column: sort.slice(1), down: true } : { column: sort, down: false };
}

export function signed(order: Order | null): string | null {
  return order && `${order.down ? "-" : ""}${order.column}`;
}

function compare(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(typeof a === "object" ? JSON.stringify(a) : a).localeCompare(String(typeof b === "object" ? JSON.stringify(b) : b), undefined, { numeric: true });
}

// What is missing comes last, whichever way the column is sorted.
export function sorted(rows: readonly JsonObject[], order: Order | null): JsonObject[] {
  if (!order) return [...rows];
  const missing = (row: JsonObject): boolean => (cell(row, order.column) ?? null) === null;
  const present = rows.filter((row) => !missing(row)).sort((a, b) => compare(cell(a, order.column), cell(b, order.column)));
  return [...(order.down ? present.reverse() : present), ...rows.filter(missing)];
}

function same(held: Json | undefined, value: Json): boolean {
  if (typeof held === "string" && typeof value === "string") return held.toLowerCase() === value.toLowerCase();
  return JSON.stringify(held ?? null) === JSON.stringify(value);
}

export function selected(body: Json, view: View): JsonObject[] {
  const all = records(at(body, view.path) ?? null);
  const wanted = Object.entries(view.where);
  const found = all.filter((row) => wanted.every(([column, value]) => same(cell(row, column), value)));
  const rows = sorted(found, firstOrder(view.sort));
  return view.limit === null ? rows : rows.slice(0, view.limit);
}

const LOOKED_AT = 50;

const IDS = /(^|[_-])(id|uuid|key)$|[a-z]I[dD]$/;
const NAMES = /^(name|title|label|user_?name|login|display_?name|full_?name|subject)$/i;

// A name says more than an id: the first one goes in front of the ids that lead.
export function columns(rows: readonly JsonObject[], view: View): string[] {
  const found = view.columns.length ? view.columns : [...new Set(rows.slice(0, LOOKED_AT).flatMap((row) => Object.keys(row)))];
  const name = found.find((column) => NAMES.test(column));
  if (!name || !found.slice(0, found.indexOf(name)).every((column) => IDS.test(column))) return found;
  return [name, ...found.filter((column) => column !== name)];
}

// Names in words ("first_name": "First name"); as they are where two would read the same.
export function headings(names: readonly string[]): Map<string, string> {
  const worded = names.map((name) => (/^[A-Z]{2,5}$/.test(name) ? name : words(name) || name));
  return new Map(names.map((name, place) => [name, worded.filter((word) => word === worded[place]).length > 1 ? name : worded[place]!]));
}

export function isNumeric(rows: readonly JsonObject[], column: string): boolean {
  const values = rows.slice(0, LOOKED_AT).map((row) => cell(row, column)).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === "number");
}

// "40 of 412 rows", or "412 rows" when that is all there is.
export function counted(shown: number, loaded: number, view: View, result: Result | undefined): string {
  const filtered = Object.keys(view.where).length > 0 || Boolean(view.conditions?.length || view.select);
  const total = filtered ? loaded : Math.max(loaded, view.total ?? result?.total ?? loaded);
  const number = (value: number): string => value.toLocaleString();
  if (shown < total) return `${number(shown)} of ${number(total)} rows`;
  return total === 1 ? "1 row" : `${number(total)} rows`;
}
