// What a document's page lists: problems by kind, operations by service and by what one looks for. Pure.
import type { Operation, Problem, Severity, Spec } from "./specs.js";

export const SEVERITIES: [Severity, string][] = [["error", "error"], ["warning", "warning"], ["info", "remark"]];

export interface Kind { severity: Severity; code: string; count: number; why: string; problems: Problem[] }

// Worst first, else as they came. `counts` knows also of those that are not listed.
export function kinds(problems: readonly Problem[], counts: Record<string, number> = {}): Kind[] {
  const found = new Map<string, Kind>();
  for (const problem of problems) {
    const name = `${problem.severity} ${problem.code}`;
    const known = found.get(name) ?? { severity: problem.severity, code: problem.code, count: 0, why: problem.why ?? "", problems: [] };
    known.problems.push(problem);
    found.set(name, known);
  }
  const all = [...found.values()];
  for (const kind of all) {
    const alone = all.filter((other) => other.code === kind.code).length === 1;
    kind.count = alone && Object.hasOwn(counts, kind.code) ? Math.max(counts[kind.code]!, kind.problems.length) : kind.problems.length;
  }
  const rank = (kind: Kind): number => SEVERITIES.findIndex(([severity]) => severity === kind.severity);
  return all.sort((one, other) => rank(one) - rank(other));
}

export function total(all: readonly Kind[], severity: Severity): number {
  return all.filter((kind) => kind.severity === severity).reduce((sum, kind) => sum + kind.count, 0);
}

export interface Group { name: string; description: string; operations: Operation[] }

// The services with their operations, as far as every word that was typed is in one of an operation's texts.
export function groups(spec: Spec, operations: readonly Operation[], typed: string): Group[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const known = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]));
  const found = spec.services.map(({ name, description, operations: lines }) => {
    const all = lines.map(([method, path]) => known.get(`${method} ${path}`) ?? { id: "", method, path, summary: "", service: name });
    const fits = (one: Operation): boolean => {
      const text = `${one.method} ${one.path} ${one.summary} ${one.id} ${name}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    };
    return { name, description, operations: wanted.length ? all.filter(fits) : all };
  });
  return found.filter((group) => group.operations.length);
}
