// One view of a result: a table, a record, a value, a text, a chart or a file. Everything is shown as text, nothing as markup.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { chart } from "./chart.js";
import { points } from "./chart-parts.js";
import { charts } from "./chart-style.js";
import { type Clock, HERE, isMoment, moment, zone } from "./clock.js";
import { cut, isObject, pretty, show } from "./json.js";
import { results } from "./result-style.js";
import { cell, columns, counted, firstOrder, headings, isNumeric, type Order } from "./rows.js";
import { save } from "./save.js";
import { type Artifacts, asJson, sized, type Source, sourceOf } from "./source.js";
import { card, controls, tokens } from "./theme.js";
import type { Json, JsonObject, Result, View } from "./wire.js";

const PAGE = 50;
const CELL = 200;

export class ResultView extends LitElement {
  static override styles = [tokens, controls, card, results, charts];
  static override properties = {
    view: { attribute: false }, result: { attribute: false }, said: {}, rows: { state: true }, problem: { state: true }, order: { state: true }, busy: { state: true },
    clock: { attribute: false }, beyond: { state: true }, width: { state: true },
  };

  declare view: View;
  declare result: Result | undefined;
  declare said: string; // the reply beside it: what that says already is not said again
  declare artifacts: Artifacts;
  declare private rows: JsonObject[] | undefined; // those that were read so far, of `total`
  declare private problem: string;
  declare private order: Order | null;
  declare private busy: boolean;
  declare clock: Clock;
  declare private beyond: string;
  declare private width: number; // of a chart
  private total = 0;
  private source: Source | undefined;
  private asked = 0;
  private growing = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    this.clock = HERE;
    this.beyond = "";
    this.said = "";
    this.problem = "";
    this.order = null;
    this.busy = false;
    this.width = 0;
  }

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("view") as View | undefined;
    if (!changes.has("view") || (before && JSON.stringify(before) === JSON.stringify(this.view))) return;
    this.source = sourceOf(this.view, this.result, this.artifacts);
    this.order = null;
    if (this.view.kind !== "value" && this.view.kind !== "file") void this.load(0);
  }

  override updated(): void {
    const table = this.renderRoot.querySelector(".scroll table");
    const drawing = this.renderRoot.querySelector(".drawing");
    for (const seen of [table, table?.closest(".scroll"), drawing]) if (seen) this.growing.observe(seen); // again is no second time
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.growing.disconnect();
  }

  override render() {
    const title = this.view.title;
    return html`<figure>
      ${title ? html`<figcaption>${title}</figcaption>` : nothing}
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      ${this.problem && this.rows === undefined && this.view.kind !== "file" ? html`<button class="small" @click=${() => this.load(0)}>Try again</button>` : this.content()}
      ${this.lines("notes", this.view.notes ?? [])}
      ${this.lines("warnings", (this.result?.warnings ?? []).filter((warning) => !this.said.includes(warning)))}
    </figure>`;
  }

  // More rows behind those that are here, or all anew. What was asked before and comes later is not shown.
  private async load(offset: number): Promise<void> {
    const asked = ++this.asked;
    this.problem = "";
    this.busy = true;
    const limit = this.view.kind === "table" ? PAGE : 500;
    try {
      const read = await this.source!.read(this.order, offset, limit);
      if (asked !== this.asked) return;
      this.total = read.total;
      this.rows = [...(offset ? (this.rows ?? []) : []), ...read.rows];
    } catch (error) {
      if (asked === this.asked) this.problem = `The result cannot be shown: ${(error as Error).message}`;
    }
    if (asked === this.asked) this.busy = false;
  }

  private content(): TemplateResult {
    if (this.view.kind === "value") return html`<p class="value">${show(this.view.value)}</p>`;
    if (this.view.kind === "file") return this.file();
    if (this.rows === undefined) return html`<p class="muted">Loading the result…</p>`;
    if (this.view.kind === "chart" && this.view.chart) return this.drawing();
    if (this.view.kind === "table") return this.table();
    const body = this.rows[0] ?? null;
    if (this.view.kind === "record" && isObject(body)) return this.record(body);
    const text = body && Object.keys(body).join() === "value" ? body["value"]! : body; // what was no record, as rows are made
    return html`<pre class="text" tabindex="0" aria-label=${this.view.title || "Result"}>${pretty(text)}</pre>`;
  }

  private record(body: JsonObject) {
    const names = this.view.columns.length ? this.view.columns : Object.keys(body);
    const worded = headings(names);
    return html`<dl>${names.map((name) => html`<div><dt title=${name}>${worded.get(name)}</dt><dd>${this.whole(cell(body, name))}</dd></div>`)}</dl>
      ${names.some((name) => isMoment(cell(body, name))) ? this.zone() : nothing}`;
  }

  private whole(value: Json | undefined) {
    if (isMoment(value)) return html`<time datetime=${value} title=${value}>${moment(value, this.clock)}</time>`;
    return typeof value === "object" && value !== null ? html`<pre class="mono">${pretty(value)}</pre>` : show(value);
  }

  private file(): TemplateResult {
    const file = this.view.file;
    if (!file) return html`<p class="muted">No file.</p>`;
    return html`<div class="file">
      <span class="name">${file.name || "File"}</span> <span class="muted small">${file.media_type}, ${sized(file.size)}</span>
      <button class="small" @click=${() => this.download(this.artifacts.whole(this.view.result), file.name || "file")}>Download<span class="unseen"> ${file.name}</span></button>
    </div>`;
  }

  private drawing(): TemplateResult {
    const { kind, x, y } = this.view.chart!;
    const worded = headings([x, y]);
    const title = this.view.title || `${worded.get(y)} by ${worded.get(x)?.toLowerCase()}`;
    const written = (value: number): string => value.toLocaleString(this.clock.locale, { maximumFractionDigits: 6 });
    const all = points(this.view.computed ?? this.rows!, x, y, (value) => (isMoment(value) ? moment(value, this.clock) : show(value)), written);
    return html`<div class="drawing">${this.width ? chart({ kind, title, points: all, width: this.width, written }) : nothing}</div>
      <details><summary>The numbers</summary>${this.table()}</details>`;
  }

  private table() {
    const rows = this.rows!;
    if (!rows.length) return html`<p class="muted">No rows.</p>`;
    const names = columns(rows, this.view);
    const numeric = new Set(names.filter((name) => isNumeric(rows, name)));
    const worded = headings(names);
    const left = this.total - rows.length;
    return html`<div class=${`frame ${this.beyond}`}>
        <div class="scroll" tabindex="0" role="region" aria-label=${this.view.title || "Result table"} aria-busy=${this.busy} @scroll=${this.measure}>
          <table>
            <thead><tr>${names.map((name) => this.heading(name, worded.get(name)!, numeric.has(name)))}</tr></thead>
            <tbody>${rows.map((row) => html`<tr>${names.map((name) => this.cell(row, name, numeric.has(name)))}</tr>`)}</tbody>
          </table>
        </div>
      </div>
      ${this.beyond ? html`<p class="muted hint">More columns: scroll sideways.</p>` : nothing}
      <div class="actions foot">
        <span class="muted" role="status">${counted(rows.length, this.total, this.view, this.result)}</span>
        ${names.some((name) => rows.some((row) => isMoment(cell(row, name)))) ? this.zone() : nothing}
        ${left > 0 ? html`<button class="small" ?disabled=${this.busy} @click=${() => this.load(rows.length)}>Show ${Math.min(PAGE, left)} more</button>` : nothing}
        <button class="small quiet" @click=${() => this.download(this.artifacts.csv(this.view), `${this.named()}.csv`)}>Download CSV</button>
        <button class="small quiet" @click=${() => this.download(asJson(this.view, this.artifacts), `${this.named()}.json`)}>Download JSON</button>
      </div>`;
  }

  private zone() {
    return html`<span class="muted small">Times in ${zone(this.clock)}</span>`;
  }

  // Where there is more of the table than its frame shows, and how wide a chart may be.
  private measure = (): void => {
    const box = this.renderRoot.querySelector(".scroll");
    const left = box ? box.scrollLeft > 1 : false;
    const right = box ? box.scrollLeft + box.clientWidth < box.scrollWidth - 1 : false;
    this.beyond = `${left ? "left " : ""}${right ? "right" : ""}`.trim();
    const drawing = this.renderRoot.querySelector(".drawing");
    if (drawing) this.width = Math.max(240, Math.min(drawing.clientWidth - 24, 1200));
  };

  private heading(name: string, worded: string, numeric: boolean) {
    const order = this.order ?? firstOrder(this.view.sort);
    const sort = order?.column === name ? (order.down ? "descending" : "ascending") : nothing;
    const sign = sort === nothing ? "" : sort === "ascending" ? "▲" : "▼";
    return html`<th scope="col" class=${numeric ? "number" : ""} aria-sort=${sort}>
      <button title=${name} @click=${() => this.sort({ column: name, down: sort === "ascending" })}>${worded}<span class="sign" aria-hidden="true">${sign}</span></button>
    </th>`;
  }

  private sort(order: Order): void {
    this.order = order;
    void this.load(0);
  }

  private cell(row: JsonObject, name: string, numeric: boolean) {
    const value = cell(row, name);
    if (isMoment(value)) return html`<td class="moment" title=${value}>${moment(value, this.clock)}</td>`;
    const text = show(value);
    return html`<td class=${numeric ? "number" : ""} title=${text.length > CELL ? text : nothing}>${cut(text, CELL)}</td>`;
  }

  private lines(kind: "notes" | "warnings", lines: readonly string[]) {
    return lines.length ? html`<ul class=${kind}>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : nothing;
  }

  private named(): string {
    return this.view.title.replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "result";
  }

  private async download(coming: Promise<Blob>, name: string): Promise<void> {
    this.problem = "";
    try {
      save(await coming, name);
    } catch (error) {
      this.problem = `The file cannot be downloaded: ${(error as Error).message}`;
    }
  }
}

customElements.define("parlance-result", ResultView);
