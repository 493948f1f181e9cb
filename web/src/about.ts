// What our own page says of the document one talks with. A key that may only chat does not see it; the page then stays as general as an embedded panel.
import { html, nothing, type TemplateResult } from "lit";
import { type Api, path } from "./api.js";
import { type Spec, title } from "./specs.js";

const MOST = 8;

export interface About { title: string; services: string[]; examples: string[] }

export async function about(api: Api, spec: string): Promise<About | null> {
  try {
    const found = await api.get<Spec>(path`/v1/specs/${spec}`);
    return { title: title(found), services: found.services.map((service) => service.name), examples: found.examples ?? [] };
  } catch {
    return null;
  }
}

export function examples(known: About | null, say: (text: string) => void): TemplateResult | typeof nothing {
  if (!known?.examples.length) return nothing;
  return html`<div class="examples" role="group" aria-label="Examples">${known.examples.map((text) => html`<button type="button" @click=${() => say(text)}>${text}</button>`)}</div>`;
}

export function services(known: About | null): TemplateResult | typeof nothing {
  if (!known?.services.length) return nothing;
  const shown = known.services.slice(0, MOST).join(", ");
  return html`<p>${known.title}: ${shown}${known.services.length > MOST ? ", …" : ""}</p>`;
}
