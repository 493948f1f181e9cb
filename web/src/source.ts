// Where the rows of a view come from: out of the view itself, out of the event that holds the whole result, or page by page from the server.
import { at } from "./json.js";
import { type Order, records, selected, signed, sorted } from "./rows.js";
import type { Json, JsonObject, Result, View } from "./wire.js";

export interface Page { rows: Json[]; offset: number; total: number }
export interface Artifacts {
  page: (view: View, sort: string | null, offset: number, limit: number) => Promise<Page>;
  whole: (id: string) => Promise<Blob>;
  csv: (view: View) => Promise<Blob>;
}
export interface Source { read: (order: Order | null, offset: number, limit: number) => Promise<{ rows: JsonObject[]; total: number }> }

// What this page can do as the server does it. The rest is asked of the server, which has the whole of it.
function simple(view: View): boolean {
  return !view.select && !view.conditions?.length && !view.then_by?.length && !view.group?.length;
}

function here(all: readonly JsonObject[]): Source {
  return { read: async (order, offset, limit) => ({ rows: sorted(all, order).slice(offset, offset + limit), total: all.length }) };
}

export function sourceOf(view: View, result: Result | undefined, artifacts: Artifacts): Source {
  if (view.computed) return here(view.computed);
  if (result?.whole && simple(view)) return here(view.kind === "table" ? selected(result.data, view) : records(at(result.data, view.path) ?? null));
  return {
    read: async (order, offset, limit) => {
      const page = await artifacts.page(view, signed(order), offset, limit);
      return { rows: records(page.rows), total: page.total };
    },
  };
}

// Whether a view shows other rows than those of the result. An order alone, or a choice of columns, does not.
function another(view: View): boolean {
  const computed = view.computed || view.aggregate || view.group?.length || view.aggregates?.length;
  return Boolean(computed || view.select || view.conditions?.length || Object.keys(view.where).length) || view.limit !== null;
}

const MOST = 1000; // rows that the server gives at once

// Beside a table: what it shows, all of it; of a whole result the body as the product sent it.
export async function asJson(view: View, artifacts: Artifacts): Promise<Blob> {
  if (!another(view)) return artifacts.whole(view.result);
  const rows: Json[] = [];
  for (let total = 1; rows.length < total; ) {
    const page = await artifacts.page(view, null, rows.length, MOST);
    rows.push(...page.rows);
    total = page.rows.length ? page.total : 0;
  }
  return new Blob([JSON.stringify(rows)], { type: "application/json" });
}

// As a question to the server: what was computed is computed there again.
export function question(view: View): string {
  const { computed: _, title: __, notes: ___, value: ____, ...asked } = view;
  return JSON.stringify(asked);
}

const UNITS = ["bytes", "kB", "MB"];

export function sized(bytes: number): string {
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1000 ** power;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: power ? 1 : 0 })} ${power === 0 && bytes === 1 ? "byte" : UNITS[power]}`;
}
