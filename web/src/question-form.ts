// A question for values: one form, answered alone. What was typed stays when an answer cannot be delivered.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { Refused } from "./api.js";
import type { Upload } from "./attach.js";
import { fieldTemplate } from "./field.js";
import { fields } from "./field-style.js";
import { read, written } from "./form.js";
import { newId } from "./place.js";
import { card, controls, tokens } from "./theme.js";
import type { Answer, JsonObject, Question, QuestionField } from "./wire.js";

export type Deliver = (id: string, answer: Answer) => Promise<Error | null>;

export class QuestionForm extends LitElement {
  static override styles = [tokens, controls, card, fields];
  static override properties = { question: { attribute: false }, busy: { type: Boolean }, texts: { state: true }, problems: { state: true }, problem: { state: true } };

  declare question: Question;
  declare busy: boolean;
  declare deliver: Deliver;
  declare upload: Upload;
  declare leave: () => void;
  declare private texts: Record<string, string>;
  declare private problems: Record<string, string>;
  declare private problem: string;
  private message: { id: string; content: string } | null = null;

  constructor() {
    super();
    this.busy = false;
    this.texts = {};
    this.problems = {};
    this.problem = "";
  }

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("question") as Question | undefined;
    if (!changes.has("question") || before?.id === this.question.id) return;
    this.texts = Object.fromEntries(this.question.fields.map((field) => [field.name, field.hidden ? "" : written(field.form, field.form["default"])]));
    const wrong = this.question.fields.filter((field) => typeof field.form["x-problem"] === "string"); // what was wrong with the value before
    this.problems = Object.fromEntries(wrong.map((field) => [field.name, String(field.form["x-problem"])]));
  }

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("input, select, textarea")?.focus({ preventScroll: true }));
  }

  override render() {
    return html`<form class="card" novalidate autocomplete="off" aria-describedby="asked" @submit=${this.submit}>
      <h2 id="asked">${this.question.text}</h2>
      ${this.question.notes.map((note) => html`<p class="muted">${note}</p>`)}
      <div class="fields">${this.question.fields.map((field, place) => this.field(field, place))}</div>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions"><button class="main" ?disabled=${this.busy}>Send answer</button><button type="button" ?disabled=${this.busy} @click=${this.leave}>Cancel</button></div>
    </form>`;
  }

  private field(field: QuestionField, place: number) {
    const change = (text: string): void => {
      this.texts = { ...this.texts, [field.name]: text };
      this.problems = { ...this.problems, [field.name]: "" };
    };
    const { label, form, hidden, required } = field;
    return fieldTemplate({
      id: `field-${place}`, label: label || field.name, form, hidden, required, change, upload: this.upload,
      text: this.texts[field.name] ?? "", problem: this.problems[field.name] ?? "",
    });
  }

  private values(): JsonObject | null {
    const values: JsonObject = {};
    const problems: Record<string, string> = {};
    for (const field of this.question.fields) {
      const found = read(field.form, this.texts[field.name] ?? "", field);
      if ("problem" in found) problems[field.name] = found.problem;
      else if (found.value !== undefined) values[field.name] = found.value;
    }
    this.problems = problems;
    return Object.keys(problems).length ? null : values;
  }

  private submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const values = this.values();
    if (this.busy) return;
    if (!values) return this.focusProblem();
    // The same content is the same message: sent again after a lost connection, it counts once.
    const content = JSON.stringify(values);
    if (this.message?.content !== content) this.message = { id: newId(), content };
    this.problem = "";
    const problem = await this.deliver(this.message.id, { question_id: this.question.id, values });
    if (!problem) return;
    this.problem = problem.message;
    if (problem instanceof Refused) this.problems = { ...problem.errors };
    await this.focusProblem();
  };

  private async focusProblem(): Promise<void> {
    await this.updateComplete;
    const wrong = this.renderRoot.querySelector<HTMLElement>("[aria-invalid=true], fieldset:has(.problem) input");
    (wrong ?? this.renderRoot.querySelector("button"))?.focus();
  }
}

customElements.define("parlance-question", QuestionForm);
