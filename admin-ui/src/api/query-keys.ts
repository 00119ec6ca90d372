/** Every key of the query cache, in one place. */
export const keys = {
  session: ["session"] as const,
  conversations: ["conversations"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  models: ["models"] as const,
  tenants: ["tenants"] as const,
  users: ["users"] as const,
  apiKeys: ["api-keys"] as const,
  roles: ["roles"] as const,
  groups: ["groups"] as const,
  members: (group: string) => ["groups", group, "members"] as const,
  signInPolicy: ["sign-in-policy"] as const,
  mySessions: ["my-sessions"] as const,
  myTenants: ["my-tenants"] as const,
  myFactors: ["my-factors"] as const,
  audit: (filter: { event: string; actor: string }) => ["audit", filter] as const,
  auditHead: ["audit-head"] as const,
};
