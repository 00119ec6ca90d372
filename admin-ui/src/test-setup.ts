import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// Tests of what needs no page run in Node itself.
if (typeof window !== "undefined") {
  // jsdom lacks the browser interfaces Mantine asks for, most of them on mount.
  window.matchMedia = (query: string) =>
    ({
      matches: false,
      media: query,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }) as unknown as MediaQueryList;
  window.ResizeObserver = class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  };
  const fonts = { addEventListener: () => undefined, removeEventListener: () => undefined };
  Object.defineProperty(document, "fonts", { value: fonts });
  Element.prototype.scrollIntoView = () => undefined;
  afterEach(cleanup);
}
