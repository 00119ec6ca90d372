/** One filter to type. It counts on Enter or when one leaves it: every reading of the log is a record. */
import { Autocomplete, TextInput } from "@mantine/core";
import { useState } from "react";

interface FilterTextProps {
  label: string;
  placeholder?: string;
  value: string;
  onCommit: (value: string) => void;
  suggestions?: { group: string; items: string[] }[];
  type?: "text" | "datetime-local";
}

export function FilterText({ label, placeholder, value, onCommit, suggestions, type }: FilterTextProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  // The address changed, by this field or another way.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  const commit = (text: string) => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  const shared = { label, placeholder, value: typed, onBlur: () => commit(typed) };
  if (suggestions) {
    return (
      <Autocomplete
        {...shared}
        data={suggestions}
        limit={200}
        maxDropdownHeight={300}
        clearable
        clearButtonProps={{ "aria-label": `Clear: ${label}` }}
        onChange={setTyped}
        onClear={() => commit("")}
        onOptionSubmit={commit}
        onKeyDown={(event) => {
          // With an option chosen by the keyboard, that option is what counts.
          if (event.key === "Enter" && !event.currentTarget.getAttribute("aria-activedescendant"))
            commit(typed);
        }}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      type={type}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit(typed);
      }}
    />
  );
}
