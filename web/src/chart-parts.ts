// The geometry of a chart: scales, ticks, slices. Pure; knows no DOM.
import { cell } from "./rows.js";
import type { Json, JsonObject } from "./wire.js";

export interface Point { label: string; value: number; text: string; raw: Json }

export const DRAWN = 40; // bars; all numbers are in the table
export const SLICES = 8;

// Computed figures of many digits come as text, so that no reader rounds them.
export function points(rows: readonly JsonObject[], x: string, y: string, name: (value: Json) => string, written: (value: number) => string): Point[] {
  return rows.flatMap((row) => {
    const raw = cell(row, y) ?? null;
    const value = Number(raw);
    if (raw === null || raw === "" || !Number.isFinite(value)) return [];
    const label = cell(row, x) ?? null;
    return [{ label: label === null ? "none" : name(label), value, text: typeof raw === "number" ? written(raw) : String(raw), raw: label }];
  });
}

// From a round number to a round number, zero among them.
export function ticks(values: readonly number[], count: number): number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999)!;
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

// The largest, and what is left as one: a ninth colour tells nobody anything.
export function slices(all: readonly Point[], written: (value: number) => string): Point[] {
  const parts = all.filter((point) => point.value > 0).sort((a, b) => b.value - a.value);
  if (parts.length <= SLICES) return parts;
  const rest = parts.slice(SLICES - 1).reduce((sum, point) => sum + point.value, 0);
  return [...parts.slice(0, SLICES - 1), { label: `${parts.length - SLICES + 1} others`, value: rest, text: written(rest), raw: null }];
}

// Only parts of a whole make a pie.
export function isWhole(all: readonly Point[]): boolean {
  return all.length > 0 && all.every((point) => point.value >= 0) && all.some((point) => point.value > 0);
}

export function arc(from: number, to: number, radius: number): string {
  const at = (turn: number): string => `${(radius * Math.sin(turn * 2 * Math.PI)).toFixed(3)} ${(-radius * Math.cos(turn * 2 * Math.PI)).toFixed(3)}`;
  const middle = (from + to) / 2; // in two halves: one arc cannot be a whole circle
  return `M0 0L${at(from)}A${radius} ${radius} 0 0 1 ${at(middle)}A${radius} ${radius} 0 0 1 ${at(to)}Z`;
}

// Where a point lies between the first and the last: by time or number where all have one, else one after the other.
export function places(all: readonly Point[]): number[] {
  const whens = all.map((point) => (typeof point.raw === "number" ? point.raw : typeof point.raw === "string" && /^\d{4}-\d\d-\d\d/.test(point.raw) ? Date.parse(point.raw) : Number.NaN));
  const rising = whens.every((when, place) => Number.isFinite(when) && (place === 0 || when >= whens[place - 1]!));
  const first = whens[0] ?? 0;
  const span = (whens.at(-1) ?? 0) - first;
  if (rising && span > 0) return whens.map((when) => (when - first) / span);
  return all.map((_, place) => (all.length < 2 ? 0.5 : place / (all.length - 1)));
}
