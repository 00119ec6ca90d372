import { Button, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { AlertForm } from "./alert-form";
import { toAlert } from "./alert-form";
import { conditionWords } from "./alert-words";
import { Patterns } from "./AlertsTable";
import classes from "./alerts.module.css";
import { suggestions } from "./suggestions";

export function Suggestions({ onUse }: { onUse: (form: AlertForm) => void }) {
  return (
    <Stack gap="sm" component="section" aria-label="Suggestions">
      <Title order={2} fz="md">
        Suggestions to start from
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {suggestions.map(({ title, about, form }) => (
          <Paper key={title} withBorder radius="lg" p="md" bg="var(--lw-raised)">
            <div className={classes.suggestion}>
              <Title order={3} fz="sm">
                {title}
              </Title>
              <Text fz="sm">{about}</Text>
              <div className={classes.quiet}>{conditionWords(wordsOf(form))}</div>
              <Patterns events={form.events} />
              <Button
                size="xs"
                variant="default"
                aria-label={`Start from: ${title}`}
                onClick={() => onUse(form)}
              >
                Start from this
              </Button>
            </div>
          </Paper>
        ))}
      </SimpleGrid>
    </Stack>
  );
}

const wordsOf = (form: AlertForm) => ({ ...toAlert(form), group_by: form.groupBy });
