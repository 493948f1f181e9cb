import { expect, test } from "vitest";
import { control, read, withOffset, written } from "../src/form.js";
import type { Json, JsonObject } from "../src/wire.js";

const needed = { hidden: false, required: true };

test.each<[JsonObject, string]>([
  [{ type: "string" }, "text"],
  [{ type: "string", maxLength: 500 }, "long"],
  [{ type: "string", format: "password" }, "secret"],
  [{ type: "string", format: "date" }, "date"],
  [{ type: ["string", "null"], format: "date-time" }, "datetime"],
  [{ type: "string", format: "email" }, "email"],
  [{ type: "integer" }, "number"],
  [{ type: "boolean" }, "yesno"],
  [{ enum: ["a", "b"] }, "choice"],
  [{ anyOf: [{ enum: [1, 2] }, { type: "null" }] }, "choice"],
  [{ oneOf: [{ const: 1, title: "One" }, { const: 2, title: "Two" }] }, "choice"],
  [{ type: "array", items: { enum: ["x"] } }, "several"],
  [{ type: "array", items: { type: "string" } }, "list"],
  [{ type: "array", items: { type: "object" } }, "json"],
  [{ type: "object" }, "json"],
  [{}, "text"],
])("%o is filled in as %s", (schema, expected) => {
  expect(control(schema)).toBe(expected);
});

test("a hidden field hides what is typed, whatever its schema says", () => {
  expect(control({ type: "string", enum: ["a"] }, true)).toBe("secret");
});

test.each<[JsonObject, string, Json]>([
  [{ type: "string" }, " kept as typed ", " kept as typed "],
  [{ type: "integer" }, "42", 42],
  [{ type: "integer" }, "9007199254740993", "9007199254740993"],
  [{ type: "number" }, "-1.5e3", -1500],
  [{ type: "boolean" }, "false", false],
  [{ enum: ["a", 7, true] }, "1", 7],
  [{ type: "array", items: { enum: ["x", "y", "z"] } }, "0,2", ["x", "z"]],
  [{ type: "array", items: { type: "integer" } }, "1\n\n 2 ", [1, 2]],
  [{ type: "object" }, '{"a": 1}', { a: 1 }],
  [{ type: "string", format: "email" }, " a@b.test ", "a@b.test"],
  [{ type: "string", format: "date" }, "2026-11-05", "2026-11-05"],
])("%o takes %s", (schema, text, value) => {
  expect(read(schema, text, needed)).toEqual({ value });
});

test.each<[JsonObject, string, string]>([
  [{ type: "string" }, "  ", "This is needed."],
  [{ type: "string", minLength: 3 }, "ab", "Enter at least 3 characters."],
  [{ type: "string", maxLength: 2 }, "abc", "Enter at most 2 characters (now 3)."],
  [{ type: "integer" }, "1.5", "Enter a whole number."],
  [{ type: "integer", minimum: 5 }, "4", "Enter 5 or more."],
  [{ type: "number", maximum: 5 }, "6", "Enter 5 or less."],
  [{ type: "number" }, "many", "Enter a number."],
  [{ type: "object" }, "[1]", "Enter a JSON object: {…}."],
  [{ type: "object" }, "{", "This is not valid JSON."],
  [{ type: "string", format: "email" }, "nobody", "Enter an address like name@example.org."],
  [{ type: "string", format: "uri" }, "example.org", "Enter a full address, with https:// in front."],
])("%o refuses %s and says why", (schema, text, problem) => {
  expect(read(schema, text, needed)).toEqual({ problem });
});

test("what is optional and left empty is left out", () => {
  expect(read({ type: "integer" }, "", { hidden: false, required: false })).toEqual({ value: undefined });
});

test("a password may begin with a space", () => {
  expect(read({ type: "string" }, " x", { hidden: true, required: true })).toEqual({ value: " x" });
});

test("a time of the customer's clock names its offset", () => {
  const offset = -new Date("2026-07-01T09:30").getTimezoneOffset();
  expect(withOffset("2026-07-01T09:30")).toBe(`2026-07-01T09:30:00${offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${String(Math.trunc(Math.abs(offset) / 60)).padStart(2, "0")}:${String(Math.abs(offset) % 60).padStart(2, "0")}`}`);
});

test.each<[JsonObject, Json]>([
  [{ enum: ["a", "b"] }, "b"],
  [{ type: "array", items: { enum: ["x", "y"] } }, ["y"]],
  [{ type: "array", items: { type: "string" } }, ["one", "two"]],
  [{ type: "object" }, { a: [1] }],
  [{ type: "boolean" }, false],
  [{ type: "integer" }, 0],
])("%o shows %o so that reading it gives it back", (schema, value) => {
  expect(read(schema, written(schema, value), needed)).toEqual({ value });
});

test("a default that is not among the choices picks none", () => {
  expect(written({ enum: ["a"] }, "z")).toBe("");
});
