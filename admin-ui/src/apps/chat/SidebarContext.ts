import { createContext } from "react";

/** Whether the sidebar is open on a narrow screen. */
export const SidebarContext = createContext({ opened: false, toggle: () => undefined as void });
