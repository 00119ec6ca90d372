import type { ReactNode } from "react";
import classes from "./StatusBadge.module.css";

export type Tone = "good" | "warn" | "bad" | "idle";

/** A state in one word; the word carries the meaning, the colour only helps. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
