/** Whether a purpose is allowed at this appliance, and by which rule or why not. */
import { StatusBadge } from "@/components/StatusBadge";
import type { Standing } from "./policy";
import classes from "./residency.module.css";

interface StandingBadgeProps {
  standing: Standing;
  /** No column's name says that it is about this appliance. */
  here?: boolean;
}

export function StandingBadge({ standing, here = false }: StandingBadgeProps) {
  return (
    <div>
      <StatusBadge tone={standing.allowed ? "good" : "idle"}>
        {here ? "This appliance: " : ""}
        {standing.allowed ? (here ? "allowed" : "Allowed") : here ? "not allowed" : "Not allowed"}
      </StatusBadge>
      <div className={classes.quiet}>{standing.allowed ? `by ${standing.by}` : standing.why}</div>
    </div>
  );
}
