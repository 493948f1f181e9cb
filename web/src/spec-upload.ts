// A document goes up: a new one, or the next version of one, with an overlay if there is one.
import { html, LitElement, nothing } from "lit";
import { type Api, path } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { cut } from "./json.js";
import { card, controls, tokens } from "./theme.js";

const LONGEST_NAME = 200;
const BINARY = { "Content-Type": "application/octet-stream" };

function chosen(typed: FormData, name: string): File | null {
  const file = typed.get(name);
  return file instanceof File && file.name ? file : null;
}

export class SpecUpload extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = { spec: {}, api: { attribute: false }, sending: { state: true }, problem: { state: true } };

  declare spec: string; // of which this is the next version; empty: a document of its own
  declare api: Api;
  declare private sending: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.spec = this.problem = "";
    this.sending = false;
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  override render() {
    const label = this.spec ? "New version" : "OpenAPI document";
    return html`<form class="stack" @submit=${this.send}>
      <label>${label} (JSON or YAML, also .gz) <input name="file" type="file" accept=".json,.yaml,.yml,.gz" required></label>
      <details><summary>With an overlay</summary>
        <label>Overlay (JSON or YAML) <input name="overlay" type="file" accept=".json,.yaml,.yml">
          <span class="muted">Changes that are applied when the document is read; the document itself stays as it is.</span></label>
      </details>
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions"><button class="main" ?disabled=${this.sending}>${this.sending ? "Uploading…" : this.spec ? "Upload this version" : "Upload"}</button>
        <slot></slot></div>
    </form>`;
  }

  private send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = new FormData(form);
    const file = chosen(typed, "file");
    const overlay = chosen(typed, "overlay");
    if (this.sending) return;
    const empty = [file, overlay].find((one) => one && !one.size);
    this.problem = !file ? "Choose a file first." : empty ? `${empty.name} is empty. Choose another file.` : "";
    if (this.problem || !file) return;
    this.sending = true;
    try {
      const { id } = await this.sent(file, overlay);
      form.reset();
      this.dispatchEvent(new CustomEvent("uploaded", { detail: id }));
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.sending = false;
  };

  private async sent(file: File, overlay: File | null): Promise<{ id: string }> {
    const where = `${this.spec ? path`/v1/specs/${this.spec}` : "/v1/specs"}?name=${encodeURIComponent(cut(file.name, LONGEST_NAME))}`;
    const form = new FormData();
    form.append("file", file);
    if (overlay) form.append("overlay", overlay);
    const response = await this.api.open(where, { method: this.spec ? "PUT" : "POST", body: overlay ? form : file, headers: overlay ? {} : BINARY });
    return (await response.json()) as { id: string };
  }
}

customElements.define("parlance-upload", SpecUpload);
