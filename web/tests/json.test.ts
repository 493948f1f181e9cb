import { expect, test } from "vitest";
import { at, cut, isSecret, pretty, readJson, show } from "../src/json.js";

test("an id of 64 bits keeps all its digits", () => {
  expect(readJson('{"id": 9007199254740993, "small": 12, "part": 1.5}')).toEqual({ id: "9007199254740993", small: 12, part: 1.5 });
});

test("digits within texts and fractions are left alone", () => {
  const text = '{"a": "x \\" 9007199254740993", "b": 0.12345678901234567, "c": [-9007199254740993], "9007199254740993": 1e20}';
  expect(readJson(text)).toEqual({ a: 'x " 9007199254740993', b: 0.12345678901234567, c: ["-9007199254740993"], "9007199254740993": 1e20 });
});

test("a pointer reaches into lists and through escaped names", () => {
  const body = { "a/b": [{ "~": "found" }] };
  expect(at(body, "/a~1b/0/~0")).toBe("found");
  expect(at(body, "")).toBe(body);
  expect(at(body, "/missing/0")).toBeUndefined();
});

test("a pointer reaches nothing that the body does not hold itself", () => {
  expect(at({}, "/constructor/name")).toBeUndefined();
});

test("what is empty is shown as a dash, and nested values as JSON", () => {
  expect([null, undefined, "", 0, false, "x", [1, { a: 2 }]].map(show)).toEqual(["–", "–", "–", "0", "false", "x", '[1,{"a":2}]']);
});

test("only a handle counts as a secret, not a text about one", () => {
  expect(isSecret("secret:3kq")).toBe(true);
  expect(isSecret("secret: do not tell")).toBe(false);
});

test("a cut text never ends in half a letter", () => {
  expect(cut("👩🏽👍👍👍", 3)).toBe("👩🏽…");
});

test("a body that is a text is shown as it is", () => {
  expect(pretty("a\nb")).toBe("a\nb");
});
