import { Button, Group } from "@mantine/core";

interface FormButtonsProps {
  submit: string;
  busy: boolean;
  onCancel: () => void;
}

export function FormButtons({ submit, busy, onCancel }: FormButtonsProps) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {submit}
      </Button>
    </Group>
  );
}
