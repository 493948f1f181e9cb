// A question for a yes: the exact request, where each value comes from, and approve, edit or decline.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Upload } from "./attach.js";
import { fieldTemplate } from "./field.js";
import { fields } from "./field-style.js";
import { control, read, written } from "./form.js";
import { isObject, isSecret, pretty, show } from "./json.js";
import { newId } from "./place.js";
import { approval, NARROW } from "./approval-style.js";
import type { Deliver } from "./question-form.js";
import { card, controls, tokens } from "./theme.js";
import type { Answer, JsonObject, Preview, PreviewValue, Question } from "./wire.js";

const SHORT = 6;

export class ApprovalCard extends LitElement {
  static override styles = [tokens, controls, card, fields, approval];
  static override properties = {
    question: { attribute: false }, busy: { type: Boolean }, editing: { state: true }, texts: { state: true }, problems: { state: true }, problem: { state: true },
  };

  declare question: Question;
  declare busy: boolean;
  declare deliver: Deliver;
  declare upload: Upload;
  declare private editing: boolean;
  declare private texts: Record<string, string>;
  declare private problems: Record<string, string>;
  declare private problem: string;
  private message: { id: string; content: string } | null = null;
  private readonly narrow = matchMedia(NARROW); // a phone shows the values and has the request one tap away

  constructor() {
    super();
    this.busy = false;
    this.editing = false;
    this.texts = {};
    this.problems = {};
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.narrow.addEventListener("change", this.turned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.narrow.removeEventListener("change", this.turned);
  }

  private turned = (): void => this.requestUpdate();

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("question") as Question | undefined;
    if (!changes.has("question") || before?.id === this.question.id) return;
    this.editing = false;
    this.problem = "";
  }

  // The heading, not a button: an Enter meant for the text field must not approve.
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true }));
  }

  override render() {
    const { question } = this;
    const preview = question.preview;
    return html`<section class="card approval" aria-labelledby="asked">
      <div class="head"><span class="badge">Needs your approval</span></div>
      <h2 id="asked" tabindex="-1">${question.summary || question.text}</h2>
      ${question.summary && question.text && !question.text.startsWith(question.summary) ? html`<p>${question.text}</p>` : nothing}
      ${question.notes.map((note) => html`<p class="note">${note}</p>`)}
      ${this.editing ? this.editor() : this.values()}
      ${preview && !this.editing ? this.request(preview) : nothing}
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      ${this.editing ? this.editActions() : this.actions()}
    </section>`;
  }

  private values() {
    if (!this.question.values.length) return nothing;
    return html`<ul class="values">${this.question.values.map((value) => this.value(value))}</ul>`;
  }

  private value(value: PreviewValue) {
    const marked = value.source.mark === "show";
    return html`<li class=${marked ? "value marked" : "value"}>
      <span class="name">${value.label || value.name}</span>
      <span class="content">${display(value)}${value.changed ? html`<span class="before">before: ${isSecret(value.before) ? "hidden" : show(value.before)}</span>` : nothing}</span>
      <span class="source">${marked ? html`<strong class="check">Please check</strong> ` : nothing}${value.source.label || value.source.kind}${value.changed ? html` <strong class="check">Changed</strong>` : nothing}</span>
    </li>`;
  }

  private request(preview: Preview) {
    const body = preview.body === null ? "" : pretty(preview.body);
    const headers = Object.entries(preview.headers);
    const line = html`<p class="line mono"><strong>${preview.method}</strong> ${preview.url}</p>`;
    const rest = html`<pre class="mono" tabindex="0" aria-label="Exact request">${headers.map(([name, value]) => `${name}: ${value}\n`).join("")}${headers.length && body ? "\n" : ""}${body}</pre>`;
    const more = body || headers.length ? rest : nothing;
    if (this.narrow.matches) return html`<details class="request"><summary>Show the request</summary>${line}${more}</details>`;
    return html`<div class="request">
      ${line}
      ${more === nothing ? nothing : html`<details ?open=${body.split("\n").length <= SHORT}><summary>Exact request</summary>${more}</details>`}
    </div>`;
  }

  private actions() {
    const danger = this.question.preview?.method === "DELETE";
    return html`<div class="actions">
      <button class=${danger ? "main danger" : "main"} ?disabled=${this.busy} @click=${() => this.send({ approved: true })}>Approve</button>
      ${this.editable().length ? html`<button ?disabled=${this.busy} @click=${this.edit}>Edit</button>` : nothing}
      <button ?disabled=${this.busy} @click=${() => this.send({ approved: false })}>Decline</button>
    </div>`;
  }

  private editable(): PreviewValue[] {
    return this.question.values.filter((value) => isObject(value.form) && Object.keys(value.form).length > 0);
  }

  private edit = async (): Promise<void> => {
    this.texts = Object.fromEntries(this.editable().map((value) => [value.name, isSecret(value.value) ? "" : written(value.form, value.value)]));
    this.problems = {};
    this.editing = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("input, select, textarea")?.focus();
  };

  private editor() {
    return html`<form id="editor" class="fields" novalidate autocomplete="off" @submit=${this.preview}>${this.editable().map((value, place) => this.editField(value, place))}</form>`;
  }

  private editField(value: PreviewValue, place: number) {
    const hidden = isHidden(value);
    const change = (text: string): void => {
      this.texts = { ...this.texts, [value.name]: text };
      this.problems = { ...this.problems, [value.name]: "" };
    };
    const label = `${value.label || value.name}${hidden ? " (leave empty to keep it)" : ""}`;
    return fieldTemplate({
      id: `edit-${place}`, label, form: value.form, hidden, required: true, change, upload: this.upload,
      text: this.texts[value.name] ?? "", problem: this.problems[value.name] ?? "",
    });
  }

  private editActions() {
    return html`<div class="actions">
      <button class="main" type="submit" form="editor" ?disabled=${this.busy}>Preview the change</button>
      <button ?disabled=${this.busy} @click=${this.back}>Back</button>
      <span class="muted">Nothing is sent to the product yet.</span>
    </div>`;
  }

  private back = (): void => {
    this.editing = false;
    this.focus();
  };

  private edits(): JsonObject | null {
    const edits: JsonObject = {};
    const problems: Record<string, string> = {};
    for (const value of this.editable()) {
      const text = this.texts[value.name] ?? "";
      const hidden = isHidden(value);
      if (hidden ? text === "" : text === written(value.form, value.value)) continue;
      const found = read(value.form, text, { hidden, required: true });
      if ("problem" in found) problems[value.name] = found.problem;
      else if (found.value !== undefined) edits[value.name] = found.value;
    }
    this.problems = problems;
    return Object.keys(problems).length ? null : edits;
  }

  private preview = (event: Event): void => {
    event.preventDefault();
    const edits = this.edits();
    if (!edits || this.busy) return;
    if (Object.keys(edits).length) void this.send({ edits });
    else this.back();
  };

  private async send(answer: Omit<Answer, "question_id">): Promise<void> {
    const content = JSON.stringify(answer);
    if (this.message?.content !== content) this.message = { id: newId(), content };
    this.problem = "";
    const problem = await this.deliver(this.message.id, { question_id: this.question.id, ...answer });
    if (!problem) return;
    this.problem = problem.message;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("button")?.focus();
  }
}

function isHidden(value: PreviewValue): boolean {
  return isSecret(value.value) || control(value.form) === "secret";
}

function display(value: PreviewValue) {
  if (isHidden(value)) return html`<span aria-hidden="true">••••••••</span><span class="unseen">hidden</span>`;
  if (value.shown) return value.shown;
  return typeof value.value === "object" && value.value !== null ? html`<span class="mono">${show(value.value)}</span>` : show(value.value);
}

customElements.define("parlance-approval", ApprovalCard);
