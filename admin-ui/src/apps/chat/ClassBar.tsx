/** How sensitive the conversation is, across the whole width; its owner can raise it. */
import { Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown, IconLock, IconShieldLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Class } from "@/api/residency/types";
import { classes as known, classLabel, classRank } from "@/components/classes";
import classes from "./ClassBar.module.css";

interface ClassBarProps {
  name: string;
  busy?: boolean;
  /** Absent for a conversation that does not exist yet: its classification is chosen below. */
  onRaise?: (to: Class) => void;
}

/** What is not known here is marked like the most sensitive there is. */
function toneOf(name: string): "quiet" | "warn" | "bad" {
  if (name === "public" || name === "internal") return "quiet";
  return name === "confidential" ? "warn" : "bad";
}

export function ClassBar({ name, busy = false, onRaise }: ClassBarProps) {
  const tone = toneOf(name);
  const Icon = tone === "warn" ? IconLock : IconShieldLock;
  const about = known.find((one) => one.name === name)?.about;
  const label = (
    <>
      {tone !== "quiet" && <Icon size={16} stroke={1.9} aria-hidden />}
      {classLabel(name)}
    </>
  );
  return (
    <section className={classes.bar} data-tone={tone} aria-label="Classification">
      {onRaise ? (
        <ClassMenu name={name} busy={busy} onRaise={onRaise}>
          {label}
        </ClassMenu>
      ) : (
        <span className={classes.label}>{label}</span>
      )}
      {about && <span className={classes.about}>{about}</span>}
      <span className="lw-visually-hidden" role="status">
        This conversation is {classLabel(name)}.
      </span>
    </section>
  );
}

function ClassMenu({ name, busy, onRaise, children }: Required<ClassBarProps> & { children: ReactNode }) {
  const rank = classRank(name);
  return (
    <Menu position="bottom-start" width={260} shadow="md">
      <Menu.Target>
        <UnstyledButton
          className={classes.label}
          aria-label={`Classification: ${classLabel(name)}`}
          aria-busy={busy}
        >
          {children}
          <IconChevronDown size={14} stroke={1.9} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {known.map((one, at) => {
          const current = one.name === name;
          const rises = rank >= 0 && at > rank;
          return (
            <Menu.Item
              key={one.name}
              disabled={!current && !rises}
              aria-current={current || undefined}
              onClick={() => {
                if (rises && !busy) onRaise(one.name);
              }}
              leftSection={
                <IconCheck size={16} aria-hidden style={{ visibility: current ? "visible" : "hidden" }} />
              }
            >
              <Text fz="sm" fw={550}>
                {rises ? `Raise to ${one.label}` : one.label}
              </Text>
              <Text fz="xs" c={current || rises ? "dimmed" : undefined}>
                {current ? "As it is now" : rises ? one.about : "A classification only rises"}
              </Text>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
