/** With which model a conversation was begun. It need not be here any more, so any name may be typed. */
import { Autocomplete, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { useModels } from "@/api/admin";
import { can } from "@/api/session";
import { useSession } from "@/components/SessionContext";

export function ModelField({ field }: { field: GetInputPropsReturnType }) {
  const reads = can(useSession(), "models.read");
  const models = useModels(reads).data ?? [];
  const common = {
    label: "Model",
    description: "Its name when they were begun. Empty: any.",
    autoComplete: "off",
    spellCheck: false,
    ...field,
  };
  if (!reads) return <TextInput {...common} />;
  return <Autocomplete {...common} data={[...new Set(models.map(({ id }) => id))]} />;
}
