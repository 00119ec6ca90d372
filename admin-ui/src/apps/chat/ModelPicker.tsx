/** Which model answers; a model that is not ready says so. */
import { Button, Menu, Text } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import type { Model } from "@/api/types";
import { modelState } from "@/components/labels";
import { StatusBadge } from "@/components/StatusBadge";
import classes from "./ModelPicker.module.css";

interface ModelPickerProps {
  models: Model[] | undefined;
  value: string | undefined;
  onChange: (model: string) => void;
}

export function ModelPicker({ models, value, onChange }: ModelPickerProps) {
  if (!value) return null;
  const current = models?.find((model) => model.id === value);
  return (
    <Menu position="bottom-end" width={280} shadow="md">
      <Menu.Target>
        <Button
          className={classes.button}
          variant="default"
          size="sm"
          aria-label={`Model: ${value}`}
          rightSection={<IconChevronDown size={15} stroke={1.8} />}
        >
          <span className={classes.name}>{value}</span>
          {current && !current.ready && (
            <StatusBadge tone={modelState(current.state).tone}>{modelState(current.state).label}</StatusBadge>
          )}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {models?.map((model) => (
          <Menu.Item
            key={model.id}
            onClick={() => onChange(model.id)}
            leftSection={
              <IconCheck
                size={16}
                aria-hidden
                style={{ visibility: model.id === value ? "visible" : "hidden" }}
              />
            }
            rightSection={
              <StatusBadge tone={modelState(model.state).tone}>{modelState(model.state).label}</StatusBadge>
            }
          >
            <Text fz="sm" fw={550}>
              {model.id}
            </Text>
            <Text fz="xs" c="dimmed">
              {model.quantisation}
              {model.context_length != null &&
                ` · ${model.context_length.toLocaleString()} tokens of context`}
            </Text>
          </Menu.Item>
        ))}
        {!models?.length && <Menu.Label>No other model can be seen.</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
