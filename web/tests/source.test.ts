import { expect, test } from "vitest";
import { type Artifacts, asJson, question, sized, sourceOf } from "../src/source.js";
import type { Result, View } from "../src/wire.js";

const view = (more: Partial<View> = {}): View => ({
  kind: "table", result: "r", title: "", path: "/items", columns: [], where: {}, sort: null, limit: null, aggregate: null, of: null, value: null, rows: null, total: null, ...more,
});
const whole = { id: "r", data: { items: [{ n: 2 }, { n: 1 }] }, whole: true, rows: 2, total: 2, path: "/items", warnings: [] } satisfies Result;

function server(): { asked: unknown[][]; artifacts: Artifacts } {
  const asked: unknown[][] = [];
  const page: Artifacts["page"] = async (...given) => {
    asked.push(given);
    return { rows: [{ n: 9 }, "x"], offset: 0, total: 77 };
  };
  return { asked, artifacts: { page, csv: async () => new Blob(), whole: async () => new Blob() } };
}

test("rows of a small result, and rows that were computed, ask nobody", async () => {
  const { asked, artifacts } = server();
  expect(await sourceOf(view(), whole, artifacts).read({ column: "n", down: false }, 0, 1)).toEqual({ rows: [{ n: 1 }], total: 2 });
  expect(await sourceOf(view({ computed: [{ n: 5 }], group: [{ column: "n" }] }), undefined, artifacts).read(null, 0, 9)).toEqual({ rows: [{ n: 5 }], total: 1 });
  expect(asked).toEqual([]);
});

test.each([
  [view(), { ...whole, whole: false }],
  [view({ select: "items[?n]" }), whole],
  [view({ conditions: [{ column: "n", operator: "ge", value: 1 }] }), whole],
  [view({ then_by: ["n"] }), whole],
  [view({ group: [{ column: "n" }] }), whole],
])("what this page has not, or cannot do as the server does, is asked for: %#", async (shown, result) => {
  const { asked, artifacts } = server();
  expect(await sourceOf(shown, result, artifacts).read({ column: "n", down: true }, 50, 50)).toEqual({ rows: [{ n: 9 }, { value: "x" }], total: 77 });
  expect(asked).toEqual([[shown, "-n", 50, 50]]);
});

test.each([
  { group: [{ column: "n" }] }, { computed: [{ n: 1 }] }, { where: { n: 1 } }, { conditions: [{ column: "n", operator: "ge", value: 1 }] }, { select: "items[?n]" }, { limit: 0 },
])("beside a table of other rows than the result's, the download holds the rows that are shown, all of them: %o", async (more) => {
  const rows = Array.from({ length: 2300 }, (_, n) => ({ n }));
  const asked: unknown[][] = [];
  const page: Artifacts["page"] = async (_, sort, offset, limit) => {
    asked.push([sort, offset, limit]);
    return { rows: rows.slice(offset, offset + limit), offset, total: rows.length };
  };
  const found = await asJson(view(more), { ...server().artifacts, page });
  expect(JSON.parse(await found.text())).toEqual(rows);
  expect(found.type).toBe("application/json");
  expect(asked).toEqual([[null, 0, 1000], [null, 1000, 1000], [null, 2000, 1000]]);
});

test("a download ends where the rows do, though more were promised", async () => {
  const promised: Artifacts["page"] = async (_, __, offset) => ({ rows: offset ? [] : [{ n: 1 }], offset, total: 5 });
  expect(await (await asJson(view({ where: { n: 1 } }), { ...server().artifacts, page: promised })).text()).toBe('[{"n":1}]');
});

test.each([{}, { sort: "-n" }, { columns: ["n"] }])("beside a whole result, in whatever order, the download is its body: %o", async (more) => {
  const { asked, artifacts } = server();
  const body = new Blob(["the body"]);
  expect(await asJson(view(more), { ...artifacts, whole: async () => body })).toBe(body);
  expect(asked).toEqual([]);
});

test("a view that is sent back holds what is asked and not what was computed", () => {
  const asked = JSON.parse(question(view({ computed: [{ n: 1 }], notes: ["x"], title: "t", value: 3, group: [{ column: "n" }] }))) as object;
  expect(Object.keys(asked)).not.toEqual(expect.arrayContaining(["computed"]));
  expect(asked).toMatchObject({ kind: "table", result: "r", path: "/items", group: [{ column: "n" }] });
});

test.each([[0, "0 bytes"], [1, "1 byte"], [999, "999 bytes"], [1500, "1.5 kB"], [12_000_000, "12 MB"], [49_960_000, "50 MB"]])("%i is %s", (bytes, text) => {
  expect(sized(bytes)).toBe(text);
});
