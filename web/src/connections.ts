// A document's connections: credentials go in and never come back; customers sign in at the product.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { credentialOf, KINDS, kindsFor, type Part, type Scheme, told, toSignInFor } from "./credentials.js";
import { codeField, handed, lead, newWindow, redeem, type Standing } from "./sign-in.js";
import type { Connection } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

export class Connections extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = {
    spec: {}, api: { attribute: false }, known: { state: true }, schemes: { state: true }, scheme: { state: true }, kind: { state: true },
    standing: { state: true }, asked: { state: true }, address: { state: true }, message: { state: true }, problem: { state: true },
  };

  declare spec: string;
  declare api: Api;
  declare private known: Connection[];
  declare private schemes: Scheme[];
  declare private scheme: string; // "": the document's only one, or whichever fits
  declare private kind: string;
  declare private standing: Record<string, boolean>; // of those that one signs in to
  declare private asked: string; // the connection that one signs in for now
  declare private address: string; // where one signs in, when no window could be opened
  declare private message: string;
  declare private problem: string;
  private newest: string | null = null;
  private waiting: AbortController | null = null;

  constructor() {
    super();
    this.known = [];
    this.schemes = [];
    this.standing = {};
    this.kind = "api_key";
    this.scheme = this.asked = this.address = this.message = this.problem = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.waiting?.abort();
  }

  override willUpdate(changes: PropertyValues): void {
    if (!changes.has("spec")) return;
    this.waiting?.abort();
    this.schemes = [];
    this.scheme = this.asked = this.address = this.message = this.problem = "";
    void this.load();
    void this.loadSchemes();
  }

  private async load(): Promise<void> {
    try {
      const { connections } = await this.api.get<{ connections: Connection[] }>("/v1/connections");
      this.known = connections.filter((connection) => connection.spec === this.spec);
      const best = this.known.find((connection) => connection.id === this.newest) ?? this.known[0];
      this.dispatchEvent(new CustomEvent("connections", { detail: best?.id ?? null }));
      await this.look();
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  // A document without schemes, or that is not known here, leaves all kinds to choose from.
  private async loadSchemes(): Promise<void> {
    const { spec } = this;
    const found = await this.api.get<{ schemes: Scheme[] }>(path`/v1/specs/${spec}/schemes`).catch(() => ({ schemes: [] }));
    if (spec === this.spec) this.schemes = found.schemes.filter((scheme) => kindsFor(scheme).length > 0);
  }

  private async look(): Promise<void> {
    const asked = this.known.filter((connection) => toSignInFor(connection).length > 0);
    const found = await Promise.all(asked.map((connection) => this.api.get<Standing>(path`/v1/connections/${connection.id}`)));
    this.standing = Object.fromEntries(asked.map((connection, index) => [connection.id, found[index]!.signed_in]));
  }

  override render() {
    return html`<form class="card" autocomplete="off" @submit=${this.add}>
      <h3>Connections</h3>
      ${this.known.length ? html`<ul>${this.known.map((connection) => this.line(connection))}</ul>` : html`<p class="muted">None yet: calls go out without signing in. Add a connection to sign in.</p>`}
      <div class="pair">
        ${this.schemes.length ? this.choice() : nothing}
        <label>Sign in with
          <select name="type" @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value)}>
            ${kindsFor(this.chosen).map((type) => html`<option value=${type} ?selected=${type === this.kind}>${KINDS[type]!.label}</option>`)}
          </select>
        </label>
        ${KINDS[this.kind]!.parts.map((part) => this.field(part))}
        ${this.scheme && this.known.length ? this.owner() : nothing}
        <label>Base URL <input name="base_url" type="text" inputmode="url" spellcheck="false" autocomplete="off"><span class="muted">Only if this connection has its own.</span></label>
      </div>
      ${KINDS[this.kind]!.note ? html`<p class="muted">${KINDS[this.kind]!.note}</p>` : nothing}
      <p class="muted">What signs in is stored encrypted and is never shown again.</p>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      ${this.address ? html`<p>No window could be opened. <a href=${this.address} target="_blank" rel="noopener noreferrer">Sign in there</a></p>` : nothing}
      ${this.asked ? codeField((ticket) => void this.redeem(this.asked, ticket)) : nothing}
      <div class="actions"><button class="main">Add connection</button><span class="saved" role="status">${this.message}</span></div>
    </form>`;
  }

  private get chosen(): Scheme | undefined {
    return this.schemes.find((scheme) => scheme.name === this.scheme);
  }

  private choice() {
    return html`<label>Security scheme of the document
      <select name="scheme" @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}>
        <option value="">Whichever fits</option>
        ${this.schemes.map((scheme) => html`<option value=${scheme.name} ?selected=${scheme.name === this.scheme}>${scheme.name} (${scheme.type})</option>`)}
      </select>
    </label>`;
  }

  private choose(scheme: string): void {
    this.scheme = scheme;
    const kinds = kindsFor(this.chosen);
    if (!kinds.includes(this.kind) || scheme) this.kind = kinds[0]!;
  }

  // An operation may need several schemes at once; one connection then has a credential for each.
  private owner() {
    return html`<label>Belongs to
      <select name="owner"><option value="">A new connection</option>
        ${this.known.map((connection) => html`<option value=${connection.id}>${connection.id}</option>`)}
      </select><span class="muted">What a connection has for this scheme is replaced.</span></label>`;
  }

  private field(part: Part) {
    return html`<label>${part.label}${part.optional ? html` <span class="muted">Optional</span>` : nothing}
      <input name=${part.name} type=${part.secret ? "password" : "text"} autocomplete=${part.secret ? "new-password" : "off"} spellcheck="false" ?required=${!part.optional}>
    </label>`;
  }

  private line(connection: Connection) {
    const label = told(connection);
    const done = this.standing[connection.id];
    return html`<li class="line"><span>${label} <span class="muted mono">${connection.id}</span>${done === undefined ? nothing : html` <span class="muted">${done ? "Signed in" : "Not signed in"}</span>`}</span>
      <span class="actions">${toSignInFor(connection).map((scheme) => html`<button type="button" class="small" @click=${() => this.signIn(connection.id, scheme)}>${done ? "Sign in again" : "Sign in"}${scheme ? ` for ${scheme}` : nothing}</button>`)}
      <button type="button" class="small" aria-label=${`Remove ${label}`} @click=${() => this.forget(connection.id)}>Remove</button></span></li>`;
  }

  private async signIn(id: string, scheme: string): Promise<void> {
    const opened = newWindow();
    this.waiting?.abort();
    const { signal } = (this.waiting = new AbortController());
    this.address = this.problem = "";
    this.asked = id;
    this.message = "Sign in at the product; this page waits.";
    try {
      const url = await lead(this.api, id, scheme, opened);
      if (!opened) return void (this.address = url);
      const ticket = await handed(this.api, opened, signal);
      if (ticket) return await this.redeem(id, ticket);
      if (!signal.aborted) this.ended("", "Nobody signed in for too long. Try again.");
    } catch (error) {
      if (!signal.aborted) this.ended("", (error as Error).message);
    }
  }

  private async redeem(id: string, ticket: string): Promise<void> {
    this.problem = "";
    try {
      await redeem(this.api, id, ticket);
    } catch (error) {
      return void (this.problem = (error as Error).message);
    }
    this.waiting?.abort();
    this.ended("Signed in.", "");
    await this.look().catch((error: Error) => void (this.problem = error.message));
  }

  private ended(message: string, problem: string): void {
    this.asked = this.address = "";
    this.message = message;
    this.problem = problem;
  }

  private add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = new FormData(form);
    const address = String(typed.get("base_url") ?? "").trim();
    const credential = credentialOf(this.kind, typed);
    const owner = String(typed.get("owner") ?? "");
    const given = this.scheme ? { credentials: { [this.scheme]: credential } } : { credential };
    await this.change(owner ? "Stored." : "Added.", async () => {
      if (owner) await this.api.send("PUT", path`/v1/connections/${owner}/credential`, { scheme: this.scheme, credential });
      else this.newest = (await this.api.send<{ id: string }>("POST", "/v1/connections", { spec_id: this.spec, ...given, ...(address && { base_url: address }) })).id;
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
