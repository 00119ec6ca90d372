// Generated from openapi.json by `npm run generate`. Do not edit.

export interface paths {
  "/api/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads the tenant's audit log, newest first.
     * @description # Errors
     *     400 for an unknown event code or a bad cursor; 503 when the reading cannot be recorded.
     */
    get: {
      parameters: {
        query?: {
          /** @description Only this event code. */
          event?: string;
          /** @description Only records of this user. */
          actor?: string;
          /** @description Rows wanted, 1 to 200; 50 by default. */
          limit?: number;
          /** @description `next_cursor` of the page before. */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of the log */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AuditPage"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/conversations": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the caller's conversations, the latest used first.
     * @description # Errors
     *     400 for a bad cursor.
     */
    get: {
      parameters: {
        query?: {
          /** @description Rows wanted, 1 to 200; 50 by default. */
          limit?: number;
          /** @description `next_cursor` of the page before. */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of conversations */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Conversation"];
          };
        };
        /** @description Needs chat.use */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Begins a conversation.
     * @description # Errors
     *     404 `model_not_found`.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewConversation"];
        };
      };
      responses: {
        /** @description Begun */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Conversation"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/conversations/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads a conversation.
     * @description # Errors
     *     404 for anybody else's.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The conversation */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ConversationDetail"];
          };
        };
        /** @description No such conversation */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Deletes a conversation with its messages.
     * @description # Errors
     *     404 for anybody else's.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such conversation */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Renames a conversation.
     * @description # Errors
     *     400 for an unusable title, 404 for anybody else's.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ConversationPatch"];
        };
      };
      responses: {
        /** @description Renamed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Conversation"];
          };
        };
        /** @description No such conversation */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    trace?: never;
  };
  "/api/conversations/{id}/messages": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Adds a message and streams the answer. Closing the connection stops it; what there is, is kept.
     * @description # Errors
     *     As `/v1/chat/completions`; and 404 for anybody else's conversation.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewMessage"];
        };
      };
      responses: {
        /** @description Events start, delta…, done; or error at any point */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/event-stream": string;
          };
        };
        /** @description Refused */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenant's keys, oldest first.
     * @description # Errors
     *     400 for a bad cursor.
     */
    get: {
      parameters: {
        query?: {
          /** @description Rows wanted, 1 to 200; 50 by default. */
          limit?: number;
          /** @description `next_cursor` of the page before. */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of keys */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Key"];
          };
        };
        /** @description Needs keys.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a key that acts as the caller.
     * @description # Errors
     *     400 for a bad name or a past expiry, 409 when the name is taken.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewKey"];
        };
      };
      responses: {
        /** @description Made; the secret is shown this once */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreatedKey"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/keys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revokes a key at once.
     * @description # Errors
     *     404 when there is no such living key.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Revoked */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such key */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/models": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the models and their state. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The models */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Models"];
          };
        };
        /** @description Needs models.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/roles": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the roles and their permissions. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The table */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Roles"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenants": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenants, oldest first.
     * @description # Errors
     *     400 for a bad cursor.
     */
    get: {
      parameters: {
        query?: {
          /** @description Rows wanted, 1 to 200; 50 by default. */
          limit?: number;
          /** @description `next_cursor` of the page before. */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of tenants */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Tenant"];
          };
        };
        /** @description Needs tenants.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a tenant whose policy allows this appliance's place only.
     * @description # Errors
     *     409 when the name is taken.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewTenant"];
        };
      };
      responses: {
        /** @description Made */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Tenant"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenants/{id}/admins": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Adds an administrator (who may also audit) to a tenant.
     * @description # Errors
     *     404 for no such tenant, 409 when the address is taken there.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewAdmin"];
        };
      };
      responses: {
        /** @description Added; the password is shown this once */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreatedUser"];
          };
        };
        /** @description No such tenant */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description The address is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenant's people, oldest first.
     * @description # Errors
     *     400 for a bad cursor.
     */
    get: {
      parameters: {
        query?: {
          /** @description Rows wanted, 1 to 200; 50 by default. */
          limit?: number;
          /** @description `next_cursor` of the page before. */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of users */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_User"];
          };
        };
        /** @description Needs users.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Adds a person with a one-time password.
     * @description # Errors
     *     400 for no or foreign roles, 409 when the address is taken in this tenant.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewUser"];
        };
      };
      responses: {
        /** @description Added; the password is shown this once */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreatedUser"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description The address is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/users/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes a person's roles or status.
     * @description # Errors
     *     404 for another tenant's, 409 for shutting oneself out.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["UserPatch"];
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["User"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description One cannot shut oneself out */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    trace?: never;
  };
  "/auth/login": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs in.
     * @description # Errors
     *     401 `invalid_credentials`, 409 when the tenant must be named, 429 when too many checks wait.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["LoginRequest"];
        };
      };
      responses: {
        /** @description Signed in; the cookie is set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description Wrong address or password */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description Name the tenant */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
        /** @description Try again in a few seconds */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs out: the session ends, the cookie is cleared.
     * @description # Errors
     *     400 for an API key, which has no session.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Signed out */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description There is no session */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells who is signed in.
     * @description # Errors
     *     401 when nobody is.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The session */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description Not signed in */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/healthz": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process is alive. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Alive */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/metrics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Prometheus' text. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OpenMetrics text */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/openmetrics-text": string;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/readyz": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Requests will be answered; if not, what is missing. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Ready */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Readiness"];
          };
        };
        /** @description Not ready; `checks` says why */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Readiness"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/chat/completions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answers a conversation, whole or as a stream.
     * @description # Errors
     *     400 for what cannot be served, 403 `residency_denied`, 404 `model_not_found`, 429 `queue_full`, 503.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ChatCompletionRequest"];
        };
      };
      responses: {
        /** @description The answer; with stream: true, server-sent chunks */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ChatCompletion"];
            "text/event-stream": components["schemas"]["ChatCompletionChunk"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OpenAiError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OpenAiError"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/models": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the models. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The models */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ModelList"];
          };
        };
        /** @description Refused */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OpenAiError"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/models/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells about one model.
     * @description # Errors
     *     404 `model_not_found`.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The model's name */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The model */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ModelObject"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OpenAiError"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description The model's message. */
    AnswerMessage: {
      content: string;
      refusal?: string | null;
      role: string;
    };
    /** @description Where the log stands. */
    AuditHead: {
      /** @description The chain hash over all of them. */
      hash: string;
      /**
       * Format: int64
       * @description How many records it has.
       */
      size: number;
    };
    /** @description One record and its place in the log. */
    AuditItem: {
      /** @description The record; `docs/audit.md` describes its fields. */
      record: Record<string, unknown>;
      /**
       * Format: int64
       * @description Counts from 0 without a gap.
       */
      seq: number;
    };
    /** @description A page of the log, newest first, and where the log stands. */
    AuditPage: {
      /** @description The log's size and chain hash. */
      head: components["schemas"]["AuditHead"];
      /** @description The records. */
      items: components["schemas"]["AuditItem"][];
      /** @description Ask with this for older records; null at the beginning of the log. */
      next_cursor?: string | null;
    };
    /** @description A whole answer. */
    ChatCompletion: {
      choices: components["schemas"]["Choice"][];
      /** Format: int64 */
      created: number;
      id: string;
      model: string;
      object: string;
      usage: components["schemas"]["CompletionUsage"];
    };
    /** @description One piece of a streamed answer. */
    ChatCompletionChunk: {
      choices: components["schemas"]["ChunkChoice"][];
      /** Format: int64 */
      created: number;
      id: string;
      model: string;
      object: string;
      usage?: null | components["schemas"]["CompletionUsage"];
    };
    /** @description OpenAI's request, as far as Leeward serves it. */
    ChatCompletionRequest: {
      /**
       * Format: float
       * @description -2 to 2.
       */
      frequency_penalty?: number | null;
      /** @description Only `false` so far. */
      logprobs?: boolean | null;
      /**
       * Format: int32
       * @description The newer name of `max_tokens`.
       */
      max_completion_tokens?: number | null;
      /**
       * Format: int32
       * @description At most this many tokens in the answer.
       */
      max_tokens?: number | null;
      /** @description The conversation so far. */
      messages: components["schemas"]["RequestMessage"][];
      /** @description The caller's own notes; not interpreted. */
      metadata?: Record<string, unknown> | null;
      /** @description A model of `/v1/models`. */
      model: string;
      /**
       * Format: int32
       * @description How many answers, 1 to 4.
       */
      n?: number | null;
      /**
       * Format: float
       * @description -2 to 2.
       */
      presence_penalty?: number | null;
      /** @description Only `{"type":"text"}` so far. */
      response_format?: Record<string, unknown> | null;
      /**
       * Format: int64
       * @description Honoured with `temperature: 0`, where it changes nothing; refused otherwise.
       */
      seed?: number | null;
      stop?: null | components["schemas"]["Stop"];
      /** @description Only `false`: Leeward keeps no API conversations. */
      store?: boolean | null;
      /** @description Answer as server-sent events. */
      stream?: boolean | null;
      stream_options?: null | components["schemas"]["StreamOptions"];
      /**
       * Format: double
       * @description 0 (greedy, repeatable) to 2; 1 by default.
       */
      temperature?: number | null;
      /** @description Only an empty list so far. */
      tools?: Record<string, unknown>[] | null;
      /**
       * Format: int32
       * @description Keep only the likeliest k tokens.
       */
      top_k?: number | null;
      /**
       * Format: double
       * @description Above 0, at most 1.
       */
      top_p?: number | null;
      /** @description The caller's own name for the end user; not interpreted. */
      user?: string | null;
    };
    /** @description One thing that must work. */
    Check: {
      /** @description How it is, and what to do if it does not work. */
      detail: string;
      /** @description What. */
      name: string;
      /** @description Whether it does. */
      ok: boolean;
    };
    /** @description One of the answers. */
    Choice: {
      finish_reason: string;
      /** Format: int32 */
      index: number;
      logprobs?: Record<string, unknown> | null;
      message: components["schemas"]["AnswerMessage"];
    };
    /** @description A piece of one of the answers. */
    ChunkChoice: {
      delta: components["schemas"]["Delta"];
      finish_reason?: string | null;
      /** Format: int32 */
      index: number;
      logprobs?: Record<string, unknown> | null;
    };
    /** @description Tokens of a request. */
    CompletionUsage: {
      /** Format: int32 */
      completion_tokens: number;
      /** Format: int32 */
      prompt_tokens: number;
      prompt_tokens_details: components["schemas"]["PromptTokensDetails"];
      /** Format: int32 */
      total_tokens: number;
    };
    /** @description A message's content. */
    Content: string | components["schemas"]["Part"][];
    /** @description A conversation. */
    Conversation: {
      created_at: string;
      id: string;
      /** @description The model it talks to. */
      model: string;
      /** @description Empty until the first message. */
      title: string;
      /** @description When the last message was added. */
      updated_at: string;
    };
    /** @description A conversation with its messages, oldest first. */
    ConversationDetail: {
      conversation: components["schemas"]["Conversation"];
      messages: components["schemas"]["Message"][];
    };
    /** @description What to change. */
    ConversationPatch: {
      /** @description The new title, 1 to 120 characters. */
      title: string;
    };
    /** @description A key that was made. */
    CreatedKey: {
      /** @description The key. */
      key: components["schemas"]["Key"];
      /** @description The secret; shown this once. */
      secret: string;
    };
    /** @description A person who was added. */
    CreatedUser: {
      /** @description The password for the first sign-in; shown this once. */
      one_time_password: string;
      /** @description The person. */
      user: components["schemas"]["User"];
    };
    /** @description What the piece adds. */
    Delta: {
      content?: string | null;
      role?: string | null;
    };
    /** @description An API key, without its secret. */
    Key: {
      created_at: string;
      expires_at?: string | null;
      id: string;
      /** @description Accurate to a minute. */
      last_used_at?: string | null;
      /** @description What people call it. */
      name: string;
      /** @description The first characters of the secret, to recognise it by. */
      prefix: string;
      revoked_at?: string | null;
      /** @description Whose roles it acts with. */
      user: string;
    };
    /** @description Credentials. */
    LoginRequest: {
      /** @description The e-mail address. */
      email: string;
      /** @description The password. */
      password: string;
      /** @description The tenant's name, needed only if the address exists in several. */
      tenant?: string | null;
    };
    /** @description A message of a conversation. */
    Message: {
      /**
       * Format: int64
       * @description What the answer cost.
       */
      completion_tokens?: number | null;
      /** @description What was said. */
      content: string;
      /** @description When it was added. */
      created_at: string;
      /** @description `stop`, `length`, `cancelled` or `error`. */
      finish_reason?: string | null;
      /** @description Its id. */
      id: string;
      /** @description The model that answered. */
      model?: string | null;
      /**
       * Format: int64
       * @description What the prompt cost.
       */
      prompt_tokens?: number | null;
      /** @description `user` or `assistant`. */
      role: string;
    };
    /** @description A model, as people see it. */
    Model: {
      /** @description For example `llama`. */
      architecture: string;
      /**
       * Format: int32
       * @description The longest prompt plus answer in tokens, once loaded.
       */
      context_length?: number | null;
      /** @description What is wrong, if something is. */
      detail?: string | null;
      /** @description What requests call it. */
      id: string;
      /** @description When it was imported. */
      imported_at: string;
      /** @description `dedicated` (one tenant's, with a prefix cache) or `shared` (no cache). */
      isolation: string;
      /** @description What the weights' file says of its licence. */
      licence?: string | null;
      /**
       * Format: int64
       * @description The number of weights.
       */
      parameters: number;
      /** @description The site it runs at. */
      place: string;
      /** @description For example `Q8_0`. */
      quantisation: string;
      /** @description Whether it answers now. */
      ready: boolean;
      /** @description `ready`, `starting`, `restarting` or `failed`. */
      state: string;
      /** @description Names the weights exactly; the same digest is in every audit record. */
      weights_sha256?: string | null;
    };
    /** @description OpenAI's list object. */
    ModelList: {
      /** @description The models. */
      data: components["schemas"]["ModelObject"][];
      /** @description Always `list`. */
      object: string;
    };
    /** @description OpenAI's model object. */
    ModelObject: {
      /**
       * Format: int64
       * @description When it was imported, in Unix seconds.
       */
      created: number;
      /** @description What requests call it. */
      id: string;
      /** @description Always `model`. */
      object: string;
      /** @description Always `leeward`. */
      owned_by: string;
    };
    /** @description The models. */
    Models: {
      /** @description In the order of their names. */
      items: components["schemas"]["Model"][];
    };
    /** @description A tenant's administrator to add. */
    NewAdmin: {
      /** @description The name for people. */
      display_name?: string | null;
      /** @description The address to sign in with. */
      email: string;
    };
    /** @description A conversation to begin. */
    NewConversation: {
      /** @description The model to talk to. */
      model: string;
    };
    /** @description A key to make. */
    NewKey: {
      /** @description When it stops working; never, if absent. */
      expires_at?: string | null;
      /** @description What to call it, 1 to 100 characters; unique among the tenant's living keys. */
      name: string;
    };
    /** @description What to say. */
    NewMessage: {
      /** @description The text. */
      content: string;
      /** @description Ask this model instead of the conversation's, for this message. */
      model?: string | null;
    };
    /** @description A tenant to make. */
    NewTenant: {
      /** @description 1 to 64 lower-case letters, digits and hyphens. */
      name: string;
    };
    /** @description A person to add. */
    NewUser: {
      /** @description The name for people; the address's first part, if absent. */
      display_name?: string | null;
      /** @description The address to sign in with. */
      email: string;
      /** @description At least one of `tenant_admin`, `auditor`, `member`. */
      roles: string[];
    };
    /** @description OpenAI's error object. */
    OpenAiError: {
      /** @description The object. */
      error: components["schemas"]["OpenAiErrorBody"];
    };
    /** @description The inside of OpenAI's error object. */
    OpenAiErrorBody: {
      /** @description What kind of error it is, for programs. */
      code: string;
      /** @description What is wrong and what to do. */
      message: string;
      /** @description The field at fault. */
      param?: string | null;
      /** @description OpenAI's coarse kind. */
      type: string;
    };
    /** @description One page of a list. */
    Paged_Conversation: {
      /** @description The rows. */
      items: {
        created_at: string;
        id: string;
        /** @description The model it talks to. */
        model: string;
        /** @description Empty until the first message. */
        title: string;
        /** @description When the last message was added. */
        updated_at: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Key: {
      /** @description The rows. */
      items: {
        created_at: string;
        expires_at?: string | null;
        id: string;
        /** @description Accurate to a minute. */
        last_used_at?: string | null;
        /** @description What people call it. */
        name: string;
        /** @description The first characters of the secret, to recognise it by. */
        prefix: string;
        revoked_at?: string | null;
        /** @description Whose roles it acts with. */
        user: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Tenant: {
      /** @description The rows. */
      items: {
        created_at: string;
        id: string;
        name: string;
        /** @description Its residency policy. */
        policy: Record<string, unknown>;
        status: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_User: {
      /** @description The rows. */
      items: {
        created_at: string;
        display_name: string;
        email: string;
        id: string;
        last_login_at?: string | null;
        roles: string[];
        status: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One part of a content. */
    Part: {
      /** @description The text. */
      text?: string | null;
      /** @description Only `text` so far. */
      type: string;
    };
    /** @description RFC 9457. */
    Problem: {
      /** @description What kind of error it is, for programs. */
      code: string;
      /** @description What is wrong and what to do. */
      detail: string;
      /** @description The field at fault. */
      param?: string | null;
      /** @description Names the request in the log. */
      request_id: string;
      /**
       * Format: int32
       * @description The HTTP status.
       */
      status: number;
      /** @description The HTTP status in words. */
      title: string;
      /** @description Always `about:blank`: `code` is the machine's field. */
      type: string;
    };
    /** @description Where prompt tokens came from. */
    PromptTokensDetails: {
      /** Format: int32 */
      cached_tokens: number;
    };
    /** @description Whether requests will be answered. */
    Readiness: {
      /** @description Each thing that must work. */
      checks: components["schemas"]["Check"][];
      /** @description All checks are fine. */
      ready: boolean;
    };
    /** @description One message of the conversation. */
    RequestMessage: {
      /** @description The text, or parts of type `text`. */
      content: components["schemas"]["Content"];
      /** @description The caller's own name for the speaker; not given to the model. */
      name?: string | null;
      /** @description `system`, `developer`, `user` or `assistant`. */
      role: string;
    };
    /** @description One role. */
    RoleRow: {
      /** @description Its name. */
      name: string;
      /** @description What it may do. */
      permissions: string[];
    };
    /** @description The roles. */
    Roles: {
      /** @description Each with what it may do. */
      roles: components["schemas"]["RoleRow"][];
    };
    /** @description Who is signed in, and what they may do. */
    SessionInfo: {
      /** @description To be sent as `X-CSRF-Token` with every change; absent for API keys. */
      csrf_token?: string | null;
      /** @description When the session ends; absent for API keys. */
      expires_at?: string | null;
      /** @description What the roles add up to. */
      permissions: string[];
      /** @description The tenant acted for. */
      tenant: components["schemas"]["SessionTenant"];
      /** @description The person. */
      user: components["schemas"]["SessionUser"];
    };
    /** @description The tenant in a session. */
    SessionTenant: {
      /** @description Its id. */
      id: string;
      /** @description Its name. */
      name: string;
    };
    /** @description The person in a session. */
    SessionUser: {
      /** @description Its name for people. */
      display_name: string;
      /** @description Its address. */
      email: string;
      /** @description Its id. */
      id: string;
      /** @description Its roles. */
      roles: string[];
    };
    /** @description One stop string or several. */
    Stop: string | string[];
    /** @description Options of a stream. */
    StreamOptions: {
      /** @description Send the usage in a last chunk of its own. */
      include_usage?: boolean;
    };
    /** @description A tenant. */
    Tenant: {
      created_at: string;
      id: string;
      name: string;
      /** @description Its residency policy. */
      policy: Record<string, unknown>;
      status: string;
    };
    /** @description A person of the tenant. */
    User: {
      created_at: string;
      display_name: string;
      email: string;
      id: string;
      last_login_at?: string | null;
      roles: string[];
      status: string;
    };
    /** @description What to change; absent fields stay. */
    UserPatch: {
      /** @description The roles from now on. */
      roles?: string[] | null;
      /** @description `active` or `disabled`; disabling ends sessions and keys at once. */
      status?: string | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
