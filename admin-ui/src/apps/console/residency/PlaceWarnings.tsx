/** Says plainly what stops when a policy does not allow this appliance's own place. */
import type { Place, Policy } from "@/api/residency/types";
import { Notice } from "@/components/Notice";
import { standing } from "./policy";

interface PlaceWarningsProps {
  policy: Policy;
  place: Place;
  /** The policy is in force already. */
  now?: boolean;
}

export function PlaceWarnings({ policy, place, now = false }: PlaceWarningsProps) {
  const process = standing(policy, "process", place);
  const store = standing(policy, "store", place);
  const be = now ? "is" : "would be";
  const subject = now ? "The policy does" : "This proposal would";
  return (
    <>
      {!process.allowed && (
        <Notice tone="bad" title={`Every request ${be} refused`}>
          {subject} not let a model run at this appliance’s site {place.site}: {process.why}.
        </Notice>
      )}
      {!store.allowed && (
        <Notice tone="bad" title={`Every message in the chat ${be} refused`}>
          {subject} not let content be kept at this appliance’s site {place.site}: {store.why}.
        </Notice>
      )}
    </>
  );
}
