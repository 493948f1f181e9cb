// One view of a result: a table, a record, a value or a text. Everything is shown as text, nothing as markup.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Clock, HERE, isMoment, moment, zone } from "./clock.js";
import { at, cut, isObject, pretty, show } from "./json.js";
import { results } from "./result-style.js";
import { cell, columns, counted, firstOrder, headings, isNumeric, type Order, selected, sorted } from "./rows.js";
import { save } from "./save.js";
import { card, controls, tokens } from "./theme.js";
import type { Json, JsonObject, Result, View } from "./wire.js";

export interface Artifacts { body: (id: string) => Promise<Json>; csv: (id: string) => Promise<Blob> }

const PAGE = 50;
const CELL = 200;

export class ResultView extends LitElement {
  static override styles = [tokens, controls, card, results];
  static override properties = {
    view: { attribute: false }, result: { attribute: false }, body: { state: true }, problem: { state: true }, order: { state: true }, page: { state: true },
    clock: { attribute: false }, beyond: { state: true },
  };

  declare view: View;
  declare result: Result | undefined;
  declare artifacts: Artifacts;
  declare private body: Json | undefined;
  declare private problem: string;
  declare private order: Order | null;
  declare private page: number;
  declare clock: Clock;
  declare private beyond: string;
  private rows: JsonObject[] = [];
  private growing = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    this.clock = HERE;
    this.beyond = "";
    this.problem = "";
    this.order = null;
    this.page = PAGE;
  }

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("view") as View | undefined;
    if (changes.has("view") && (before?.result !== this.view.result || before.path !== this.view.path)) void this.load();
    if (changes.has("body") && this.body !== undefined && this.view.kind === "table") this.rows = selected(this.body, this.view);
  }

  override updated(): void {
    const table = this.renderRoot.querySelector("table");
    if (table) for (const seen of [table, table.closest(".scroll")!]) this.growing.observe(seen); // again is no second time
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
      ${this.problem && this.body === undefined ? html`<button class="small" @click=${() => this.load()}>Try again</button>` : this.content()}
      ${this.warnings()}
    </figure>`;
  }

  private async load(): Promise<void> {
    this.problem = "";
    if (this.view.kind === "value") return;
    if (this.result?.whole) return void (this.body = this.result.data);
    try {
      this.body = await this.artifacts.body(this.view.result);
    } catch (error) {
      this.problem = `The result cannot be shown: ${(error as Error).message}`;
    }
  }

  private content(): TemplateResult {
    if (this.view.kind === "value") return html`<p class="value">${show(this.view.value)}</p>`;
    if (this.body === undefined) return html`<p class="muted">Loading the result…</p>`;
    const body = at(this.body, this.view.path) ?? null;
    if (this.view.kind === "table") return this.table();
    if (this.view.kind === "record" && isObject(body)) return this.record(body);
    return html`<pre class="text" tabindex="0" aria-label=${this.view.title || "Result"}>${pretty(body)}</pre>`;
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

  private table() {
    if (!this.rows.length) return html`<p class="muted">No rows.</p>`;
    const names = columns(this.rows, this.view);
    const shown = sorted(this.rows, this.order).slice(0, this.page);
    const numeric = new Set(names.filter((name) => isNumeric(this.rows, name)));
    const worded = headings(names);
    return html`<div class=${`frame ${this.beyond}`}>
        <div class="scroll" tabindex="0" role="region" aria-label=${this.view.title || "Result table"} @scroll=${this.measure}>
          <table>
            <thead><tr>${names.map((name) => this.heading(name, worded.get(name)!, numeric.has(name)))}</tr></thead>
            <tbody>${shown.map((row) => html`<tr>${names.map((name) => this.cell(row, name, numeric.has(name)))}</tr>`)}</tbody>
          </table>
        </div>
      </div>
      ${this.beyond ? html`<p class="muted hint">More columns: scroll sideways.</p>` : nothing}
      <div class="actions foot">
        <span class="muted" role="status">${counted(shown.length, this.rows.length, this.view, this.result)}</span>
        ${names.some((name) => shown.some((row) => isMoment(cell(row, name)))) ? this.zone() : nothing}
        ${shown.length < this.rows.length ? html`<button class="small" @click=${() => (this.page += PAGE)}>Show ${Math.min(PAGE, this.rows.length - shown.length)} more</button>` : nothing}
        <button class="small quiet" @click=${this.download}>Download CSV</button>
      </div>`;
  }

  private zone() {
    return html`<span class="muted small">Times in ${zone(this.clock)}</span>`;
  }

  // Where there is more of the table than its frame shows.
  private measure = (): void => {
    const box = this.renderRoot.querySelector(".scroll");
    const left = box ? box.scrollLeft > 1 : false;
    const right = box ? box.scrollLeft + box.clientWidth < box.scrollWidth - 1 : false;
    this.beyond = `${left ? "left " : ""}${right ? "right" : ""}`.trim();
  };

  private heading(name: string, worded: string, numeric: boolean) {
    const order = this.order ?? firstOrder(this.view.sort);
    const sort = order?.column === name ? (order.down ? "descending" : "ascending") : nothing;
    const sign = sort === nothing ? "" : sort === "ascending" ? "▲" : "▼";
    return html`<th scope="col" class=${numeric ? "number" : ""} aria-sort=${sort}>
      <button title=${name} @click=${() => (this.order = { column: name, down: sort === "ascending" })}>${worded}<span class="sign" aria-hidden="true">${sign}</span></button>
    </th>`;
  }

  private cell(row: JsonObject, name: string, numeric: boolean) {
    const value = cell(row, name);
    if (isMoment(value)) return html`<td class="moment" title=${value}>${moment(value, this.clock)}</td>`;
    const text = show(value);
    return html`<td class=${numeric ? "number" : ""} title=${text.length > CELL ? text : nothing}>${cut(text, CELL)}</td>`;
  }

  private warnings() {
    const warnings = this.result?.warnings ?? [];
    return warnings.length ? html`<ul class="warnings">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>` : nothing;
  }

  private download = async (): Promise<void> => {
    this.problem = "";
    try {
      save(await this.artifacts.csv(this.view.result), `${this.view.title.replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "result"}.csv`);
    } catch (error) {
      this.problem = `The file cannot be downloaded: ${(error as Error).message}`;
    }
  };
}

customElements.define("parlance-result", ResultView);
