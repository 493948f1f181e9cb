import { expect, test } from "vitest";
import { groups, kinds, total } from "../src/groups.js";
import type { Operation, Problem, Spec } from "../src/specs.js";

const problem = (severity: Problem["severity"], code: string): Problem => ({ severity, code, pointer: "", line: null, message: code, fix: null });

test("problems are grouped by kind, the worst first, and those that are not listed are counted", () => {
  const found = kinds([problem("info", "c"), problem("error", "b"), problem("warning", "a"), problem("error", "b")], { a: 7, b: 2 });
  expect(found.map((kind) => [kind.severity, kind.code, kind.count])).toEqual([["error", "b", 2], ["warning", "a", 7], ["info", "c", 1]]);
  expect(total(found, "error")).toBe(2);
});

test("a kind of two severities is counted as listed", () => {
  expect(kinds([problem("error", "a"), problem("warning", "a")], { a: 9 }).map((kind) => kind.count)).toEqual([1, 1]);
});

const SPEC = {
  services: [
    { name: "Users", description: "", operations: [["GET", "/users"], ["POST", "/users"]] },
    { name: "Logs", description: "", operations: [["GET", "/logs"]] },
  ],
} as unknown as Spec;
const KNOWN: Operation[] = [{ id: "addUser", method: "POST", path: "/users", summary: "Register somebody", service: "Users" }];

test("operations are found by every word of what is typed, in any of their texts", () => {
  const paths = (typed: string): string[] => groups(SPEC, KNOWN, typed).flatMap((group) => group.operations.map((one) => `${one.method} ${one.path}`));
  expect(paths(" ")).toEqual(["GET /users", "POST /users", "GET /logs"]);
  expect(paths("REGISTER users")).toEqual(["POST /users"]);
  expect(paths("get logs")).toEqual(["GET /logs"]);
  expect(paths("adduser")).toEqual(["POST /users"]);
  expect(paths("delete")).toEqual([]);
});
