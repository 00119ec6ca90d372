/** One rule of a policy as text: `roma-1`, `region:Lazio`, `jurisdiction:IT` (`domain::residency::Allowed`). */
import type { Place } from "@/api/residency/types";

/** From the narrowest to the widest; rules are sorted so. */
export const kinds = ["site", "region", "jurisdiction"] as const;
export type Kind = (typeof kinds)[number];

export interface Rule {
  kind: Kind;
  name: string;
}

export const kindLabels: Record<Kind, string> = {
  site: "Site",
  region: "Region",
  jurisdiction: "Jurisdiction",
};

const NAME_MAX = 64;

/** As the gateway counts them: code points. */
export function characters(text: string): number {
  return Array.from(text).length;
}

export function readRule(text: string): Rule {
  const kind = kinds.find((known) => text.startsWith(`${known}:`));
  return kind ? { kind, name: text.slice(kind.length + 1) } : { kind: "site", name: text };
}

/** A site is written plainly, unless its name would be read as another form. */
export function writeRule({ kind, name }: Rule): string {
  const plain = kind === "site" && !kinds.some((known) => name.startsWith(`${known}:`));
  return plain ? name : `${kind}:${name}`;
}

/** `region Lazio`. */
export function ruleWords(text: string): string {
  const { kind, name } = readRule(text);
  return `${kind} ${name}`;
}

/** Names are compared as they are written: `lazio` is not `Lazio`. */
export function covers(text: string, place: Place): boolean {
  const { kind, name } = readRule(text);
  return place[kind] === name;
}

/** As the gateway keeps them: narrow before wide, then by name, none twice. */
export function sortRules(rules: readonly string[]): string[] {
  const key = (text: string) => {
    const { kind, name } = readRule(text);
    return `${kinds.indexOf(kind)} ${name}`;
  };
  const once = new Map(rules.map((text) => [key(text), writeRule(readRule(text))]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

/** What is wrong with a rule that somebody adds to these. */
export function ruleProblem({ kind, name }: Rule, among: readonly string[]): string | null {
  if (name === "") return `Enter the ${kind}'s name`;
  if (kind === "jurisdiction" && !/^[A-Z]{2}$/.test(name)) return "Two capital letters, for example IT";
  if (characters(name) > NAME_MAX) return `At most ${NAME_MAX} characters`;
  if (/\p{Cc}/u.test(name)) return "No control characters";
  return among.includes(writeRule({ kind, name })) ? "It is in the list already" : null;
}
