// The controls of one field. Each writes its text through `change`; what the text means is form.ts' matter.
import { html, nothing, type TemplateResult } from "lit";
import "./attach.js";
import type { Upload } from "./attach.js";
import { live } from "lit/directives/live.js";
import { type Choice, choices, type Control, control, kind, plain } from "./form.js";
import type { Attached, JsonObject } from "./wire.js";

export interface Field {
  id: string;
  label: string;
  form: JsonObject;
  hidden: boolean;
  required: boolean;
  text: string;
  problem: string;
  change: (text: string) => void;
  upload?: Upload;
}

const FEW = 5;
const TYPES: Partial<Record<Control, string>> = { secret: "password", date: "date", datetime: "datetime-local", email: "email", url: "url" };
const YES_NO: Choice[] = [{ value: true, label: "Yes" }, { value: false, label: "No" }];

function description(field: Field): string {
  const text = plain(field.form)["description"];
  return typeof text === "string" && text.trim() !== field.label ? text.trim() : "";
}

function describedBy(field: Field): string | typeof nothing {
  const ids = [description(field) && `${field.id}-about`, field.problem && `${field.id}-problem`].filter(Boolean);
  return ids.length ? ids.join(" ") : nothing;
}

const typed = (field: Field) => (event: Event) => field.change((event.target as HTMLInputElement).value);

function line(field: Field, as: Control): TemplateResult {
  const whole = kind(plain(field.form)) === "integer";
  return html`<input id=${field.id} type=${TYPES[as] ?? "text"} .value=${live(field.text)} @input=${typed(field)}
    autocomplete=${as === "secret" ? "new-password" : "off"} inputmode=${as === "number" ? (whole ? "numeric" : "decimal") : nothing}
    spellcheck=${as === "text" ? nothing : "false"} autocapitalize=${as === "text" ? nothing : "off"} aria-required=${field.required}
    aria-invalid=${field.problem ? "true" : "false"} aria-describedby=${describedBy(field)}>`;
}

function area(field: Field, as: Control): TemplateResult {
  return html`<textarea id=${field.id} class=${as === "json" ? "mono" : ""} rows="4" .value=${live(field.text)} @input=${typed(field)}
    autocomplete="off" aria-required=${field.required} aria-invalid=${field.problem ? "true" : "false"} aria-describedby=${describedBy(field)}></textarea>`;
}

function menu(field: Field, options: Choice[]): TemplateResult {
  return html`<select id=${field.id} @change=${typed(field)} aria-required=${field.required}
    aria-invalid=${field.problem ? "true" : "false"} aria-describedby=${describedBy(field)}>
    <option value="" ?selected=${field.text === ""}>Choose…</option>
    ${options.map((option, place) => html`<option value=${place} ?selected=${field.text === String(place)}>${option.label}</option>`)}
  </select>`;
}

interface Pick { label: string; text: string; on: boolean; next: (on: boolean) => string }

function picks(field: Field, type: "radio" | "checkbox", options: Pick[]): TemplateResult {
  return html`<div class="picks">
    ${options.map((option, place) => html`<label class="pick">
      <input type=${type} id=${place ? `${field.id}-${place}` : field.id} name=${field.id} .checked=${live(option.on)}
        aria-describedby=${describedBy(field)} @change=${(event: Event) => field.change(option.next((event.target as HTMLInputElement).checked))}>
      <span>${option.label}</span>
    </label>`)}
  </div>`;
}

function oneOf(field: Field, options: Choice[], text: (option: Choice, place: number) => string): TemplateResult {
  return picks(field, "radio", options.map((option, place) => ({ label: option.label, text: text(option, place), on: field.text === text(option, place), next: () => text(option, place) })));
}

function someOf(field: Field, options: Choice[]): TemplateResult {
  const picked = new Set(field.text.split(",").filter(Boolean));
  const next = (place: string) => (on: boolean) => {
    const after = new Set(picked);
    if (on) after.add(place);
    else after.delete(place);
    return [...after].sort((a, b) => Number(a) - Number(b)).join(",");
  };
  return picks(field, "checkbox", options.map((option, place) => ({ label: option.label, text: String(place), on: picked.has(String(place)), next: next(String(place)) })));
}

function isGroup(field: Field, as: Control): boolean {
  return as === "file" || as === "yesno" || as === "several" || (as === "choice" && choices(plain(field.form)).length <= FEW);
}

const picked = new Map<string, Attached>(); // by handle: the text of a file's field is its handles

function choose(field: Field, files: Attached[]): void {
  for (const file of files) picked.set(file.handle, file);
  field.change(files.map((file) => file.handle).join(","));
}

function input(field: Field, as: Control): TemplateResult {
  const schema = plain(field.form);
  switch (as) {
    case "yesno": return oneOf(field, YES_NO, (option) => String(option.value));
    case "choice": return isGroup(field, as) ? oneOf(field, choices(schema), (_, place) => String(place)) : menu(field, choices(schema));
    case "several": return someOf(field, choices(plain(schema["items"] as JsonObject)));
    case "file": {
      const given = field.text.split(",").flatMap((handle) => picked.get(handle) ?? []);
      return html`<parlance-attach label="Choose a file" ?many=${kind(schema) === "array"} .upload=${field.upload} .given=${live(given)} .changed=${(files: Attached[]) => choose(field, files)}></parlance-attach>`;
    }
    case "long": case "list": case "json": return area(field, as);
    default: return line(field, as);
  }
}

const HINTS: Partial<Record<Control, string>> = { secret: "Kept hidden: it goes to the product only.", list: "One per line.", json: "As JSON.", datetime: "In your time zone." };

function notes(field: Field, as: Control): TemplateResult {
  const pattern = field.problem && typeof field.form["x-problem"] === "string" ? String(plain(field.form)["pattern"] ?? "") : "";
  const about = [description(field), HINTS[as]].filter(Boolean).join(" ");
  return html`${about ? html`<p class="about" id=${`${field.id}-about`}>${about}</p>` : nothing}
    ${field.problem ? html`<p class="problem" id=${`${field.id}-problem`} title=${pattern || nothing}>${field.problem}</p>` : nothing}
    ${pattern ? html`<details><summary>The form it must have</summary><code class="mono">${pattern}</code></details>` : nothing}`;
}

export function fieldTemplate(field: Field): TemplateResult {
  const as = control(field.form, field.hidden);
  const label = html`${field.label}${field.required ? nothing : html` <span class="muted">(optional)</span>`}`;
  if (isGroup(field, as)) return html`<fieldset class="field"><legend>${label}</legend>${input(field, as)}${notes(field, as)}</fieldset>`;
  return html`<div class="field"><label for=${field.id}>${label}</label>${input(field, as)}${notes(field, as)}</div>`;
}
