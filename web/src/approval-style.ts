// How an approval looks: marked values stand out by words, a bar and colour.
import { css, unsafeCSS } from "lit";

export const NARROW = "(max-width: 560px)";

export const approval = css`
  .approval { border-color: var(--strong-line); }
  .badge { font-size: 12.5px; font-weight: 600; letter-spacing: 0.02em; color: var(--on-mark); background: var(--mark); border-radius: 999px; padding: 3px 10px; }
  .note { border-left: 3px solid var(--mark-line); padding-left: 10px; }
  .values { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
  .value { display: grid; grid-template-columns: minmax(6rem, 1fr) minmax(0, 2fr) minmax(8rem, 1.4fr); gap: 4px 14px; padding: 9px 12px; border-top: 1px solid var(--line); }
  .value:first-child { border-top: 0; }
  .value > * { min-width: 0; overflow-wrap: anywhere; }
  .name { color: var(--muted); }
  .content { font-weight: 600; white-space: pre-wrap; }
  .source { color: var(--muted); font-size: 14px; }
  .before { display: block; font-weight: 400; color: var(--muted); text-decoration: line-through; }
  .marked { background: var(--mark); box-shadow: inset 3px 0 var(--mark-line); }
  .marked .name, .marked .source, .marked .before { color: var(--on-mark); }
  .check { color: var(--on-mark); border: 1px solid var(--mark-line); border-radius: 999px; padding: 0 8px; font-size: 12.5px; white-space: nowrap; }
  .request { display: grid; gap: 4px; }
  .line { margin: 0; overflow-wrap: anywhere; }
  button.danger { background: var(--bad); border-color: var(--bad); color: var(--surface); }
  details.request { display: block; }
  @media ${unsafeCSS(NARROW)} { .value { grid-template-columns: 1fr; gap: 0; } }
`;
