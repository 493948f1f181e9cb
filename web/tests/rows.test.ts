import { expect, test } from "vitest";
import { cell, columns, counted, headings, selected, sorted } from "../src/rows.js";
import type { JsonObject, Result, View } from "../src/wire.js";

const view = (more: Partial<View> = {}): View => ({
  kind: "table", result: "r", title: "", path: "/items", columns: [], where: {}, sort: null, limit: null, aggregate: null, of: null, value: null, rows: null, total: null, ...more,
});
const result = { id: "r", data: null, whole: true, rows: null, total: 412, path: "/items", warnings: [] } satisfies Result;
const ROWS: JsonObject[] = [{ id: 10, name: "b" }, { id: 9, name: "a10" }, { id: 11 }, { id: 2, name: "a9" }];

test("rows are filtered, sorted and cut as the view says", () => {
  expect(selected({ items: ROWS }, view({ sort: "-id", limit: 2 })).map((row) => row["id"])).toEqual([11, 10]);
  expect(selected({ items: ROWS }, view({ where: { name: "B" } }))).toEqual([ROWS[0]]);
  expect(selected({ items: ROWS }, view({ where: { name: null } }))).toEqual([ROWS[2]]);
});

test("numbers sort as numbers, also inside texts, and what is missing comes last", () => {
  expect(sorted(ROWS, { column: "id", down: false }).map((row) => row["id"])).toEqual([2, 9, 10, 11]);
  expect(sorted(ROWS, { column: "name", down: false }).map((row) => row["name"])).toEqual(["a9", "a10", "b", undefined]);
  expect(sorted(ROWS, { column: "name", down: true }).map((row) => row["name"])).toEqual(["b", "a10", "a9", undefined]);
});

test("a list of plain values is a table of one column", () => {
  const rows = selected({ items: ["x", 1] }, view());
  expect(columns(rows, view())).toEqual(["value"]);
});

test.each([
  [["id", "userId", "title", "state"], ["title", "id", "userId", "state"]],
  [["id", "action", "username"], ["id", "action", "username"]],
  [["id", "paid"], ["id", "paid"]],
  [["email", "name"], ["email", "name"]],
])("a name goes before leading ids: %j", (given, shown) => {
  expect(columns(ROWS, view({ columns: given }))).toEqual(shown);
});

test("headings are names in words, unless two would be the same", () => {
  expect([...headings(["first_name", "createdAt", "/address/city", "URL", "_", "이름"]).values()]).toEqual(["First name", "Created at", "Address city", "URL", "_", "이름"]);
  expect([...headings(["user_id", "userId", "id"]).values()]).toEqual(["user_id", "userId", "Id"]);
});

test("columns come from the view, else from the rows", () => {
  expect(columns(ROWS, view())).toEqual(["name", "id"]);
  expect(columns(ROWS, view({ columns: ["name"] }))).toEqual(["name"]);
});

test.each([
  [40, 40, view(), result, "40 of 412 rows"],
  [4, 4, view({ total: 4 }), result, "4 rows"],
  [50, 120, view({ where: { a: 1 } }), result, "50 of 120 rows"],
  [50, 120, view({ where: { a: 1 }, total: 412 }), result, "50 of 120 rows"],
  [10, 10, view({ limit: 10, total: 412 }), result, "10 of 412 rows"],
  [50, 120, view({ conditions: [{ column: "a", operator: "ge", value: 1 }], total: 412 }), result, "50 of 120 rows"],
  [1, 1, view(), undefined, "1 row"],
] as const)("%i of %i shown is counted", (shown, loaded, what, from, text) => {
  expect(counted(shown, loaded, what, from)).toBe(text);
});

test("a path that leads nowhere is an empty table", () => {
  expect(selected({}, view())).toEqual([]);
});

test("a dotted name reaches into a nested value, unless a column is called so", () => {
  expect(cell({ a: { b: 1 } }, "a.b")).toBe(1);
  expect(cell({ "a.b": 2, a: { b: 1 } }, "a.b")).toBe(2);
  expect(cell({ a: 1 }, "a.toString")).toBeUndefined();
});
