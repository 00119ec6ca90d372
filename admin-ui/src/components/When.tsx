import { formatTime } from "./format";

/** A moment in the reader's own time; the exact UTC one is its title. */
export function When({ at, never = "Never" }: { at: string | null | undefined; never?: string }) {
  if (!at) return <span>{never}</span>;
  return (
    <time dateTime={at} title={at}>
      {formatTime(at)}
    </time>
  );
}
