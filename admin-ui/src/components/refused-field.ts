/** A refusal by the gateway that names a field, put where that field is. */
import { toApiError } from "@/api/problem";
import { sentence } from "./ErrorNotice";

/** `fields` says which of the form's own fields holds what the gateway calls so. Nothing where it is another matter. */
export function refusedField<Field extends string>(
  error: unknown,
  fields: Record<string, Field>,
): { field: Field; message: string } | undefined {
  if (!error) return undefined;
  const { param, message } = toApiError(error);
  const field = param === undefined ? undefined : fields[param];
  return field && { field, message: sentence(message) };
}
