import { useState } from "react";
import { useWriters } from "@/api/admin";

const remembered = "leeward.model";

/** The model that will answer: chosen here, else the conversation's, else the last one chosen, else a ready one. */
export function useModelChoice(conversationModel: string | undefined) {
  const models = useWriters().data;
  const [chosen, setChosen] = useState<string>();
  const exists = (id: string | null | undefined) => models?.find((model) => model.id === id)?.id;
  const fallback = models?.find((model) => model.ready) ?? models?.[0];
  const value =
    chosen ?? conversationModel ?? exists(window.localStorage.getItem(remembered)) ?? fallback?.id;

  const choose = (model: string) => {
    setChosen(model);
    window.localStorage.setItem(remembered, model);
  };
  return { models, value, choose, current: models?.find((model) => model.id === value) };
}
