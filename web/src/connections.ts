// A document's connections: credentials go in and never come back.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import type { Connection } from "./specs.js";
import { card, controls, tokens } from "./theme.js";
import type { JsonObject } from "./wire.js";

interface Part { name: string; label: string; secret?: boolean; optional?: boolean }
interface Kind { label: string; parts: Part[] }

const KINDS: Record<string, Kind> = {
  api_key: { label: "API key", parts: [{ name: "value", label: "Key", secret: true }] },
  bearer: { label: "Bearer token", parts: [{ name: "token", label: "Token", secret: true }] },
  basic: { label: "User name and password", parts: [{ name: "username", label: "User name" }, { name: "password", label: "Password", secret: true }] },
  client_credentials: {
    label: "OAuth2 client credentials",
    parts: [
      { name: "client_id", label: "Client id" }, { name: "client_secret", label: "Client secret", secret: true },
      { name: "token_url", label: "Token address", optional: true }, { name: "scopes", label: "Scopes, with spaces between", optional: true },
    ],
  },
  none: { label: "None", parts: [] },
};

export class Connections extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = {
    spec: {}, api: { attribute: false }, known: { state: true }, kind: { state: true }, message: { state: true }, problem: { state: true },
  };

  declare spec: string;
  declare api: Api;
  declare private known: Connection[];
  declare private kind: string;
  declare private message: string;
  declare private problem: string;
  private newest: string | null = null;

  constructor() {
    super();
    this.known = [];
    this.kind = "api_key";
    this.message = this.problem = "";
  }

  override willUpdate(changes: PropertyValues): void {
    if (!changes.has("spec")) return;
    this.message = this.problem = "";
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const { connections } = await this.api.get<{ connections: Connection[] }>("/v1/connections");
      this.known = connections.filter((connection) => connection.spec === this.spec);
      const best = this.known.find((connection) => connection.id === this.newest) ?? this.known[0];
      this.dispatchEvent(new CustomEvent("connections", { detail: best?.id ?? null }));
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  override render() {
    return html`<form class="card" autocomplete="off" @submit=${this.add}>
      <h3>Connections</h3>
      ${this.known.length ? html`<ul>${this.known.map((connection) => this.line(connection))}</ul>` : html`<p class="muted">None yet: calls go out without signing in. Add a connection to sign in.</p>`}
      <div class="pair">
        <label>Sign in with
          <select name="type" @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value)}>
            ${Object.entries(KINDS).map(([type, kind]) => html`<option value=${type} ?selected=${type === this.kind}>${kind.label}</option>`)}
          </select>
        </label>
        ${KINDS[this.kind]!.parts.map((part) => this.field(part))}
        <label>Base URL <input name="base_url" type="text" inputmode="url" spellcheck="false" autocomplete="off"><span class="muted">Only if this connection has its own.</span></label>
      </div>
      <p class="muted">What signs in is stored encrypted and is never shown again.</p>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions"><button class="main">Add connection</button><span class="saved" role="status">${this.message}</span></div>
    </form>`;
  }

  private field(part: Part) {
    return html`<label>${part.label}${part.optional ? html` <span class="muted">Optional</span>` : nothing}
      <input name=${part.name} type=${part.secret ? "password" : "text"} autocomplete=${part.secret ? "new-password" : "off"} spellcheck="false" ?required=${!part.optional}>
    </label>`;
  }

  private line(connection: Connection) {
    const type = connection.type;
    const label = `${KINDS[type]?.label ?? type}${connection.base_url ? `, ${connection.base_url}` : ""}`;
    return html`<li class="line"><span>${label} <span class="muted mono">${connection.id}</span></span>
      <button type="button" class="small" aria-label=${`Remove ${label}`} @click=${() => this.forget(connection.id)}>Remove</button></li>`;
  }

  private credential(typed: FormData): JsonObject {
    const credential: JsonObject = { type: this.kind };
    for (const part of KINDS[this.kind]!.parts) {
      const value = String(typed.get(part.name) ?? "");
      if (value) credential[part.name] = part.name === "scopes" ? value.split(/\s+/).filter(Boolean) : part.secret ? value : value.trim();
    }
    return credential;
  }

  private add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = new FormData(form);
    const address = String(typed.get("base_url") ?? "").trim();
    const connection = { spec_id: this.spec, credential: this.credential(typed), ...(address && { base_url: address }) };
    await this.change("Added.", async () => {
      this.newest = (await this.api.send<{ id: string }>("POST", "/v1/connections", connection)).id;
    });
    if (!this.problem) form.querySelectorAll("input").forEach((input) => (input.value = ""));
  };

  private forget(id: string): Promise<void> {
    return this.change("Removed.", () => this.api.send("DELETE", path`/v1/connections/${id}`));
  }

  private async change(done: string, act: () => Promise<unknown>): Promise<void> {
    this.message = this.problem = "";
    try {
      await act();
      this.message = done;
    } catch (error) {
      this.problem = (error as Error).message;
      return;
    }
    await this.load();
  }
}

customElements.define("parlance-connections", Connections);
