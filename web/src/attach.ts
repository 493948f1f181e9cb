// Files on their way into the conversation: picked, uploaded at once, and named until they are sent. What they are for is the engine's matter.
import { css, html, LitElement, nothing } from "lit";
import { cut, fileSize } from "./json.js";
import { controls, tokens } from "./theme.js";
import type { Attached } from "./wire.js";

export type Upload = (file: File) => Promise<Attached>;

export class Attach extends LitElement {
  static override styles = [tokens, controls, css`
    :host { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; min-width: 0; }
    input { position: absolute; width: 1px; height: 1px; opacity: 0; overflow: hidden; }
    .picker:focus-within { outline: 2px solid var(--accent); outline-offset: 2px; }
    .picker { display: inline-flex; align-items: center; min-height: 36px; padding: 0 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; position: relative; }
    ul { display: contents; list-style: none; }
    li { display: inline-flex; gap: 6px; align-items: center; padding: 2px 4px 2px 10px; border: 1px solid var(--line); border-radius: 999px; font-size: 14px; max-width: 100%; overflow-wrap: anywhere; }
    .problem { margin: 0; }
  `];
  static override properties = {
    upload: { attribute: false }, changed: { attribute: false }, many: { type: Boolean }, label: {}, given: { attribute: false }, busy: { state: true }, problem: { state: true },
  };

  declare upload: Upload;
  declare changed: (files: Attached[]) => void;
  declare working: ((busy: boolean) => void) | undefined; // a message must not leave before its file
  declare many: boolean;
  declare label: string;
  declare given: Attached[];
  declare private busy: string;
  declare private problem: string;

  constructor() {
    super();
    this.many = false;
    this.label = "Attach a file";
    this.given = [];
    this.busy = this.problem = "";
  }

  override render() {
    return html`<label class="picker"><span>${this.busy ? `Uploading ${cut(this.busy, 40)}…` : this.many || !this.given.length ? this.label : "Another file"}</span>
        <input type="file" ?multiple=${this.many} ?disabled=${Boolean(this.busy)} @change=${this.pick}></label>
      ${this.given.length ? html`<ul>${this.given.map((file) => this.chip(file))}</ul>` : nothing}
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>`;
  }

  private chip(file: Attached) {
    return html`<li>${cut(file.name, 60)} <span class="muted">${fileSize(file.size)}</span>
      <button type="button" class="quiet small" aria-label=${`Remove ${file.name}`} @click=${() => this.changed(this.given.filter((one) => one !== file))}>✕</button></li>`;
  }

  private pick = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    this.problem = "";
    this.working?.(true);
    for (const file of [...(input.files ?? [])]) {
      this.busy = file.name;
      try {
        const attached = await this.upload(file);
        this.changed(this.many ? [...this.given.filter((one) => one.handle !== attached.handle), attached] : [attached]);
        await this.updateComplete;
      } catch (error) {
        this.problem = `${file.name} was not attached: ${(error as Error).message}`;
      }
    }
    this.busy = "";
    this.working?.(false);
    input.value = "";
  };
}

customElements.define("parlance-attach", Attach);
