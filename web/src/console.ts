// <parlance-console>: the product team's page. Upload a document, see what came of it, set where and how it is called.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Api, path, Refused } from "./api.js";
import "./connections.js";
import { consoleStyle } from "./console-style.js";
import { cut } from "./json.js";
import { home, readFragment, remember, remembered } from "./place.js";
import "./spec-detail.js";
import "./spec-settings.js";
import { counted, type Spec, STATES, title } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const LONGEST_NAME = 200;
const LOOK_AGAIN = 700; // milliseconds, while a document is being read

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
    specs: { state: true }, chosen: { state: true }, connection: { state: true }, uploading: { state: true }, problem: { state: true }, announced: { state: true },
  };

  declare private specs: Spec[];
  declare private chosen: string | null;
  declare private connection: string | null;
  declare private uploading: boolean;
  declare private problem: string;
  declare private announced: string;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.specs = [];
    this.chosen = this.connection = null;
    this.uploading = false;
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
    if (this.specs.some((spec) => spec.state === "reading")) this.timer = setTimeout(() => void this.look(), LOOK_AGAIN);
  }

  private async look(): Promise<void> {
    const reading = this.specs.filter((spec) => spec.state === "reading").map((spec) => spec.id);
    try {
      const fresh = await Promise.all(reading.map((id) => this.api.get<Spec>(path`/v1/specs/${id}`)));
      this.specs = this.specs.map((spec) => fresh.find((found) => found.id === spec.id) ?? spec);
      const ended = fresh.filter((spec) => spec.state !== "reading");
      if (ended.length) this.announced = ended.map((spec) => `${title(spec)}: ${STATES[spec.state]}.`).join(" ");
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
    return html`<form class="card" @submit=${this.send}>
      <h2>Upload a document</h2>
      <label>OpenAPI document (JSON or YAML, also .gz) <input name="file" type="file" accept=".json,.yaml,.yml,.gz" required></label>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions"><button class="main" ?disabled=${this.uploading}>${this.uploading ? "Uploading…" : "Upload"}</button></div>
    </form>`;
  }

  private send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const file = new FormData(form).get("file");
    if (!(file instanceof File) || this.uploading) return;
    this.problem = file.size ? "" : file.name ? `${file.name} is empty. Choose another file.` : "Choose a file first.";
    if (this.problem) return;
    this.uploading = true;
    try {
      const response = await this.api.open(`/v1/specs?name=${encodeURIComponent(cut(file.name, LONGEST_NAME))}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
      const { id } = (await response.json()) as { id: string };
      form.reset();
      const fresh = await this.api.get<Spec>(path`/v1/specs/${id}`);
      this.specs = [fresh, ...this.specs.filter((spec) => spec.id !== id)];
      this.chosen = id;
      this.watch();
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.uploading = false;
  };

  private documents(): TemplateResult | typeof nothing {
    if (!this.specs.length) return nothing;
    return html`<section class="card" aria-labelledby="documents">
      <h2 id="documents">Documents</h2>
      <ul class="documents">${this.specs.map((spec) => html`<li>
        <button aria-current=${spec.id === this.chosen} @click=${() => (this.chosen = spec.id)}>
          <span><strong>${title(spec)}</strong> ${spec.version ?? ""}</span>
          <span class="muted">${STATES[spec.state]}${spec.state === "ready" ? ` · ${counted(spec.operations, "operation")} · ${counted(spec.problems.length, "problem")}` : ""}</span>
        </button></li>`)}</ul>
    </section>`;
  }

  private detail(): TemplateResult | typeof nothing {
    const { spec } = this;
    if (!spec) return nothing;
    return html`<parlance-spec .spec=${spec} @remove=${() => this.discard(spec.id)}>${spec.state === "ready" ? html`<p><a class="main" href=${this.chat}>Try it in the chat</a></p>` : nothing}</parlance-spec>
      ${spec.state === "ready"
        ? html`<parlance-settings .spec=${spec.id} .api=${this.api}></parlance-settings>
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
