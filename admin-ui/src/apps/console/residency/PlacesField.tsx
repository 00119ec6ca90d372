/** The places of one purpose: chips that go away, and a line to add one. */
import { Autocomplete, Button, NativeSelect, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { Place, Policy, Purpose } from "@/api/residency/types";
import { knownNames } from "./policy";
import type { ProposalForm, RuleDraft } from "./proposal-form";
import classes from "./residency.module.css";
import { RuleChips } from "./RuleChips";
import { kindLabels, kinds, ruleProblem, sortRules, writeRule, type Kind } from "./rules";

interface PlacesFieldProps {
  form: UseFormReturnType<ProposalForm>;
  purpose: Purpose;
  label: string;
  old: Policy;
  place: Place;
}

export function PlacesField({ form, purpose, label, old, place }: PlacesFieldProps) {
  const rules = form.values.rules[purpose];
  const draft = form.values.drafts[purpose];
  const opener = useRef<HTMLButtonElement>(null);
  const setRules = (next: string[]) =>
    form.setFieldValue("rules", { ...form.values.rules, [purpose]: sortRules(next) });
  const setDraft = (next: RuleDraft | null) => {
    form.clearFieldError(`drafts.${purpose}`);
    form.setFieldValue("drafts", { ...form.values.drafts, [purpose]: next });
  };
  // Where a removed chip's or a closed line's button was, the focus would be lost.
  const goToOpener = () => setTimeout(() => opener.current?.focus());
  const close = () => {
    setDraft(null);
    goToOpener();
  };
  return (
    <Stack gap="xs">
      <RuleChips
        label={label}
        rules={rules}
        onRemove={(rule) => {
          setRules(rules.filter((kept) => kept !== rule));
          goToOpener();
        }}
      />
      {draft ? (
        <PlaceLine
          label={label}
          draft={draft}
          names={knownNames(old, place, draft.kind)}
          among={rules}
          error={form.errors[`drafts.${purpose}`]}
          onChange={setDraft}
          onAdd={(rule) => {
            setRules([...rules, rule]);
            close();
          }}
          onCancel={close}
        />
      ) : (
        <Button
          ref={opener}
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={15} />}
          aria-label={`Add a place: ${label}`}
          onClick={() => setDraft({ kind: "site", name: "" })}
        >
          Add a place
        </Button>
      )}
    </Stack>
  );
}

interface PlaceLineProps {
  label: string;
  draft: RuleDraft;
  names: string[];
  among: string[];
  error: React.ReactNode;
  onChange: (draft: RuleDraft) => void;
  onAdd: (rule: string) => void;
  onCancel: () => void;
}

function PlaceLine({ label, draft, names, among, error, onChange, onAdd, onCancel }: PlaceLineProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const add = () => {
    const rule = { kind: draft.kind, name: draft.name.trim() };
    const wrong = ruleProblem(rule, among);
    setProblem(wrong);
    if (!wrong) onAdd(writeRule(rule));
  };
  const change = (next: Partial<RuleDraft>) => {
    setProblem(null);
    onChange({ ...draft, ...next });
  };
  return (
    <div className={classes.line}>
      <NativeSelect
        aria-label={`Kind of place: ${label}`}
        data={kinds.map((kind) => ({ value: kind, label: kindLabels[kind] }))}
        value={draft.kind}
        onChange={(event) => change({ kind: event.currentTarget.value as Kind })}
        autoFocus
      />
      <Autocomplete
        aria-label={`Name: ${label}`}
        placeholder={draft.kind === "jurisdiction" ? "Two letters, for example IT" : "Its name, exactly"}
        data={names}
        spellCheck={false}
        autoCapitalize="none"
        value={draft.name}
        error={problem ?? error}
        onChange={(name) => change({ name })}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          // With an option chosen by the keyboard, that option is what counts.
          if (!event.currentTarget.getAttribute("aria-activedescendant")) add();
        }}
      />
      <Button variant="default" aria-label={`Add: ${label}`} onClick={add}>
        Add
      </Button>
      <Button
        variant="subtle"
        color="gray"
        c="var(--lw-text)"
        aria-label={`Cancel: ${label}`}
        onClick={onCancel}
      >
        Cancel
      </Button>
    </div>
  );
}
