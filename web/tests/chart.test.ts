import { expect, test } from "vitest";
import { arc, isWhole, places, type Point, points, slices, ticks } from "../src/chart-parts.js";

const written = (value: number): string => value.toLocaleString("en");
const point = (value: number, label = "x", raw: Point["raw"] = label): Point => ({ label, value, text: String(value), raw });

test("points are rows with a number; a figure that is text keeps its digits", () => {
  const rows = [{ a: "x", n: 1.5 }, { a: null, n: 2 }, { a: "y", n: null }, { a: "z", n: "9223372036854775808" }, { a: "w", n: "word" }];
  expect(points(rows, "a", "n", String, written)).toEqual([
    { label: "x", value: 1.5, text: "1.5", raw: "x" },
    { label: "none", value: 2, text: "2", raw: null },
    { label: "z", value: 9223372036854775808, text: "9223372036854775808", raw: "z" },
  ]);
});

test.each([
  [[3, 97], 4, [0, 50, 100]],
  [[0.1, 0.32], 4, [0, 0.1, 0.2, 0.3, 0.4]],
  [[-5, 5], 4, [-5, 0, 5]],
  [[0, 0], 4, [0, 0.5]],
  [[-7], 2, [-10, -5, 0]],
])("ticks of %j are round and enclose them", (values, count, found) => {
  expect(ticks(values, count)).toEqual(found);
});

test("a pie has eight parts at most, and the rest is one", () => {
  const parts = slices([...Array(12).keys()].map((n) => point(n + 1, `p${n}`)), written);
  expect(parts.length).toBe(8);
  expect(parts.at(-1)).toMatchObject({ label: "5 others", value: 15 });
  expect(parts[0]!.value).toBe(12);
  expect(parts.reduce((sum, part) => sum + part.value, 0)).toBe(78);
});

test("only parts of a whole make a pie", () => {
  expect(isWhole([point(1), point(0)])).toBe(true);
  expect(isWhole([point(1), point(-1)])).toBe(false);
  expect(isWhole([point(0)])).toBe(false);
  expect(isWhole([])).toBe(false);
});

test("one part is a whole circle", () => {
  expect(arc(0, 1, 96)).toMatch(/^M0 0L0.000 -96.000A96 96 0 0 1 0.000 96.000A96 96 0 0 1 -?0.000 -96.000Z$/);
});

test("points lie by their time or number where all have one, else one after the other", () => {
  expect(places([point(1, "", "2026-01-01"), point(1, "", "2026-01-02"), point(1, "", "2026-01-05")])).toEqual([0, 0.25, 1]);
  expect(places([point(1, "", 0), point(1, "", 10)])).toEqual([0, 1]);
  expect(places([point(1, "", "b"), point(1, "", "a"), point(1, "", "c")])).toEqual([0, 0.5, 1]);
  expect(places([point(1)])).toEqual([0.5]);
  expect(places([point(1, "", 2), point(1, "", 1), point(1, "", 3)])).toEqual([0, 0.5, 1]);
});
