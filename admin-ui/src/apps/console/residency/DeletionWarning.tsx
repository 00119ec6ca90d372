/** Says plainly that a policy deletes conversations. */
import type { Change } from "@/api/residency/types";
import { Notice } from "@/components/Notice";
import { deletesAfter } from "./change-words";
import { daysWords } from "./words";

export function DeletionWarning({ changes }: { changes: Change[] }) {
  const days = deletesAfter(changes);
  if (days === undefined) return null;
  return (
    <Notice tone="warn" title="Conversations will be deleted">
      Once it is in force, those whose last message is more than {daysWords(days)} old are deleted for good.
      What a legal hold names stays.
    </Notice>
  );
}
