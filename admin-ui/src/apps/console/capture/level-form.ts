/** Another level, as one chooses it. */
import type { SetCapture } from "@/api/types";
import { reasonOf, validate } from "../audit/export-form";

export interface LevelForm {
  level: string;
  reason: string;
}

/** Only what is surely wrong; the gateway decides. */
export function levelProblems({ level, reason }: LevelForm, inForce: string): Record<string, string> {
  const problems: Record<string, string> = {};
  if (level === inForce) problems.level = "This is the level already. Choose another one";
  const why = validate.reason(reason);
  if (why) problems.reason = why;
  return problems;
}

/** The form's fields by what the gateway calls them. */
export const levelFields: Record<string, keyof LevelForm> = { level: "level", reason: "reason" };

export function toLevel({ level, reason }: LevelForm): SetCapture {
  return { level, reason: reasonOf(reason) };
}
