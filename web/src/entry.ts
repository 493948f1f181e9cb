// Before a conversation: the key, and which document to talk to. What is chosen is kept for the tab.
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { Api } from "./api.js";
import { remember } from "./place.js";
import type { Spec } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

export class Entry extends LitElement {
  static override styles = [
    tokens,
    controls,
    card,
    css`
      :host { display: block; width: 100%; max-width: 30rem; margin: 8vh auto 0; }
      label { display: grid; gap: 5px; font-weight: 600; }
    `,
  ];
  static override properties = { api: { attribute: false }, specs: { state: true }, problem: { state: true } };

  declare api: Api | null;
  declare private specs: Spec[];
  declare private problem: string;

  constructor() {
    super();
    this.api = null;
    this.specs = [];
    this.problem = "";
  }

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("api") as Api | null | undefined;
    if (changes.has("api") && this.api && before?.key !== this.api.key) void this.load(this.api);
  }

  private async load(api: Api): Promise<void> {
    this.problem = "";
    try {
      this.specs = (await api.get<{ specs: Spec[] }>("/v1/specs")).specs.filter((spec) => spec.state === "ready");
      if (!this.specs.length) this.problem = "No document is ready yet. Upload one in the console.";
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  override render() {
    return this.api ? this.choice() : this.key();
  }

  private key() {
    return html`<form class="card" @submit=${this.enter}>
      <h2>Open the chat</h2>
      <label>API key <input name="key" type="password" autocomplete="off" required></label>
      <div class="actions"><button class="main">Continue</button></div>
    </form>`;
  }

  private choice() {
    return html`<div class="card">
      <h2>What do you want to talk to?</h2>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      ${this.specs.map((spec) => html`<button @click=${() => this.keep("spec", spec.id)}>${spec.title || spec.id}</button>`)}
      <button class="quiet" @click=${() => this.keep("key", null)}>Use another API key</button>
    </div>`;
  }

  private enter = (event: Event): void => {
    event.preventDefault();
    this.keep("key", String(new FormData(event.target as HTMLFormElement).get("key")).trim());
  };

  private keep(name: string, value: string | null): void {
    remember(name, value);
    this.dispatchEvent(new CustomEvent("entered"));
  }
}

customElements.define("parlance-entry", Entry);
