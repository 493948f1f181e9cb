import { expect, test } from "vitest";
import { accepted, EMPTY, endedAfter, type Item, items, last, type Log, merge, open, words } from "../src/log.js";
import type { Event } from "../src/wire.js";

const said = (number: number, text = "hello"): Event => ({ type: "UserSaid", number, message_id: `m${number}`, text, files: [] });
const wish = (number: number, id: string, tool = "getUser", args = {}): Event => ({ type: "ModelReplied", number, text: "", calls: [{ id, tool, arguments: args }] });
const replied = (number: number): Event => ({ type: "Replied", number, text: "done", views: [], receipt: [], kind: "answer" });
const asked = (number: number, id: string, call = "c"): Event => ({
  type: "QuestionAsked", number, arguments: {},
  question: { id, kind: "values", call, text: "?", fields: [], operation: null, summary: null, preview: null, values: [], notes: [], expires: null, sign_in: null },
});
const answered = (number: number, id: string): Event => ({ type: "QuestionAnswered", number, question_id: id, message_id: `m${number}`, approved: null, values: {}, edits: {}, closed: false, files: [] });
const returned = (number: number, call_id: string, more = {}): Event =>
  ({ type: "CallReturned", number, call_id, outcome: "done", status: 200, result: null, message: "", errors: {}, ...more }) as Event;

const log = (...events: Event[]): Log => merge(EMPTY, 0, events);
const kinds = (found: Item[]): string[] => found.map((item) => item.kind);

test("an event that comes twice counts once, in the order of the numbers", () => {
  const first = log(said(1), replied(3));
  expect(merge(first, 0, [wish(2, "c"), replied(3)]).events.map((event) => event.number)).toEqual([1, 2, 3]);
  expect(merge(first, 0, [replied(3)])).toBe(first);
});

test("a higher epoch starts anew, a lower one is too late", () => {
  const first = log(said(1));
  expect(merge(first, 1, [said(1, "again")]).events).toHaveLength(1);
  expect(merge({ ...first, epoch: 2 }, 1, [said(5)]).events).toHaveLength(1);
});

test("an older reply does not end the turn that was begun after it", () => {
  const whole = log(said(1), replied(2), said(3));
  expect(endedAfter(whole, 2)).toBe(false);
  expect(endedAfter(merge(whole, 0, [replied(4)]), 2)).toBe(true);
  expect(endedAfter(whole, 1)).toBe(false);
  expect(last(whole)).toBe(3);
});

test("a message is known by the id its sender gave it", () => {
  expect(accepted(log(said(1)), "m1")).toBe(true);
  expect(accepted(log(said(1)), "other")).toBe(false);
});

test("a call is one line that says how it stands", () => {
  const [, step] = items(log(said(1), wish(2, "c", "getUser", { id: "user1", token: "secret:x" }), returned(3, "c")));
  expect(step).toMatchObject({ kind: "step", label: "Get user", about: "user1", state: "done" });
});

test("a call is told by what names something, before other values", () => {
  const args = { department: "Finance", first_name: "Ada", userName: "user2", active: true };
  expect(items(log(said(1), wish(2, "c", "createUser", args)))[1]).toMatchObject({ about: "user2, Ada" });
});

test("the engine's own questions and views are no steps", () => {
  expect(kinds(items(log(said(1), wish(2, "a", "ask_user"), wish(3, "b", "show"), wish(4, "c", "resolve_dates"))))).toEqual(["said", "step"]);
});

test("what a checkpoint refused is not shown, unless the customer is told", () => {
  const refused: Event = { type: "CallRejected", number: 3, call_id: "c", told: null };
  expect(kinds(items(log(said(1), wish(2, "c"), refused)))).toEqual(["said"]);
  expect(kinds(items(log(said(1), wish(2, "c"), { ...refused, told: "Not allowed." })))).toEqual(["said", "told"]);
});

test("what the product refused says why", () => {
  const step = items(log(said(1), wish(2, "c"), returned(3, "c", { outcome: "rejected", status: 422, errors: { name: "too long" } })))[1];
  expect(step).toMatchObject({ state: "failed", detail: "Refused by the product (422): name: too long" });
});

test("several questions are open until each is answered", () => {
  const whole = log(said(1), asked(2, "q1", "a"), asked(3, "q2", "b"));
  expect(open(whole).map((item) => item.question.id)).toEqual(["q1", "q2"]);
  expect(open(merge(whole, 0, [answered(4, "q1")])).map((item) => item.question.id)).toEqual(["q2"]);
});

test("a new preview of the same call takes the place of the old one", () => {
  expect(open(log(said(1), asked(2, "q1"), asked(3, "q2"))).map((item) => item.question.id)).toEqual(["q2"]);
});

test("the end of a turn closes its questions and its lines", () => {
  const found = items(log(said(1), wish(2, "c"), asked(3, "q", "c"), replied(4)));
  expect(found.find((item) => item.kind === "question")).toMatchObject({ open: false, answer: null });
  expect(found.find((item) => item.kind === "step")).toMatchObject({ state: "failed" });
});

test("a reply is rated by the number of the message that began its turn", () => {
  expect(items(log(said(1), replied(2), said(3), replied(4))).filter((item) => item.kind === "reply").map((item) => item.turn)).toEqual([1, 3]);
});

test("an operation's name becomes words", () => {
  expect(["listAuditEvents", "list_audit_events", "users/get-by-id", "<img>"].map(words)).toEqual(["List audit events", "List audit events", "Users get by id", "Img"]);
});

test("a new request closes what is open, also when the events that say so are not here yet", () => {
  const question = asked(3, "q");
  const late = log(said(1), wish(2, "c"), question, said(6));
  expect(items(late)[1]).toMatchObject({ kind: "step", state: "failed", detail: "Not carried out" });
  expect(items(late)[2]).toMatchObject({ kind: "question", open: false, passed: true, answer: null });
  const closing: Event = { ...answered(4, "q"), message_id: "m6", closed: true } as Event;
  expect(items(log(said(1), wish(2, "c"), question, closing, replied(5), said(6)))[2]).toMatchObject({ open: false, passed: true });
  expect(items(log(said(1), wish(2, "c"), question, { ...closing, message_id: "cancel" } as Event, replied(5), said(6)))[2]).toMatchObject({ open: false, passed: false });
});

test("only what the customer said no to is declined", () => {
  const line = { call: "c", operation: "o", summary: "Lock", changing: true, outcome: "declined" as const, status: null };
  const end: Event = { type: "Replied", number: 5, text: "", views: [], receipt: [line], kind: "answer" };
  const outcome = (answer: Event): unknown => items(log(said(1), wish(2, "c"), asked(3, "q"), answer, end)).flatMap((item) => (item.kind === "reply" ? item.receipt : []))[0]?.outcome;
  expect(outcome({ ...answered(4, "q"), closed: true } as Event)).toBe("left");
  expect(outcome({ ...answered(4, "q"), approved: false } as Event)).toBe("declined");
});
