// A document's operations by service, to be folded, searched and switched off.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { type Group, groups } from "./groups.js";
import { changeSettings, settingsOf, switchedOff } from "./settings.js";
import { counted, type Operation, type Spec } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const MOST = 100; // of one service at a time
const FEW = 200; // operations that are opened by themselves when one looks for something

export class SpecOperations extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = {
    spec: { attribute: false }, api: { attribute: false }, known: { state: true }, typed: { state: true }, whole: { state: true },
    off: { state: true }, failed: { state: true }, announced: { state: true },
  };

  declare spec: Spec;
  declare api: Api;
  declare private known: Operation[];
  declare private typed: string;
  declare private whole: ReadonlySet<string>; // services of which everything is shown
  declare private off: ReadonlySet<string> | null; // ids; null: not known, so nothing can be switched
  declare private failed: ReadonlyMap<string, string>; // what went wrong, by id
  declare private announced: string;
  private shown = "";

  constructor() {
    super();
    this.known = [];
    this.typed = "";
    this.whole = new Set();
    this.off = null;
    this.failed = new Map();
    this.announced = "";
  }

  override willUpdate(changes: PropertyValues): void {
    const version = `${this.spec.id} ${this.spec.hash}`;
    if (!changes.has("spec") || version === this.shown) return;
    this.shown = version;
    this.known = [];
    this.typed = "";
    this.whole = new Set();
    this.off = null;
    this.failed = new Map();
    void this.load(version);
  }

  // Until they are here, and without them, methods and paths do.
  private async load(version: string): Promise<void> {
    const [found, settings] = await Promise.all([
      this.api.get<{ operations: Operation[] }>(path`/v1/specs/${this.spec.id}/operations`).catch(() => null),
      settingsOf(this.api, this.spec.id).catch(() => null),
    ]);
    if (version !== this.shown) return;
    if (found) this.known = found.operations;
    if (settings) this.off = new Set(switchedOff(settings));
  }

  private async turn(operation: Operation, on: boolean): Promise<void> {
    const { id, method, path: where } = operation;
    const version = this.shown;
    this.mark(id, on, "");
    try {
      await changeSettings(this.api, this.spec.id, (kept) => ({ ...kept, off: [...switchedOff(kept).filter((one) => one !== id), ...(on ? [] : [id])] }));
      this.announced = `${method} ${where} is switched ${on ? "on" : "off"}.`;
    } catch (error) {
      if (version === this.shown) this.mark(id, !on, `It is still ${on ? "off" : "on"}: ${(error as Error).message}`);
    }
  }

  private mark(id: string, on: boolean, problem: string): void {
    const off = new Set(this.off);
    if (on) off.delete(id);
    else off.add(id);
    this.off = off;
    this.failed = new Map([...this.failed].filter(([one]) => one !== id).concat(problem ? [[id, problem]] : []));
  }

  override render() {
    const found = groups(this.spec, this.known, this.typed);
    const number = found.reduce((sum, group) => sum + group.operations.length, 0);
    return html`<section class="card" aria-labelledby="operations">
      <h3 id="operations">Operations</h3>
      ${this.off ? html`<p class="muted">What is switched off is not offered in conversations.</p>` : nothing}
      <label>Find an operation <input type="search" autocomplete="off" spellcheck="false" .value=${this.typed} @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}></label>
      <div><p class="muted" role="status">${this.typed.trim() ? `${number.toLocaleString()} of ${counted(this.spec.operations, "operation")}` : ""}</p>
      ${found.map((group) => this.service(group, this.typed.trim() !== "" && number <= FEW))}</div>
      <div class="unseen" role="status">${this.announced}</div>
    </section>`;
  }

  private service(group: Group, open: boolean) {
    const { name, operations } = group;
    const shown = this.whole.has(name) ? operations : operations.slice(0, MOST);
    const off = operations.filter((operation) => this.off?.has(operation.id)).length;
    return html`<details ?open=${open}>
      <summary>${name} <span class="muted">${counted(operations.length, "operation")}${off ? ` · ${off.toLocaleString()} switched off` : ""}</span></summary>
      ${group.description ? html`<p class="muted">${group.description}</p>` : nothing}
      <ul class="operations">${shown.map((operation) => this.operation(operation))}</ul>
      ${shown.length < operations.length
        ? html`<button class="small" @click=${() => (this.whole = new Set([...this.whole, name]))}>Show ${(operations.length - shown.length).toLocaleString()} more</button>`
        : nothing}
    </details>`;
  }

  private operation(operation: Operation) {
    const { id, method, path: where, summary } = operation;
    const off = this.off?.has(id) ?? false;
    const problem = this.failed.get(id);
    return html`<li class=${off ? "line off" : "line"}>
      <span class="what"><span class="mono"><strong>${method}</strong> ${where}</span>${summary ? html` <span>${summary}</span>` : nothing}</span>
      ${this.off && id
        ? html`<label class="switch"><span aria-hidden="true">${off ? "Off" : "On"}</span><input type="checkbox" role="switch" aria-label="Offer ${method} ${where}" .checked=${!off}
            @change=${(event: Event) => this.turn(operation, (event.target as HTMLInputElement).checked)}></label>`
        : nothing}
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
    </li>`;
  }
}

customElements.define("parlance-operations", SpecOperations);
