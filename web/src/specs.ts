// Documents as the server tells of them. Types, and what both lists and details say.
import type { Json } from "./wire.js";

export interface Problem { severity: "error" | "warning" | "info"; code: string; pointer: string; line: number | null; message: string; fix: string | null }
export interface Service { name: string; description: string; operations: [string, string][] }
export interface Spec {
  id: string;
  state: "reading" | "ready" | "refused";
  progress: number;
  title: string | null;
  version: string | null;
  operations: number;
  services: Service[];
  examples?: string[]; // not in entries of before
  problems: Problem[];
  refused: { code: string; message: string; pointer: string | null; line: number | null } | null;
}
export interface Connection { id: string; spec: string; type: string; base_url: string | null }
export type Settings = { base_url: string | null; approval: string } & Record<string, Json>;

export const STATES: Record<Spec["state"], string> = { reading: "Being read", ready: "Ready", refused: "Refused" };

export function counted(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? `1 ${one}` : `${number.toLocaleString()} ${many}`;
}

export function title(spec: Spec): string {
  return spec.title || (spec.state === "reading" ? "New document" : spec.id);
}
