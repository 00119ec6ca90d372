/** What a policy would have answered to what was asked lately. */
import { Stack, Text } from "@mantine/core";
import type { DryRun } from "@/api/residency/types";
import { sentence } from "@/components/ErrorNotice";
import { formatTime } from "@/components/format";
import { dryRunWords, refusedWords } from "./change-words";
import classes from "./residency.module.css";

export function DryRunResult({ result }: { result: DryRun }) {
  const refused = result.refused;
  return (
    <Stack gap={6}>
      <Text fz="sm" title={`${formatTime(result.from)} to ${formatTime(result.to)}`}>
        {dryRunWords(result)}
        {refused.length > 0 ? ":" : "."}
      </Text>
      {refused.length > 0 && (
        <ul className={classes.lines} aria-label="Would have been refused">
          {refused.map((row) => (
            <li key={JSON.stringify({ ...row, count: 0 })}>
              {refusedWords(row)}
              <div className={classes.quiet}>{sentence(row.rule)}</div>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
