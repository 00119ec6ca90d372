/** The chat's addresses: `/` starts a conversation, `/c/<id>` opens one. */
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { ChatLayout } from "./ChatLayout";
import { ChatScreen } from "./ChatScreen";

const root = createRootRoute({ component: ChatLayout, notFoundComponent: () => <ChatScreen /> });

const home = createRoute({ getParentRoute: () => root, path: "/", component: () => <ChatScreen /> });

const conversation = createRoute({
  getParentRoute: () => root,
  path: "/c/$id",
  component: ConversationRoute,
});

function ConversationRoute() {
  const id = conversation.useParams({ select: (params: { id: string }) => params.id });
  // A conversation keeps nothing of the one before it.
  return <ChatScreen key={id} id={id} />;
}

export const router = createRouter({ routeTree: root.addChildren([home, conversation]) });
