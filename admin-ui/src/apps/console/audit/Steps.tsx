/** A check, step by step. Marks and words say the same. */
import { Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconHelpCircle } from "@tabler/icons-react";
import { Fragment } from "react";
import type { Step, Verdict } from "@/ledger/steps";
import classes from "./audit.module.css";

const marks: Record<Verdict, { icon: typeof IconCircleCheck; word: string }> = {
  pass: { icon: IconCircleCheck, word: "Right" },
  fail: { icon: IconCircleX, word: "Wrong" },
  unchecked: { icon: IconHelpCircle, word: "Not checked" },
  skipped: { icon: IconCircleDashed, word: "Not reached" },
};

export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className={classes.steps}>
      {steps.map(({ title, verdict, detail, values }) => {
        const { icon: Mark, word } = marks[verdict];
        return (
          <li key={title} className={classes.step} data-verdict={verdict}>
            <Mark size={21} stroke={1.8} aria-hidden />
            <div>
              <Text fz="sm" fw={600}>
                {title}: {word.toLowerCase()}
              </Text>
              <Text fz="sm">{detail}</Text>
              {values.length > 0 && (
                <details>
                  <summary>Values</summary>
                  <dl className={classes.values}>
                    {values.map(([name, value]) => (
                      <Fragment key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                      </Fragment>
                    ))}
                  </dl>
                </details>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
