// Documents as the server tells of them. Types, and what both lists and details say.
import type { Json } from "./wire.js";

export type Severity = "error" | "warning" | "info";
export interface Problem { severity: Severity; code: string; pointer: string; line: number | null; message: string; fix: string | null; why?: string | null }
export interface Service { name: string; description: string; operations: [string, string][] }
export interface Refusal { code: string; message: string; pointer: string | null; line: number | null }
export interface Version { hash: string; title: string; version: string; operations: number; since: number }
export interface Spec {
  id: string;
  hash: string | null;
  state: "reading" | "ready" | "refused";
  progress: number;
  title: string | null;
  version: string | null;
  operations: number;
  services: Service[];
  examples?: string[]; // not in entries of before
  problems: Problem[];
  validated?: boolean;
  refused: Refusal | null;
  replacement?: { state: "reading" | "refused"; progress: number; name: string; refused: Refusal | null } | null;
  former?: Version[];
}
export interface Operation { id: string; method: string; path: string; summary: string; service: string }
export interface Report {
  problems: Problem[];
  counts?: Record<string, number>; // of each code, also of problems that are not listed
  proposed?: number; // changes in the overlay
  tokens: { total: number; largest: number; operations?: { method: string; path: string; tokens: number }[] };
}
export interface Difference { operation: string; what: string; count: number }
export interface Change { breaking: boolean; field: string; message: string }
export interface Changed { method: string; path: string; breaking: boolean; changes: Change[] }
export interface Diff {
  added: [string, string][];
  removed: [string, string][];
  changed: Changed[];
  document: Change[];
  settings: { operation: string; now: string | null; set: string[] }[];
  breaking: boolean;
}
export interface Connection { id: string; spec: string; type: string; base_url: string | null; schemes?: Record<string, string> }
export type Settings = { base_url: string | null; approval: string } & Record<string, Json>;

export const STATES: Record<Spec["state"], string> = { reading: "Being read", ready: "Ready", refused: "Refused" };

export function counted(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? `1 ${one}` : `${number.toLocaleString()} ${many}`;
}

export function title(spec: Spec): string {
  return spec.title || (spec.state === "reading" ? "New document" : spec.id);
}

// Something of it is still being read.
export function awaited(spec: Spec): boolean {
  return spec.state === "reading" || spec.replacement?.state === "reading";
}

// Of the document, or of its next version.
export function refusal(spec: Spec): Refusal | null {
  return spec.refused ?? spec.replacement?.refused ?? null;
}

export function place(found: { line: number | null; pointer: string | null }): string {
  return [found.line ? `line ${found.line}` : "", found.pointer ?? ""].filter(Boolean).join(", ");
}
