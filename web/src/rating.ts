// The customer's judgement of one turn: thumb, comment, what it should have been.
import { css, html, LitElement, nothing } from "lit";
import type { Rating } from "./conversation.js";
import { controls, tokens } from "./theme.js";

type Thumb = Rating["rating"];
const ICONS: Record<Thumb, string> = {
  up: "M7 10v10H4V10h3Zm2 10V10l4-7c1.4 0 2.2 1.2 1.9 2.6L14.2 9H19a2 2 0 0 1 2 2.4l-1.3 7A2 2 0 0 1 17.7 20H9Z",
  down: "M17 14V4h3v10h-3Zm-2-10v10l-4 7c-1.4 0-2.2-1.2-1.9-2.6l.7-3.4H5a2 2 0 0 1-2-2.4l1.3-7A2 2 0 0 1 6.3 4H15Z",
};

export class TurnRating extends LitElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host { display: block; font-size: 14px; }
      form { display: grid; gap: 10px; margin-top: 8px; padding: 14px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); max-width: 34rem; }
      label { display: grid; gap: 4px; }
      label.check { display: flex; align-items: center; gap: 8px; }
      .thumb { width: 34px; min-height: 32px; padding: 0; display: grid; place-items: center; }
      .thumb[aria-pressed="true"] { background: var(--tint); color: var(--accent); }
      svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round; }
      p { margin: 0; }
    `,
  ];
  static override properties = { thumb: { state: true }, given: { state: true }, sending: { state: true }, problem: { state: true } };

  declare turn: number;
  declare rate: (rating: Rating) => Promise<void>;
  declare private thumb: Thumb | null;
  declare private given: Thumb | null;
  declare private sending: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.thumb = null;
    this.given = null;
    this.sending = false;
    this.problem = "";
  }

  override render() {
    return html`<div class="actions">
        ${this.button("up", "Good answer")}${this.button("down", "Bad answer")}
        <span class="muted" role="status">${this.given && !this.thumb ? "Thank you. Your rating is kept." : ""}</span>
      </div>
      ${this.thumb ? this.form(this.thumb) : nothing}`;
  }

  private button(thumb: Thumb, label: string) {
    const on = (this.thumb ?? this.given) === thumb;
    return html`<button class="quiet thumb" aria-label=${label} title=${label} aria-pressed=${on} @click=${() => this.choose(thumb)}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${ICONS[thumb]} /></svg>
    </button>`;
  }

  private async choose(thumb: Thumb): Promise<void> {
    this.thumb = this.thumb === thumb ? null : thumb;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("textarea")?.focus();
  }

  private form(thumb: Thumb) {
    return html`<form @submit=${this.submit} aria-label="Rate this answer">
      <label>${thumb === "up" ? "What was good?" : "What was wrong?"} <textarea name="comment" rows="2" placeholder="Optional"></textarea></label>
      ${thumb === "down"
        ? html`<label>What should it have done? <textarea name="correction" rows="2" placeholder="Optional"></textarea></label>
            <label class="check"><input type="checkbox" name="reset"> Then start over with an empty conversation</label>`
        : nothing}
      <div role="alert">${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}</div>
      <div class="actions">
        <button class="main small" ?disabled=${this.sending}>Send rating</button>
        <button type="button" class="small" @click=${() => (this.thumb = null)}>Cancel</button>
      </div>
    </form>`;
  }

  private submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.thumb || this.sending) return;
    const typed = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(typed.get(name) ?? "").trim();
    const rating: Rating = { turn: this.turn, rating: this.thumb };
    if (text("comment")) rating.comment = text("comment");
    if (text("correction")) rating.correction = text("correction");
    if (typed.has("reset")) rating.reset = true;
    this.sending = true;
    this.problem = "";
    try {
      await this.rate(rating);
      this.given = this.thumb;
      this.thumb = null;
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.sending = false;
  };
}

customElements.define("parlance-rating", TurnRating);
