// A document's base address and approval rule. The other settings stay as they are.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Api } from "./api.js";
import { consoleStyle } from "./console-style.js";
import { changeSettings, settingsOf } from "./settings.js";
import type { Settings } from "./specs.js";
import { card, controls, tokens } from "./theme.js";

const RULES: [string, string][] = [
  ["always", "Every call"],
  ["changing", "Every call that changes something"],
  ["destructive", "Only calls that delete"],
  ["never", "None: calls are sent without asking"],
];

function hostsOf(settings: Settings): string[] {
  return Array.isArray(settings["hosts"]) ? settings["hosts"].map(String) : [];
}

export class SpecSettings extends LitElement {
  static override styles = [tokens, controls, card, consoleStyle];
  static override properties = { spec: {}, api: { attribute: false }, settings: { state: true }, message: { state: true }, problem: { state: true } };

  declare spec: string;
  declare api: Api;
  declare private settings: Settings | null;
  declare private message: string;
  declare private problem: string;

  constructor() {
    super();
    this.settings = null;
    this.message = this.problem = "";
  }

  override willUpdate(changes: PropertyValues): void {
    if (changes.has("spec")) void this.load();
  }

  private async load(): Promise<void> {
    this.settings = null;
    this.message = this.problem = "";
    try {
      this.settings = await settingsOf(this.api, this.spec);
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  override render() {
    return html`<form class="card" @submit=${this.save}>
      <h3>Settings</h3>
      ${this.settings ? this.fields(this.settings) : nothing}
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions"><button class="main" ?disabled=${!this.settings}>Save settings</button><span class="saved" role="status">${this.message}</span></div>
    </form>`;
  }

  private fields(settings: Settings) {
    return html`<div class="pair">
      <label>Base URL <input name="base_url" type="text" inputmode="url" autocomplete="off" spellcheck="false" .value=${settings.base_url ?? ""}
        placeholder="https://api.example.com"><span class="muted">Empty: the server the document names.</span></label>
      <label>Private hosts <input name="hosts" type="text" autocomplete="off" spellcheck="false" .value=${hostsOf(settings).join(" ")} placeholder="localhost 10.0.0.7">
        <span class="muted">In your own network and to be called, with spaces between.</span></label>
      <label>What needs a yes
        <select name="approval">${RULES.map(([rule, label]) => html`<option value=${rule} ?selected=${rule === settings.approval}>${label}</option>`)}</select>
      </label>
    </div>`;
  }

  private save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const typed = new FormData(event.target as HTMLFormElement);
    const hosts = String(typed.get("hosts")).split(/[\s,]+/).filter(Boolean);
    const base_url = String(typed.get("base_url")).trim() || null;
    const shown = { base_url, approval: String(typed.get("approval")) };
    this.message = this.problem = "";
    try {
      this.settings = await changeSettings(this.api, this.spec, (kept) => ({ ...kept, ...shown, ...((hosts.length || kept["hosts"]) && { hosts }) }));
      this.message = "Saved.";
    } catch (error) {
      this.problem = (error as Error).message;
    }
  };
}

customElements.define("parlance-settings", SpecSettings);
