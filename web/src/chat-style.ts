// How the conversation looks.
import { css } from "lit";

export const chat = css`
  :host { display: flex; flex-direction: column; height: 100%; min-height: 320px; max-height: 100dvh; background: var(--ground); overflow: hidden; }
  :host([page]) { position: fixed; inset: 0; min-height: 0; }
  header { display: flex; align-items: center; gap: 8px; padding: 8px 16px; background: var(--surface); border-bottom: 1px solid var(--line); }
  header h1 { font-size: 16px; margin: 0; flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  header a { padding: 6px 8px; font-size: 14px; }
  main { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 20px 16px; }
  main { container-type: inline-size; }
  .column { max-width: 46rem; margin: 0 auto; display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; min-width: 0; }
  .column > * { min-width: 0; }
  .wide { --out: max(0px, (min(100cqi, 76rem) - 46rem) / 2); margin-inline: calc(-1 * var(--out)); }
  .said { justify-self: end; max-width: 85%; padding: 9px 14px; border-radius: 14px 14px 4px 14px; background: var(--tint); white-space: pre-wrap; overflow-wrap: anywhere; }
  .said:not(:first-child) { margin-top: 12px; }
  .attached { list-style: none; margin: 6px 0 0; padding: 0; font-size: 14px; }
  .sending { opacity: 0.7; }
  .kept { border: 1px dashed var(--bad); }
  .beside { justify-self: end; max-width: 85%; }
  .reply { display: grid; gap: 12px; padding: 14px 16px; border: 1px solid var(--line); border-radius: 4px 14px 14px 14px; background: var(--surface); }
  .reply > * { min-width: 0; }
  .reply .text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .refusal { border-style: dashed; }
  .step { display: flex; gap: 8px; color: var(--muted); font-size: 14px; overflow-wrap: anywhere; margin: -4px 0; }
  .step > :last-child { min-width: 0; }
  .step .sign { flex: none; width: 18px; text-align: center; }
  .step .about { color: var(--text); }
  .step.done .sign { color: var(--good); }
  .step.failed .sign, .step.unknown .sign { color: var(--bad); }
  .step .detail { display: block; color: var(--bad); }
  .step.working .sign::before { content: ""; display: inline-block; width: 12px; height: 12px; border: 2px solid var(--line); border-top-color: var(--accent); border-radius: 50%; animation: turn 0.9s linear infinite; vertical-align: -1px; }
  @keyframes turn { to { transform: rotate(1turn); } }
  .told, .closed p, .failure p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .told { border-left: 3px solid var(--mark-line); padding-left: 10px; }
  .closed { border-left: 3px solid var(--line); padding-left: 12px; font-size: 14px; display: grid; gap: 2px; }
  .closed ul, .receipt { list-style: none; margin: 0; padding: 0; overflow-wrap: anywhere; }
  .failure { display: grid; gap: 10px; padding: 12px 16px; border: 1px solid var(--bad); border-radius: 12px; background: var(--bad-tint); }
  .receipt { display: grid; gap: 4px; font-size: 14px; }
  .outcome { font-weight: 600; }
  .receipt .done .outcome { color: var(--good); }
  .receipt .rejected .outcome, .receipt .unknown .outcome, .receipt .refused .outcome, .receipt .not_executed .outcome { color: var(--bad); }
  .small { font-size: 14px; }
  p.small { margin: 0 0 2px; }
  summary { cursor: pointer; color: var(--muted); }
  .welcome { text-align: center; padding: 12vh 12px 0; display: grid; gap: 10px; justify-items: center; }
  .welcome h2 { margin: 0; font-size: 22px; }
  .welcome p { margin: 0; max-width: 32rem; }
  .examples { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; }
  .examples button { border-radius: 999px; }
  .consent { display: flex; gap: 8px; align-items: center; font-size: 14px; text-align: left; }
  .banner { text-align: center; padding: 6px 16px; background: var(--mark); color: var(--on-mark); font-size: 14px; }
  footer { background: var(--surface); border-top: 1px solid var(--line); padding: 10px 16px max(10px, env(safe-area-inset-bottom)); }
  footer form { max-width: 46rem; margin: 0 auto; display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
  footer parlance-attach { max-width: 100%; }
  footer textarea { flex: 1 1 7rem; min-width: 0; resize: none; max-height: 30vh; min-height: 42px; field-sizing: content; }
  footer button { min-height: 42px; }
  @media (max-width: 480px) {
    main { padding: 14px 10px; }
    header { padding: 6px 10px; }
    footer { padding: 8px 10px max(8px, env(safe-area-inset-bottom)); }
    .said, .beside { max-width: 94%; }
  }
`;
