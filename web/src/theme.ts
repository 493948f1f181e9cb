// Colours, type and the controls all parts share. A product's page may set --parlance-accent and --parlance-font.
import { css } from "lit";

export const tokens = css`
  :host {
    --surface: #ffffff;
    --ground: #f4f6f8;
    --sunken: #eef1f5;
    --text: #18202b;
    --muted: #556173;
    --line: #d5dbe3;
    --strong-line: #7c8899;
    --accent: var(--parlance-accent, #1d4f91);
    --on-accent: #ffffff;
    --tint: #e4edf8;
    --mark: #fff4d6;
    --on-mark: #6b4700;
    --mark-line: #c98a12;
    --bad: #a3231f;
    --bad-tint: #fdeceb;
    --good: #1b6b3a;
    --shade: rgb(24 32 43 / 0.22);
    color-scheme: light dark;
    color: var(--text);
    font: 15px/1.5 var(--parlance-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif);
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --surface: #1a212b;
      --ground: #12171e;
      --sunken: #232c38;
      --text: #e6ebf2;
      --muted: #a3afbf;
      --line: #303b49;
      --strong-line: #738197;
      --accent: var(--parlance-accent-dark, #8bb8f5);
      --on-accent: #0d1a2b;
      --tint: #1f3450;
      --mark: #3a2d0e;
      --on-mark: #f6d78d;
      --mark-line: #b98a2b;
      --bad: #ff9d97;
      --bad-tint: #3b1d1d;
      --good: #83d3a2;
      --shade: rgb(0 0 0 / 0.65);
    }
  }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
`;

export const controls = css`
  button, input, select, textarea { font: inherit; color: inherit; }
  button {
    min-height: 38px; padding: 6px 14px; border: 1px solid var(--strong-line); border-radius: 8px;
    background: var(--surface); cursor: pointer;
  }
  button:hover:not(:disabled) { background: var(--sunken); }
  button:disabled { opacity: 0.55; cursor: default; }
  a.button { display: inline-flex; align-items: center; min-height: 38px; padding: 6px 14px; border-radius: 8px; text-decoration: none; }
  button.main, a.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
  button.main:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
  button.quiet { border-color: transparent; background: none; color: var(--muted); }
  button.quiet:hover:not(:disabled) { background: var(--sunken); color: var(--text); }
  button.small { min-height: 32px; padding: 3px 10px; font-size: 14px; }
  input:not([type="radio"], [type="checkbox"], [type="file"]), select, textarea {
    width: 100%; min-height: 40px; padding: 7px 11px; border: 1px solid var(--strong-line); border-radius: 8px; background: var(--surface);
  }
  textarea { resize: vertical; }
  ::placeholder { color: var(--muted); opacity: 1; }
  input[type="radio"], input[type="checkbox"] { width: 17px; height: 17px; margin: 0; flex: none; accent-color: var(--accent); }
  [aria-invalid="true"] { border-color: var(--bad) !important; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  a { color: var(--accent); }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .muted { color: var(--muted); }
  .problem { color: var(--bad); margin: 0; overflow-wrap: anywhere; }
  .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;

export const card = css`
  .card { border: 1px solid var(--line); border-radius: 12px; background: var(--surface); padding: 16px; display: grid; gap: 14px; }
  .card > * { min-width: 0; }
  .card h2 { margin: 0; font-size: 16px; line-height: 1.35; overflow-wrap: anywhere; }
  .card h2:focus { outline: none; }
  .card p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  summary { cursor: pointer; padding: 4px 0; color: var(--muted); }
  details pre { margin: 6px 0 0; padding: 10px 12px; border-radius: 8px; background: var(--sunken); max-height: 18rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
