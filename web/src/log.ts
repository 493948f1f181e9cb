// A conversation as the panel shows it, derived from the session's numbered events. Pure.
import { type Clock, clock, isMoment, moment } from "./clock.js";
import { cut, isSecret, show } from "./json.js";
import type { Attached, CallUnknown, Event, JsonObject, Question, QuestionAnswered, Receipt, ReceiptOutcome, Result, ToolCall, UserSaid, View } from "./wire.js";

export interface Log { epoch: number; events: Event[] }
export const EMPTY: Log = { epoch: 0, events: [] };

export type StepState = "working" | "waiting" | "done" | "failed" | "unknown";
export interface Step { kind: "step"; key: string; call: string; label: string; about: string; state: StepState; detail: string }
export interface Asked { kind: "question"; key: string; question: Question; answer: QuestionAnswered | null; open: boolean; passed: boolean } // passed over by another request
export interface Said { kind: "said"; key: string; text: string; files: Attached[] }
export interface Told { kind: "told"; key: string; text: string }
export type Outcome = ReceiptOutcome | "left"; // left: it was asked about, and nobody said no
export interface Line extends Omit<Receipt, "outcome"> { outcome: Outcome }
export interface Reply { kind: "reply"; key: string; turn: number; text: string; views: View[]; receipt: Line[]; refusal: boolean; suggestions: string[] }
export interface Failed { kind: "failed"; key: string; turn: number; text: string; receipt: Line[] }
export type Item = Step | Asked | Said | Told | Reply | Failed;

// Events come more than once (a stream resumes, an answer repeats them): a number counts once, a higher epoch starts anew.
export function merge(log: Log, epoch: number, events: readonly Event[]): Log {
  if (epoch < log.epoch) return log;
  const kept = epoch > log.epoch ? [] : log.events;
  const known = new Set(kept.map((event) => event.number));
  const added = events.filter((event) => !known.has(event.number) && known.add(event.number));
  if (!added.length && epoch === log.epoch) return log;
  return { epoch, events: [...kept, ...added].sort((a, b) => a.number - b.number) };
}

export function last(log: Log): number {
  return log.events.at(-1)?.number ?? -1;
}

// The end of a turn before the newest request is not its end: that request may have closed it.
export function endedAfter(log: Log, number: number): boolean {
  const begun = Math.max(number, log.events.findLast((event) => event.type === "UserSaid")?.number ?? number);
  return log.events.some((event) => event.number > begun && (event.type === "Replied" || event.type === "TurnFailed"));
}

export function accepted(log: Log, message: string): boolean {
  return log.events.some((event) => (event.type === "UserSaid" || event.type === "QuestionAnswered") && event.message_id === message);
}

export function results(log: Log): Map<string, Result> {
  const found = new Map<string, Result>();
  for (const event of log.events) if (event.type === "CallReturned" && event.result) found.set(event.result.id, event.result);
  return found;
}

// "listAuditEvents" and "list_audit_events" -> "List audit events"
export function words(name: string): string {
  const text = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ABOUT = 2;
const NAME = /^(id|key|name|user_?name|title|login)$/i;
const NAMING = /(^|[_-])(id|key|name|username|title|email|login|text|query|q)$/i;

// What a call is about, in few words: the values that name something, else the first ones.
function about(values: JsonObject, where: Clock): string {
  const plain = Object.entries(values).filter(([, value]) => value !== null && typeof value !== "object" && !isSecret(value) && value !== "");
  const naming = plain.filter(([name]) => NAMING.test(words(name).replaceAll(" ", "_")));
  naming.sort(([one], [other]) => Number(NAME.test(other)) - Number(NAME.test(one)));
  return (naming.length ? naming : plain).slice(0, ABOUT).map(([, value]) => (isMoment(value) ? moment(value, where) : cut(show(value), 40))).join(", ");
}

const OWN: Record<string, string | null> = { resolve_dates: "Work out the dates", find_operations: "Look for a way to do it", ask_user: null, show: null };

function step(call: ToolCall, where: Clock): Step | null {
  const label = Object.hasOwn(OWN, call.tool) ? OWN[call.tool] : words(call.tool);
  return label ? { kind: "step", key: `step ${call.id}`, call: call.id, label, about: about(call.arguments, where), state: "working", detail: "" } : null;
}

const REFUSED: Record<string, string> = { rejected: "Refused by the product", not_executed: "Not carried out" };

class Reader {
  readonly items: Item[] = [];
  private turn = 0;

  constructor(private readonly where: Clock) {}

  read(event: Event): void {
    switch (event.type) {
      case "UserSaid": return this.said(event);
      case "ModelReplied": return event.calls.forEach((call) => this.wish(call));
      case "CallApproved": return this.change(event.call_id, { about: about(event.arguments, this.where), state: "working" });
      case "CallRejected": return this.rejected(event.number, event.call_id, event.told);
      case "QuestionAsked": return this.asked(event.question);
      case "QuestionAnswered": return this.answered(event);
      case "CallReturned": return this.returned(event);
      case "CallUnknown": return this.change(event.call_id, { state: "unknown", detail: unknown(event) });
      case "Replied": return this.end({ ...event, kind: "reply", key: `reply ${event.number}`, turn: this.turn, refusal: event.kind === "refusal", suggestions: event.suggestions ?? [] });
      case "TurnFailed": return this.end({ ...event, kind: "failed", key: `failed ${event.number}`, turn: this.turn });
    }
  }

  // A request ends the turn before it. The events that say so come before its own and may be missing: the stream of a message begins with it.
  private said({ number, message_id, text, files }: UserSaid): void {
    this.items.forEach((item, index) => {
      if (item.kind === "question" && (item.open || (item.answer?.closed && item.answer.message_id === message_id))) this.items[index] = { ...item, open: false, passed: true };
    });
    this.drop();
    this.turn = number;
    this.items.push({ kind: "said", key: `said ${number}`, text, files: files ?? [] });
  }

  private wish(call: ToolCall): void {
    const found = step(call, this.where);
    if (found) this.items.push(found);
  }

  private change(call: string, changes: Partial<Step>): void {
    const index = this.items.findLastIndex((item) => item.kind === "step" && item.call === call);
    if (index >= 0) this.items[index] = { ...(this.items[index] as Step), ...changes };
  }

  // What a checkpoint made the model do again is not the customer's matter, unless it is told.
  private rejected(number: number, call: string, told: string | null): void {
    const index = this.items.findLastIndex((item) => item.kind === "step" && item.call === call);
    if (index >= 0) this.items.splice(index, 1);
    this.close((asked) => asked.question.call === call);
    if (told) this.items.push({ kind: "told", key: `told ${number}`, text: told });
  }

  private asked(question: Question): void {
    this.close((asked) => asked.question.call === question.call);
    this.change(question.call, { state: "waiting" });
    this.items.push({ kind: "question", key: `question ${question.id}`, question, answer: null, open: true, passed: false });
  }

  private answered(answer: QuestionAnswered): void {
    const index = this.items.findIndex((item) => item.kind === "question" && item.question.id === answer.question_id);
    if (index < 0) return;
    const asked = this.items[index] as Asked;
    this.items[index] = { ...asked, answer, open: false };
    this.change(asked.question.call, { state: "working" });
  }

  private returned(event: Extract<Event, { type: "CallReturned" }>): void {
    if (event.outcome === "done") return this.change(event.call_id, { state: "done" });
    const reasons = [event.message, ...Object.entries(event.errors).map(([name, message]) => `${name}: ${message}`)].filter(Boolean);
    const status = event.status ? ` (${event.status})` : "";
    const verdict = event.status ? REFUSED[event.outcome] : REFUSED["not_executed"]; // without a status the product never saw it
    this.change(event.call_id, { state: "failed", detail: `${verdict}${status}${reasons.length ? `: ${reasons.join("; ")}` : ""}` });
  }

  private end(item: Reply | Failed): void {
    this.close(() => true);
    this.drop();
    this.items.push({ ...item, receipt: item.receipt.map((line) => (line.outcome === "declined" && this.left(line.call) ? { ...line, outcome: "left" } : line)) });
  }

  // The engine counts a question that was closed without an answer as declined; the customer declined nothing.
  private left(call: string): boolean {
    return this.items.findLast((item): item is Asked => item.kind === "question" && item.question.call === call)?.answer?.closed === true;
  }

  private drop(): void {
    this.items.forEach((found, index) => {
      if (found.kind === "step" && (found.state === "working" || found.state === "waiting")) this.items[index] = { ...found, state: "failed", detail: "Not carried out" };
    });
  }

  private close(wanted: (asked: Asked) => boolean): void {
    this.items.forEach((item, index) => {
      if (item.kind === "question" && item.open && wanted(item)) this.items[index] = { ...item, open: false };
    });
  }
}

export function items(log: Log): Item[] {
  const reader = new Reader(clock(log));
  for (const event of log.events) reader.read(event);
  return reader.items.map((item) => ({ ...item, key: `${log.epoch} ${item.key}` })); // after a reset, numbers and ids come again
}

export function open(log: Log): Asked[] {
  return items(log).filter((item): item is Asked => item.kind === "question" && item.open);
}

// The product's words stay recognisable as its own.
function unknown({ reason, said }: CallUnknown): string {
  return `It is not known whether this was carried out. ${reason}${said ? ` The product says: “${said}”` : ""}`;
}
