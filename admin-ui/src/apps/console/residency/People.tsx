/** Who stands behind a policy; the whole ids are the titles. */
import { Fragment } from "react";
import { useUserNames } from "@/components/useUserNames";
import classes from "./residency.module.css";

export function People({ ids }: { ids: string[] }) {
  const name = useUserNames();
  return (
    <span>
      {ids.map((id, at) => (
        <Fragment key={id}>
          {at > 0 && ", "}
          <span title={id} className={name(id).length <= 16 ? classes.whole : undefined}>
            {name(id)}
          </span>
        </Fragment>
      ))}
    </span>
  );
}
