/** What the catalogue says, in words. */
import type { CatalogueModel } from "@/api/catalogue";
import type { Tone } from "@/components/StatusBadge";

const stages: Record<string, { label: string; tone: Tone }> = {
  imported: { label: "Imported", tone: "idle" },
  proposed: { label: "Proposed", tone: "warn" },
  production: { label: "Production", tone: "good" },
  retired: { label: "Retired", tone: "idle" },
};

export function stageLabel(stage: string): { label: string; tone: Tone } {
  return stages[stage] ?? { label: stage, tone: "idle" };
}

/** Why a model serves nobody; nothing if it may serve. */
export function whyNot(model: CatalogueModel, twoPeople: boolean): string | undefined {
  if (model.serves) return undefined;
  const { stage } = model.promotion;
  if (stage === "retired") return "No: it is retired";
  if (twoPeople && stage === "imported") return "No: two people must stand behind it; propose it first";
  if (twoPeople && stage === "proposed") return "No: somebody else must approve it first";
  if (stage === "production") return "No: these are not the weights that were approved";
  return "No";
}

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

export function needs({ weights, context }: CatalogueModel["footprint"]): string {
  return `Needs at least ${gib(weights + context)}: ${gib(weights)} weights, ${gib(context)} contexts`;
}
