/** What becomes different, line by line in words. */
import type { Change } from "@/api/residency/types";
import { changeWords } from "./change-words";
import classes from "./residency.module.css";

export function ChangeList({ changes, label }: { changes: Change[]; label: string }) {
  const words = changes.flatMap((change) => changeWords(change) ?? []);
  if (words.length === 0) return <span className={classes.nowhere}>Nothing</span>;
  return (
    <ul className={classes.lines} aria-label={label}>
      {words.map(({ verb, what }) => (
        <li key={verb + what} className={classes.change}>
          <span className={classes.verb} data-verb={verb}>
            {verb}
          </span>
          <span>{what}</span>
        </li>
      ))}
    </ul>
  );
}
