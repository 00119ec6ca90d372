/** The timeline's filters. What is set stands in the address. */
import { Button, Group, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useEventCatalogue } from "@/api/audit";
import { Notice } from "@/components/Notice";
import { eventSuggestions } from "./catalogue";
import { fromLocalField, ranges, toLocalField, type AuditFilter, type FilterField } from "./filter";
import { FilterText } from "./FilterText";

const further: { field: FilterField; label: string; placeholder: string }[] = [
  { field: "actor", label: "Actor", placeholder: "usr_…" },
  { field: "object_type", label: "Kind of object", placeholder: "user, key, model …" },
  { field: "object", label: "Object", placeholder: "Its id or name" },
  { field: "source", label: "Address", placeholder: "10.0.0.7" },
  { field: "request", label: "Request", placeholder: "req_…" },
  { field: "trace", label: "Trace", placeholder: "32 hexadecimal digits" },
];

const times = [
  { value: "", label: "Any time" },
  ...Object.entries(ranges).map(([value, { label }]) => ({ value, label })),
  { value: "between", label: "Between …" },
];

interface FilterBarProps {
  filter: AuditFilter;
  onChange: (change: AuditFilter) => void;
  onClear: () => void;
}

export function FilterBar({ filter, onChange, onClear }: FilterBarProps) {
  const catalogue = useEventCatalogue();
  const hidden = further.filter(({ field }) => filter[field]).length;
  const [more, { toggle }] = useDisclosure(hidden > 0);
  const [between, setBetween] = useState(false);
  const absolute = !filter.range && (between || Boolean(filter.from ?? filter.to));
  const backwards = filter.from && filter.to && Date.parse(filter.from) >= Date.parse(filter.to);
  const Icon = more ? IconChevronDown : IconChevronRight;
  return (
    <Stack gap="sm" role="search" aria-label="Filter the audit log">
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md" verticalSpacing="sm">
        <FilterText
          label="Event"
          placeholder="All, or for example auth.*"
          value={filter.event ?? ""}
          suggestions={eventSuggestions(catalogue.data)}
          onCommit={(event) => onChange({ event })}
        />
        <NativeSelect
          label="Outcome"
          data={[
            { value: "", label: "All" },
            { value: "success", label: "Success" },
            { value: "failure", label: "Failure" },
          ]}
          value={filter.outcome ?? ""}
          onChange={(event) => onChange({ outcome: event.currentTarget.value })}
        />
        <NativeSelect
          label="Time"
          data={times}
          value={absolute ? "between" : (filter.range ?? "")}
          onChange={(event) => {
            const range = event.currentTarget.value;
            setBetween(range === "between");
            onChange(range === "between" ? { range: "" } : { range, from: "", to: "" });
          }}
        />
        {absolute && (
          <>
            <FilterText
              label="From (your time)"
              type="datetime-local"
              value={toLocalField(filter.from)}
              onCommit={(from) => onChange({ from: fromLocalField(from) })}
            />
            <FilterText
              label="To (your time)"
              type="datetime-local"
              value={toLocalField(filter.to)}
              onCommit={(to) => onChange({ to: fromLocalField(to) })}
            />
          </>
        )}
      </SimpleGrid>
      {backwards && (
        <Notice tone="warn" title="The period ends before it begins">
          Nothing can be in it. Change one of the two times.
        </Notice>
      )}
      {more && (
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="md" verticalSpacing="sm">
          {further.map(({ field, label, placeholder }) => (
            <FilterText
              key={field}
              label={label}
              placeholder={placeholder}
              value={filter[field] ?? ""}
              onCommit={(value) => onChange({ [field]: value })}
            />
          ))}
        </SimpleGrid>
      )}
      <Group gap="xs">
        <Button
          variant="subtle"
          color="gray"
          c="var(--lw-accent)"
          size="compact-sm"
          ml={-8}
          leftSection={<Icon size={16} stroke={1.7} />}
          aria-expanded={more}
          onClick={toggle}
        >
          {hidden > 0 ? `More filters (${hidden} set)` : "More filters"}
        </Button>
        {Object.keys(filter).length > 0 && (
          <Button
            variant="subtle"
            color="gray"
            c="var(--lw-accent)"
            size="compact-sm"
            onClick={() => {
              setBetween(false);
              onClear();
            }}
          >
            Clear all filters
          </Button>
        )}
      </Group>
    </Stack>
  );
}
