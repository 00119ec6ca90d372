import { expect, test } from "vitest";
import { browserName } from "./browser-name";

test("browsers are called what people call them", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
  expect(browserName(chrome)).toBe("Chrome on Linux");
  expect(browserName(`${chrome} Edg/156.0`)).toBe("Edge on Linux");
  expect(browserName("curl/8.5")).toBe("curl/8.5");
  expect(browserName(null)).toBe("Unknown");
});
