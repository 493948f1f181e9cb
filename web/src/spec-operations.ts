// A document's operations by service, to be folded and searched.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { type Group, groups } from "./groups.js";
import { counted, type Operation, type Spec } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const MOST = 100; // of one service at a time
const FEW = 200; // operations that are opened by themselves when one looks for something

export class SpecOperations extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = { spec: { attribute: false }, api: { attribute: false }, known: { state: true }, typed: { state: true }, whole: { state: true } };

  declare spec: Spec;
  declare api: Api;
  declare private known: Operation[];
  declare private typed: string;
  declare private whole: ReadonlySet<string>; // services of which everything is shown
  private shown = "";

  constructor() {
    super();
    this.known = [];
    this.typed = "";
    this.whole = new Set();
  }

  override willUpdate(changes: PropertyValues): void {
    const version = `${this.spec.id} ${this.spec.hash}`;
    if (!changes.has("spec") || version === this.shown) return;
    this.shown = version;
    this.known = [];
    this.typed = "";
    this.whole = new Set();
    void this.load(version);
  }

  // Until they are here, and without them, methods and paths do.
  private async load(version: string): Promise<void> {
    const found = await this.api.get<{ operations: Operation[] }>(path`/v1/specs/${this.spec.id}/operations`).catch(() => null);
    if (found && version === this.shown) this.known = found.operations;
  }

  override render() {
    const found = groups(this.spec, this.known, this.typed);
    const number = found.reduce((sum, group) => sum + group.operations.length, 0);
    return html`<section class="card" aria-labelledby="operations">
      <h3 id="operations">Operations</h3>
      <label>Find an operation <input type="search" autocomplete="off" spellcheck="false" .value=${this.typed} @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}></label>
      <div><p class="muted" role="status">${this.typed.trim() ? `${number.toLocaleString()} of ${counted(this.spec.operations, "operation")}` : ""}</p>
      ${found.map((group) => this.service(group, this.typed.trim() !== "" && number <= FEW))}</div>
    </section>`;
  }

  private service(group: Group, open: boolean) {
    const { name, operations } = group;
    const shown = this.whole.has(name) ? operations : operations.slice(0, MOST);
    return html`<details ?open=${open}>
      <summary>${name} <span class="muted">${counted(operations.length, "operation")}</span></summary>
      ${group.description ? html`<p class="muted">${group.description}</p>` : nothing}
      <ul class="operations">${shown.map((operation) => html`<li><span class="mono"><strong>${operation.method}</strong> ${operation.path}</span>${operation.summary ? html` <span>${operation.summary}</span>` : nothing}</li>`)}</ul>
      ${shown.length < operations.length
        ? html`<button class="small" @click=${() => (this.whole = new Set([...this.whole, name]))}>Show ${(operations.length - shown.length).toLocaleString()} more</button>`
        : nothing}
    </details>`;
  }
}

customElements.define("parlance-operations", SpecOperations);
