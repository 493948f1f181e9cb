// How the fields of a form look.
import { css } from "lit";

export const fields = css`
  .fields { display: grid; gap: 14px; }
  .field { display: grid; gap: 5px; border: 0; margin: 0; padding: 0; min-width: 0; }
  .field > label, .field legend { font-weight: 600; padding: 0; overflow-wrap: anywhere; }
  .field legend { margin-bottom: 5px; }
  .field .muted { font-weight: 400; }
  .about { color: var(--muted); font-size: 14px; }
  .field p { margin: 0; }
  .picks { display: flex; flex-wrap: wrap; gap: 6px 8px; }
  .pick { display: flex; align-items: center; gap: 8px; padding: 7px 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; overflow-wrap: anywhere; }
  .pick:has(:checked) { border-color: var(--accent); background: var(--tint); }
`;
