import { expect, test } from "vitest";
import { path, refusal } from "../src/api.js";

test("no value leaves its segment of the path", () => {
  expect(path`/v1/sessions/${"../x?y#z"}/artifacts/${"a b"}`).toBe("/v1/sessions/..%2Fx%3Fy%23z/artifacts/a%20b");
});

test("a problem document is read: its code, detail and field errors", async () => {
  const body = { code: "answer_invalid", title: "No", detail: "Still missing: name.", errors: { name: "needed" } };
  expect(await refusal(Response.json(body, { status: 422 }))).toMatchObject({ status: 422, code: "answer_invalid", message: "Still missing: name.", errors: { name: "needed" } });
});

test("an answer that is no problem document still says something", async () => {
  expect((await refusal(new Response("<html>", { status: 502 }))).message).toBe("The server answered 502.");
});
