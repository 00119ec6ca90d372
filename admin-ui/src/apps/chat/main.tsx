import { RouterProvider } from "@tanstack/react-router";
import { mount } from "@/components/AppProviders";
import { SessionGate } from "@/components/SessionGate";
import { router } from "./router";

mount(
  <SessionGate app="Leeward">
    <RouterProvider router={router} />
  </SessionGate>,
);
