// What our own page says of the document one talks with. A key that may only chat does not see it; the page then stays as general as an embedded panel.
import { html, nothing, type TemplateResult } from "lit";
import { type Api, path, Refused } from "./api.js";
import { type Spec, title } from "./specs.js";

const MOST = 8;

export interface About { title: string; services: string[]; examples: string[] }

export function isGone(error: unknown): boolean {
  return error instanceof Refused && error.code === "spec_not_found";
}

export async function about(api: Api, spec: string): Promise<About | "gone" | null> {
  try {
    const found = await api.get<Spec>(path`/v1/specs/${spec}`);
    return { title: title(found), services: found.services.map((service) => service.name), examples: found.examples ?? [] };
  } catch (error) {
    return isGone(error) ? "gone" : null;
  }
}

// Instead of a conversation that could not begin. `choose`: on our own page, where there may be other documents.
export function gone(choose: (() => void) | null): TemplateResult {
  return html`<div class="welcome" role="alert">
    <h2>This document is no longer there</h2>
    <p class="muted">It was removed, so there is nothing to talk with. ${choose ? html`Choose another one, or upload it again in the <a href="/console">console</a>.` : "Those who run this page can upload it again."}</p>
    ${choose ? html`<button class="main" @click=${choose}>Choose another document</button>` : nothing}
  </div>`;
}

export function examples(known: About | null, say: (text: string) => void): TemplateResult | typeof nothing {
  return sayable("Examples", known?.examples ?? [], say);
}

// Sentences that a click says.
export function sayable(label: string, texts: readonly string[], say: (text: string) => void): TemplateResult | typeof nothing {
  if (!texts.length) return nothing;
  return html`<div class="examples" role="group" aria-label=${label}>${texts.map((text) => html`<button type="button" @click=${() => say(text)}>${text}</button>`)}</div>`;
}

export function services(known: About | null): TemplateResult | typeof nothing {
  if (!known?.services.length) return nothing;
  const shown = known.services.slice(0, MOST).join(", ");
  return html`<p>${known.title}: ${shown}${known.services.length > MOST ? ", …" : ""}</p>`;
}
