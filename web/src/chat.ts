// <parlance-chat>: the chat panel. Attributes: api-key, spec-id, connection-id, base-url, heading, consent, page.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Upload } from "./attach.js";
import { about, type About, examples, gone, isGone, sayable, services } from "./about.js";
import { Api } from "./api.js";
import "./approval-card.js";
import { chat } from "./chat-style.js";
import { clock } from "./clock.js";
import { Conversation, type Unsent } from "./conversation.js";
import "./entry.js";
import { closed, failed, receipt, said, step, told, unsent } from "./items.js";
import { type Asked, type Item, items, type Reply, results } from "./log.js";
import { home, readFragment, remember, remembered } from "./place.js";
import type { Deliver } from "./question-form.js";
import "./question-form.js";
import "./rating.js";
import type { Artifacts } from "./source.js";
import "./result-view.js";
import { card, controls, tokens } from "./theme.js";
import "./sign-in-card.js";
import type { Attached, JsonObject, Result } from "./wire.js";

const MARGIN = 14;

export class Chat extends LitElement {
  static override styles = [tokens, controls, card, chat];
  static override properties = {
    apiKey: { attribute: "api-key" }, specId: { attribute: "spec-id" }, connectionId: { attribute: "connection-id" }, baseUrl: { attribute: "base-url" }, heading: {}, page: { type: Boolean, reflect: true },
    consent: { type: Boolean }, credential: { attribute: false }, attached: { state: true }, uploading: { state: true }, announced: { state: true }, known: { state: true }, gone: { state: true },
  };

  declare apiKey: string | null;
  declare specId: string | null;
  declare connectionId: string | null;
  declare baseUrl: string | null;
  declare heading: string | null;
  declare page: boolean;
  declare consent: boolean;
  declare credential: JsonObject | null; // the customer's own for the product, passed with each message and kept nowhere
  declare private attached: Attached[];
  declare private uploading: boolean;
  declare private announced: string;
  declare private known: About | null;
  declare private gone: boolean; // the document, for good
  private conversation: Conversation | null = null;
  private seen = new Set<string>();
  private recalled = 0; // which of the messages said before stands in the text field
  private artifacts: Artifacts = {
    page: (...asked) => this.conversation!.page(...asked), csv: (view) => this.conversation!.csv(view), whole: (id) => this.conversation!.whole(id),
  };

  constructor() {
    super();
    this.apiKey = this.specId = this.connectionId = this.baseUrl = this.heading = null;
    this.page = this.consent = this.gone = false;
    this.credential = null;
    this.attached = [];
    this.uploading = false;
    this.announced = "";
    this.known = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.begin);
    this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.begin);
    this.conversation?.stop();
  }

  private get key(): string | null {
    return this.apiKey ?? remembered("key");
  }

  private get spec(): string | null {
    return this.specId ?? remembered("spec");
  }

  private get connection(): string | null {
    return this.connectionId ?? (this.specId === null ? remembered("connection") : null);
  }

  private get api(): Api {
    return new Api((this.baseUrl ?? home).replace(/\/+$/, ""), this.key ?? "");
  }

  // One conversation a document and connection: with other credentials it would be another's.
  private get place(): string {
    return [this.spec, this.connection].filter(Boolean).join(".");
  }

  private begin = (): void => {
    readFragment();
    this.conversation?.stop();
    this.conversation = null;
    this.known = null;
    this.gone = false;
    if (this.key && this.spec) this.talk(remembered(`session.${this.place}`));
    if (this.page && this.key && this.spec) void this.learn(this.spec);
    this.requestUpdate();
  };

  private async learn(spec: string): Promise<void> {
    const known = await about(this.api, spec);
    if (spec !== this.spec) return;
    this.gone = known === "gone";
    this.known = known === "gone" ? null : known;
  }

  private talk(session: string | null): void {
    this.seen = new Set();
    this.conversation = new Conversation({ api: this.api, spec: this.spec!, connection: this.connection, consent: this.consent, session, credential: () => this.credential }, this.moved);
    this.attached = [];
    void this.restore(this.conversation);
  }

  // What was there before the reload is not news, but a question that is still open is.
  private async restore(conversation: Conversation): Promise<void> {
    await conversation.restore(storedUnsent(this.place));
    for (const item of items(conversation.log)) if (item.kind !== "question" || !item.open) this.seen.add(item.key);
    this.moved();
    await this.updateComplete;
    this.stayAtEnd();
    await conversation.resume();
  }

  private moved = (): void => {
    if (!this.conversation) return;
    const { session, unsent: kept } = this.conversation;
    remember(`session.${this.place}`, session);
    remember(`unsent.${this.place}`, kept && JSON.stringify({ id: kept.id, text: kept.text, files: kept.files }));
    if (isGone(kept?.problem)) this.gone = true; // a key that may only chat learns it here
    this.requestUpdate();
  };

  override render() {
    return html`<header>
        <h1>${this.heading ?? this.known?.title ?? "Parlance"}</h1>
        ${this.conversation && !this.conversation.fresh ? html`<button class="quiet small" @click=${this.restart}>New conversation</button>` : nothing}
        ${this.page ? html`<a href="/console">Console</a>` : nothing}
      </header>
      ${this.conversation?.lost ? html`<div class="banner" role="status">The connection was lost. Reconnecting…</div>` : nothing}
      <main tabindex="-1"><div class="column">${this.conversation ? this.talking(this.conversation) : html`<parlance-entry .api=${this.key ? this.api : null} @entered=${this.begin}></parlance-entry>`}</div></main>
      ${this.conversation && !this.gone ? this.composer(this.conversation) : nothing}
      <div class="unseen" aria-live="polite">${this.announced}</div>`;
  }

  private talking(conversation: Conversation): TemplateResult {
    const found = results(conversation.log);
    const shown = items(conversation.log);
    const log = repeat(shown, (item) => item.key, (item) => this.item(item, found));
    const newest = shown.at(-1);
    if (this.gone) return html`${log}${gone(this.specId === null ? this.another : null)}`;
    return html`${conversation.fresh ? this.welcome() : nothing}
      ${log}
      ${newest?.kind === "reply" && !conversation.running ? sayable("What to say next", newest.suggestions, this.say) : nothing}
      ${conversation.unsent ? unsent(conversation.unsent, this.retry, this.editUnsent) : nothing}
      ${conversation.draft ? html`<div class="reply" aria-hidden="true"><p class="text">${conversation.draft}</p></div>` : nothing}
      ${conversation.running && !conversation.draft ? html`<div class="step working"><span class="sign" aria-hidden="true"></span><span>Working…</span></div>` : nothing}
      ${conversation.problem ? html`<div class="failure" role="alert"><p>${conversation.problem.message}</p></div>` : nothing}`;
  }

  private welcome(): TemplateResult {
    return html`<div class="welcome">
      <h2>What would you like to do?</h2>
      <p class="muted">Say it in your own words. Nothing is changed before you have seen it and said yes.</p>
      ${services(this.known)}
      ${examples(this.known, this.say)}
      <label class="consent"><input type="checkbox" .checked=${this.consent} @change=${this.agree}> Keep this conversation to improve the answers</label>
    </div>`;
  }

  private another = (): void => {
    for (const name of ["spec", "connection", `session.${this.place}`, `unsent.${this.place}`]) remember(name, null);
    this.begin();
  };

  private agree = (event: Event): void => {
    this.consent = (event.target as HTMLInputElement).checked;
    this.conversation?.stop();
    this.talk(null);
  };

  private item(item: Item, found: Map<string, Result>): TemplateResult {
    switch (item.kind) {
      case "said": return said(item);
      case "step": return step(item);
      case "told": return told(item);
      case "failed": return failed(item);
      case "question": return item.open ? this.question(item) : closed(item);
      case "reply": return this.reply(item, found);
    }
  }

  private question(item: Asked): TemplateResult {
    const busy = this.conversation!.running;
    if (item.question.kind === "sign_in") return html`<parlance-sign-in class="asking" .question=${item.question} .api=${this.api} .busy=${busy} .deliver=${this.deliver} @keydown=${this.escaped}></parlance-sign-in>`;
    return item.question.kind === "approval"
      ? html`<parlance-approval class="asking" .upload=${this.upload} .question=${item.question} .busy=${busy} .deliver=${this.deliver} @keydown=${this.escaped}></parlance-approval>`
      : html`<parlance-question class="asking" .upload=${this.upload} .question=${item.question} .busy=${busy} .deliver=${this.deliver} .leave=${this.leave} @keydown=${this.escaped}></parlance-question>`;
  }

  private upload: Upload = (file) => this.conversation!.attach(file);

  private leave = async (): Promise<void> => {
    await this.conversation!.cancel();
    this.focusText();
  };

  private deliver: Deliver = async (id, answer) => {
    const problem = await this.conversation!.answer(id, answer);
    if (!problem && this.renderRoot instanceof ShadowRoot && !this.renderRoot.activeElement) this.focusText();
    return problem;
  };

  private reply(item: Reply, found: Map<string, Result>): TemplateResult {
    const rate = (rating: Parameters<Conversation["rate"]>[0]): Promise<void> => this.conversation!.rate(rating);
    const where = clock(this.conversation!.log);
    const wide = item.views.some((view) => view.kind === "table" || view.kind === "chart");
    return html`<div class=${wide ? "wide" : ""}>
      <div class=${item.refusal ? "reply refusal" : "reply"}>
        ${item.text ? html`<p class="text">${item.text}</p>` : nothing}
        ${item.views.map((view) => html`<parlance-result .said=${item.text} .view=${view} .result=${found.get(view.result)} .artifacts=${this.artifacts} .clock=${where}></parlance-result>`)}
        ${receipt(item.receipt)}
      </div>
      <parlance-rating .turn=${item.turn} .rate=${rate}></parlance-rating>
    </div>`;
  }

  private composer(conversation: Conversation): TemplateResult {
    const running = conversation.running;
    return html`<footer><form @submit=${this.submit}>
      <parlance-attach many label="Attach" .given=${this.attached} .upload=${this.upload} .changed=${(files: Attached[]) => (this.attached = files)} .working=${(busy: boolean) => (this.uploading = busy)}></parlance-attach>
      <label class="unseen" for="text">Your message</label>
      <textarea id="text" rows="1" placeholder="Write a message" maxlength="20000" autocomplete="off" @keydown=${this.typed}></textarea>
      ${running && conversation.session && !conversation.sending
        ? html`<button type="button" @click=${() => conversation.cancel()}>Stop</button>`
        : html`<button class="main" ?disabled=${running || this.uploading}>Send</button>`}
    </form></footer>`;
  }

  private get text(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("#text");
  }

  // Not while an input method composes a syllable: its Enter ends the word, not the message.
  private typed = (event: KeyboardEvent): void => {
    if (event.shiftKey || event.isComposing) return;
    if (event.key === "Enter") this.submit(event);
    else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && this.recall(event.key === "ArrowUp" ? -1 : 1)) event.preventDefault();
  };

  // Through what was said before, as in a terminal; what is being typed is left alone.
  private recall(step: number): boolean {
    const box = this.text!;
    const said = items(this.conversation!.log).flatMap((item) => (item.kind === "said" ? [item.text] : []));
    if (box.value === "") this.recalled = said.length;
    else if (box.value !== said[this.recalled]) return false;
    const next = this.recalled + step;
    if (next < 0 || next > said.length) return false;
    this.recalled = next;
    box.value = said[next] ?? "";
    return true;
  }

  // Out of a question without answering it; it stays open.
  private escaped = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.isComposing) this.focusText();
  };

  private submit = (event: Event): void => {
    event.preventDefault();
    const text = this.text?.value.trim();
    if (!text || this.conversation!.running || this.uploading) return;
    this.text!.value = "";
    this.say(text);
  };

  private say = (text: string): void => {
    if (this.conversation!.running) return;
    this.toEnd(true);
    void this.conversation!.say(text, this.attached);
    this.attached = [];
    this.focusText();
  };

  private retry = (): void => void this.conversation!.retry();

  private editUnsent = (): void => {
    const box = this.text!;
    this.attached = this.conversation!.unsent!.files;
    box.value = [this.conversation!.unsent!.text, box.value].filter(Boolean).join("\n");
    this.conversation!.drop();
    box.focus();
  };

  private restart = (): void => {
    this.conversation?.stop();
    remember(`session.${this.place}`, null);
    remember(`unsent.${this.place}`, null);
    this.talk(null);
    this.announced = "A new conversation.";
    this.requestUpdate();
    this.focusText();
  };

  private focusText(): void {
    void this.updateComplete.then(() => this.text?.focus());
  }

  override updated(): void {
    if (!this.conversation) return;
    const fresh = items(this.conversation.log).filter((item) => !this.seen.has(item.key));
    for (const item of fresh) this.seen.add(item.key);
    const news = fresh.map(announcement).filter(Boolean);
    if (news.length) this.announced = news.join(" ");
    const asking = fresh.some((item) => item.kind === "question" && item.open);
    if (fresh.length || this.conversation.running) this.toEnd(fresh.length > 0, asking ? ".asking" : fresh.some((item) => item.kind === "reply") ? ".reply" : null);
    if (asking) this.lead();
  }

  // A new question takes the focus, unless something is being typed.
  private lead(): void {
    const active = (this.renderRoot as ShadowRoot).activeElement;
    if (active && active !== this.text) return;
    if (this.text?.value) return;
    [...this.renderRoot.querySelectorAll<HTMLElement>(".asking")].at(-1)?.focus();
  }

  // After a reload results come in one after the other and push the end away: follow it until the customer does something.
  private stayAtEnd(): void {
    const column = this.renderRoot.querySelector(".column");
    if (!column) return;
    const growing = new ResizeObserver(() => this.toEnd(true, ".asking"));
    growing.observe(column);
    for (const type of ["wheel", "pointerdown", "touchstart", "keydown"]) this.addEventListener(type, () => growing.disconnect(), { once: true, passive: true });
  }

  // To the end, but not past the beginning of what is new: a long form or result is read from its top.
  private toEnd(must: boolean, upTo: string | null = null): void {
    const box = this.renderRoot.querySelector("main")!;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < 160;
    if (!must && !near) return;
    requestAnimationFrame(() => {
      const found = upTo ? [...box.querySelectorAll<HTMLElement>(upTo)].at(-1) : undefined;
      const start = found ? found.offsetTop - box.offsetTop - MARGIN : Infinity;
      box.scrollTo({ top: Math.min(start, box.scrollHeight - box.clientHeight) });
    });
  }
}

function announcement(item: Item): string {
  switch (item.kind) {
    case "reply": return item.text || "The result is shown.";
    case "failed": case "told": return item.text;
    case "question": return item.open ? `A question for you: ${item.question.summary || item.question.text}` : "";
    default: return "";
  }
}

// Only typed messages are kept over a reload; an answer may hold a secret and is not.
function storedUnsent(place: string): Unsent | null {
  const kept = remembered(`unsent.${place}`);
  if (!kept) return null;
  const { id, text, files } = JSON.parse(kept) as { id: string; text: string; files?: Attached[] };
  return { id, text, files: files ?? [], problem: new Error("It is not known whether this was sent. Sending it again is safe: it counts once.") };
}

customElements.define("parlance-chat", Chat);
