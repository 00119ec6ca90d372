/** A record's values in groups, and its changes as a table. */
import { Stack, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { CopyIcon } from "@/components/Copy";
import { DataTable } from "@/components/DataTable";
import classes from "./audit.module.css";
import { changesOf, factsOf, type ChangedValue, type Fact } from "./record";

export function RecordFacts({ record }: { record: Record<string, unknown> }) {
  const changes = changesOf(record);
  return (
    <Stack gap="lg">
      {factsOf(record).map(({ title, facts }) => (
        <section key={title}>
          <Title order={3} fz="sm" mb={4}>
            {title}
          </Title>
          <dl className={classes.facts}>
            {facts.map((fact) => (
              <Fragment key={fact.path}>
                <dt>{fact.label}</dt>
                <dd>
                  <Value fact={fact} />
                </dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
      {changes.length > 0 && (
        <section>
          <Title order={3} fz="sm" mb={6}>
            What changed
          </Title>
          <Changes changes={changes} />
        </section>
      )}
    </Stack>
  );
}

function Value({ fact }: { fact: Fact }) {
  const text = fact.copy ? <span className={classes.mono}>{fact.text}</span> : fact.text;
  return (
    <>
      {fact.filter ? (
        <Link
          to="/audit"
          search={fact.filter}
          className={classes.link}
          title="Show the records that share it"
        >
          {text}
        </Link>
      ) : (
        text
      )}
      {fact.copy && <CopyIcon text={fact.text} label={`Copy: ${fact.label}`} />}
    </>
  );
}

function Changes({ changes }: { changes: ChangedValue[] }) {
  const side = (value: string | null) => value ?? <span className={classes.none}>none</span>;
  return (
    <DataTable
      label="What changed"
      rows={changes.map((change, at) => ({ ...change, at }))}
      state={{ isPending: false, isError: false, error: null, refetch: () => undefined }}
      rowKey={(change) => change.at}
      empty={null}
      columns={[
        { label: "Field", render: (change) => change.field },
        { label: "From", render: (change) => side(change.from) },
        { label: "To", render: (change) => side(change.to) },
      ]}
    />
  );
}
