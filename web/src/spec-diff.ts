// What changed since a former version of a document, and what of it breaks a caller.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { type Changed, counted, type Diff, type Spec, type Version } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const MOST = 50; // of one list at a time

function called({ title, version, since }: Version): string {
  return [title, version, since ? `(${new Date(since).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })})` : ""].filter(Boolean).join(" ");
}

export class SpecDiff extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = {
    spec: { attribute: false }, api: { attribute: false }, diff: { state: true }, from: { state: true }, problem: { state: true }, whole: { state: true },
  };

  declare spec: Spec;
  declare api: Api;
  declare private diff: Diff | null;
  declare private from: string;
  declare private problem: string;
  declare private whole: ReadonlySet<string>; // lists of which everything is shown
  private shown = "";

  constructor() {
    super();
    this.diff = null;
    this.from = this.problem = "";
    this.whole = new Set();
  }

  override willUpdate(changes: PropertyValues): void {
    const version = `${this.spec.id} ${this.spec.hash}`;
    if (!changes.has("spec") || version === this.shown) return;
    this.shown = version;
    void this.load(this.spec.former?.[0]?.hash ?? "");
  }

  private async load(from: string): Promise<void> {
    const { shown } = this;
    this.from = from;
    this.diff = null;
    this.problem = "";
    this.whole = new Set();
    try {
      const found = await this.api.get<Diff>(`${path`/v1/specs/${this.spec.id}/diff`}?from=${encodeURIComponent(from)}`);
      if (shown === this.shown && from === this.from) this.diff = found;
    } catch (error) {
      if (shown === this.shown && from === this.from) this.problem = `The versions cannot be compared: ${(error as Error).message}`;
    }
  }

  override render() {
    return html`<section class="card" aria-labelledby="diff" aria-busy=${!this.diff && !this.problem}>
      <h3 id="diff">What changed</h3>
      <label>Since <select @change=${(event: Event) => this.load((event.target as HTMLSelectElement).value)}>
        ${(this.spec.former ?? []).map((version) => html`<option value=${version.hash} ?selected=${version.hash === this.from}>${called(version)}</option>`)}
      </select></label>
      <p role="status">${this.diff ? this.summary(this.diff) : this.problem ? nothing : "The versions are being compared…"}</p>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      ${this.diff ? this.parts(this.diff) : nothing}
    </section>`;
  }

  private summary(diff: Diff) {
    const counts = [[diff.added.length, "added"], [diff.removed.length, "removed"], [diff.changed.length, "changed"]].filter(([number]) => number).map(([number, what]) => `${number!.toLocaleString()} ${what}`);
    const alone = !counts.length && !diff.document.length;
    return html`${counts.length ? `Operations: ${counts.join(", ")}. ` : ""}${alone
      ? "Nothing that a caller could notice."
      : diff.breaking ? html`<strong class="severity error">This breaks callers.</strong>` : html`<strong class="saved">Nothing breaks a caller.</strong>`}`;
  }

  private parts(diff: Diff) {
    const changed = [...diff.changed].sort((one, other) => Number(other.breaking) - Number(one.breaking));
    return html`
      ${diff.settings.length ? html`<ul>${diff.settings.map((lost) => html`<li class="issue"><span class="severity warning">setting without effect</span> ${lost.set.map((name) => (name === "off" ? "switched off" : name)).join(", ")} for <span class="mono">${lost.operation}</span>: ${lost.now ? html`it is called <span class="mono">${lost.now}</span> now.` : "there is no such operation any more."}</li>`)}</ul>` : nothing}
      ${diff.document.length ? html`<ul>${diff.document.map((change) => html`<li class="issue">${this.mark(change.breaking)} <span class="mono">${change.field}</span> ${change.message}</li>`)}</ul>` : nothing}
      ${this.list("Removed", diff.removed, ([method, where]) => html`<li class="mono"><strong>${method}</strong> ${where}</li>`, true)}
      ${this.list("Changed", changed, (one) => this.changed(one), false)}
      ${this.list("Added", diff.added, ([method, where]) => html`<li class="mono"><strong>${method}</strong> ${where}</li>`, false)}`;
  }

  private list<T>(name: string, all: readonly T[], line: (one: T) => unknown, breaking: boolean) {
    if (!all.length) return nothing;
    const shown = this.whole.has(name) ? all : all.slice(0, MOST);
    return html`<div><h4>${name} <span class="muted">${counted(all.length, "operation")}</span> ${breaking ? this.mark(true) : nothing}</h4>
      <ul class="operations">${shown.map(line)}</ul>
      ${shown.length < all.length ? html`<button class="small" @click=${() => (this.whole = new Set([...this.whole, name]))}>Show ${(all.length - shown.length).toLocaleString()} more</button>` : nothing}</div>`;
  }

  private changed(one: Changed) {
    return html`<li><details ?open=${one.breaking}>
      <summary><span class="mono"><strong>${one.method}</strong> ${one.path}</span> ${this.mark(one.breaking)}</summary>
      <ul>${one.changes.map((change) => html`<li class="issue">${this.mark(change.breaking)} <span class="mono">${change.field}</span> ${change.message}</li>`)}</ul>
    </details></li>`;
  }

  private mark(breaking: boolean) {
    return breaking ? html`<span class="severity error">breaking</span>` : nothing;
  }
}

customElements.define("parlance-diff", SpecDiff);
