/** Which events count: chosen from the catalogue by code or meaning, or typed. */
import { TagsInput, Text, type ComboboxParsedItem, type ComboboxItem } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { useMemo } from "react";
import type { AuditEvent } from "@/api/types";
import { EVENTS_MAX, patternsOf } from "./alert-form";
import classes from "./alerts.module.css";

interface EventsFieldProps {
  field: GetInputPropsReturnType;
  /** Absent where the reader may not see it: then codes are typed. */
  catalogue: readonly AuditEvent[] | undefined;
}

export function EventsField({ field, catalogue }: EventsFieldProps) {
  const { areas, codes } = useMemo(() => patternsOf(catalogue), [catalogue]);
  const meanings = useMemo(() => new Map(codes.map(({ code, meaning }) => [code, meaning])), [codes]);
  const about = (value: string) =>
    meanings.get(value) ?? (value.endsWith(".*") ? "All events below it." : "");
  const matches = ({ value }: ComboboxItem, search: string) => {
    const text = `${value} ${meanings.get(value) ?? ""}`.toLowerCase();
    return search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  };
  return (
    <TagsInput
      label="Events"
      description={
        catalogue
          ? "Search by code or meaning, or type a beginning such as auth.* and press Enter."
          : "Type a code such as auth.login.failed, or a beginning such as auth.*, and press Enter. Who reads the audit log finds all codes there."
      }
      placeholder={(field.value as string[]).length === 0 ? "auth.login.failed" : undefined}
      autoComplete="off"
      spellCheck={false}
      maxTags={EVENTS_MAX}
      splitChars={[",", " "]}
      clearable
      clearButtonProps={{ "aria-label": "Clear: Events" }}
      maxDropdownHeight={280}
      data={[
        { group: "Whole areas", items: areas },
        { group: "Events", items: codes.map(({ code }) => code) },
      ].filter(({ items }) => items.length > 0)}
      filter={({ options, search }) =>
        options.flatMap((option): ComboboxParsedItem[] => {
          if (!("group" in option)) return matches(option, search) ? [option] : [];
          const items = option.items.filter((item) => matches(item, search));
          return items.length > 0 ? [{ ...option, items }] : [];
        })
      }
      renderOption={({ option }) => (
        <div className={classes.option}>
          <code>{option.value}</code>
          <Text fz={12.5} c="dimmed">
            {about(option.value)}
          </Text>
        </div>
      )}
      {...field}
    />
  );
}
