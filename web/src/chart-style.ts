// How charts look. Each colour stands out from the ground (3:1) in its scheme; nothing is told by colour alone.
import { css } from "lit";

export const charts = css`
  :host {
    --c0: var(--accent); --c1: #b3541e; --c2: #2b7a4b; --c3: #7a3fa0; --c4: #8a6d00; --c5: #b0246a; --c6: #0f7286; --c7: #5d6776;
  }
  @media (prefers-color-scheme: dark) {
    :host { --c1: #f0a06a; --c2: #7fd0a0; --c3: #c9a0ef; --c4: #e2c65a; --c5: #f490bd; --c6: #6fd0e2; --c7: #a9b4c2; }
  }
  .chart { display: block; max-width: 100%; height: auto; overflow: visible; font-size: 13px; }
  .chart text { fill: var(--text); }
  .chart .mark { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
  .chart .label { font-variant-numeric: tabular-nums; }
  .grid { stroke: var(--line); stroke-width: 1; }
  .axis { stroke: var(--strong-line); stroke-width: 1; }
  .stroke0 { fill: none; stroke: var(--c0); stroke-width: 2.5; stroke-linejoin: round; }
  .dot { fill: var(--c0); stroke: var(--surface); stroke-width: 1.5; }
  .slice { stroke: var(--surface); stroke-width: 2; }
  .fill0 { fill: var(--c0); } .fill1 { fill: var(--c1); } .fill2 { fill: var(--c2); } .fill3 { fill: var(--c3); }
  .fill4 { fill: var(--c4); } .fill5 { fill: var(--c5); } .fill6 { fill: var(--c6); } .fill7 { fill: var(--c7); }
  .drawing { border: 1px solid var(--line); border-radius: 8px; background: var(--surface); padding: 14px 12px; min-width: 0; }
  .pie { display: flex; flex-wrap: wrap; gap: 16px 28px; align-items: center; }
  .pie ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; min-width: 0; }
  .pie li { overflow-wrap: anywhere; }
  .swatch { vertical-align: -1px; margin-right: 4px; }
  @media (forced-colors: active) { .slice, rect { stroke: CanvasText; } }
`;
