// How the console looks.
import { css } from "lit";

export const consoleStyle = css`
  .bar { display: flex; align-items: center; gap: 8px; padding: 8px 16px; background: var(--surface); border-bottom: 1px solid var(--line); }
  .bar h1 { font-size: 16px; margin: 0; flex: 1; }
  .page { max-width: 62rem; margin: 0 auto; padding: 20px 16px 60px; display: grid; gap: 20px; min-width: 0; }
  .page > * { min-width: 0; }
  .card h2 { margin: 0; font-size: 18px; overflow-wrap: anywhere; }
  .card h3 { margin: 0; font-size: 15px; }
  .card ul { margin: 0; padding: 0; list-style: none; }
  .documents { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
  .documents li + li { border-top: 1px solid var(--line); }
  .documents button { width: 100%; display: flex; flex-wrap: wrap; gap: 2px 14px; justify-content: space-between; border: 0; border-radius: 0; text-align: left; padding: 10px 14px; }
  .documents button:focus-visible { outline-offset: -2px; }
  .documents [aria-current="true"] { background: var(--tint); }
  .documents span { overflow-wrap: anywhere; min-width: 0; }
  label { display: grid; gap: 5px; font-weight: 600; align-content: start; }
  label :is(input, select) { font-weight: 400; }
  a.main { display: inline-block; padding: 6px 14px; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; }
  label .muted { font-weight: 400; font-size: 14px; }
  progress { width: 100%; accent-color: var(--accent); }
  .pair { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
  .stack { display: grid; gap: 14px; }
  :is(.card, .stack) > [role="alert"]:not(:has(*)) { position: absolute; }
  .issue { padding: 9px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
  .issue:first-child { border-top: 0; }
  .severity { font-weight: 600; }
  .severity.error { color: var(--bad); }
  .severity.warning { color: var(--on-mark); }
  .operations { padding: 4px 0 8px 18px !important; overflow-wrap: anywhere; }
  .operations li { padding: 2px 0; }
  .inside { display: grid; gap: 8px; padding: 2px 0 10px 18px; min-width: 0; }
  .inside > button { justify-self: start; }
  .card h4 { margin: 0; font-size: 15px; font-weight: 600; }
  summary { overflow-wrap: anywhere; }
  .saved { color: var(--good); }
  .line { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; justify-content: space-between; padding: 6px 0; }
  .operations .line { padding: 1px 0; flex-wrap: wrap; }
  .what { flex: 1 1 12rem; min-width: 0; }
  .off .what { color: var(--muted); }
  .line .problem { flex: 1 0 100%; }
  .switch { display: flex; gap: 8px; align-items: center; font-weight: 400; font-size: 14px; min-height: 26px; cursor: pointer; color: var(--muted); }
  input[role="switch"] {
    appearance: none; display: grid; align-items: center; width: 36px; height: 20px; padding: 2px; border: 1px solid var(--strong-line); border-radius: 999px;
    background: var(--surface); cursor: pointer;
  }
  input[role="switch"]::before { content: ""; width: 14px; height: 14px; border-radius: 50%; background: var(--strong-line); }
  input[role="switch"]:checked { background: var(--accent); border-color: var(--accent); }
  input[role="switch"]:checked::before { background: var(--on-accent); justify-self: end; }
  @media (forced-colors: active) { input[role="switch"]::before { forced-color-adjust: none; background: CanvasText !important; } }
  input[type="file"] { width: 100%; padding: 16px; border: 1px dashed var(--strong-line); border-radius: 8px; font-weight: 400; }
`;
