// The shapes the engine sends: events as in engine/events.py, views as in tools/show.py. Types only.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface ToolCall { id: string; tool: string; arguments: JsonObject }
export interface Source { kind: string; label: string; mark: "" | "show" }
export interface Preview { method: string; url: string; headers: Record<string, string>; body: Json }
export interface PreviewValue { name: string; label: string; value: Json; source: Source; before: Json; changed: boolean; form: JsonObject; shown: string }
export interface Attached { handle: string; name: string; media_type: string; size: number }
export interface SignInWay { way: "browser" | "credential" | "client"; connection: string | null }
export interface QuestionField { name: string; label: string; form: JsonObject; hidden: boolean; required: boolean }

export interface Question {
  id: string;
  kind: "values" | "approval" | "sign_in";
  call: string;
  text: string;
  fields: QuestionField[];
  operation: string | null;
  summary: string | null;
  preview: Preview | null;
  values: PreviewValue[];
  notes: string[];
  expires: number | null;
  sign_in: SignInWay | null;
}

export interface Chart { kind: "bar" | "line" | "pie"; x: string; y: string }
export interface ShownFile { name: string; media_type: string; size: number }

// What came later is missing in the events of older sessions.
export interface View {
  kind: "record" | "table" | "value" | "text" | "chart" | "file";
  result: string;
  title: string;
  path: string;
  columns: string[];
  where: JsonObject;
  sort: string | null;
  limit: number | null;
  aggregate: string | null;
  of: string | null;
  value: Json;
  rows: number | null;
  total: number | null;
  select?: string | null;
  conditions?: JsonObject[];
  then_by?: string[];
  group?: JsonObject[];
  aggregates?: JsonObject[];
  chart?: Chart | null;
  computed?: JsonObject[] | null;
  among?: number | null;
  notes?: string[];
  file?: ShownFile | null;
}

export interface Result { id: string; data: Json; whole: boolean; rows: number | null; total: number | null; path: string; warnings: string[] }
export type ReceiptOutcome = "done" | "accepted" | "rejected" | "not_executed" | "unknown" | "declined" | "refused";
export interface Receipt { call: string; operation: string; summary: string; changing: boolean; outcome: ReceiptOutcome; status: number | null }

export interface UserSaid { type: "UserSaid"; number: number; message_id: string; text: string; files?: Attached[] }
export interface ModelReplied { type: "ModelReplied"; number: number; text: string; calls: ToolCall[] }
export interface CallApproved { type: "CallApproved"; number: number; call_id: string; arguments: JsonObject }
export interface CallRejected { type: "CallRejected"; number: number; call_id: string; told: string | null }
export interface QuestionAsked { type: "QuestionAsked"; number: number; question: Question; arguments: JsonObject }
export interface QuestionAnswered {
  type: "QuestionAnswered";
  number: number;
  question_id: string;
  message_id: string;
  approved: boolean | null;
  values: JsonObject;
  edits: JsonObject;
  closed: boolean;
  files: Attached[];
}
export interface CallStarted { type: "CallStarted"; number: number; call_id: string; attempt: number }
export interface CallReturned {
  type: "CallReturned";
  number: number;
  call_id: string;
  outcome: "done" | "rejected" | "not_executed";
  status: number | null;
  result: Result | null;
  message: string;
  errors: Record<string, string>;
}
export interface CallUnknown { type: "CallUnknown"; number: number; call_id: string; reason: string; said?: string }
export interface Replied { type: "Replied"; number: number; text: string; views: View[]; receipt: Receipt[]; kind: "answer" | "refusal"; suggestions?: string[] }
export interface TurnFailed { type: "TurnFailed"; number: number; code: string; text: string; receipt: Receipt[] }
export interface SessionStarted { type: "SessionStarted"; number: number; locale: string; timezone: string }
export interface Silent { type: "ReplyRejected" | "Snapshot"; number: number }

export type Event =
  | SessionStarted | UserSaid | ModelReplied | CallApproved | CallRejected | QuestionAsked | QuestionAnswered | CallStarted
  | CallReturned | CallUnknown | Replied | TurnFailed | Silent;

export type Status = "new" | "running" | "waiting" | "replied" | "failed";
export interface State { status: Status; epoch: number; events: Event[] }

export interface Answer { question_id: string; values?: JsonObject; approved?: boolean; edits?: JsonObject }
export type Message = ({ text: string } | { answers: Answer[] }) & { files?: string[]; credential?: JsonObject };
