import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** In development, deep links of the console get the console's page, as the gateway does in production. */
const consoleFallback: Plugin = {
  name: "console-fallback",
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      if (/^\/console(\/[^.]*)?(\?|$)/.test(request.url ?? "")) request.url = "/console/index.html";
      next();
    });
  },
};

const gateway = process.env.LEEWARD_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), consoleFallback],
  resolve: { alias: { "@": here("./src") } },
  build: {
    // The gateway's content policy allows no data: URLs and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { chat: here("./index.html"), console: here("./console/index.html") } },
  },
  server: { proxy: { "/api": gateway, "/auth": gateway } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/test-setup.ts"] },
});
