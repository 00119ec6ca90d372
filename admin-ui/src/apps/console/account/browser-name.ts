const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** What people call the program behind a `User-Agent`; the beginning of it where nobody knows. */
export function browserName(agent: string | null | undefined): string {
  if (!agent) return "Unknown";
  const named = (list: [RegExp, string][]) => list.find(([sign]) => sign.test(agent))?.[1];
  const browser = named(browsers);
  const system = named(systems);
  if (!browser) return agent.slice(0, 40);
  return system ? `${browser} on ${system}` : browser;
}
