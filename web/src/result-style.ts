// How results look: tables scroll inside their own frame, so that a phone's page never does.
import { css } from "lit";

export const results = css`
  :host { display: block; min-width: 0; }
  figure { margin: 0; display: grid; gap: 8px; min-width: 0; }
  figure > * { min-width: 0; }
  figcaption { font-weight: 600; overflow-wrap: anywhere; }
  .value { font-size: 24px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
  .text, dd pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; max-height: 24rem; overflow: auto; }
  .text { font: inherit; padding: 10px 12px; background: var(--sunken); border-radius: 8px; }
  .scroll { overflow: auto; max-height: 26rem; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
  table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
  th { position: sticky; top: 0; background: var(--sunken); text-align: left; padding: 0; white-space: nowrap; }
  th button { width: 100%; min-height: 36px; border: 0; border-radius: 0; background: none; text-align: inherit; font-weight: 600; padding: 6px 12px; }
  th button:focus-visible { outline-offset: -2px; }
  td { padding: 7px 12px; border-top: 1px solid var(--line); vertical-align: top; max-width: 22rem; overflow-wrap: break-word; min-width: 4rem; }
  table { min-width: max-content; }
  .number { text-align: right; }
  .sign { display: inline-block; width: 1.1em; font-size: 10px; text-align: right; }
  dl { margin: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
  dl > div { display: grid; grid-template-columns: minmax(6rem, 1fr) minmax(0, 2.4fr); gap: 2px 14px; padding: 8px 12px; border-top: 1px solid var(--line); }
  dl > div:first-child { border-top: 0; }
  dt { color: var(--muted); overflow-wrap: anywhere; }
  dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  .frame { position: relative; min-width: 0; }
  .frame::before, .frame::after { content: ""; position: absolute; top: 1px; bottom: 1px; width: 22px; pointer-events: none; z-index: 1; opacity: 0; transition: opacity 0.15s; }
  .frame::before { left: 1px; border-radius: 8px 0 0 8px; background: linear-gradient(to right, var(--shade), transparent); }
  .frame::after { right: 1px; border-radius: 0 8px 8px 0; background: linear-gradient(to left, var(--shade), transparent); }
  .frame.left::before, .frame.right::after { opacity: 1; }
  .hint { margin: -4px 0 0; font-size: 13px; }
  .moment { white-space: nowrap; }
  .small { font-size: 14px; }
  .foot { min-height: 32px; }
  .notes { margin: 0; padding-left: 18px; color: var(--muted); font-size: 14px; }
  .file { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 10px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
  .file .name { font-weight: 600; overflow-wrap: anywhere; }
  details .frame { margin-top: 6px; }
  .warnings { margin: 0; padding-left: 18px; color: var(--on-mark); font-size: 14px; }
  @media (max-width: 480px) { dl > div { grid-template-columns: 1fr; } }
`;
