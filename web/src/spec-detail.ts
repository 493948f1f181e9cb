// One document: what was read of it, its services, and what is wrong with it where.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { consoleStyle } from "./console-style.js";
import { counted, type Problem, type Service, type Spec, STATES, title } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const MOST = 100;

export class SpecDetail extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = { spec: { attribute: false }, sure: { state: true } };

  declare spec: Spec;
  declare private sure: boolean;

  constructor() {
    super();
    this.sure = false;
  }

  override render() {
    const { spec } = this;
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${title(spec)}</h2>
      <p class="muted">${[spec.version && `Version ${spec.version}`, counted(spec.operations, "operation"), counted(spec.services.length, "service"), STATES[spec.state]].filter(Boolean).join(" · ")}</p>
      ${spec.state === "reading" ? html`<progress max="1" .value=${spec.progress} aria-label="Progress of reading"></progress>` : nothing}
      ${spec.refused ? this.refused(spec.refused) : nothing}
      <slot></slot>
      ${spec.services.length ? html`<h3>Services</h3><div>${spec.services.map((service) => this.service(service))}</div>` : nothing}
      ${spec.state === "ready" ? this.problems(spec.problems) : nothing}
      <div class="actions">
        ${this.sure
          ? html`<button @click=${() => this.dispatchEvent(new CustomEvent("remove"))}>Yes, remove this document</button><button @click=${() => (this.sure = false)}>Keep it</button>`
          : html`<button @click=${() => (this.sure = true)}>Remove…</button>`}
      </div>
    </section>`;
  }

  private refused(refused: NonNullable<Spec["refused"]>) {
    const line = refused.line ? `line ${refused.line}` : "";
    const place = [refused.message.includes(line) ? "" : line, refused.pointer ?? ""].filter(Boolean).join(", ");
    return html`<p class="problem"><strong>This document cannot be used.</strong> ${refused.message}${place ? ` (${place})` : ""} <span class="mono">${refused.code}</span></p>`;
  }

  private service(service: Service) {
    return html`<details>
      <summary>${service.name} <span class="muted">${counted(service.operations.length, "operation")}</span></summary>
      ${service.description ? html`<p class="muted">${service.description}</p>` : nothing}
      <ul class="operations mono">${service.operations.map(([method, where]) => html`<li><strong>${method}</strong> ${where}</li>`)}</ul>
    </details>`;
  }

  private problems(problems: Problem[]): TemplateResult {
    if (!problems.length) return html`<p class="muted">No problems were found in it.</p>`;
    return html`<h3>Problems <span class="muted">(${problems.length})</span></h3>
      <ul>${problems.slice(0, MOST).map((problem) => this.problem(problem))}</ul>
      ${problems.length > MOST ? html`<p class="muted">The first ${MOST} are shown.</p>` : nothing}`;
  }

  private problem(problem: Problem) {
    return html`<li class="issue">
      <span class="severity ${problem.severity}">${problem.severity}</span> ${problem.message}${problem.fix ? html` <em>${problem.fix}</em>` : nothing}<br>
      <span class="muted mono">${problem.line ? `line ${problem.line} · ` : ""}${problem.pointer || "/"} · ${problem.code}</span>
    </li>`;
  }
}

customElements.define("parlance-spec", SpecDetail);
