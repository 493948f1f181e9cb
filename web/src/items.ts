// How the items of a conversation look that need no state of their own: what was said, steps, receipts, failures.
import { html, nothing, type TemplateResult } from "lit";
import { fileSize, isSecret, show } from "./json.js";
import type { Asked, Failed, Line, Outcome, Said, Step, StepState, Told } from "./log.js";
import type { Unsent } from "./conversation.js";
import type { Attached } from "./wire.js";

const STATES: Record<StepState, { sign: string; text: string }> = {
  working: { sign: "", text: "working" },
  waiting: { sign: "…", text: "waiting for you" },
  done: { sign: "✓", text: "done" },
  failed: { sign: "✕", text: "not done" },
  unknown: { sign: "?", text: "outcome unknown" },
};

function files(given: Attached[]): TemplateResult | typeof nothing {
  return given.length ? html`<ul class="attached" aria-label="Attached">${given.map((file) => html`<li>${file.name} <span class="muted">${fileSize(file.size)}</span></li>`)}</ul>` : nothing;
}

export function said(item: Said): TemplateResult {
  return html`<div class="said"><span class="unseen">You: </span>${item.text}${files(item.files)}</div>`;
}

export function unsent(message: Unsent, retry: () => void, edit: () => void): TemplateResult {
  if (!message.problem) return html`<div class="said sending"><span class="unseen">You: </span>${message.text}${files(message.files)}</div>`;
  return html`<div class="said kept"><span class="unseen">You, not sent: </span>${message.text}${files(message.files)}</div>
    <div class="failure beside" role="alert">
      <p>${message.problem.message} Your text is kept.</p>
      <div class="actions"><button class="small" @click=${retry}>Try again</button><button class="small" @click=${edit}>Edit</button></div>
    </div>`;
}

export function step(item: Step): TemplateResult {
  const state = STATES[item.state];
  return html`<div class="step ${item.state}">
    <span class="sign" aria-hidden="true">${state.sign}</span>
    <span>${item.label}${item.about ? html` <span class="about">${item.about}</span>` : nothing}<span class="unseen"> (${state.text})</span>${item.detail ? html`<span class="detail">${item.detail}</span>` : nothing}</span>
  </div>`;
}

export function told(item: Told): TemplateResult {
  return html`<p class="told">${item.text}</p>`;
}

function answerLine(name: string, value: string): TemplateResult {
  return html`<li><span class="muted">${name}:</span> ${value}</li>`;
}

// A question that is closed: what came of it, in a few words.
export function closed(item: Asked): TemplateResult {
  const { answer, question } = item;
  if (!answer || answer.closed) {
    const what = { approval: "Not sent", values: "Not answered", sign_in: "Not signed in" }[question.kind];
    return html`<div class="closed"><p class="muted">${question.summary || question.text}</p><p>${what}${item.passed ? ": you asked for something else" : ""}</p></div>`;
  }
  const labels = new Map(question.fields.map((field) => [field.name, field.label || field.name]));
  const given = Object.entries(answer.values).map(([name, value]) => answerLine(labels.get(name) ?? name, isSecret(value) ? "hidden" : show(value)));
  if (question.kind === "sign_in") return html`<div class="closed"><p>${answer.approved ? "You signed in" : "You did not sign in"}</p></div>`;
  const verdict = Object.keys(answer.edits).length ? "You changed the request" : answer.approved === true ? "You approved this" : answer.approved === false ? "You declined this" : "";
  return html`<div class="closed">
    <p class="muted">${question.summary || question.text}</p>
    ${given.length ? html`<ul>${given}</ul>` : nothing}${verdict ? html`<p>${verdict}</p>` : nothing}
  </div>`;
}

const OUTCOMES: Record<Outcome, string> = {
  done: "Done", accepted: "Accepted, not finished yet", rejected: "Refused by the product", not_executed: "Not carried out", unknown: "Outcome unknown", declined: "Declined by you", left: "Not sent", refused: "Not allowed",
};

function receiptLine(line: Line): TemplateResult {
  return html`<li class=${line.outcome}><span class="outcome">${OUTCOMES[line.outcome]}</span> ${line.summary || line.operation}${line.changing ? nothing : html` <span class="muted">(read only)</span>`}</li>`;
}

// What changed something, or should have, is always in sight; what was only read is one click away.
export function receipt(lines: Line[]): TemplateResult | typeof nothing {
  if (!lines.length) return nothing;
  const list = html`<ul class="receipt">${lines.map(receiptLine)}</ul>`;
  if (lines.some((line) => line.changing)) return html`<div><p class="muted small">What was done</p>${list}</div>`;
  return html`<details><summary class="small">What was done: ${lines.length === 1 ? "1 step" : `${lines.length} steps`}</summary>${list}</details>`;
}

export function failed(item: Failed): TemplateResult {
  return html`<div class="failure" role="group" aria-label="Something went wrong"><p>${item.text}</p>${receipt(item.receipt)}</div>`;
}
