import type { UseFormReturnType } from "@mantine/form";
import type { ProviderForm } from "./provider-form";

/** What every part of the provider form gets. */
export interface FieldsProps {
  form: UseFormReturnType<ProviderForm>;
  /** A secret is kept already; it is never shown. */
  kept: boolean;
}
