/** The places a purpose is allowed at: what kind of place is said, not only shown. */
import { IconBuilding, IconMap2, IconScale, IconX } from "@tabler/icons-react";
import classes from "./residency.module.css";
import { kindLabels, readRule, ruleWords } from "./rules";

const icons = { site: IconBuilding, region: IconMap2, jurisdiction: IconScale };

interface RuleChipsProps {
  label: string;
  rules: string[];
  /** Absent: they are only looked at. */
  onRemove?: (rule: string) => void;
}

export function RuleChips({ label, rules, onRemove }: RuleChipsProps) {
  if (rules.length === 0) return <span className={classes.nowhere}>Nowhere (unset means deny)</span>;
  return (
    <ul className={classes.chips} aria-label={label}>
      {rules.map((rule) => {
        const { kind, name } = readRule(rule);
        const Icon = icons[kind];
        return (
          <li key={rule} className={classes.chip}>
            <Icon size={15} stroke={1.7} aria-hidden />
            <span>
              <span className={classes.kind}>{kindLabels[kind]}</span> {name}
            </span>
            {onRemove && (
              <button
                type="button"
                className={classes.remove}
                aria-label={`Remove ${ruleWords(rule)} from ${label}`}
                onClick={() => onRemove(rule)}
              >
                <IconX size={14} aria-hidden />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
