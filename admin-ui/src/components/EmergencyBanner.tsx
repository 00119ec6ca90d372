/** Seen on every page while the emergency account is open. */
import { IconAlertTriangle } from "@tabler/icons-react";
import classes from "./EmergencyBanner.module.css";

export function EmergencyBanner({ until }: { until: string | null | undefined }) {
  const time = until && new Date(until).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return (
    <div className={classes.banner} role="alert">
      <IconAlertTriangle size={17} aria-hidden className={classes.icon} />
      <span>
        Emergency account{time && ` until ${time}`}. Everything is recorded; seal it again afterwards.
      </span>
    </div>
  );
}
