// <parlance-console>: the product team's page. Upload a document, see what came of it and what changed, set where and how it is called.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Api, path, Refused } from "./api.js";
import "./connections.js";
import { consoleStyle } from "./console-style.js";
import { home, readFragment, remember, remembered } from "./place.js";
import type { SpecDetail } from "./spec-detail.js";
import "./spec-detail.js";
import "./spec-diff.js";
import "./spec-operations.js";
import "./spec-report.js";
import "./spec-settings.js";
import "./spec-upload.js";
import { awaited, counted, refusal, type Spec, STATES, title } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const LOOK_AGAIN = 700; // milliseconds, while a document is being read
const LOOK_SLOWLY = 4000; // while the strict validator has not judged the chosen one
const LOOKS = 30; // for the validator, which may have died with its worker

export class Console extends LitElement {
  static override styles = [
    tokens,
    controls,
    card,
    consoleStyle,
    css`
      :host { position: fixed; inset: 0; overflow-y: auto; background: var(--ground); }
    `,
  ];
  static override properties = {
    specs: { state: true }, chosen: { state: true }, connection: { state: true }, problem: { state: true }, announced: { state: true },
  };

  declare private specs: Spec[];
  declare private chosen: string | null;
  declare private connection: string | null;
  declare private problem: string;
  declare private announced: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looks = 0;

  constructor() {
    super();
    this.specs = [];
    this.chosen = this.connection = null;
    this.problem = this.announced = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.begin);
    this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.begin);
    clearTimeout(this.timer);
  }

  private get api(): Api {
    return new Api(home, remembered("key") ?? "");
  }

  private begin = (): void => {
    readFragment();
    this.chosen = remembered("spec");
    if (remembered("key")) void this.load();
    this.requestUpdate();
  };

  private async load(): Promise<void> {
    try {
      this.specs = (await this.api.get<{ specs: Spec[] }>("/v1/specs")).specs;
      this.problem = "";
    } catch (error) {
      this.problem = (error as Error).message;
      if (error instanceof Refused && error.status === 401) remember("key", null);
    }
    if (!this.spec) this.chosen = this.specs[0]?.id ?? null;
    this.watch();
  }

  // What is being read is looked at until it is ready or refused.
  private watch(): void {
    clearTimeout(this.timer);
    if (this.specs.some(awaited)) this.timer = setTimeout(() => void this.look(this.specs.filter(awaited)), LOOK_AGAIN);
    else if (this.spec?.state === "ready" && this.spec.validated === false && this.looks++ < LOOKS) {
      const { spec } = this;
      this.timer = setTimeout(() => void this.look([spec]), LOOK_SLOWLY);
    }
  }

  private async look(wanted: readonly Spec[]): Promise<void> {
    try {
      const fresh = await Promise.all(wanted.map((spec) => this.api.get<Spec>(path`/v1/specs/${spec.id}`)));
      this.specs = this.specs.map((spec) => fresh.find((found) => found.id === spec.id) ?? spec);
      const ended = fresh.filter((spec, index) => awaited(wanted[index]!) && !awaited(spec));
      if (ended.length) this.announced = ended.map((spec) => `${title(spec)}: ${spec.replacement ? "the new version was refused" : STATES[spec.state]}. ${refusal(spec)?.message ?? ""}`.trim()).join(" ");
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.watch();
  }

  private get spec(): Spec | undefined {
    return this.specs.find((spec) => spec.id === this.chosen);
  }

  // Where one talks with the chosen document; the key is remembered.
  private get chat(): string {
    const { spec } = this;
    return spec?.state === "ready" ? `/#${new URLSearchParams({ spec: spec.id, ...(this.connection && { connection: this.connection }) })}` : "/";
  }

  override render() {
    return html`<header class="bar"><h1>Console</h1>
        ${remembered("key") ? html`<button class="quiet small" @click=${this.leave}>Use another key</button>` : nothing}<a href=${this.chat}>Chat</a></header>
      <main class="page">
        ${remembered("key") ? html`${this.upload()}${this.documents()}${this.detail()}` : this.entry()}
      </main>
      <div class="unseen" aria-live="polite">${this.announced}</div>`;
  }

  private entry(): TemplateResult {
    return html`<form class="card" @submit=${this.enter}>
      <h2>Open the console</h2>
      <label>API key <input name="key" type="password" autocomplete="off" required></label>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions"><button class="main">Continue</button></div>
    </form>`;
  }

  private enter = (event: Event): void => {
    event.preventDefault();
    remember("key", String(new FormData(event.target as HTMLFormElement).get("key")).trim());
    this.problem = "";
    this.begin();
  };

  private leave = (): void => {
    remember("key", null);
    this.specs = [];
    this.requestUpdate();
  };

  private upload(): TemplateResult {
    return html`<section class="card" aria-labelledby="upload">
      <h2 id="upload">Upload a document</h2>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <parlance-upload .api=${this.api} @uploaded=${this.uploaded}></parlance-upload>
    </section>`;
  }

  // A document of its own comes first in the list; one with a next version stays where it is.
  private uploaded = async ({ detail: id }: CustomEvent<string>): Promise<void> => {
    try {
      const fresh = await this.api.get<Spec>(path`/v1/specs/${id}`);
      const known = this.specs.some((spec) => spec.id === id);
      this.specs = known ? this.specs.map((spec) => (spec.id === id ? fresh : spec)) : [fresh, ...this.specs];
      this.problem = "";
      await this.choose(id);
    } catch (error) {
      this.problem = (error as Error).message;
    }
  };

  // What is chosen is below the list, which may be long.
  private async choose(id: string): Promise<void> {
    this.chosen = id;
    this.looks = 0;
    this.watch();
    await this.updateComplete;
    const detail = this.renderRoot.querySelector<SpecDetail>("parlance-spec");
    await detail?.updateComplete;
    detail?.focus();
  }

  private documents(): TemplateResult | typeof nothing {
    if (!this.specs.length) return nothing;
    return html`<section class="card" aria-labelledby="documents">
      <h2 id="documents">Documents</h2>
      <ul class="documents">${this.specs.map((spec) => html`<li>
        <button aria-current=${spec.id === this.chosen} @click=${() => this.choose(spec.id)}>
          <span><strong>${title(spec)}</strong> ${spec.version ?? ""}</span>
          <span class="muted">${STATES[spec.state]}${spec.state === "ready" ? ` · ${counted(spec.operations, "operation")}` : ""}</span>
        </button></li>`)}</ul>
    </section>`;
  }

  private detail(): TemplateResult | typeof nothing {
    const { spec } = this;
    if (!spec) return nothing;
    return html`<parlance-spec .spec=${spec} .api=${this.api} @uploaded=${this.uploaded} @remove=${() => this.discard(spec.id)}>${spec.state === "ready" ? html`<p><a class="main" href=${this.chat}>Try it in the chat</a></p>` : nothing}</parlance-spec>
      ${spec.state === "ready"
        ? html`${spec.former?.length ? html`<parlance-diff .spec=${spec} .api=${this.api}></parlance-diff>` : nothing}
            <parlance-report .spec=${spec} .api=${this.api}></parlance-report>
            <parlance-operations .spec=${spec} .api=${this.api}></parlance-operations>
            <parlance-settings .spec=${spec.id} .api=${this.api}></parlance-settings>
            <parlance-connections .spec=${spec.id} .api=${this.api} @connections=${(event: CustomEvent<string | null>) => (this.connection = event.detail)}></parlance-connections>`
        : nothing}`;
  }

  private async discard(id: string): Promise<void> {
    try {
      await this.api.send("DELETE", path`/v1/specs/${id}`);
      this.specs = this.specs.filter((spec) => spec.id !== id);
      this.chosen = this.specs[0]?.id ?? null;
      this.announced = "Removed.";
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }
}

customElements.define("parlance-console", Console);
