import { createContext } from "react";

/** Whether the sidebar is open on a narrow screen. */
export const SidebarContext = createContext<{ opened: boolean; toggle: () => void }>({
  opened: false,
  toggle: () => undefined,
});
