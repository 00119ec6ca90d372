/** What the house decides about its models, and the names that stand for them (`/api/catalogue`). */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** How far a model has come (`domain::model::listing::Stage`). */
export type Stage =
  | { stage: "imported" | "retired" }
  | { stage: "proposed"; by: string; reason: string; at: string }
  | { stage: "production"; proposed_by: string; approved_by: string; at: string };

export type CatalogueModel = Omit<Schemas["Catalogue"]["models"][number], "promotion" | "footprint"> & {
  promotion: Stage;
  /** In bytes. */
  footprint: { weights: number; context: number };
};
export type NamedAlias = Schemas["NamedAlias"];
export type NewAlias = Schemas["NewAlias"];
export type ModelPatch = Schemas["ModelPatch"];
export interface Catalogue {
  models: CatalogueModel[];
  aliases: NamedAlias[];
  two_people: boolean;
}

/** Whoever chooses a model elsewhere sees what was decided, too. */
const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: keys.catalogue }),
    queryClient.invalidateQueries({ queryKey: keys.models }),
  ]);

export function useCatalogue() {
  return useQuery({
    queryKey: keys.catalogue,
    queryFn: async () => (await data(client.GET("/api/catalogue"))) as unknown as Catalogue,
    refetchInterval: 5_000,
  });
}

export function useUpdateModel(name: string) {
  return useMutation({
    mutationFn: (body: ModelPatch) =>
      data(client.PATCH("/api/catalogue/models/{name}", { params: { path: { name } }, body })),
    onSettled: refresh,
  });
}

export type Act = "reload" | "approve" | "withdraw" | "retire";

export function useAct(name: string) {
  return useMutation({
    mutationFn: (act: Act) =>
      data(client.POST(`/api/catalogue/models/{name}/${act}`, { params: { path: { name } } })),
    onSettled: refresh,
  });
}

export function usePropose(name: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      data(
        client.POST("/api/catalogue/models/{name}/propose", { params: { path: { name } }, body: { reason } }),
      ),
    onSettled: refresh,
  });
}

export function useSetAlias() {
  return useMutation({
    mutationFn: ({ alias, ...body }: NewAlias & { alias: string }) =>
      data(client.PUT("/api/catalogue/aliases/{alias}", { params: { path: { alias } }, body })),
    onSettled: refresh,
  });
}

export function useDeleteAlias() {
  return useMutation({
    mutationFn: (alias: string) =>
      client.DELETE("/api/catalogue/aliases/{alias}", { params: { path: { alias } } }),
    onSettled: refresh,
  });
}
