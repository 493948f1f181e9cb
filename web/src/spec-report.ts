// What will go wrong with a document, why, and what to do about it; and what its operations cost a model.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { type Kind, kinds, SEVERITIES, total } from "./groups.js";
import { words } from "./log.js";
import { save } from "./save.js";
import { counted, type Difference, type Problem, type Report, type Spec, title } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const MOST = 20; // of one kind at a time

export class SpecReport extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = {
    spec: { attribute: false }, api: { attribute: false }, report: { state: true }, drift: { state: true }, loading: { state: true }, problem: { state: true }, whole: { state: true },
  };

  declare spec: Spec;
  declare api: Api;
  declare private report: Report | null;
  declare private drift: Difference[]; // of the product's answers from the document
  declare private loading: boolean;
  declare private problem: string;
  declare private whole: ReadonlySet<string>; // kinds of which everything is shown
  private shown = "";

  constructor() {
    super();
    this.report = null;
    this.drift = [];
    this.loading = false;
    this.problem = "";
    this.whole = new Set();
  }

  override willUpdate(changes: PropertyValues): void {
    const { id, hash, validated } = this.spec;
    const version = `${id} ${hash} ${validated}`;
    if (!changes.has("spec") || version === this.shown) return;
    if (!this.shown.startsWith(`${id} ${hash} `)) this.report = null;
    this.shown = version;
    void this.load(version);
  }

  private async load(version: string): Promise<void> {
    this.loading = true;
    this.problem = "";
    void this.compare(version);
    try {
      const found = await this.api.get<Report>(path`/v1/specs/${this.spec.id}/report`);
      if (version === this.shown) this.report = found;
    } catch (error) {
      if (version === this.shown) this.problem = `The document was not looked through: ${(error as Error).message}`;
    }
    if (version === this.shown) this.loading = false;
  }

  // Of use beside the report, and no reason to say that the report failed.
  private async compare(version: string): Promise<void> {
    const found = await this.api.get<{ differences: Difference[] }>(path`/v1/specs/${this.spec.id}/drift`).catch(() => ({ differences: [] }));
    if (version === this.shown) this.drift = found.differences;
  }

  override render() {
    const found = kinds(this.report?.problems ?? this.spec.problems, this.report?.counts);
    const counts = SEVERITIES.map(([severity, name]) => [severity, total(found, severity), name] as const).filter(([, number]) => number);
    return html`<section class="card" aria-labelledby="report" aria-busy=${this.loading}>
      <h3 id="report">What to mend</h3>
      <p role="status">${this.loading && !this.report
        ? "The document is being looked through…"
        : counts.length
          ? counts.map(([severity, number, name], index) => html`${index ? " · " : ""}<span class="severity ${severity}">${counted(number, name)}</span>`)
          : this.report ? "No problems were found in it." : nothing}</p>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      ${found.length ? html`<div>${found.map((kind) => this.kind(kind))}</div>` : nothing}
      ${this.differing()}
      ${this.report ? html`${this.proposal(this.report)}${this.cost(this.report.tokens)}` : nothing}
    </section>`;
  }

  private differing() {
    if (!this.drift.length) return nothing;
    return html`<details>
      <summary>The product answers otherwise than the document says <span class="muted">(${this.drift.length.toLocaleString()})</span></summary>
      <div class="inside"><ul>${this.drift.slice(0, MOST).map((one) => html`<li class="issue"><span class="mono">${one.operation}</span>: ${one.what} <span class="muted">(${counted(one.count, "time")})</span></li>`)}</ul></div>
    </details>`;
  }

  private kind(kind: Kind) {
    const name = `${kind.severity} ${kind.code}`;
    const shown = this.whole.has(name) ? kind.problems : kind.problems.slice(0, MOST);
    return html`<details ?open=${kind.severity === "error"}>
      <summary><span class="severity ${kind.severity}">${SEVERITIES.find(([severity]) => severity === kind.severity)?.[1]}</span> ${words(kind.code)} <span class="muted">${kind.count > 1 ? `(${kind.count.toLocaleString()})` : ""} <span class="mono">${kind.code}</span></span></summary>
      <div class="inside">
        ${kind.why ? html`<p>${kind.why}</p>` : nothing}
        <ul>${shown.map((problem) => this.found(problem, kind.why))}</ul>
        ${shown.length < kind.problems.length
          ? html`<button class="small" @click=${() => (this.whole = new Set([...this.whole, name]))}>Show ${(kind.problems.length - shown.length).toLocaleString()} more</button>`
          : nothing}
      </div>
    </details>`;
  }

  private found(problem: Problem, why: string) {
    return html`<li class="issue">${problem.message}${problem.fix ? html` <em>${problem.fix}</em>` : nothing}
      ${problem.why && problem.why !== why ? html`<br>${problem.why}` : nothing}<br>
      <span class="muted mono">${problem.line ? `line ${problem.line} · ` : ""}${problem.pointer || "/"}</span></li>`;
  }

  private proposal(report: Report) {
    if (!report.proposed) return nothing;
    return html`<div class="actions"><button @click=${this.download}>Download the proposed overlay</button>
      <span class="muted">${counted(report.proposed, "change")} to look through and edit; upload it with the document to apply them.</span></div>`;
  }

  private cost(cost: Report["tokens"]) {
    const lines = cost.operations ?? [];
    return html`<div><p>Shown to a model, all operations take <strong>${counted(cost.total, "token")}</strong>, the largest ${cost.largest.toLocaleString()}. <span class="muted">Only the few that fit what was said are shown in a turn.</span></p>
      ${lines.length
        ? html`<details><summary>The largest operations</summary>
            <ul class="operations">${lines.map((one) => html`<li class="line"><span class="mono"><strong>${one.method}</strong> ${one.path}</span><span>${one.tokens.toLocaleString()}</span></li>`)}</ul></details>`
        : nothing}</div>`;
  }

  private download = async (): Promise<void> => {
    this.problem = "";
    try {
      const response = await this.api.open(path`/v1/specs/${this.spec.id}/overlay`);
      save(await response.blob(), `${title(this.spec).replaceAll(/[^\p{L}\p{N}]+/gu, "-")}-overlay.yaml`);
    } catch (error) {
      this.problem = `The overlay cannot be downloaded: ${(error as Error).message}`;
    }
  };
}

customElements.define("parlance-report", SpecReport);
