/** A file that is being taken: saved when it is there, stopped when nobody wants it any more. */
import type { UseMutationResult } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Asked, ExportedFile } from "@/api/audit";
import { download } from "./download";

export interface Taking {
  error: Error | null;
  file: ExportedFile | undefined;
  busy: boolean;
  stop: () => void;
}

export function useTaking<Body>(take: UseMutationResult<ExportedFile, Error, Asked<Body>>) {
  const going = take.variables?.stop;
  // Whoever leaves the page wants the file no more.
  useEffect(() => () => going?.abort(), [going]);
  const start = (body: Body) =>
    take.mutate(
      { body, stop: new AbortController() },
      { onSuccess: ({ name, content }) => download(name, content) },
    );
  const stop = () => {
    going?.abort();
    take.reset();
  };
  const taking: Taking = { error: take.error, file: take.data, busy: take.isPending, stop };
  return { start, taking };
}
