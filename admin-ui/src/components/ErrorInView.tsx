/** An error at the end of a long form: brought into view when it happens. */
import { useEffect, useRef } from "react";
import { ErrorNotice } from "./ErrorNotice";

export function ErrorInView({ error }: { error: Error }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Nothing is returned: in newer browsers scrolling gives a promise, which is no way to clean up.
    place.current?.scrollIntoView({ block: "center" });
  }, [error]);
  return (
    <div ref={place}>
      <ErrorNotice error={error} />
    </div>
  );
}
