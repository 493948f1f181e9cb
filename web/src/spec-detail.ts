// One document: what was read of it, how far its next version is, and what can be done with it as a whole.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Api } from "./api.js";
import { consoleStyle } from "./console-style.js";
import type { SpecUpload } from "./spec-upload.js";
import "./spec-upload.js";
import { counted, place, type Refusal, refusal, type Spec, STATES, title } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

export class SpecDetail extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = { spec: { attribute: false }, api: { attribute: false }, asked: { state: true } };

  declare spec: Spec;
  declare api: Api;
  declare private asked: "" | "remove" | "replace";

  constructor() {
    super();
    this.asked = "";
  }

  override willUpdate(changes: PropertyValues): void {
    const before = changes.get("spec") as Spec | undefined;
    if (before && before.id !== this.spec.id) this.asked = "";
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#title")?.focus({ preventScroll: true });
    this.scrollIntoView({ block: "start" });
  }

  // A refusal comes while one waits for it, perhaps below what is in sight.
  override updated(changes: PropertyValues): void {
    const before = changes.get("spec") as Spec | undefined;
    if (before?.id === this.spec.id && !refusal(before) && refusal(this.spec)) this.renderRoot.querySelector(".problem")?.scrollIntoView({ block: "nearest" });
  }

  override render() {
    const { spec } = this;
    const counts = spec.state === "ready" ? [counted(spec.operations, "operation"), counted(spec.services.length, "service")] : [];
    const facts = [
      spec.version && `Version ${spec.version}`, ...counts,
      spec.former?.length ? counted(spec.former.length, "former version") : "", STATES[spec.state],
    ];
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title" tabindex="-1">${title(spec)}</h2>
      <p class="muted">${facts.filter(Boolean).join(" · ")}</p>
      ${spec.state === "reading" ? html`<progress max="1" .value=${spec.progress} aria-label="Progress of reading"></progress>` : nothing}
      ${spec.refused ? this.refused("This document cannot be used.", spec.refused) : nothing}
      ${this.replacement()}
      <slot></slot>
      <div class="actions">${this.actions()}</div>
      ${this.asked === "replace"
        ? html`<parlance-upload .spec=${spec.id} .api=${this.api} @uploaded=${this.uploaded} @keydown=${this.escaped}><button type="button" class="quiet" @click=${this.cancel}>Cancel</button></parlance-upload>`
        : nothing}
    </section>`;
  }

  private actions() {
    if (this.asked === "remove") {
      return html`<button @click=${() => this.dispatchEvent(new CustomEvent("remove"))}>Yes, remove this document</button><button @click=${() => (this.asked = "")}>Keep it</button>`;
    }
    return html`<button class="replace" aria-expanded=${this.asked === "replace"} @click=${this.replace}>Replace with a new version…</button>
      <button @click=${() => (this.asked = "remove")}>Remove…</button>`;
  }

  private replace = async (): Promise<void> => {
    this.asked = this.asked ? "" : "replace";
    await this.updateComplete;
    const form = this.renderRoot.querySelector<SpecUpload>("parlance-upload");
    await form?.updateComplete;
    form?.focus();
  };

  private cancel = async (): Promise<void> => {
    this.asked = "";
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".replace")?.focus();
  };

  private escaped = (event: KeyboardEvent): void => {
    if (event.key === "Escape") void this.cancel();
  };

  private uploaded = (event: CustomEvent<string>): void => {
    this.asked = "";
    this.dispatchEvent(new CustomEvent("uploaded", { detail: event.detail }));
  };

  private replacement() {
    const next = this.spec.replacement;
    if (!next) return nothing;
    const name = next.name || "The new version";
    if (next.refused) return this.refused(`${name} cannot be used; the version before stays in use.`, next.refused);
    return html`<div><p class="muted">${name} is being read; the version before stays in use until then.</p>
      <progress max="1" .value=${next.progress} aria-label="Progress of reading the new version"></progress></div>`;
  }

  private refused(what: string, refused: Refusal) {
    const line = refused.line ? `line ${refused.line}` : "";
    const where = refused.message.includes(line) && line ? (refused.pointer ?? "") : place(refused);
    return html`<p class="problem"><strong>${what}</strong> ${refused.message}${where ? ` (${where})` : ""} <span class="mono">${refused.code}</span></p>`;
  }
}

customElements.define("parlance-spec", SpecDetail);
