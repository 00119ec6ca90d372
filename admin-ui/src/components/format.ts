/** Numbers, times and identifiers as people read them. */
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const precise = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "long" });
const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** What is no time is shown as it stands. */
function say(format: Intl.DateTimeFormat, value: string): string {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? value : format.format(time);
}

export function formatTime(value: string): string {
  return say(dateTime, value);
}

export function formatTimePrecisely(value: string): string {
  return say(precise, value);
}

export function formatDate(value: string): string {
  return say(dateOnly, value);
}

/** 134_515_008 is "135 M". */
export function formatCount(value: number): string {
  if (value >= 1e9) return `${trim(value / 1e9)} B`;
  if (value >= 1e6) return `${trim(value / 1e6)} M`;
  return value.toLocaleString();
}

function trim(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
}

/** The beginning and end of something long; the whole belongs in a tooltip or behind a copy button. */
export function shorten(value: string, head = 8, tail = 6): string {
  return value.length <= head + tail + 1 ? value : `${value.slice(0, head)}…${value.slice(-tail)}`;
}

/** Ids are prefixed UUIDv7: the random end tells two apart, the time-ordered start does not. */
export function shortId(id: string): string {
  const prefix = /^[a-z]+_/.exec(id)?.[0] ?? "";
  return id.length <= 14 ? id : `${prefix}…${id.slice(-6)}`;
}
