/** Reading the tenant's audit log. Reading records is itself recorded, so nothing of it refetches unasked. */
import { keepPreviousData, queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { ApiError } from "./problem";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { AttestRequest, AuditCheckpoint, AuditExport, AuditQuery, EvidenceRequest } from "./types";
import type { Bytes } from "@/ledger/bytes";
import { tilePath } from "@/ledger/tiles";

export const PAGE = 50;

interface Timeline {
  /** What identifies the question: the filter as it stands in the address, and which page of its answer. */
  key: Record<string, unknown>;
  /** The question, made when it is asked: “the last hour” means another time each time. */
  query: () => AuditQuery;
  /** Seconds between readings, while somebody watches. */
  every?: number;
}

export function useTimeline({ key, query, every }: Timeline) {
  return useQuery({
    queryKey: keys.audit(key),
    queryFn: () => data(client.GET("/api/audit", { params: { query: { ...query(), limit: PAGE } } })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    refetchInterval: every ? every * 1000 : false,
  });
}

export function useAuditHead(enabled: boolean) {
  return useQuery({
    queryKey: keys.auditHead,
    queryFn: async () => (await data(client.GET("/api/audit", { params: { query: { limit: 1 } } }))).head,
    enabled,
    staleTime: 60_000,
  });
}

/** Every event there is, from the gateway that writes them: a list kept here would one day lack one. */
export function useEventCatalogue(enabled = true) {
  return useQuery({
    queryKey: keys.auditEvents,
    queryFn: async () => (await data(client.GET("/api/audit/events"))).items,
    enabled,
    staleTime: Infinity,
  });
}

const recordQuery = (seq: number) =>
  queryOptions({
    queryKey: keys.auditRecord(seq),
    queryFn: () => data(client.GET("/api/audit/records/{seq}", { params: { path: { seq } } })),
    // A record never changes; only its proof may not be there yet.
    staleTime: (query) => (query.state.data?.proof ? Infinity : 0),
  });

export function useAuditRecord(seq: number) {
  return useQuery(recordQuery(seq));
}

/** The log's verifier key. Only a record's answer has it: the first is read for it, once. */
export async function logKey(): Promise<string> {
  return (await queryClient.query(recordQuery(0))).key;
}

interface Checkpoints {
  items: AuditCheckpoint[];
  next_cursor?: string | null;
}

export function useCheckpoints() {
  return usePages<AuditCheckpoint, Checkpoints>(keys.auditCheckpoints, (cursor) =>
    data(client.GET("/api/audit/checkpoints", { params: { query: { cursor } } })),
  );
}

/** The hashes of a tile of the log's tree. Reading hashes is not recorded. */
export async function fetchTile(level: number, index: number, width: number): Promise<Bytes> {
  const path = { level: String(level), index: tilePath(index, width) };
  const answer = await data(
    client.GET("/api/audit/log/tile/{level}/{index}", {
      params: { path },
      parseAs: "arrayBuffer",
      // The index is a path of its own: its slashes stay.
      pathSerializer: () => `/api/audit/log/tile/${path.level}/${path.index}`,
    }),
  );
  return new Uint8Array(answer);
}

export function useSinks() {
  return useQuery({
    queryKey: keys.auditSinks,
    queryFn: async () => (await data(client.GET("/api/audit/sinks"))).items,
    refetchInterval: 30_000,
  });
}

/** Who cosigns the tenant's checkpoints, and how far each has come. */
export function useWitnesses() {
  return useQuery({
    queryKey: keys.auditWitnesses,
    queryFn: async () => (await data(client.GET("/api/audit/witnesses"))).items,
    refetchInterval: 30_000,
  });
}

export function useAuditHealth() {
  return useQuery({
    queryKey: keys.auditHealth,
    queryFn: () => data(client.GET("/api/audit/health")),
    refetchInterval: 60_000,
  });
}

export interface ExportedFile {
  name: string;
  content: Blob;
}

/** What is asked for, and the way to stop it. */
export interface Asked<Body> {
  body: Body;
  stop: AbortController;
}

async function taken(
  answer: Promise<{ data?: Blob; response: Response }>,
  fallback: string,
): Promise<ExportedFile> {
  const { data: content, response } = await answer;
  if (!content) throw new ApiError(response.status, "internal", "The appliance sent no file.");
  return { name: fileName(response.headers.get("content-disposition")) ?? fallback, content };
}

/** Asks for an export, and has its file. */
export function useExport() {
  return useMutation({
    mutationFn: ({ body, stop }: Asked<AuditExport>) =>
      taken(
        client.POST("/api/audit/export", { body, signal: stop.signal, parseAs: "blob" }),
        `audit.${body.format ?? "ndjson"}`,
      ),
  });
}

/** Asks for all that proves a period, and has the archive. */
export function useEvidence() {
  return useMutation({
    mutationFn: ({ body, stop }: Asked<EvidenceRequest>) =>
      taken(
        client.POST("/api/audit/evidence", { body, signal: stop.signal, parseAs: "blob" }),
        "evidence.zip",
      ),
  });
}

/** Asks for all that is kept of whoever is signed in, and has its file. */
export function useExportOwn() {
  return useMutation({
    mutationFn: ({ stop }: Asked<undefined>) =>
      taken(client.POST("/api/me/export", { signal: stop.signal, parseAs: "blob" }), "export.ndjson"),
  });
}

/** Asks for all that is kept of a person, and has its file. */
export function useExportSubject() {
  return useMutation({
    mutationFn: ({ body: { user, reason }, stop }: Asked<{ user: string; reason: string }>) =>
      taken(
        client.POST("/api/users/{id}/export", {
          params: { path: { id: user } },
          body: { reason },
          signal: stop.signal,
          parseAs: "blob",
        }),
        `${user}.export.ndjson`,
      ),
  });
}

/** Asks for a signed report on where content was, and has its file. */
export function useAttest() {
  return useMutation({
    mutationFn: ({ body, stop }: Asked<AttestRequest>) =>
      taken(
        client.POST("/api/residency-policy/attest", { body, signal: stop.signal, parseAs: "blob" }),
        `attestation.${body.format === "pdf" ? "pdf" : "attest"}`,
      ),
  });
}

/** The plain `filename` of a Content-Disposition, if it is a mere name. */
export function fileName(disposition: string | null): string | undefined {
  const name = /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1]?.trim();
  return name && /^[\w.()+-]+$/.test(name) && !name.startsWith(".") ? name : undefined;
}
