/** How sensitive content is, in plain words (`domain::residency::Classification`). */
import type { Class } from "@/api/residency/types";

/** What content counts as until somebody says otherwise. */
export const UNSAID: Class = "internal";

/** The least sensitive first. */
export const classes: { name: Class; label: string; about: string }[] = [
  { name: "public", label: "Public", about: "may be published" },
  { name: "internal", label: "Internal", about: "for staff" },
  { name: "confidential", label: "Confidential", about: "harm if disclosed" },
  { name: "restricted", label: "Restricted", about: "serious harm if disclosed" },
];

/** For a menu to choose from. */
export const classOptions = classes.map(({ name, label, about }) => ({
  value: name,
  label: `${label}: ${about}`,
}));

export function classRank(name: string): number {
  return classes.findIndex((known) => known.name === name);
}

export function classLabel(name: string): string {
  return classes.find((known) => known.name === name)?.label ?? name;
}
