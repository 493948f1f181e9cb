// A question to sign in to the product again: in a window of its own, with a new credential, or by the page that holds the conversation.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { fieldTemplate } from "./field.js";
import { fields } from "./field-style.js";
import { newId } from "./place.js";
import type { Deliver } from "./question-form.js";
import { codeField, handed, lead, newWindow, redeem } from "./sign-in.js";
import { card, controls, tokens } from "./theme.js";
import type { Question } from "./wire.js";

interface Kinds { type: string; schemes: Record<string, string> }

const SECRETS: Record<string, [name: string, label: string][]> = {
  bearer: [["token", "Token"]], api_key: [["value", "API key"]], basic: [["username", "User name"], ["password", "Password"]],
  token_exchange: [["subject_token", "Token"]],
};

export class SignIn extends LitElement {
  static override styles = [tokens, controls, card, fields];
  static override properties = {
    question: { attribute: false }, busy: { type: Boolean }, url: { state: true }, waiting: { state: true }, type: { state: true }, texts: { state: true }, problem: { state: true },
  };

  declare question: Question;
  declare busy: boolean;
  declare api: Api;
  declare deliver: Deliver;
  declare private url: string;
  declare private waiting: boolean;
  declare private type: string;
  declare private texts: Record<string, string>;
  declare private problem: string;
  private scheme: string | null = null;
  private leaving = new AbortController();
  private message = newId();

  constructor() {
    super();
    this.busy = this.waiting = false;
    this.url = this.type = this.problem = "";
    this.texts = {};
  }

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("question") as Question | undefined;
    if (changes.has("question") && before?.id !== this.question.id) void this.learn();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.leaving = new AbortController();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leaving.abort();
  }

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("input, h2")?.focus({ preventScroll: true }));
  }

  override render() {
    return html`<form class="card" novalidate autocomplete="off" aria-describedby="asked" @submit=${this.submit}>
      <h2 id="asked" tabindex="-1">${this.question.text}</h2>
      ${this.content()}
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
    </form>`;
  }

  private get connection(): string {
    return this.question.sign_in?.connection ?? "";
  }

  private content() {
    switch (this.question.sign_in?.way) {
      case "browser": return html`<div class="actions">
          ${this.url ? html`<a class="button main" href=${this.url} target="_blank" rel="noopener noreferrer">Open the sign-in</a>` : html`<button type="button" class="main" ?disabled=${this.busy} @click=${this.open}>Sign in</button>`}
          ${this.leave()}
        </div>${this.waiting ? html`<p class="muted" role="status">Waiting until you are signed in in the other window…</p>${codeField((ticket) => void this.redeem(ticket))}` : nothing}`;
      case "credential": return html`<div class="fields">${(SECRETS[this.type] ?? []).map(([name, label]) => this.field(name, label))}</div>
        <div class="actions"><button class="main" ?disabled=${this.busy}>Sign in</button>${this.leave()}</div>`;
      default: return html`<div class="actions"><button class="main" ?disabled=${this.busy}>Continue</button>${this.leave()}</div>`;
    }
  }

  private leave() {
    return html`<button type="button" ?disabled=${this.busy} @click=${() => this.answer(false)}>Not now</button>`;
  }

  private field(name: string, label: string) {
    const change = (text: string): void => void (this.texts = { ...this.texts, [name]: text });
    return fieldTemplate({ id: `sign-${name}`, label, form: { type: "string" }, hidden: name !== "username", required: true, change, text: this.texts[name] ?? "", problem: "" });
  }

  private async learn(): Promise<void> {
    this.leaving.abort();
    this.waiting = false;
    this.url = this.problem = "";
    const way = this.question.sign_in?.way;
    if (way === "client") this.dispatchEvent(new CustomEvent("parlance-sign-in", { bubbles: true, composed: true }));
    if (way === "credential") await this.choose().catch((error: Error) => void (this.problem = error.message));
  }

  // What is typed anew: the connection's own credential, else that of its first scheme that can be typed.
  private async choose(): Promise<void> {
    const { type, schemes } = await this.api.get<Kinds>(path`/v1/connections/${this.connection}`);
    this.scheme = type in SECRETS ? null : (Object.keys(schemes).find((name) => schemes[name]! in SECRETS) ?? null);
    this.type = this.scheme ? schemes[this.scheme]! : type;
  }

  private open = async (event: Event): Promise<void> => {
    event.preventDefault();
    const opened = newWindow();
    this.leaving.abort();
    const { signal } = (this.leaving = new AbortController());
    this.problem = "";
    this.waiting = true;
    try {
      const url = await lead(this.api, this.connection, "", opened);
      if (!opened) return void (this.url = url); // its window was blocked: a link is not
      const ticket = await handed(this.api, opened, signal);
      if (ticket) await this.redeem(ticket);
    } catch (error) {
      this.problem = (error as Error).message;
    }
    if (!signal.aborted) this.waiting = false;
  };

  private redeem = async (ticket: string): Promise<void> => {
    this.problem = "";
    try {
      await redeem(this.api, this.connection, ticket);
    } catch (error) {
      this.url = ""; // it works once
      return void (this.problem = (error as Error).message);
    }
    await this.answer(true);
  };

  private submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.problem = "";
    try {
      if (this.question.sign_in?.way === "credential") await this.api.send("PUT", path`/v1/connections/${this.connection}/credential`, { credential: { type: this.type, ...this.texts }, scheme: this.scheme });
    } catch (error) {
      return void (this.problem = (error as Error).message);
    }
    await this.answer(true);
  };

  private async answer(approved: boolean): Promise<void> {
    this.leaving.abort();
    this.waiting = false;
    const problem = await this.deliver(`${this.message}${approved ? "y" : "n"}`, { question_id: this.question.id, approved });
    if (problem) this.problem = problem.message;
  }
}

customElements.define("parlance-sign-in", SignIn);
