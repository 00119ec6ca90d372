/** The console's pages, in the order of the menu; each appears only with its permission. */
import {
  IconBell,
  IconBuilding,
  IconCpu,
  IconFileExport,
  IconFingerprint,
  IconFolders,
  IconGavel,
  IconKey,
  IconLayoutDashboard,
  IconListSearch,
  IconLock,
  IconMapPin,
  IconMessage2,
  IconShieldCheck,
  IconUserCircle,
  IconUsers,
  IconUsersGroup,
  IconRobot,
  type Icon,
} from "@tabler/icons-react";
import type { Permission } from "@/api/types";

export interface ConsolePage {
  path: string;
  label: string;
  icon: Icon;
  /** Absent: everybody who is signed in. Of several one is enough. */
  needs?: Permission | readonly Permission[];
}

export const pages: ConsolePage[] = [
  { path: "/", label: "Overview", icon: IconLayoutDashboard },
  { path: "/tenants", label: "Tenants", icon: IconBuilding, needs: "tenants.manage" },
  { path: "/models", label: "Models", icon: IconCpu, needs: "models.manage" },
  { path: "/users", label: "Users", icon: IconUsers, needs: "users.manage" },
  { path: "/groups", label: "Groups", icon: IconUsersGroup, needs: "users.manage" },
  { path: "/roles", label: "Roles", icon: IconShieldCheck },
  { path: "/projects", label: "Projects", icon: IconFolders },
  { path: "/keys", label: "API keys", icon: IconKey, needs: "keys.manage" },
  { path: "/providers", label: "Identity providers", icon: IconFingerprint, needs: "providers.manage" },
  { path: "/workloads", label: "Workload identity", icon: IconRobot, needs: "providers.manage" },
  { path: "/policy", label: "Sign-in policy", icon: IconLock, needs: "policy.manage" },
  { path: "/audit", label: "Audit log", icon: IconListSearch, needs: "audit.read" },
  { path: "/alerts", label: "Alerts", icon: IconBell, needs: "alerts.manage" },
  { path: "/residency", label: "Data residency", icon: IconMapPin, needs: ["policy.read", "policy.manage"] },
  {
    path: "/capture",
    label: "Kept of requests",
    icon: IconMessage2,
    needs: ["policy.read", "policy.manage", "captured.read"],
  },
  { path: "/holds", label: "Legal holds", icon: IconGavel, needs: "holds.manage" },
  { path: "/subjects", label: "Kept of a person", icon: IconFileExport, needs: "subjects.export" },
  { path: "/account", label: "Your account", icon: IconUserCircle },
];
