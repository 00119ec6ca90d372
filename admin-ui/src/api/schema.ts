// Generated from openapi.json by `npm run generate`. Do not edit.

export interface paths {
  "/.well-known/jwks.json": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The keys our access tokens are signed with (RFC 7517).
     * @description # Errors
     *     When the database fails.
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
        /** @description The key set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": Record<string, unknown>;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/.well-known/oauth-authorization-server": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the token endpoint can do (RFC 8414). */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The metadata */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": Record<string, unknown>;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Searches the tenant's audit log, newest first.
     * @description # Errors
     *     400 for a value that cannot be understood; 503 when the reading cannot be recorded.
     */
    get: {
      parameters: {
        query?: {
          /** @description An event code, or the beginning of some: `auth.*`. */
          event?: string;
          /** @description `success` or `failure`. */
          outcome?: string;
          /** @description What this user did (`usr_…`). */
          actor?: string;
          /** @description What was done to the thing of this id or name. */
          object?: string;
          /** @description What was done to things of this kind. */
          object_type?: string;
          /** @description What belongs to this request (`req_…`). */
          request?: string;
          /** @description What belongs to this trace: 32 hexadecimal digits. */
          trace?: string;
          /** @description What came from this address. */
          source?: string;
          /** @description From this time on (RFC 3339). */
          from?: string;
          /** @description Before this time (RFC 3339). */
          to?: string;
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/alerts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the alerts over the tenant's log, each with its last firing.
     * @description # Errors
     *     When the database fails.
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
        /** @description The alerts */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Alerts"];
          };
        };
        /** @description Needs alerts.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Saves an alert: it looks at every record from now on.
     * @description # Errors
     *     400 for what is out of bounds, 409 for a name that is taken or when there are too many.
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
          "application/json": components["schemas"]["NewAlert"];
        };
      };
      responses: {
        /** @description Saved */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AlertRow"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs alerts.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken, or there are too many */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/alerts/{id}": {
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
     * Deletes an alert.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description Needs alerts.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such alert */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/audit/capture": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells how much is captured; everybody it concerns may know it. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The level */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Capture"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    /**
     * Sets how much is captured from the next request on. What was captured before stays until it has run its time.
     * @description # Errors
     *     400 without a reason.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["SetCapture"];
        };
      };
      responses: {
        /** @description The level from now on */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Capture"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs policy.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/audit/captured": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows what was captured of an inference. The reading is itself a record, with its reason, before anything is shown.
     * @description # Errors
     *     400 without a reason, 404 if nothing was captured or it is gone, 410 if its key was destroyed.
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
          "application/json": components["schemas"]["ReadCaptured"];
        };
      };
      responses: {
        /** @description What was captured */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Captured"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs captured.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nothing was captured */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It was erased */
        410: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/checkpoints": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The history of checkpoints, newest first: about one for each ten minutes in which the log grew.
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
        /** @description A page of checkpoints */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_CheckpointItem"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists every event code, with its meaning: what docs/audit.md says, for whoever is signed in. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The catalogue */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["EventKinds"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/evidence": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hands out everything that proves a period, as a ZIP archive with instructions. It is itself two records: of the report
     *     and of the export.
     * @description # Errors
     *     400 without a reason or a period that is over, 503 when the log cannot be read or signed.
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
          "application/json": components["schemas"]["EvidenceRequest"];
        };
      };
      responses: {
        /** @description The archive */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/zip": number[];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The log cannot be read or signed */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Exports a stretch of the log: as a bundle for `leeward-verify`, or written for other tools. The export is itself a record, with its reason.
     * @description A period's bundle holds every record of the period; where the clock stumbled, a few neighbours too.
     *
     *     # Errors
     *     400 without a reason; 503 when the log cannot be read or signed.
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
          "application/json": components["schemas"]["ExportRequest"];
        };
      };
      responses: {
        /** @description The file */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": number[];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the log is written. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description How it is */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AuditHealth"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/log/checkpoint": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The newest checkpoint: a signed note, with its cosignatures.
     * @description # Errors
     *     404 before the log's first.
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
        /** @description A C2SP tlog-checkpoint */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nothing was signed yet */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/log/tile/entries/{index}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A bundle of entries, each with its length in two bytes, big-endian, before it. The reading is itself a record.
     * @description # Errors
     *     404 for entries the newest checkpoint does not cover.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description As C2SP tlog-tiles writes it: x001/x234/067, 000.p/17 */
          index: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Entries */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": number[];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such entries */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/log/tile/{level}/{index}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A tile of hashes: 32 bytes each, 256 of them, or as many as the path says.
     * @description # Errors
     *     404 for a tile the newest checkpoint's tree does not have.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description 0 to 63 */
          level: string;
          /** @description As C2SP tlog-tiles writes it: x001/x234/067, 000.p/17 */
          index: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Hashes */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": number[];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such tile */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/records/{seq}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One record with its proof of inclusion. The reading is itself a record.
     * @description # Errors
     *     404 for a place the log does not have.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The record's place in the log, from 0 */
          seq: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The record */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ProvenRecord"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The log has no such record */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/sinks": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How far each sink has got.
     * @description # Errors
     *     When the database fails.
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
        /** @description The sinks */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AuditSinks"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/audit/witnesses": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How far each witness has cosigned the tenant's log.
     * @description # Errors
     *     When the database fails.
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
        /** @description The witnesses */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AuditWitnesses"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/catalogue": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Shows every model with what was decided about it, and the aliases.
     * @description # Errors
     *     403 without models.manage.
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
        /** @description The models and the aliases */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Catalogue"];
          };
        };
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/catalogue/aliases/{alias}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Has an alias mean a model from now on, whether it meant another before or did not exist.
     * @description # Errors
     *     400 for no such model or an impossible share, 409 for a model's own name or too many aliases.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          alias: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewAlias"];
        };
      };
      responses: {
        /** @description What it means from now on */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["NamedAlias"];
          };
        };
        /** @description No such model, no name, or an impossible share */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is a model's own name, or there are too many aliases */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    /**
     * Deletes an alias: whoever asks for it is told that there is no such model.
     * @description # Errors
     *     404 if there is none.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          alias: string;
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
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such alias */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/catalogue/models/{name}": {
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
     * Decides who may use a model, for what, and whether a worker holds it.
     * @description # Errors
     *     400 for nothing or too much, 404 for no such model, 409 when somebody else decided at the same time.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ModelPatch"];
        };
      };
      responses: {
        /** @description The model from now on */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CatalogueModel"];
          };
        };
        /** @description Malformed, or nothing to decide */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Somebody else decided at the same time */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    trace?: never;
  };
  "/api/catalogue/models/{name}/approve": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approves what somebody else proposed: the model may serve.
     * @description # Errors
     *     403 unless signed in at a browser, 409 for one's own proposal, other weights, or nothing proposed.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description In production */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CatalogueModel"];
          };
        };
        /** @description Needs models.manage, and a browser's session */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description One's own proposal, or nothing is proposed */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/catalogue/models/{name}/propose": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Proposes a model for production. Where two people are wanted it serves nobody before somebody else approves.
     * @description # Errors
     *     400 without a reason, 403 unless signed in at a browser, 409 if it is proposed or in production already.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["Promotion"];
        };
      };
      responses: {
        /** @description Proposed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CatalogueModel"];
          };
        };
        /** @description No reason */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs models.manage, and a browser's session */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is proposed or in production already */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/catalogue/models/{name}/reload": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has a fresh worker load the model; its files are checked anew. The old worker answers first what it has.
     * @description # Errors
     *     404 for no such model, 409 for one that no worker holds.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Being loaded */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CatalogueModel"];
          };
        };
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No worker holds it */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/catalogue/models/{name}/retire": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a model out of service at once, by one person: what runs is answered, nothing new is taken.
     * @description # Errors
     *     409 if it is retired already.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Out of service */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CatalogueModel"];
          };
        };
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is retired already */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/catalogue/models/{name}/withdraw": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a proposal back: one's own or anybody's.
     * @description # Errors
     *     409 if nothing is proposed.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Taken back */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CatalogueModel"];
          };
        };
        /** @description Needs models.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nothing is proposed */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Begins a conversation.
     * @description # Errors
     *     403 `residency_denied` for a classification that may not be kept here, 404 `model_not_found`.
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
        /** @description Needs chat.use, or the policy forbids keeping it here */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such model */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Deletes a conversation with its messages, for good: its key is destroyed.
     * @description # Errors
     *     404 for anybody else's, 409 `legal_hold`.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description A legal hold keeps it */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Renames a conversation, or raises how sensitive it is.
     * @description # Errors
     *     400 for an unusable title or a lower classification, 403 `residency_denied`, 404 for anybody else's.
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
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Conversation"];
          };
        };
        /** @description Needs chat.use, or the policy forbids keeping it here */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such conversation */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/erasures": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists what was deleted for good, the newest first.
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
        /** @description A page of erasures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_ErasureRow"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/erasures/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Certifies what an act destroyed, by the id of its audit record.
     * @description # Errors
     *     404 for another tenant's, or a record of something that destroyed no key.
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
        /** @description The certificates */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Certificates"];
          };
        };
        /** @description No such erasure */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/groups": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenant's groups, oldest first.
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
        /** @description A page of groups */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Group"];
          };
        };
        /** @description Needs users.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a group.
     * @description # Errors
     *     400 for roles the tenant does not have, 409 when the name is taken or duties would mix.
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
          "application/json": components["schemas"]["NewGroup"];
        };
      };
      responses: {
        /** @description Made */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Group"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken, or duties would mix */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/groups/{id}": {
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
     * Deletes a group; its members stay users.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Changes a group's name or roles.
     * @description # Errors
     *     404 for another tenant's, 409 when the name is taken or duties would mix.
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
          "application/json": components["schemas"]["GroupPatch"];
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Group"];
          };
        };
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken, or duties would mix */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    trace?: never;
  };
  "/api/groups/{id}/members": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists a group's members, oldest first.
     * @description # Errors
     *     404 for another tenant's.
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
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of members */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Member"];
          };
        };
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/groups/{id}/members/{user_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Puts a user into a group.
     * @description # Errors
     *     404 for another tenant's group or user, 409 for oneself.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          user_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description In */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such group or user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nobody changes their own rights */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    /**
     * Takes a user out of a group.
     * @description # Errors
     *     As for putting them in.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          user_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Out */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such group or user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nobody changes their own rights */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/guests": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Invites a guest.
     * @description # Errors
     *     400 for no or foreign roles, 409 when the address is taken in this tenant or duties would mix.
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
          "application/json": components["schemas"]["NewGuest"];
        };
      };
      responses: {
        /** @description Invited; the code is shown this once */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Invited"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The address is taken, or duties would mix */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/holds": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists holds, the newest first; those that were released, too.
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
        /** @description A page of holds */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_HoldRow"];
          };
        };
        /** @description Needs holds.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Places a hold: from now on nothing it holds is deleted, whoever asks.
     * @description # Errors
     *     400 without a reason or for a period that ends before it begins, 404 for a person of another tenant, 409 when there
     *     are too many.
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
          "application/json": components["schemas"]["NewHold"];
        };
      };
      responses: {
        /** @description Placed */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["HoldRow"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs holds.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/holds/{id}/release": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Releases a hold: what it held may be deleted again, and runs out again.
     * @description # Errors
     *     400 without a reason, 404 for another tenant's or one that was released.
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
          "application/json": components["schemas"]["Release"];
        };
      };
      responses: {
        /** @description Released */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No reason */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such hold in force */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/identity-providers": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenant's providers.
     * @description # Errors
     *     403 without `providers.manage`.
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
        /** @description The providers */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Providers"];
          };
        };
        /** @description Needs providers.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Sets up a provider.
     * @description # Errors
     *     400 naming the field that is wrong, 409 when the name is taken or there are too many.
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
          "application/json": components["schemas"]["NewProvider"];
        };
      };
      responses: {
        /** @description Set up */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ProviderRow"];
          };
        };
        /** @description Malformed, or the operator does not allow its address */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/identity-providers/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Replaces a provider's settings. What it brought before ends where that matters: another issuer, client or
     *     directory, or turning it off, ends the sessions that grew out of it.
     * @description # Errors
     *     As for setting one up; 404 for another tenant's.
     */
    put: {
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
          "application/json": components["schemas"]["NewProvider"];
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ProviderRow"];
          };
        };
        /** @description Malformed, or the operator does not allow its address */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such provider */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    /**
     * Removes a provider. Its users stay and must sign in another way; sessions it brought end.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description Removed */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such provider */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/identity-providers/{id}/probe": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tries whether a provider can be asked, with what is kept.
     * @description # Errors
     *     404 for another tenant's; what is wrong with the provider is an answer, not an error.
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
      requestBody?: never;
      responses: {
        /** @description What was found */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Probe"];
          };
        };
        /** @description No such provider */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a key that acts as the caller, or as a service account.
     * @description # Errors
     *     400 for a bad name, expiry, scope or network, 404 for no such service account, 409 when the name is taken.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such service account */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/keys/{id}/rotate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Gives a key a successor of the same owner, scopes, networks and length of life.
     * @description # Errors
     *     404 when there is no such living key, 409 when it was replaced already.
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
          "application/json": components["schemas"]["Rotation"];
        };
      };
      responses: {
        /** @description The successor; its secret is shown this once */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreatedKey"];
          };
        };
        /** @description No such key */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hands out all that is kept of the caller, in the same form.
     * @description # Errors
     *     403 `residency_denied`.
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
        /** @description The file */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/x-ndjson": string;
          };
        };
        /** @description The policy forbids it here, or a key asks */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many at the same time */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/factors": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists one's factors.
     * @description # Errors
     *     401 when nobody is signed in.
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
        /** @description The factors */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["MyFactors"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists one's own keys, oldest first.
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
        /** @description Needs keys.own */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a key that acts as oneself.
     * @description # Errors
     *     400 for a bad name, expiry, scope or network, 409 when the name is taken.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/keys/{id}": {
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
     * Revokes one of one's own keys at once.
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
        /** @description Revoked */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such key of yours */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/me/keys/{id}/rotate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Gives one of one's own keys a successor.
     * @description # Errors
     *     404 for anybody else's, 409 when it was replaced already.
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
          "application/json": components["schemas"]["Rotation"];
        };
      };
      responses: {
        /** @description The successor; its secret is shown this once */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreatedKey"];
          };
        };
        /** @description No such key of yours */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/passkeys/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begins to register a passkey.
     * @description # Errors
     *     409 when one has too many, 400 where the service has no host name.
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
        /** @description What to ask the authenticator */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Begun"];
          };
        };
        /** @description Too many */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/passkeys/finish": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ends a registration. A sign-in that waited for it is finished.
     * @description # Errors
     *     400 for an answer that does not fit, 409 for a passkey that is registered already.
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
          "application/json": components["schemas"]["NewPasskey"];
        };
      };
      responses: {
        /** @description Registered */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["PasskeyRow"];
          };
        };
        /** @description The answer does not fit */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is registered already */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/passkeys/{id}": {
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
     * Removes one of one's passkeys.
     * @description # Errors
     *     404 for anybody else's, 409 when the tenant demands a second factor and this is the last.
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
        /** @description Removed */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such passkey of yours */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is the last, and the tenant demands one */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/me/sessions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists one's own sessions.
     * @description # Errors
     *     401 when nobody is signed in.
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
        /** @description The sessions */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Sessions"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/sessions/{id}": {
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
     * Ends one of one's own sessions, and what it is having answered.
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
        /** @description Ended */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such session of yours */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/me/tokens": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists what one's programs were given.
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
        /** @description A page of grants */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_GrantRow"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Gives a program access: an access token, and a refresh token for the next ones. Shown this once.
     * @description # Errors
     *     403 for a key or token: only a person signed in hands on access; 400 for scopes one does not hold.
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
          "application/json": components["schemas"]["NewGrant"];
        };
      };
      responses: {
        /** @description The tokens */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["TokenAnswer"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Sign in first */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/tokens/{id}": {
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
     * Ends what a program was given, at once.
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
        /** @description Ended */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such grant of yours */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/me/totp": {
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
     * Removes one's authenticator app and recovery codes.
     * @description # Errors
     *     404 when there is none, 409 when the tenant demands a second factor and this is the last.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Removed */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description There is none */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is the last, and the tenant demands one */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/me/totp/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begins to set up an authenticator app; it counts once a first code was shown.
     * @description # Errors
     *     409 when there is one.
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
        /** @description What to put into the app */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["TotpSetup"];
          };
        };
        /** @description There is one already */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/me/totp/confirm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows the app's first code: from now on it is asked for. A sign-in that waited for this is finished.
     * @description # Errors
     *     401 for a wrong code, 404 when nothing was begun, 429 after too many.
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
          "application/json": components["schemas"]["TotpCode"];
        };
      };
      responses: {
        /** @description Set up; the codes are shown this once */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["RecoveryCodes"];
          };
        };
        /** @description The code is wrong */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nothing was begun */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/models": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the models that the tenant may use, and their state. */
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/projects": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the projects the caller is a member of, or all for who holds `projects.manage`; oldest first.
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
        /** @description A page of projects */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Project"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a project without members.
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
          "application/json": components["schemas"]["ProjectName"];
        };
      };
      responses: {
        /** @description Made */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Project"];
          };
        };
        /** @description Needs projects.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/projects/{id}": {
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
     * Deletes a project and revokes its keys; its members stay users.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description Needs projects.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such project */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Gives a project another name.
     * @description # Errors
     *     404 for one the caller is not to see, 403 for who does not administer it, 409 when the name is taken.
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
          "application/json": components["schemas"]["ProjectName"];
        };
      };
      responses: {
        /** @description Renamed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Project"];
          };
        };
        /** @description Needs projects.manage, or to administer the project */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such project */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    trace?: never;
  };
  "/api/projects/{id}/keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists a project's keys, oldest first: all for its administrators, one's own for its other members.
     * @description # Errors
     *     404 for a project the caller is not to see.
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
        path: {
          id: string;
        };
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
        /** @description No such project */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a key that acts as the caller, a member of the project, and belongs to it.
     * @description # Errors
     *     400 for a bad name, expiry, scope or network, 404 for a project one is no member of, 409 when the name is taken.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such project, or one is no member */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/projects/{id}/keys/{key_id}": {
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
     * Revokes a key of the project at once: any for its administrators, one's own for its other members.
     * @description # Errors
     *     404 when the project has no such living key.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          key_id: string;
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
        /** @description No such project or key */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/projects/{id}/members": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists a project's members, oldest user first.
     * @description # Errors
     *     404 for a project the caller is not to see.
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
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of members */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_MemberRow"];
          };
        };
        /** @description No such project */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/projects/{id}/members/{user_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Makes a user of the tenant a member, or gives a member another role.
     * @description # Errors
     *     403 for who does not administer the project, 404 for no such project or user, 409 for oneself.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          user_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ProjectMembership"];
        };
      };
      responses: {
        /** @description In */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description Needs projects.manage, or to administer the project */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such project or user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nobody changes their own membership */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    /**
     * Takes a member out of a project; their keys of it are revoked. Its administrators may leave it themselves.
     * @description # Errors
     *     403 for who does not administer the project, 404 for no such project or member.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          user_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Out */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description Needs projects.manage, or to administer the project */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such project or member */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/residency-policy": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells the policy in force; everybody it binds may know it.
     * @description # Errors
     *     401 when nobody is signed in.
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
        /** @description The policy in force */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["InForce"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/attest": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Reports on where the tenant's content was in a period: signed, with the audit records it follows from.
     * @description # Errors
     *     400 without a reason or a period that is over, 503 when the log cannot be read or signed.
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
          "application/json": components["schemas"]["AttestRequest"];
        };
      };
      responses: {
        /** @description The file */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": number[];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs audit.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The log cannot be read or signed */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/dry-run": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tries a policy on the decisions of the last 30 days that were allowed. Nothing is kept.
     * @description # Errors
     *     400 for faulty rules, 409 for a version that does not come next.
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
          "application/json": components["schemas"]["Candidate"];
        };
      };
      responses: {
        /** @description What it would have refused */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Tried"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs policy.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Another version is in force */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/history": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the policies there have been, the newest first.
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
        /** @description A page of policies */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Version"];
          };
        };
        /** @description Needs policy.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/proposals": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists proposals, the newest first.
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
        /** @description A page of proposals */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Paged_Proposal"];
          };
        };
        /** @description Needs policy.read */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Proposes a policy. It changes nothing before somebody else approves.
     * @description # Errors
     *     400 for faulty rules or a date too far ahead, 409 for a version that does not come next or too many that wait.
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
          "application/json": components["schemas"]["NewProposal"];
        };
      };
      responses: {
        /** @description Proposed */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Proposal"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs policy.manage, and a browser's session */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Another version is in force, or too many wait */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/proposals/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Shows a proposal, with what it would have refused in the last 30 days.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description The proposal */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Proposal"];
          };
        };
        /** @description No such proposal */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/proposals/{id}/approve": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approves somebody else's proposal. If its date has come, it is in force from now on.
     * @description # Errors
     *     403 unless signed in at a browser, 404 for another tenant's, 409 for one's own or one that waits no more.
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
      requestBody?: never;
      responses: {
        /** @description Approved, and in force if its date has come */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Proposal"];
          };
        };
        /** @description Needs policy.manage, and a browser's session */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such proposal */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description One's own, or it waits no more */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/residency-policy/proposals/{id}/withdraw": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a proposal back: one's own or anybody's, as long as it is not in force.
     * @description # Errors
     *     404 for another tenant's, 409 for one that waits no more.
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
      requestBody?: never;
      responses: {
        /** @description Taken back */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Proposal"];
          };
        };
        /** @description No such proposal */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It waits no more */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/roles": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists permissions and roles.
     * @description # Errors
     *     When the database fails.
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
        /** @description The table */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Roles"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a role.
     * @description # Errors
     *     400 for permissions no tenant may give, 409 when the name is taken, duties would mix or there are too many.
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
          "application/json": components["schemas"]["NewRole"];
        };
      };
      responses: {
        /** @description Made */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["RoleRow"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken, or duties would mix */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/roles/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Replaces a role's name and permissions; whoever holds it is bound by them at once.
     * @description # Errors
     *     As for making one; 404 for another tenant's.
     */
    put: {
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
          "application/json": components["schemas"]["NewRole"];
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["RoleRow"];
          };
        };
        /** @description No such role */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken, or duties would mix */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    /**
     * Deletes a role that nobody holds.
     * @description # Errors
     *     404 for another tenant's, 409 while a user or a group holds it.
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
        /** @description No such role */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Somebody holds it */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sign-in-policy": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells the policy; everybody it binds may know it.
     * @description # Errors
     *     401 when nobody is signed in.
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
        /** @description The policy */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": Record<string, unknown>;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    /**
     * Replaces the policy; absent fields take their defaults. The version counts up by itself.
     * @description # Errors
     *     400 for values out of their bounds.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": Record<string, unknown>;
        };
      };
      responses: {
        /** @description The policy from now on */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": Record<string, unknown>;
          };
        };
        /** @description Out of bounds */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs policy.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The name is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/tenants/{id}": {
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
     * Deletes a suspended tenant with everything of its own; its audit log stays. What was sealed for it can never
     *     be read again.
     * @description # Errors
     *     400 when the name is not spelled out, 404 for no such tenant, 409 while it is active.
     */
    delete: {
      parameters: {
        query: {
          /** @description The tenant's name, spelled out. */
          confirm: string;
        };
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
        /** @description The name is not spelled out */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such tenant */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is active, or your own */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Suspends or resumes a tenant.
     * @description # Errors
     *     404 for no such tenant, 409 for one's own.
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
          "application/json": components["schemas"]["TenantPatch"];
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Tenant"];
          };
        };
        /** @description No such tenant */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It is your own */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
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
     * Adds an administrator to a tenant; they name its auditors.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The address is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/token-issuers": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the issuers the tenant trusts.
     * @description # Errors
     *     403 without `providers.manage`.
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
        /** @description The issuers */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Issuers"];
          };
        };
        /** @description Needs providers.manage */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Trusts an issuer.
     * @description # Errors
     *     400 naming the field that is wrong, 409 when name or issuer and audience are taken.
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
          "application/json": components["schemas"]["NewIssuer"];
        };
      };
      responses: {
        /** @description Trusted */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["IssuerRow"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/token-issuers/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Replaces what is known of an issuer; tokens it brought end.
     * @description # Errors
     *     As for trusting one; 404 for another tenant's.
     */
    put: {
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
          "application/json": components["schemas"]["NewIssuer"];
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["IssuerRow"];
          };
        };
        /** @description Malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such issuer */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    /**
     * Trusts an issuer no more; tokens it brought end.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description Removed */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such issuer */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Adds a person with a one-time password, or a service account.
     * @description # Errors
     *     400 for no or foreign roles, 409 when the address is taken in this tenant or duties would mix.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The address is taken, or duties would mix */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
    /**
     * Tells of one user.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description The user */
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Deletes a user with their sessions, keys, conversations and factors; the audit log keeps what they did.
     * @description # Errors
     *     404 for another tenant's, 409 for deleting oneself or the platform's operator, and for whom a legal hold is in force.
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
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nobody deletes themselves */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Changes a user's name, roles or status.
     * @description # Errors
     *     404 for another tenant's, 409 for changing one's own rights or mixing duties.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Nobody changes their own rights */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    trace?: never;
  };
  "/api/users/{id}/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hands out all that is kept of a person: the account, sessions, keys and grants without their secrets, and every conversation. That it was is on record.
     * @description One JSON object a line. The last one has `"kind": "end"` and counts the others; a file without it broke off.
     *
     *     # Errors
     *     400 without a reason, 403 `residency_denied`, 404 for another tenant's.
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
          "application/json": components["schemas"]["ExportReason"];
        };
      };
      responses: {
        /** @description The file */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/x-ndjson": string;
          };
        };
        /** @description No reason */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Needs subjects.export, or the policy forbids it here */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many at the same time */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/users/{id}/factors": {
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
     * Takes away a user's second factors, for somebody who lost their device; their sessions end.
     * @description # Errors
     *     404 for another tenant's, 409 for oneself.
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
        /** @description Gone */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description One's own are removed under /api/me */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/users/{id}/password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Gives a user a one-time password and ends their sessions.
     * @description # Errors
     *     404 for another tenant's, 409 for an account that does not sign in with a password kept here.
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
      requestBody?: never;
      responses: {
        /** @description The password is shown this once */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreatedUser"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The account has no password here */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/api/users/{id}/sessions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists a user's sessions, newest first.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description The sessions */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Sessions"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Ends every session of a user, and what they are having answered.
     * @description # Errors
     *     404 for another tenant's.
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
        /** @description Ended */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/break-glass": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Unlocks the tenant's emergency account for an hour. The halves work once.
     * @description # Errors
     *     400 without a reason, 401 `invalid_credentials` whatever is wrong, 429 after too many failures.
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
          "application/json": components["schemas"]["UnlockRequest"];
        };
      };
      responses: {
        /** @description Unlocked; the cookie is set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description Malformed, or no reason */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Refused */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many attempts; Retry-After says when to come back */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/certificate/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs in with the connection's client certificate.
     * @description # Errors
     *     401 `invalid_credentials` without a certificate the tenant believes, 403 `sign_in_refused` with what was missing,
     *     404 for an unknown provider.
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
      requestBody?: never;
      responses: {
        /** @description Signed in, or on the way: see `stage`; the cookie is set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description No certificate, or none that is believed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The tenant lets nobody in so */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such provider */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/ldap/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs in with a directory's word.
     * @description # Errors
     *     401 `invalid_credentials`, 403 `sign_in_refused` with what was missing, 404 for an unknown provider, 429 after too
     *     many failures, 503 `provider_unavailable`.
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
          "application/json": components["schemas"]["LdapLogin"];
        };
      };
      responses: {
        /** @description Signed in, or on the way: see `stage`; the cookie is set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description Wrong name or password */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The directory or the tenant lets nobody in so */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such provider */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many attempts; Retry-After says when to come back */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The directory cannot be asked */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
     *     401 `invalid_credentials`, 409 when the tenant must be named, 429 after too many failures.
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
        /** @description Signed in, or on the way: see `stage`; the cookie is set */
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Wrong address or password */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Name the tenant */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many attempts; Retry-After says when to come back */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/methods": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells how one may sign in. What is told of a tenant that does not exist is what is told of one with the
     *     defaults.
     * @description # Errors
     *     When the database fails.
     */
    get: {
      parameters: {
        query?: {
          /** @description The tenant's name; not needed where there is only one. */
          tenant?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The ways */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Methods"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/oidc/callback": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Takes the browser back and signs it in.
     * @description # Errors
     *     None of its own: whatever goes wrong is a page that says so.
     */
    get: {
      parameters: {
        query?: {
          code?: string;
          state?: string;
          error?: string;
          error_description?: string;
          /** @description RFC 9207. */
          iss?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Signed in, as a page that goes on by itself; the cookie is set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The answer is over, or not this browser's, as a page */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The provider or the tenant says no, as a page */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/oidc/{id}/backchannel-logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a provider's word that somebody signed out there: their sessions here end.
     * @description # Errors
     *     400 for a token that is not to be believed, 404 for an unknown provider.
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
          "application/x-www-form-urlencoded": components["schemas"]["LogoutForm"];
        };
      };
      responses: {
        /** @description Done; how many sessions that were is not told */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The token is refused */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description No such provider */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/oidc/{id}/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Sends the browser to a provider.
     * @description # Errors
     *     None of its own: whatever goes wrong is a page that says so.
     */
    get: {
      parameters: {
        query?: {
          /** @description A path of this service; `/` by default. */
          return_to?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description On to the provider */
        302: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No such provider, as a page */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The provider cannot be asked, as a page */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/passkey/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begins to ask whoever is there.
     * @description # Errors
     *     400 where the service has no host name.
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
        /** @description What to ask the authenticator */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Begun"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/passkey/finish": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs in with the passkey that answered.
     * @description # Errors
     *     400 for a ceremony that is over, 401 for a passkey that is unknown or refused.
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
          "application/json": components["schemas"]["PasskeyAnswer"];
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
        /** @description Unknown or refused */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sets a new password; every other session of the user ends.
     * @description # Errors
     *     400 for one the tenant's policy does not take, 401 when the current one is wrong, 429 after too many failures.
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
          "application/json": components["schemas"]["PasswordChange"];
        };
      };
      responses: {
        /** @description Changed; the session goes on under a new cookie */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description The new password is too short or too like the account */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The current password is wrong */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many attempts */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/revoke": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ends the grant a refresh token renews (RFC 7009). An unknown token is no error.
     * @description # Errors
     *     When the database fails.
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
          "application/x-www-form-urlencoded": Record<string, unknown>;
        };
      };
      responses: {
        /** @description It is worth nothing now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description No token was sent */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
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
  "/auth/second-factor/passkey/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begins to ask for a passkey as the second factor.
     * @description # Errors
     *     404 when the user has none.
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
        /** @description What to ask the authenticator */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Begun"];
          };
        };
        /** @description The user has none */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/second-factor/passkey/finish": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows a passkey as the second factor.
     * @description # Errors
     *     400 for a ceremony that is over, 401 for a passkey that is refused.
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
          "application/json": components["schemas"]["PasskeyAnswer"];
        };
      };
      responses: {
        /** @description Shown; see `stage` */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description Refused */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/second-factor/recovery": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows a recovery code; it is used up.
     * @description # Errors
     *     401 for a wrong code, 429 after too many.
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
          "application/json": components["schemas"]["TotpCode"];
        };
      };
      responses: {
        /** @description Shown; see `stage` */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description The code is wrong */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many attempts */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/second-factor/totp": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows a code of the authenticator app.
     * @description # Errors
     *     401 for a wrong code, 429 after too many.
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
          "application/json": components["schemas"]["TotpCode"];
        };
      };
      responses: {
        /** @description Shown; see `stage` */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description The code is wrong */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description Too many attempts */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
     * Tells who is signed in, and what is missing if the sign-in is not finished.
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
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/switch": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Goes on in another tenant one may act in, or back home, in a session of its own.
     * @description # Errors
     *     404 for a tenant one may not act in, 409 when it demands a second factor that was not shown.
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
          "application/json": components["schemas"]["Switch"];
        };
      };
      responses: {
        /** @description There; the cookie is set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SessionInfo"];
          };
        };
        /** @description One may not act there */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It demands a second factor */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/tenants": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenants one may act in.
     * @description # Errors
     *     401 when nobody is signed in.
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
        /** @description The tenants */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Memberships"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Accepts an invitation to another tenant.
     * @description # Errors
     *     400 for a code that is over, 403 for one meant for another address, 409 for one's own tenant.
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
          "application/json": components["schemas"]["Acceptance"];
        };
      };
      responses: {
        /** @description Accepted */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description The code is over */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It was meant for another address */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/auth/token": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Issues an access token.
     * @description # Errors
     *     OAuth's: `invalid_request`, `invalid_client`, `invalid_grant`, `unsupported_grant_type`.
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
          "application/x-www-form-urlencoded": components["schemas"]["TokenForm"];
        };
      };
      responses: {
        /** @description The token */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["TokenAnswer"];
          };
        };
        /** @description What was shown is no good */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
          };
        };
        /** @description The API key is no good */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["OAuthError"];
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
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
            "application/problem+json": components["schemas"]["Readiness"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/scim/v2/.search": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Looks for users and groups: users first.
     * @description # Errors
     *     As for the lists.
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
          "application/scim+json": components["schemas"]["SearchRequest"];
        };
      };
      responses: {
        /** @description A page of users and groups */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description A bad filter */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Groups": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenant's groups, oldest first.
     * @description # Errors
     *     400 for a filter that cannot be read or would look through too much.
     */
    get: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of groups */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description A bad filter */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a group, which brings no roles until an administrator gives it some.
     * @description # Errors
     *     400 for a value of the wrong kind, 403 for a member that SCIM does not keep, 409 when a name is taken.
     */
    post: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/scim+json": unknown;
        };
      };
      responses: {
        /** @description Made */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description A bad value */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description displayName or externalId is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Groups/.search": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Looks for groups.
     * @description # Errors
     *     As for the list.
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
          "application/scim+json": components["schemas"]["SearchRequest"];
        };
      };
      responses: {
        /** @description A page of groups */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description A bad filter */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Groups/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells of one group.
     * @description # Errors
     *     404 for another tenant's.
     */
    get: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The group */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    /**
     * Replaces a group and its members.
     * @description # Errors
     *     403 for a group or a member that SCIM does not keep, 404 for another tenant's, else as for making one.
     */
    put: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/scim+json": unknown;
        };
      };
      responses: {
        /** @description Replaced */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description Not kept by SCIM */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    post?: never;
    /**
     * Deletes a group; its members stay users.
     * @description # Errors
     *     403 for a group that SCIM does not keep, 404 for another tenant's.
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
        /** @description Not kept by SCIM */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Changes parts of a group: its name, its members.
     * @description # Errors
     *     As for replacing one.
     */
    patch: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/scim+json": unknown;
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description Not kept by SCIM */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description No such group */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    trace?: never;
  };
  "/scim/v2/ResourceTypes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the kinds of resources.
     * @description # Errors
     *     None of its own.
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
        /** @description The kinds of resources */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/ResourceTypes/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells of one kind of resource.
     * @description # Errors
     *     404 for any other.
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
        /** @description The kind */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description No such kind */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Schemas": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the schemas.
     * @description # Errors
     *     None of its own.
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
        /** @description The schemas */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Schemas/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells of one schema.
     * @description # Errors
     *     404 for any other.
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
        /** @description The schema */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description No such schema */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/ServiceProviderConfig": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells what of the protocol is offered.
     * @description # Errors
     *     None of its own.
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
        /** @description What is offered */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tenant's people, oldest first.
     * @description # Errors
     *     400 for a filter that cannot be read or would look through too much.
     */
    get: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
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
            "application/scim+json": unknown;
          };
        };
        /** @description A bad filter */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    put?: never;
    /**
     * Makes a user, who signs in at an identity provider and holds the role `member`.
     * @description # Errors
     *     400 for a value of the wrong kind, 409 when `userName` or `externalId` is taken.
     */
    post: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/scim+json": unknown;
        };
      };
      responses: {
        /** @description Made */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description A bad value */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description userName or externalId is taken */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Users/.search": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Looks for users.
     * @description # Errors
     *     As for the list.
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
          "application/scim+json": components["schemas"]["SearchRequest"];
        };
      };
      responses: {
        /** @description A page of users */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description A bad filter */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
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
  "/scim/v2/Users/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells of one user.
     * @description # Errors
     *     404 for another tenant's, a guest or a service account.
     */
    get: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The user */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    /**
     * Replaces a user. `active` stays as it is if the body does not name it.
     * @description # Errors
     *     403 for a user that SCIM does not keep, 404 for another tenant's, else as for making one.
     */
    put: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/scim+json": unknown;
        };
      };
      responses: {
        /** @description Replaced */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description Not kept by SCIM */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    post?: never;
    /**
     * Deletes a user with what is theirs; the audit log keeps what they did.
     * @description # Errors
     *     403 for a user that SCIM does not keep, 404 for another tenant's.
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
        /** @description Not kept by SCIM */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Changes parts of a user; `active` false ends their sessions, keys and running answers at once.
     * @description # Errors
     *     As for replacing one.
     */
    patch: {
      parameters: {
        query?: {
          /** @description Which resources (RFC 7644, section 3.4.2.2); all, if absent. */
          filter?: string;
          /** @description The position of the first one, from 1. */
          startIndex?: number;
          /** @description How many, 0 to 200; 100 by default. */
          count?: number;
          /** @description The only attributes to show, separated by commas. */
          attributes?: string;
          /** @description The attributes not to show, separated by commas. */
          excludedAttributes?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/scim+json": unknown;
        };
      };
      responses: {
        /** @description Changed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": unknown;
          };
        };
        /** @description Not kept by SCIM */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description No such user */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/scim+json": components["schemas"]["ScimError"];
          };
        };
      };
    };
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
  "/v1/completions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Goes on with a text, whole or as a stream.
     * @description # Errors
     *     As chat completions.
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
          "application/json": components["schemas"]["CompletionRequest"];
        };
      };
      responses: {
        /** @description The answer; with stream: true, server-sent chunks */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Completion"];
            "text/event-stream": components["schemas"]["Completion"];
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
  "/v1/embeddings": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Turns texts into vectors.
     * @description # Errors
     *     As chat completions; 400 where the model writes text.
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
          "application/json": components["schemas"]["EmbeddingsRequest"];
        };
      };
      responses: {
        /** @description The vectors, each of length 1 */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["EmbeddingList"];
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
  "/v1/messages": {
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
     *     As chat completions.
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /** @description `2023-06-01` or `2026-10-21` */
          "anthropic-version": string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["MessagesRequest"];
        };
      };
      responses: {
        /** @description The answer; with stream: true, server-sent events */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["MessagesAnswer"];
            "text/event-stream": components["schemas"]["MessagesEvent"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AnthropicError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AnthropicError"];
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
  "/v1/messages/count_tokens": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Counts the tokens of a conversation.
     * @description # Errors
     *     As `/v1/messages`, but nothing waits in a queue.
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /** @description `2023-06-01` or `2026-10-21` */
          "anthropic-version": string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["CountTokensRequest"];
        };
      };
      responses: {
        /** @description The count */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["TokenCount"];
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AnthropicError"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["AnthropicError"];
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
    /** Lists the models that the tenant may use, and the aliases of such. */
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
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/responses": {
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
     *     As chat completions.
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
          "application/json": components["schemas"]["ResponsesRequest"];
        };
      };
      responses: {
        /** @description The response; with stream: true, server-sent events */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ResponseObject"];
            "text/event-stream": components["schemas"]["Numbered"];
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
  "/v1/responses/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A response the caller stored, as it was answered.
     * @description # Errors
     *     404 for anybody else's, and for one that was not stored.
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
        /** @description The response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ResponseObject"];
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
    put?: never;
    post?: never;
    /**
     * Deletes a response the caller stored, for good: its key is destroyed.
     * @description # Errors
     *     404 for anybody else's, 409 `legal_hold`.
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
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DeletedResponse"];
          };
        };
        /** @description The request is at fault, or a legal hold keeps it */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/tokenize": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cuts a text into the tokens of a model.
     * @description # Errors
     *     As chat completions, but nothing waits in a queue.
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
          "application/json": components["schemas"]["TokenizeRequest"];
        };
      };
      responses: {
        /** @description The tokens */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Tokens"];
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
  "/witness/add-checkpoint": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cosigns a checkpoint.
     * @description # Errors
     *     As tlog-witness has it: 400 for what is no request or goes backwards, 403 for a checkpoint that its log has not signed,
     *     404 for a log this appliance does not witness, 409 (with the size) if another one was cosigned last, 422 for one that
     *     does not continue it.
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
          "text/plain": string;
        };
      };
      responses: {
        /** @description The cosignature */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description No such request */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description Not signed by the log */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description Another log */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description The size cosigned last */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/x.tlog.size": string;
          };
        };
        /** @description It does not continue what was cosigned */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description It cannot be kept, so it is not cosigned */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
  "/witness/key": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The key with which this appliance cosigns, for those who configure it as a witness. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description name+hash+base64 */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/plain": string;
          };
        };
        /** @description The request is at fault */
        "4XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description The service is at fault */
        "5XX": {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
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
    /** @description What an administrator of the other tenant handed on. */
    Acceptance: {
      /** @description The code. */
      invitation: string;
    };
    /** @description A saved alert. */
    AlertRow: {
      /** @description Event codes, or the beginning of some: `auth.*`. */
      events: string[];
      /** @description `none`, `actor` or `source`. */
      group_by: string;
      id: string;
      /** @description When it last fired; null if it never did. */
      last_fired_at?: string | null;
      /**
       * Format: int64
       * @description The place in the log of the record that made it fire.
       */
      last_fired_seq?: number | null;
      name: string;
      /** @description `success` or `failure`; null for both. */
      outcome?: string | null;
      saved_at: string;
      saved_by?: string | null;
      /** Format: int32 */
      threshold: number;
      /** Format: int32 */
      window_seconds: number;
    };
    /** @description The alerts over the tenant's log. */
    Alerts: {
      /** @description At most 100, the oldest first. */
      items: components["schemas"]["AlertRow"][];
    };
    /** @description The model's message. */
    AnswerMessage: {
      /** @description What it said; null if it only called. */
      content?: string | null;
      /** @description What it thought before, where the model's template tells the two apart. */
      reasoning_content?: string | null;
      refusal?: string | null;
      role: string;
      tool_calls?: components["schemas"]["ToolCall"][];
    };
    /** @description Anthropic's error object. */
    AnthropicError: {
      /** @description The inside. */
      error: components["schemas"]["AnthropicErrorBody"];
      /** @description Names the request in the log. */
      request_id: string;
      /** @description Always `error`. */
      type: string;
    };
    /** @description The inside of Anthropic's error object. */
    AnthropicErrorBody: {
      /** @description What kind of error it is, for programs; Leeward's own addition. */
      code: string;
      /** @description What is wrong and what to do; begins with the field at fault, if one is. */
      message: string;
      /** @description Anthropic's coarse kind. */
      type: string;
    };
    /** @description What to report on, and why. */
    AttestRequest: {
      /** @description `report` (for `leeward-verify attest`, the default), or `pdf`, a copy for reading. */
      format?: string | null;
      /** @description The period's first instant (RFC 3339). */
      from: string;
      /** @description Why, in 3 to 500 characters: it goes on record. */
      reason: string;
      /** @description The first instant after it; not in the future. */
      to: string;
    };
    /** @description How the log is. */
    AuditHealth: {
      /** @description Since when. */
      since?: string | null;
      /** @description `ok`, `space_low` (no inference) or `fenced` (nothing is answered). */
      state: string;
      /** @description What happened. */
      why?: string | null;
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
      /** @description Where the log stands. */
      head: components["schemas"]["LogHead"];
      /** @description The records. */
      items: components["schemas"]["AuditItem"][];
      /**
       * @description Ask with this for older records; null at the end. A page may be short, or empty, and have one: a search looks
       *     at so many records at a time.
       */
      next_cursor?: string | null;
    };
    /** @description A sink, and how far it has got with the tenant's log. */
    AuditSink: {
      /**
       * Format: int64
       * @description Records it has yet to take.
       */
      behind: number;
      /**
       * Format: int64
       * @description The last record it took.
       */
      delivered_seq?: number | null;
      /** @description How records travel: `syslog+tls`, `syslog+tcp`, `https`, `http` or `file`. */
      kind: string;
      /** @description What it failed with last. */
      last_error?: string | null;
      /** @description When it last took something. */
      last_success_at?: string | null;
      /** @description Its name. */
      name: string;
      /** @description The rule of the tenant's policy that allows or forbids it. */
      rule: string;
      /** @description Where it stands. */
      site: string;
      /** @description `ok`, `retrying`, `waiting` before the first record, or `withheld` where the tenant's policy forbids it. */
      state: string;
    };
    /** @description The sinks of the tenant's log. */
    AuditSinks: {
      /** @description Those of the configuration that get this log, in its order. */
      items: components["schemas"]["AuditSink"][];
    };
    /** @description A witness, and how far it has cosigned the tenant's log. */
    AuditWitness: {
      /** @description When it cosigned that. */
      cosigned_at?: string | null;
      /**
       * Format: int64
       * @description The size of the last checkpoint it cosigned.
       */
      cosigned_size?: number | null;
      /** @description What it failed with last. */
      last_error?: string | null;
      /** @description Its name. */
      name: string;
      /** @description The rule of the tenant's policy that allows or forbids it. */
      rule: string;
      /** @description Where it stands. */
      site: string;
      /** @description `ok`, `retrying`, `waiting` before the first cosignature, or `withheld` where the tenant's policy forbids it. */
      state: string;
    };
    /** @description The witnesses of the tenant's log. */
    AuditWitnesses: {
      /** @description Those of the configuration, in its order. */
      items: components["schemas"]["AuditWitness"][];
    };
    /** @description The first half of a passkey ceremony. */
    Begun: {
      /** @description To be sent back with the answer; good for five minutes, once. */
      ceremony: string;
      /** @description What `navigator.credentials` is given, as JSON (WebAuthn Level 3). */
      options: Record<string, unknown>;
    };
    /** @description What a block grows by. */
    BlockDelta:
      | {
          thinking: string;
          /** @enum {string} */
          type: "thinking_delta";
        }
      | {
          text: string;
          /** @enum {string} */
          type: "text_delta";
        }
      | {
          partial_json: string;
          /** @enum {string} */
          type: "input_json_delta";
        };
    /** @description A piece of a call: its name first, then its arguments. */
    CallDelta: {
      function: components["schemas"]["FunctionDelta"];
      id?: string | null;
      /** Format: int32 */
      index: number;
      type?: string | null;
    };
    /** @description The inside of a call. */
    CalledFunction: {
      /** @description The text of a JSON object. */
      arguments: string;
      name: string;
    };
    /** @description The inside of a call. */
    CalledFunctionParam: {
      /** @description Its arguments: the text of a JSON object. */
      arguments: string;
      /** @description The function. */
      name: string;
    };
    /** @description A policy to try. */
    Candidate: {
      /** @description With the version that follows the one in force. */
      policy: Record<string, unknown>;
    };
    /** @description How much the log is accompanied by. */
    Capture: {
      /**
       * Format: int32
       * @description For how many days captured content is kept; null for no limit.
       */
      days?: number | null;
      /** @description `none`, `metadata` (token counts), `digests` (keyed digests of prompt and answer) or `content` (both, encrypted). */
      level: string;
    };
    /** @description What was captured of an inference. */
    Captured: {
      classification: string;
      /** @description What was asked (as JSON, the whole conversation as the model got it), and what was answered, as far as it got. */
      messages: components["schemas"]["Message"][];
      model: string;
      request: string;
      /** @description Who asked. */
      user: string;
    };
    /** @description The models and the aliases. */
    Catalogue: {
      /** @description In the order of their names. */
      aliases: components["schemas"]["NamedAlias"][];
      /** @description In the order of their names. */
      models: components["schemas"]["CatalogueModel"][];
      /** @description Whether two people must stand behind a model before it serves (`models.two_people`). */
      two_people: boolean;
    };
    /** @description A model, and what was decided about it. */
    CatalogueModel: {
      /** @description The aliases that mean it. */
      aliases: string[];
      architecture: string;
      /** @description The most sensitive content it may be given; null for no ceiling of its own. */
      ceiling?: string | null;
      /**
       * Format: int32
       * @description The longest prompt plus answer it was made for, in tokens.
       */
      context_length: number;
      /** @description What is wrong, if something is. */
      detail?: string | null;
      /** @description Bytes a worker needs for it, at least: `weights` and `context`. */
      footprint: Record<string, unknown>;
      imported_at: string;
      licence?: string | null;
      /** @description Whether a worker is to hold it. */
      loaded: boolean;
      /** @description What requests call it. */
      name: string;
      /** Format: int64 */
      parameters: number;
      /**
       * @description How far it has come: an object with `stage` `imported`, `proposed` (with `by`, `reason`, `at`), `production` (with
       *     `proposed_by`, `approved_by`, `at`) or `retired`.
       */
      promotion: Record<string, unknown>;
      quantisation: string;
      /** @description Requests that wait. */
      queued: number;
      /**
       * Format: int64
       * @description Bytes its worker holds now.
       */
      resident_bytes?: number | null;
      /** @description Requests being answered. */
      running: number;
      /** @description Whether it may serve anybody. */
      serves: boolean;
      /** @description The imported file's name. */
      source: string;
      /**
       * @description `ready`, `starting`, `restarting`, `failed`, `unloaded`, or `asleep` (let go of because nobody
       *     asked; loaded again when somebody does).
       */
      state: string;
      /** @description The tenants that may use it; null for all. */
      tenants?: string[] | null;
      /**
       * Format: int64
       * @description Counts decisions about it; 0 if there was none.
       */
      version: number;
      /** @description The key that signed the bundle it came in; null if it came as a bare file. */
      vouched_by?: string | null;
      /** @description Names the weights exactly; the same digest is in every audit record. */
      weights_sha256: string;
    };
    /** @description Certificates of an act that destroyed keys. */
    Certificates: {
      /** @description C2SP signed notes, each of at most 500 keys. */
      certificates: string[];
      /** @description The key that checks them; it follows from the audit log's. */
      key: string;
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
      chat_template_kwargs?: null | components["schemas"]["TemplateArguments"];
      /** @description Whether a model that can choose thinks before it answers. */
      enable_thinking?: boolean | null;
      /**
       * Format: float
       * @description -2 to 2.
       */
      frequency_penalty?: number | null;
      /** @description Added to the logits of tokens, by their number in the model's vocabulary: -100 to 100. */
      logit_bias?: Record<string, unknown> | null;
      /** @description Say how likely each token was. */
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
      /**
       * Format: double
       * @description Keep only tokens at least this fraction as likely as the likeliest, 0 to 1.
       */
      min_p?: number | null;
      /** @description Only `["text"]`. */
      modalities?: string[] | null;
      /** @description A model of `/v1/models`. */
      model: string;
      /**
       * Format: int32
       * @description How many answers, 1 to 4.
       */
      n?: number | null;
      /** @description Whether one answer may call several functions; true by default. */
      parallel_tool_calls?: boolean | null;
      /**
       * Format: float
       * @description -2 to 2.
       */
      presence_penalty?: number | null;
      /** @description Not interpreted: each tenant's prompts are cached for that tenant alone, or not at all. */
      prompt_cache_key?: string | null;
      /** @description How much a model that can choose thinks: `none`, `minimal`, `low`, `medium` or `high`. */
      reasoning_effort?: string | null;
      response_format?: null | components["schemas"]["ResponseFormat"];
      /** @description The same, by its newer name. */
      safety_identifier?: string | null;
      /**
       * Format: int64
       * @description The same seed, request and model draw the same tokens, as far as floating point is repeatable.
       */
      seed?: number | null;
      /** @description Only `auto` or `default`: there is one tier. */
      service_tier?: string | null;
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
      /** @description `auto` (the default), `none`, `required`, or `{"type":"function","function":{"name":…}}`. */
      tool_choice?: Record<string, unknown> | null;
      /** @description Functions the model may call. */
      tools?: components["schemas"]["RequestTool"][] | null;
      /**
       * Format: int32
       * @description Keep only the likeliest k tokens.
       */
      top_k?: number | null;
      /**
       * Format: int32
       * @description And this many of the likeliest at its place, 0 to 20.
       */
      top_logprobs?: number | null;
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
    /** @description A checkpoint that was signed. */
    CheckpointItem: {
      /** @description When. */
      at: string;
      /** @description Who else signed it: witnesses by name. */
      cosignatures: string[];
      /** @description The signed note. */
      note: string;
      /** @description The root over them. */
      root: string;
      /**
       * Format: int64
       * @description The entries it signs.
       */
      size: number;
    };
    /** @description One of the answers. */
    Choice: {
      finish_reason: string;
      /** Format: int32 */
      index: number;
      logprobs?: null | components["schemas"]["Logprobs"];
      message: components["schemas"]["AnswerMessage"];
    };
    /** @description A piece of one of the answers. */
    ChunkChoice: {
      delta: components["schemas"]["Delta"];
      finish_reason?: string | null;
      /** Format: int32 */
      index: number;
      logprobs?: null | components["schemas"]["Logprobs"];
    };
    /** @description An answer, whole or a piece of one. */
    Completion: {
      choices: components["schemas"]["TextChoice"][];
      /** Format: int64 */
      created: number;
      id: string;
      model: string;
      object: string;
      usage?: null | components["schemas"]["CompletionUsage"];
    };
    /** @description OpenAI's older request, as far as Leeward serves it. */
    CompletionRequest: {
      /**
       * Format: int32
       * @description Only 1, or the same as `n`: answers are not ranked.
       */
      best_of?: number | null;
      /** @description Give the prompt back before the answer. */
      echo?: boolean | null;
      /**
       * Format: float
       * @description -2 to 2.
       */
      frequency_penalty?: number | null;
      /** @description As with chat completions. */
      logit_bias?: Record<string, unknown> | null;
      /**
       * Format: int32
       * @description How many of the likeliest tokens to tell at each place, 0 to 5.
       */
      logprobs?: number | null;
      /**
       * Format: int32
       * @description 16 by default.
       */
      max_tokens?: number | null;
      /**
       * Format: double
       * @description Keep only tokens at least this fraction as likely as the likeliest.
       */
      min_p?: number | null;
      /** @description A model of `/v1/models`. */
      model: string;
      /**
       * Format: int32
       * @description How many answers to each prompt; with several prompts together at most 16.
       */
      n?: number | null;
      /**
       * Format: float
       * @description -2 to 2.
       */
      presence_penalty?: number | null;
      /** @description A text, or up to 16. */
      prompt: components["schemas"]["Texts"];
      response_format?: null | components["schemas"]["ResponseFormat"];
      /**
       * Format: int64
       * @description As with chat completions.
       */
      seed?: number | null;
      stop?: null | components["schemas"]["Stop"];
      /** @description Answer as server-sent events. */
      stream?: boolean | null;
      stream_options?: null | components["schemas"]["StreamOptions"];
      /** @description Only null: models are not asked to fill a gap. */
      suffix?: string | null;
      /**
       * Format: double
       * @description 0 (greedy) to 2; 1 by default.
       */
      temperature?: number | null;
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
      /** @description Not interpreted. */
      user?: string | null;
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
      /** @description How sensitive it is: as the most sensitive thing said in it. It only rises. */
      classification: string;
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
    /** @description What to change: at least one of the two. */
    ConversationPatch: {
      /** @description How sensitive it is from now on: `public`, `internal`, `confidential` or `restricted`, no less than before. */
      classification?: string | null;
      /** @description The new title, 1 to 120 characters. */
      title?: string | null;
    };
    /** @description The body of `/v1/messages/count_tokens`: the fields of a request that make its prompt. */
    CountTokensRequest: {
      /** @description Not interpreted. */
      cache_control?: Record<string, unknown> | null;
      /** @description The conversation so far. */
      messages: components["schemas"]["InputMessage"][];
      /** @description A model of `/v1/models`. */
      model: string;
      output_config?: null | components["schemas"]["OutputConfig"];
      /** @description As with `/v1/messages`. */
      system?: Record<string, unknown> | null;
      thinking?: null | components["schemas"]["Thinking"];
      tool_choice?: null | components["schemas"]["ToolChoice"];
      /** @description As with `/v1/messages`. */
      tools?: components["schemas"]["InputTool"][] | null;
    };
    /** @description A key that was made. */
    CreatedKey: {
      /** @description The key. */
      key: components["schemas"]["Key"];
      /** @description The secret; shown this once. */
      secret: string;
    };
    /** @description A user who was added, or whose password was reset. */
    CreatedUser: {
      /** @description The password for the first sign-in, to be replaced there; shown this once. None for service accounts. */
      one_time_password?: string | null;
      /** @description The person. */
      user: components["schemas"]["User"];
    };
    /** @description That a response is gone. */
    DeletedResponse: {
      /** @description Always true. */
      deleted: boolean;
      id: string;
      /** @description Always `response`. */
      object: string;
    };
    /** @description What the piece adds. */
    Delta: {
      content?: string | null;
      reasoning_content?: string | null;
      role?: string | null;
      tool_calls?: components["schemas"]["CallDelta"][];
    };
    /** @description What a response says again of its request. */
    Echo: {
      instructions?: string | null;
      /** Format: int32 */
      max_output_tokens?: number | null;
      metadata: Record<string, unknown>;
      parallel_tool_calls: boolean;
      previous_response_id?: string | null;
      reasoning: Record<string, unknown>;
      store: boolean;
      /** Format: double */
      temperature: number;
      text: Record<string, unknown>;
      tool_choice: Record<string, unknown>;
      tools: Record<string, unknown>[];
      /** Format: double */
      top_p: number;
    };
    /** @description One input's vector. */
    Embedding: {
      /** @description Numbers, or base64. */
      embedding: components["schemas"]["Vector"];
      /** @description The input's place. */
      index: number;
      /** @description Always `embedding`. */
      object: string;
    };
    /** @description OpenAI's list of embeddings. */
    EmbeddingList: {
      /** @description One for each input, in their order. */
      data: components["schemas"]["Embedding"][];
      /** @description The model that computed them. */
      model: string;
      /** @description Always `list`. */
      object: string;
      /** @description What it cost. */
      usage: components["schemas"]["EmbeddingUsage"];
    };
    /** @description Tokens of all inputs. */
    EmbeddingUsage: {
      /**
       * Format: int32
       * @description Tokens in.
       */
      prompt_tokens: number;
      /**
       * Format: int32
       * @description The same: nothing is generated.
       */
      total_tokens: number;
    };
    /** @description Texts to turn into vectors. */
    EmbeddingsRequest: {
      /**
       * Format: int32
       * @description Keep only so many of each vector's first numbers and bring it back to length 1; of use with models that were
       *     trained for it.
       */
      dimensions?: number | null;
      /** @description `float` (the default), or `base64`: 32-bit little-endian floats. */
      encoding_format?: string | null;
      /** @description A text, a list of texts, a list of tokens, or a list of such lists; at most 2048 inputs, none empty. */
      input: components["schemas"]["Inputs"];
      /** @description A model of `/v1/models` that embeds. */
      model: string;
      /** @description The caller's own name for the end user; not interpreted. */
      user?: string | null;
    };
    /** @description An act that destroyed keys. */
    ErasureRow: {
      at: string;
      /**
       * Format: int64
       * @description How many keys were destroyed: one for each conversation.
       */
      keys: number;
      /** @description The audit record of it. */
      record: string;
    };
    /** @description One kind of event. */
    EventKind: {
      /** @description Its code in records. */
      code: string;
      /** @description What it means. */
      meaning: string;
      /** @description `success` or `failure`. */
      outcome: string;
    };
    /** @description The catalogue of events. */
    EventKinds: {
      /** @description Every code there is. */
      items: components["schemas"]["EventKind"][];
    };
    /** @description Which period, and why. */
    EvidenceRequest: {
      /** @description The period's first instant (RFC 3339). */
      from: string;
      /** @description Why, in 3 to 500 characters: it goes on record. */
      reason: string;
      /** @description The first instant after it; not in the future. */
      to: string;
    };
    /** @description Why it is taken out. */
    ExportReason: {
      /** @description In 3 to 500 characters: it goes on record. */
      reason: string;
    };
    /** @description What to export, and why. */
    ExportRequest: {
      /** @description `bundle` (for `leeward-verify`), or one for other tools: `ndjson`, `csv`, `ocsf`, `cef`, `rfc5424`, `otlp`. */
      format?: string | null;
      /** @description From this time on (RFC 3339); from the log's beginning if left out. */
      from?: string | null;
      /** @description Why, in 3 to 500 characters: it goes on record. */
      reason: string;
      /** @description Before this time; to the end if left out. */
      to?: string | null;
    };
    /** @description The inside of a piece of a call. */
    FunctionDelta: {
      arguments: string;
      name?: string | null;
    };
    /** @description What a program was given. */
    GrantRow: {
      created_at: string;
      expires_at: string;
      id: string;
      last_used_at?: string | null;
      name: string;
      /** @description What it may at most do; null: what you may. */
      scopes?: string[] | null;
    };
    /** @description A group. */
    Group: {
      created_at: string;
      /** @description What a provisioning system calls it. */
      external_id?: string | null;
      id: string;
      name: string;
      /** @description What every member holds. */
      roles: string[];
      updated_at: string;
    };
    /** @description What to change; absent fields stay. */
    GroupPatch: {
      /** @description The name from now on. */
      name?: string | null;
      /** @description The roles from now on. */
      roles?: string[] | null;
    };
    /** @description A legal hold. A conversation is held if all that is named fits it; what names nothing holds everything. */
    HoldRow: {
      /** @description What is so sensitive, or more: now, or once it has risen. */
      classification?: string | null;
      conversation?: string | null;
      /** @description What was last changed at this time or later. */
      from?: string | null;
      id: string;
      /** @description What was begun with the model of this name. */
      model?: string | null;
      placed_at: string;
      placed_by: string;
      reason: string;
      /** @description Null as long as it holds. */
      released_at?: string | null;
      released_by?: string | null;
      /** @description What was begun before this time. */
      to?: string | null;
      /** @description What this person keeps. */
      user?: string | null;
    };
    /** @description The policy in force. */
    InForce: {
      /** @description What audit records name it by. */
      hash: string;
      /** @description Null for the first, which came with the tenant. */
      in_force_since?: string | null;
      /** @description Where this appliance stands. */
      place: Record<string, unknown>;
      policy: Record<string, unknown>;
    };
    /** @description Why it is not whole. */
    Incomplete: {
      /** @description `max_output_tokens`. */
      reason: string;
    };
    /** @description One message of the conversation. */
    InputMessage: {
      /** @description A text, or blocks of type `text`, `tool_use`, `tool_result` or `thinking`. */
      content: Record<string, unknown>;
      /** @description `user` or `assistant`. */
      role: string;
    };
    /** @description Where input tokens came from. */
    InputTokensDetails: {
      /** Format: int32 */
      cached_tokens: number;
    };
    /** @description A tool as the request has it: `name`, `description`, `input_schema`; its type only `custom`. */
    InputTool: Record<string, unknown>;
    /** @description What to embed. */
    Inputs: string | string[] | number[] | number[][];
    /** @description Somebody who was invited. */
    Invited: {
      /** @description To be handed on; good for seven days, once. Shown this once. */
      invitation: string;
      /** @description Who they will be here; until they accept they can do nothing. */
      user: components["schemas"]["User"];
    };
    /** @description A trusted issuer. */
    IssuerRow: {
      /** @description What `aud` of its tokens must name. */
      audience: string;
      ca_pem?: string | null;
      created_at: string;
      enabled: boolean;
      id: string;
      /** @description `iss` of its tokens. */
      issuer: string;
      /** @description Its keys, if they are given here rather than fetched. */
      jwks?: string | null;
      name: string;
      /** @description Which subjects act as which service account. */
      subjects: Record<string, unknown>[];
      updated_at: string;
    };
    /** @description The issuers the tenant trusts. */
    Issuers: {
      /** @description Oldest first, at most 50. */
      items: components["schemas"]["IssuerRow"][];
    };
    /** @description A schema and its name. */
    JsonSchemaFormat: {
      /** @description What it is for; not given to the model. */
      description?: string | null;
      /** @description What it is called; not given to the model. */
      name: string;
      /** @description The JSON schema. */
      schema: Record<string, unknown>;
      /** @description The answer follows the schema either way. */
      strict?: boolean | null;
    };
    /** @description An API key, without its secret. */
    Key: {
      created_at: string;
      expires_at?: string | null;
      id: string;
      /** @description Accurate to half a minute. */
      last_used_at?: string | null;
      /** @description What people call it. */
      name: string;
      /** @description The only networks it works from, in CIDR notation; any if null. */
      networks?: string[] | null;
      /** @description The first characters of the secret, to recognise it by. */
      prefix: string;
      /** @description The project it belongs to; it ends when its owner leaves that. */
      project?: string | null;
      revoked_at?: string | null;
      /** @description The only permissions of its owner it carries; all of them if null. */
      scopes?: string[] | null;
      /** @description The key that took its place; this one works until it expires. */
      successor?: string | null;
      /** @description Whose roles it acts with. */
      user: string;
    };
    /** @description What a person types. */
    LdapLogin: {
      /** @description The name the directory knows them by. */
      login: string;
      /** @description The password there. */
      password: string;
    };
    /** @description Where a log stands. */
    LogHead: {
      /** @description The root of the signed tree; null before the first checkpoint. */
      root?: string | null;
      /** @description When it was signed. */
      signed_at?: string | null;
      /**
       * Format: int64
       * @description How many of them the newest checkpoint signs; the rest follow within about a second.
       */
      signed_size: number;
      /**
       * Format: int64
       * @description How many records it has.
       */
      size: number;
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
    /** @description A logout token (OpenID Connect Back-Channel Logout 1.0). */
    LogoutForm: {
      /** @description The token. */
      logout_token: string;
    };
    /** @description How likely the tokens of an answer were. */
    Logprobs: {
      /** @description Every token, those of calls and reasoning too. */
      content: components["schemas"]["TokenTold"][];
      refusal?: Record<string, unknown> | null;
    };
    /** @description A member of a group. */
    Member: {
      display_name: string;
      email: string;
      id: string;
    };
    /** @description A member of a project. */
    MemberRow: {
      display_name: string;
      email: string;
      id: string;
      /** @description `admin` or `member`. */
      role: string;
    };
    /** @description One of them. */
    Membership: {
      /** @description Whether the session that asks is there. */
      current: boolean;
      /** @description Whether one signs in there. */
      home: boolean;
      id: string;
      name: string;
    };
    /** @description The tenants one may act in. */
    Memberships: {
      /** @description Home first. */
      items: components["schemas"]["Membership"][];
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
    /** @description How the message ended; nothing yet where it begins. */
    MessageEnd: {
      stop_reason?: string | null;
      stop_sequence?: string | null;
    };
    /** @description A whole answer, and the empty one that a stream begins with. */
    MessagesAnswer: {
      content: components["schemas"]["MessagesBlock"][];
      id: string;
      model: string;
      role: string;
      /** @description `end_turn`, `max_tokens`, `stop_sequence` or `tool_use`; null while it is made. */
      stop_reason?: string | null;
      /** @description Which of the `stop_sequences` ended it, if one did. */
      stop_sequence?: string | null;
      type: string;
      usage: components["schemas"]["MessagesUsage"];
    };
    /** @description A piece of an answer's content. */
    MessagesBlock:
      | {
          /** @description Always empty: thoughts are not signed. */
          signature: string;
          thinking: string;
          /** @enum {string} */
          type: "thinking";
        }
      | {
          text: string;
          /** @enum {string} */
          type: "text";
        }
      | {
          id: string;
          input: Record<string, unknown>;
          name: string;
          /** @enum {string} */
          type: "tool_use";
        };
    /** @description An event of a stream; its name is its type. */
    MessagesEvent:
      | {
          message: components["schemas"]["MessagesAnswer"];
          /** @enum {string} */
          type: "message_start";
        }
      | {
          /** @enum {string} */
          type: "ping";
        }
      | {
          content_block: components["schemas"]["MessagesBlock"];
          /** Format: int32 */
          index: number;
          /** @enum {string} */
          type: "content_block_start";
        }
      | {
          delta: components["schemas"]["BlockDelta"];
          /** Format: int32 */
          index: number;
          /** @enum {string} */
          type: "content_block_delta";
        }
      | {
          /** Format: int32 */
          index: number;
          /** @enum {string} */
          type: "content_block_stop";
        }
      | {
          delta: components["schemas"]["MessageEnd"];
          /** @enum {string} */
          type: "message_delta";
          usage: components["schemas"]["MessagesUsage"];
        }
      | {
          /** @enum {string} */
          type: "message_stop";
        };
    /** @description Anthropic's request, as far as Leeward serves it. */
    MessagesRequest: {
      /** @description Not interpreted: each tenant's prompts are cached for that tenant alone, or not at all. */
      cache_control?: Record<string, unknown> | null;
      /**
       * Format: int32
       * @description At most this many tokens in the answer, thoughts included; lowered to what the context leaves.
       */
      max_tokens: number;
      /** @description The conversation so far; its last message is the user's. */
      messages: components["schemas"]["InputMessage"][];
      metadata?: null | components["schemas"]["Metadata"];
      /** @description A model of `/v1/models`. */
      model: string;
      output_config?: null | components["schemas"]["OutputConfig"];
      /** @description Only `auto` or `standard_only`: there is one tier. */
      service_tier?: string | null;
      /** @description Up to four texts that end the answer. */
      stop_sequences?: string[] | null;
      /** @description Answer as server-sent events. */
      stream?: boolean | null;
      /** @description What the model is told first: a text, or blocks of type `text`. */
      system?: Record<string, unknown> | null;
      /**
       * Format: double
       * @description 0 (greedy, repeatable) to 1, the default.
       */
      temperature?: number | null;
      thinking?: null | components["schemas"]["Thinking"];
      tool_choice?: null | components["schemas"]["ToolChoice"];
      /** @description Functions the model may call. */
      tools?: components["schemas"]["InputTool"][] | null;
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
    };
    /** @description Tokens of a request. */
    MessagesUsage: {
      /** Format: int32 */
      cache_creation_input_tokens: number;
      /** Format: int32 */
      cache_read_input_tokens: number;
      /**
       * Format: int32
       * @description Without those that came from the cache.
       */
      input_tokens: number;
      /**
       * Format: int32
       * @description Thoughts and calls included.
       */
      output_tokens: number;
    };
    /** @description The caller's own notes. */
    Metadata: {
      /** @description The end user; not interpreted. */
      user_id?: string | null;
    };
    /** @description How a tenant's people may sign in. */
    Methods: {
      /** @description With a passkey. */
      passkey: boolean;
      /** @description With an e-mail address and a password. */
      password: boolean;
      /** @description At one of these identity providers. */
      providers: components["schemas"]["ProviderMethod"][];
      /** @description The tenant, if it is known which. */
      tenant?: string | null;
    };
    /** @description A model, as people see it. */
    Model: {
      /** @description Other names for it. */
      aliases: string[];
      /** @description For example `llama`. */
      architecture: string;
      /** @description `completion`, `tools`, `thinking`, `embedding`; null until it is loaded. */
      capabilities?: string[] | null;
      /** @description The most sensitive content it may be given; null for no ceiling of its own. */
      ceiling?: string | null;
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
      /**
       * @description `ready`, `starting`, `restarting`, `failed`, `unloaded`, or
       *     `asleep`: let go of because nobody asked, and loaded again when somebody does.
       */
      state: string;
      /** @description Names the weights exactly; the same digest is in every audit record. */
      weights_sha256: string;
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
      /** @description `completion`, `tools`, `thinking`, `embedding`, once it is loaded; Ollama's names. */
      capabilities?: string[] | null;
      /**
       * Format: int64
       * @description When it was imported, in Unix seconds.
       */
      created: number;
      /** @description What requests call it. */
      id: string;
      /**
       * Format: int32
       * @description The longest prompt plus answer in tokens, once it is loaded; vLLM's name.
       */
      max_model_len?: number | null;
      /** @description Always `model`. */
      object: string;
      /** @description Always `leeward`. */
      owned_by: string;
    };
    /** @description What to decide; what is left out stays as it is. */
    ModelPatch: {
      /**
       * @description The most sensitive content it may be given: `public`, `internal`, `confidential`, `restricted`; null for no ceiling
       *     of its own.
       */
      ceiling?: string | null;
      /** @description Whether a worker is to hold it. One that is let go of answers first what it has. */
      loaded?: boolean | null;
      /** @description The tenants that may use it, at most 1000; null for all. To others there is no such model. */
      tenants?: string[] | null;
    };
    /** @description The models. */
    Models: {
      /** @description In the order of their names. */
      items: components["schemas"]["Model"][];
    };
    /** @description What somebody has. */
    MyFactors: {
      /** @description Passkeys, oldest first. */
      passkeys: components["schemas"]["PasskeyRow"][];
      /**
       * Format: int64
       * @description Recovery codes that were not used.
       */
      recovery_codes_left: number;
      totp?: null | components["schemas"]["TotpRow"];
    };
    /** @description A name that stands for a model. */
    NamedAlias: {
      alias: string;
      /** @description Another model that is tried on a share of the requests. */
      canary?: string | null;
      /**
       * Format: int32
       * @description How many of a hundred requests the canary gets.
       */
      canary_percent?: number | null;
      /** @description The model it means. */
      model: string;
    };
    /** @description A tenant's administrator to add. */
    NewAdmin: {
      /** @description The name for people. */
      display_name?: string | null;
      /** @description The address to sign in with. */
      email: string;
    };
    /** @description An alert to save. */
    NewAlert: {
      /** @description 1 to 32 event codes, or beginnings of some: `auth.*`. */
      events: string[];
      /** @description What records are counted apart by: `none` (the default), `actor` or `source`. */
      group_by?: string | null;
      /** @description What people call it: 1 to 100 characters, no two alike. */
      name: string;
      /** @description `success` or `failure`; left out, both. */
      outcome?: string | null;
      /**
       * Format: int32
       * @description How many records make it fire, 1 to 1000.
       */
      threshold: number;
      /**
       * Format: int32
       * @description Within how many seconds, 1 to 604800 (seven days); it then keeps quiet for as long.
       */
      window_seconds: number;
    };
    /** @description What an alias is to mean. */
    NewAlias: {
      /** @description Another model to try on a share of the requests. */
      canary?: string | null;
      /**
       * Format: int32
       * @description How many of a hundred requests the canary gets, 1 to 99.
       */
      canary_percent?: number | null;
      /** @description The model it means; not another alias. */
      model: string;
    };
    /** @description A conversation to begin. */
    NewConversation: {
      /** @description How sensitive it is from the beginning; `internal` if left out. */
      classification?: string | null;
      /** @description The model to talk to. */
      model: string;
    };
    /** @description Access to give to a program. */
    NewGrant: {
      /** @description 1 to 100 characters: what the program is. */
      name: string;
      /** @description What it may at most do; absent: what you may. */
      scopes?: string[] | null;
    };
    /** @description A group to make. */
    NewGroup: {
      /** @description 1 to 100 characters, unique in the tenant. */
      name: string;
      /** @description What every member will hold; may be none. */
      roles?: string[];
    };
    /** @description Somebody to invite. */
    NewGuest: {
      /** @description The name for people. */
      display_name?: string | null;
      /** @description The address they sign in with at home. */
      email: string;
      /** @description What they will hold here. */
      roles: string[];
    };
    /** @description A hold to place. What is left out holds whatever it is. */
    NewHold: {
      /** @description `public`, `internal`, `confidential` or `restricted`: what is so sensitive, or more. */
      classification?: string | null;
      conversation?: string | null;
      /** @description RFC 3339. */
      from?: string | null;
      /** @description A model's name, whether there is such a model now or not. */
      model?: string | null;
      /** @description Why, in 3 to 500 characters: it goes on record. */
      reason: string;
      /** @description RFC 3339, after `from`. */
      to?: string | null;
      user?: string | null;
    };
    /** @description An issuer to trust, or to replace one by. */
    NewIssuer: {
      /** @description What `aud` of its tokens must name; with the issuer unique in the whole appliance. */
      audience: string;
      /** @description Certificate authorities (PEM) to trust when fetching, instead of the system's. */
      ca_pem?: string | null;
      /** @description Whether its tokens are taken. */
      enabled?: boolean;
      /** @description `iss` of its tokens. */
      issuer: string;
      /** @description Its public keys as a JSON Web Key Set; without it they are fetched from the issuer. */
      jwks?: string | null;
      /** @description 1 to 100 characters, unique in the tenant. */
      name: string;
      /** @description At least one: `{"subject": "system:serviceaccount:NS:NAME", "user": "usr_…", "scopes": ["chat.use"]}`. */
      subjects: Record<string, unknown>[];
    };
    /** @description A key to make. */
    NewKey: {
      /** @description When it stops working; never, if absent. */
      expires_at?: string | null;
      /** @description What to call it, 1 to 100 characters; unique among the tenant's living keys. */
      name: string;
      /** @description The only networks it is to work from, for example `10.0.0.0/8`; any, if absent. */
      networks?: string[] | null;
      /** @description The only permissions of its owner it is to carry; all of them, if absent. */
      scopes?: string[] | null;
      /** @description The service account it is to act as; the caller, if absent. */
      user?: string | null;
    };
    /** @description What to say. */
    NewMessage: {
      /** @description The text. */
      content: string;
      /** @description Ask this model instead of the conversation's, for this message. */
      model?: string | null;
    };
    /** @description The browser's answer, for a new passkey. */
    NewPasskey: {
      /** @description As given by the first half. */
      ceremony: string;
      /** @description The browser's answer, as JSON. */
      credential: Record<string, unknown>;
      /** @description What to call it. */
      name: string;
    };
    /** @description A policy to propose. */
    NewProposal: {
      /** @description From when (RFC 3339), at most 366 days ahead; as soon as it is approved if left out. */
      effective_at?: string | null;
      /** @description With the version that follows the one in force. */
      policy: Record<string, unknown>;
      /** @description Why, in 1 to 1000 characters: it goes on record. */
      reason: string;
    };
    /** @description A provider to set up, or to replace one by. */
    NewProvider: {
      /** @description Whom it lets in. */
      admission: Record<string, unknown>;
      /** @description How it is asked. */
      connection: Record<string, unknown>;
      /** @description Whether it may be signed in with. */
      enabled?: boolean;
      /** @description 1 to 100 characters, unique in the tenant; the sign-in page shows it. */
      name: string;
      /** @description The client's secret, or the service account's password. When replacing: absent keeps it, null removes it. */
      secret?: string | null;
    };
    /** @description A role to make, or to replace one by. */
    NewRole: {
      /** @description 1 to 100 characters, unique in the tenant. */
      name: string;
      /** @description At least one grantable permission. */
      permissions: string[];
    };
    /** @description A tenant to make. */
    NewTenant: {
      /** @description 1 to 64 lower-case letters, digits and hyphens. */
      name: string;
    };
    /** @description A user to add. */
    NewUser: {
      /** @description The name for people; the address's first part, if absent. */
      display_name?: string | null;
      /** @description The address to sign in with; for a service account, one to reach its keepers under. */
      email: string;
      /** @description `person` (the default), or `service`: a program, which has keys and never signs in. */
      kind?: string | null;
      /** @description At least one of `tenant_admin`, `security_officer`, `auditor`, `member` or the tenant's own (`rol_…`). */
      roles: string[];
    };
    /** @description An event of a stream with its number. */
    Numbered: components["schemas"]["ResponseEvent"] & {
      /**
       * Format: int64
       * @description From 0, without gaps.
       */
      sequence_number: number;
    };
    /** @description RFC 6749, section 5.2, for the token endpoint. */
    OAuthError: {
      /** @description What kind of error it is. */
      error: string;
      /** @description What is wrong and what to do. */
      error_description: string;
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
    /** @description What the answer must be. */
    OutputConfig: {
      /** @description `low`, `medium` or `high`. */
      effort?: string | null;
      format?: null | components["schemas"]["OutputFormat"];
    };
    /** @description JSON of a schema. */
    OutputFormat: {
      /** @description The JSON schema. */
      schema: Record<string, unknown>;
      /** @description Only `json_schema`. */
      type: string;
    };
    /** @description A piece of a response's output. */
    OutputItem:
      | {
          content: components["schemas"]["OutputPart"][];
          id: string;
          status: string;
          summary: Record<string, unknown>[];
          /** @enum {string} */
          type: "reasoning";
        }
      | {
          content: components["schemas"]["OutputPart"][];
          id: string;
          role: string;
          status: string;
          /** @enum {string} */
          type: "message";
        }
      | {
          arguments: string;
          call_id: string;
          id: string;
          name: string;
          status: string;
          /** @enum {string} */
          type: "function_call";
        };
    /** @description A part of an item. */
    OutputPart:
      | {
          text: string;
          /** @enum {string} */
          type: "reasoning_text";
        }
      | {
          annotations: Record<string, unknown>[];
          logprobs: Record<string, unknown>[];
          text: string;
          /** @enum {string} */
          type: "output_text";
        };
    /** @description What output tokens were for. */
    OutputTokensDetails: {
      /**
       * Format: int32
       * @description Those of the thoughts' text, counted again by themselves; null where the worker could not be asked.
       */
      reasoning_tokens?: number | null;
    };
    /** @description One page of a list. */
    Paged_CheckpointItem: {
      /** @description The rows. */
      items: {
        /** @description When. */
        at: string;
        /** @description Who else signed it: witnesses by name. */
        cosignatures: string[];
        /** @description The signed note. */
        note: string;
        /** @description The root over them. */
        root: string;
        /**
         * Format: int64
         * @description The entries it signs.
         */
        size: number;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Conversation: {
      /** @description The rows. */
      items: {
        /** @description How sensitive it is: as the most sensitive thing said in it. It only rises. */
        classification: string;
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
    Paged_ErasureRow: {
      /** @description The rows. */
      items: {
        at: string;
        /**
         * Format: int64
         * @description How many keys were destroyed: one for each conversation.
         */
        keys: number;
        /** @description The audit record of it. */
        record: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_GrantRow: {
      /** @description The rows. */
      items: {
        created_at: string;
        expires_at: string;
        id: string;
        last_used_at?: string | null;
        name: string;
        /** @description What it may at most do; null: what you may. */
        scopes?: string[] | null;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Group: {
      /** @description The rows. */
      items: {
        created_at: string;
        /** @description What a provisioning system calls it. */
        external_id?: string | null;
        id: string;
        name: string;
        /** @description What every member holds. */
        roles: string[];
        updated_at: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_HoldRow: {
      /** @description The rows. */
      items: {
        /** @description What is so sensitive, or more: now, or once it has risen. */
        classification?: string | null;
        conversation?: string | null;
        /** @description What was last changed at this time or later. */
        from?: string | null;
        id: string;
        /** @description What was begun with the model of this name. */
        model?: string | null;
        placed_at: string;
        placed_by: string;
        reason: string;
        /** @description Null as long as it holds. */
        released_at?: string | null;
        released_by?: string | null;
        /** @description What was begun before this time. */
        to?: string | null;
        /** @description What this person keeps. */
        user?: string | null;
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
        /** @description Accurate to half a minute. */
        last_used_at?: string | null;
        /** @description What people call it. */
        name: string;
        /** @description The only networks it works from, in CIDR notation; any if null. */
        networks?: string[] | null;
        /** @description The first characters of the secret, to recognise it by. */
        prefix: string;
        /** @description The project it belongs to; it ends when its owner leaves that. */
        project?: string | null;
        revoked_at?: string | null;
        /** @description The only permissions of its owner it carries; all of them if null. */
        scopes?: string[] | null;
        /** @description The key that took its place; this one works until it expires. */
        successor?: string | null;
        /** @description Whose roles it acts with. */
        user: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Member: {
      /** @description The rows. */
      items: {
        display_name: string;
        email: string;
        id: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_MemberRow: {
      /** @description The rows. */
      items: {
        display_name: string;
        email: string;
        id: string;
        /** @description `admin` or `member`. */
        role: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Project: {
      /** @description The rows. */
      items: {
        created_at: string;
        id: string;
        name: string;
        /** @description What the caller is in it: `admin` or `member`; null for a manager who is neither. */
        role?: string | null;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Proposal: {
      /** @description The rows. */
      items: {
        approvals: string[];
        /** @description What it changes of the policy that was in force when it was made. */
        changes: Record<string, unknown>[];
        created_at: string;
        dry_run?: null | components["schemas"]["Trial"];
        effective_at: string;
        hash: string;
        id: string;
        /** @description Whether it allows anything that that one did not. */
        loosens: boolean;
        policy: Record<string, unknown>;
        proposed_by: string;
        reason: string;
        /** @description `open`, `approved`, `enacted`, `withdrawn` or `superseded`. */
        state: string;
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
        /** @description What a provisioning system calls it. */
        external_id?: string | null;
        /** @description Whether they sign in at another tenant and act here as its guest. */
        guest: boolean;
        id: string;
        /** @description `person`, `service` or `break_glass`. */
        kind: string;
        last_login_at?: string | null;
        /** @description Whether the next sign-in begins with choosing a password. */
        must_change_password: boolean;
        /** @description Who keeps the account: `local`, `scim` or the id of an identity provider. */
        origin: string;
        /** @description What is held directly; groups may add to it. */
        roles: string[];
        status: string;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One page of a list. */
    Paged_Version: {
      /** @description The rows. */
      items: {
        approvals?: string[];
        effective_at?: string | null;
        enacted_at?: string | null;
        hash: string;
        policy: Record<string, unknown>;
        proposed_by?: string | null;
        reason?: string | null;
        /** @description The hash of the one before. This and all below is absent for the first, which nobody proposed. */
        replaces?: string | null;
      }[];
      /** @description Ask with this for the next page; null on the last. */
      next_cursor?: string | null;
    };
    /** @description One part of a content. */
    Part: {
      /** @description The text. */
      text?: string | null;
      /** @description Only `text`. */
      type: string;
    };
    /** @description Where a part stands. */
    PartPlace: {
      /**
       * Format: int32
       * @description Always 0: an item has one part.
       */
      content_index: number;
      item_id: string;
      /** Format: int32 */
      output_index: number;
    };
    /** @description The browser's answer to a passkey ceremony. */
    PasskeyAnswer: {
      /** @description As given by the first half. */
      ceremony: string;
      /** @description The browser's answer, as JSON. */
      credential: Record<string, unknown>;
    };
    /** @description A passkey. */
    PasskeyRow: {
      created_at: string;
      id: string;
      last_used_at?: string | null;
      /** @description What its owner calls it. */
      name: string;
    };
    /** @description The old password and the new. */
    PasswordChange: {
      /** @description What the password is now. */
      current_password: string;
      /** @description What it is to be: long; nothing else is asked of it. */
      new_password: string;
    };
    /** @description One permission. */
    PermissionRow: {
      /** @description Whoever holds it does not audit, unless the tenant's policy says so. */
      administrative: boolean;
      /** @description Whether a tenant may put it into a role of its own. */
      grantable: boolean;
      meaning: string;
      name: string;
    };
    /** @description What trying a provider showed. */
    Probe: {
      /** @description What was found, or what is wrong and what to do. */
      detail: string;
      /** @description Whether it can be used. */
      ok: boolean;
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
    /** @description A project. */
    Project: {
      created_at: string;
      id: string;
      name: string;
      /** @description What the caller is in it: `admin` or `member`; null for a manager who is neither. */
      role?: string | null;
    };
    /** @description As what somebody is to be in a project. */
    ProjectMembership: {
      /** @description `admin` or `member`. */
      role: string;
    };
    /** @description A project's name. */
    ProjectName: {
      /** @description 1 to 100 characters, unique in the tenant. */
      name: string;
    };
    /** @description Why a model is to go into production. */
    Promotion: {
      /** @description In 1 to 1000 characters: it goes on record. */
      reason: string;
    };
    /** @description Where prompt tokens came from. */
    PromptTokensDetails: {
      /** Format: int32 */
      cached_tokens: number;
    };
    /** @description A proposal. */
    Proposal: {
      approvals: string[];
      /** @description What it changes of the policy that was in force when it was made. */
      changes: Record<string, unknown>[];
      created_at: string;
      dry_run?: null | components["schemas"]["Trial"];
      effective_at: string;
      hash: string;
      id: string;
      /** @description Whether it allows anything that that one did not. */
      loosens: boolean;
      policy: Record<string, unknown>;
      proposed_by: string;
      reason: string;
      /** @description `open`, `approved`, `enacted`, `withdrawn` or `superseded`. */
      state: string;
    };
    /** @description One record and what proves it. */
    ProvenRecord: {
      /** @description The entry's exact text: what is hashed. */
      entry: string;
      /** @description The log's verifier key, for comparison with the one you trust. */
      key: string;
      /** @description A C2SP tlog-proof; null for about a second after the record was written, until the tree covers it. */
      proof?: string | null;
      /** @description The record. */
      record: Record<string, unknown>;
      /**
       * Format: int64
       * @description Its place in the log.
       */
      seq: number;
    };
    /** @description An identity provider one may sign in with. */
    ProviderMethod: {
      id: string;
      /** @description `oidc` (go to `/auth/oidc/{id}/begin`), `ldap` (post a name and password) or `certificate`. */
      kind: string;
      /** @description As its tenant calls it. */
      name: string;
    };
    /** @description A provider. */
    ProviderRow: {
      /** @description Whom it lets in, and with which roles. */
      admission: Record<string, unknown>;
      /** @description What to register at an OpenID provider as the back-channel logout URI. */
      backchannel_logout_uri?: string | null;
      /** @description How it is asked: `kind` is `oidc`, `ldap` or `certificate`. */
      connection: Record<string, unknown>;
      created_at: string;
      enabled: boolean;
      /** @description Whether a secret is kept; it is never shown. */
      has_secret: boolean;
      id: string;
      name: string;
      updated_at: string;
    };
    /** @description The tenant's providers. */
    Providers: {
      /** @description Oldest first, at most 20. */
      items: components["schemas"]["ProviderRow"][];
      /** @description What to register at OpenID providers as the redirect URI. */
      redirect_uri: string;
    };
    /** @description Which exchange to read, and why. */
    ReadCaptured: {
      /** @description Why, in 3 to 500 characters: it goes on record. */
      reason: string;
      /** @description The inference, as `request` in its records has it (`req_…`). */
      request: string;
    };
    /** @description Whether requests will be answered. */
    Readiness: {
      /** @description Each thing that must work. */
      checks: components["schemas"]["Check"][];
      /** @description All checks are fine. */
      ready: boolean;
    };
    /** @description How much a model that can choose thinks. */
    ReasoningConfig: {
      /** @description `none`, `minimal`, `low`, `medium` or `high`. */
      effort?: string | null;
      /** @description Only null: thoughts are told whole, not summed up. */
      summary?: string | null;
    };
    /** @description Codes for the day the device is lost. */
    RecoveryCodes: {
      /** @description Ten, each good for one sign-in; shown this once. */
      recovery_codes: string[];
    };
    /** @description Why a hold ends. */
    Release: {
      /** @description In 3 to 500 characters: it goes on record. */
      reason: string;
    };
    /** @description A call as an assistant made it. */
    RequestCall: {
      /** @description What was called. */
      function: components["schemas"]["CalledFunctionParam"];
      /** @description The call's name, which the tool message that answers it repeats. */
      id: string;
      /**
       * Format: int32
       * @description As chunks have it; not interpreted.
       */
      index?: number | null;
      /** @description Only `function`. */
      type?: string;
    };
    /** @description One message of the conversation. */
    RequestMessage: {
      /** @description As answers have it; not interpreted. */
      annotations?: Record<string, unknown> | null;
      /** @description As answers have it: only null. */
      audio?: Record<string, unknown> | null;
      content?: null | components["schemas"]["Content"];
      /** @description As answers have it: only null. */
      function_call?: Record<string, unknown> | null;
      /** @description The speaker's name; in a tool message, the function's. */
      name?: string | null;
      /** @description What an assistant thought before it spoke, as an answer told it. */
      reasoning_content?: string | null;
      /** @description As answers have it; not given to the model. */
      refusal?: string | null;
      /** @description `system`, `developer`, `user`, `assistant` or `tool`. */
      role: string;
      /** @description Which call a tool message answers. */
      tool_call_id?: string | null;
      /** @description What an assistant called. */
      tool_calls?: components["schemas"]["RequestCall"][] | null;
    };
    /** @description A tool as the request has it. The template gets it as it was written, members in their order. */
    RequestTool: Record<string, unknown>;
    /** @description Why it failed. */
    ResponseError: {
      code: string;
      message: string;
    };
    /** @description An event of a stream; its name is its type. */
    ResponseEvent:
      | {
          response: components["schemas"]["ResponseObject"];
          /** @enum {string} */
          type: "response.created";
        }
      | {
          response: components["schemas"]["ResponseObject"];
          /** @enum {string} */
          type: "response.in_progress";
        }
      | {
          item: components["schemas"]["OutputItem"];
          /** Format: int32 */
          output_index: number;
          /** @enum {string} */
          type: "response.output_item.added";
        }
      | (components["schemas"]["PartPlace"] & {
          part: components["schemas"]["OutputPart"];
        } & {
          /** @enum {string} */
          type: "response.content_part.added";
        })
      | (components["schemas"]["PartPlace"] & {
          delta: string;
        } & {
          /** @enum {string} */
          type: "response.reasoning_text.delta";
        })
      | (components["schemas"]["PartPlace"] & {
          text: string;
        } & {
          /** @enum {string} */
          type: "response.reasoning_text.done";
        })
      | (components["schemas"]["PartPlace"] & {
          delta: string;
          logprobs: Record<string, unknown>[];
        } & {
          /** @enum {string} */
          type: "response.output_text.delta";
        })
      | (components["schemas"]["PartPlace"] & {
          logprobs: Record<string, unknown>[];
          text: string;
        } & {
          /** @enum {string} */
          type: "response.output_text.done";
        })
      | (components["schemas"]["PartPlace"] & {
          part: components["schemas"]["OutputPart"];
        } & {
          /** @enum {string} */
          type: "response.content_part.done";
        })
      | {
          delta: string;
          item_id: string;
          /** Format: int32 */
          output_index: number;
          /** @enum {string} */
          type: "response.function_call_arguments.delta";
        }
      | {
          arguments: string;
          item_id: string;
          name: string;
          /** Format: int32 */
          output_index: number;
          /** @enum {string} */
          type: "response.function_call_arguments.done";
        }
      | {
          item: components["schemas"]["OutputItem"];
          /** Format: int32 */
          output_index: number;
          /** @enum {string} */
          type: "response.output_item.done";
        }
      | {
          response: components["schemas"]["ResponseObject"];
          /** @enum {string} */
          type: "response.completed";
        }
      | {
          response: components["schemas"]["ResponseObject"];
          /** @enum {string} */
          type: "response.incomplete";
        }
      | {
          response: components["schemas"]["ResponseObject"];
          /** @enum {string} */
          type: "response.failed";
        };
    /** @description `text`, `json_object` and `json_schema` as OpenAI has them; `grammar` as its custom tools do. */
    ResponseFormat: {
      /** @description For `grammar`: the regular expression, or the grammar, which begins with the rule `start`. */
      definition?: string | null;
      json_schema?: null | components["schemas"]["JsonSchemaFormat"];
      /** @description For `grammar`: `regex` or `lark`. */
      syntax?: string | null;
      /** @description `text`, `json_object`, `json_schema` or `grammar`. */
      type: string;
    };
    /** @description A response, as far as it got. */
    ResponseObject: components["schemas"]["Echo"] & {
      /** @description Always false. */
      background: boolean;
      /**
       * Format: int64
       * @description Unix seconds.
       */
      created_at: number;
      error?: null | components["schemas"]["ResponseError"];
      id: string;
      incomplete_details?: null | components["schemas"]["Incomplete"];
      model: string;
      object: string;
      output: components["schemas"]["OutputItem"][];
      /** @description `in_progress`, `completed`, `incomplete` or `failed`. */
      status: string;
      /** @description Always `disabled`. */
      truncation: string;
      usage?: null | components["schemas"]["ResponseUsage"];
    };
    /** @description Tokens of a response. */
    ResponseUsage: {
      /** Format: int32 */
      input_tokens: number;
      input_tokens_details: components["schemas"]["InputTokensDetails"];
      /** Format: int32 */
      output_tokens: number;
      output_tokens_details: components["schemas"]["OutputTokensDetails"];
      /** Format: int32 */
      total_tokens: number;
    };
    /** @description OpenAI's request, as far as Leeward serves it. */
    ResponsesRequest: {
      /** @description Only `false`. */
      background?: boolean | null;
      /** @description Only `reasoning.encrypted_content`, which changes nothing: thoughts are told in the clear. */
      include?: string[] | null;
      /** @description A text, or items of type `message`, `function_call`, `function_call_output` or `reasoning`. */
      input: Record<string, unknown>;
      /** @description What the model is told first. */
      instructions?: string | null;
      /**
       * Format: int32
       * @description At most this many tokens in the answer, thoughts included.
       */
      max_output_tokens?: number | null;
      /** @description The caller's own notes; given back. */
      metadata?: Record<string, unknown> | null;
      /** @description A model of `/v1/models`. */
      model: string;
      /** @description Whether one answer may call several functions; true by default. */
      parallel_tool_calls?: boolean | null;
      /** @description A stored response that this goes on from: all that was asked and answered up to it comes before `input`. */
      previous_response_id?: string | null;
      /** @description Not interpreted. */
      prompt_cache_key?: string | null;
      reasoning?: null | components["schemas"]["ReasoningConfig"];
      /** @description The same, by its newer name. */
      safety_identifier?: string | null;
      /** @description Only `auto` or `default`: there is one tier. */
      service_tier?: string | null;
      /** @description Keep the response, so that it can be fetched and gone on from; false by default. */
      store?: boolean | null;
      /** @description Answer as server-sent events. */
      stream?: boolean | null;
      /** @description Not interpreted: nothing is padded. */
      stream_options?: Record<string, unknown> | null;
      /**
       * Format: double
       * @description 0 (greedy, repeatable) to 2; 1 by default.
       */
      temperature?: number | null;
      text?: null | components["schemas"]["TextConfig"];
      /** @description `auto` (the default), `none`, `required`, or `{"type":"function","name":…}`. */
      tool_choice?: Record<string, unknown> | null;
      /** @description Functions the model may call. */
      tools?: Record<string, unknown>[] | null;
      /**
       * Format: double
       * @description Above 0, at most 1.
       */
      top_p?: number | null;
      /** @description Only `disabled`: a conversation that does not fit is refused. */
      truncation?: string | null;
      /** @description The caller's own name for the end user; not interpreted. */
      user?: string | null;
    };
    /** @description One role. */
    RoleRow: {
      /** @description Whether every tenant has it. */
      builtin: boolean;
      /** @description Who it is for; empty for the tenant's own. */
      meaning: string;
      /** @description What users and groups hold: a name of ours, or an id (`rol_…`). */
      name: string;
      /** @description What it may do. */
      permissions: string[];
      /** @description What people call it. */
      title: string;
    };
    /** @description The table. */
    Roles: {
      /** @description What may be permitted. */
      permissions: components["schemas"]["PermissionRow"][];
      /** @description Each role with what it may do; ours first, then the tenant's own. */
      roles: components["schemas"]["RoleRow"][];
    };
    /** @description How to replace a key. */
    Rotation: {
      /**
       * Format: int32
       * @description Hours that the old key goes on working beside the new one, 0 to 720.
       */
      overlap_hours: number;
    };
    /** @description SCIM's error (RFC 7644, section 3.12). */
    ScimError: {
      /** @description What is wrong and what to do. */
      detail: string;
      /** @description What makes it an error. */
      schemas: string[];
      /** @description What kind of mistake the request made. */
      scimType?: string | null;
      /** @description The HTTP status, as text. */
      status: string;
    };
    /** @description The question of a list, as a body. */
    SearchRequest: {
      /**
       * @description The only attributes to show.
       * @default []
       */
      attributes: string[];
      /**
       * Format: int64
       * @description How many, 0 to 200; 100 by default.
       * @default null
       */
      count: number | null;
      /**
       * @description The attributes not to show.
       * @default []
       */
      excludedAttributes: string[];
      /**
       * @description Which resources; all, if absent.
       * @default null
       */
      filter: string | null;
      /**
       * Format: int64
       * @description The position of the first one, from 1.
       * @default null
       */
      startIndex: number | null;
    };
    /** @description Who is signed in, and what they may do. */
    SessionInfo: {
      /** @description To be sent as `X-CSRF-Token` with every change; absent for API keys. */
      csrf_token?: string | null;
      /** @description When the session ends; absent for API keys. */
      expires_at?: string | null;
      /** @description The second factors that may be shown now: `totp`, `passkey`, `recovery`. */
      factors: string[];
      /** @description How the session began, or `api_key`. */
      method: string;
      /**
       * Format: int32
       * @description The shortest password the tenant accepts, in characters.
       */
      password_min_chars: number;
      /** @description What the roles add up to. */
      permissions: string[];
      /** @description What is missing: `full` (nothing), `second_factor`, `enrol_second_factor` or `change_password`. */
      stage: string;
      /** @description The tenant acted for. */
      tenant: components["schemas"]["SessionTenant"];
      /** @description The person. */
      user: components["schemas"]["SessionUser"];
    };
    /** @description One session. */
    SessionRow: {
      created_at: string;
      /** @description Whether it is the one that asks. */
      current: boolean;
      expires_at: string;
      id: string;
      /** @description Accurate to half a minute. */
      last_seen_at: string;
      /** @description How it began. */
      method: string;
      /** @description What was shown besides. */
      second_factor?: string | null;
      /** @description Where the sign-in came from. */
      source?: string | null;
      /** @description What the browser called itself. */
      user_agent?: string | null;
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
      /** @description `person`, `service` or `break_glass`. */
      kind: string;
      /** @description Its roles, those of its groups too. */
      roles: string[];
    };
    /** @description Somebody's living sessions, newest first. */
    Sessions: {
      /** @description At most 200. */
      items: components["schemas"]["SessionRow"][];
    };
    /** @description Another level, and why. */
    SetCapture: {
      /** @description `none`, `metadata`, `digests` or `content`. */
      level: string;
      /** @description Why, in 3 to 500 characters: it goes on record. */
      reason: string;
    };
    /** @description One stop string or several. */
    Stop: string | string[];
    /** @description Options of a stream. */
    StreamOptions: {
      /** @description Not interpreted: nothing is padded. */
      include_obfuscation?: boolean | null;
      /** @description Send the usage in a last chunk of its own. */
      include_usage?: boolean;
    };
    /** @description Where to go. */
    Switch: {
      /** @description The tenant. */
      tenant: string;
    };
    /** @description What the chat template is told. */
    TemplateArguments: {
      /** @description Whether a model that can choose thinks before it answers. */
      enable_thinking?: boolean | null;
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
    /** @description What to change. */
    TenantPatch: {
      /** @description `disabled` stops everybody in it at once, running answers too; `active` lets them act again. */
      status: string;
    };
    /** @description One of the answers, or a piece of one. */
    TextChoice: {
      finish_reason?: string | null;
      /** Format: int32 */
      index: number;
      logprobs?: null | components["schemas"]["TextLogprobs"];
      text: string;
    };
    /** @description What the answer must be. */
    TextConfig: {
      /** @description `text`, `json_object`, or `json_schema` with `name` and `schema`. */
      format?: Record<string, unknown> | null;
    };
    /** @description How likely tokens were, in the older form. */
    TextLogprobs: {
      /** @description Where each token begins in the answer, in bytes. */
      text_offset: number[];
      token_logprobs: number[];
      tokens: string[];
      top_logprobs: Record<string, unknown>[];
    };
    /** @description One text or several. */
    Texts: string | string[] | Record<string, unknown>;
    /** @description Whether the model thinks first. */
    Thinking: {
      /**
       * Format: int32
       * @description At least 1024 and below `max_tokens`. It is a target: only `max_tokens` ends thoughts.
       */
      budget_tokens?: number | null;
      /** @description `enabled`, `disabled` (the default), or `adaptive`: as the model's template has it. */
      type: string;
    };
    /** @description What the token endpoint gives. */
    TokenAnswer: {
      /** @description To be sent as `Authorization: Bearer …`. */
      access_token: string;
      /**
       * Format: int64
       * @description Seconds it lives.
       */
      expires_in: number;
      /** @description For token exchange. */
      issued_token_type?: string | null;
      /** @description Good for the next access token, once. */
      refresh_token?: string | null;
      /** @description Always `Bearer`. */
      token_type: string;
    };
    /** @description What a prompt costs. */
    TokenCount: {
      /**
       * Format: int32
       * @description With the model's template around the conversation.
       */
      input_tokens: number;
    };
    /** @description What the token endpoint takes; which fields depends on `grant_type`. */
    TokenForm: {
      /** @description An API key, for `client_credentials`; HTTP Basic will do as well. */
      client_secret?: string | null;
      /** @description `client_credentials`, `refresh_token` or `urn:ietf:params:oauth:grant-type:token-exchange`. */
      grant_type: string;
      /** @description For `refresh_token`. */
      refresh_token?: string | null;
      /** @description For token exchange: the foreign token. */
      subject_token?: string | null;
      /** @description For token exchange: `urn:ietf:params:oauth:token-type:jwt`. */
      subject_token_type?: string | null;
    };
    /** @description One token of an answer. */
    TokenTold: components["schemas"]["Told"] & {
      /** @description The likeliest at its place, likeliest first. */
      top_logprobs: components["schemas"]["Told"][];
    };
    /** @description A text to cut into tokens. */
    TokenizeRequest: {
      /** @description Only `false`, the default here: nothing is put around the text. */
      add_special_tokens?: boolean | null;
      /** @description Not served. */
      messages?: Record<string, unknown> | null;
      /** @description A model of `/v1/models`. */
      model: string;
      /** @description The text, at most 1 MiB. */
      prompt?: string | null;
      /** @description Only `false`: tokens are told by their number. */
      return_token_strs?: boolean | null;
    };
    /** @description A text's tokens. */
    Tokens: {
      /** @description How many. */
      count: number;
      /**
       * Format: int32
       * @description What the model's context holds, for prompt and answer together.
       */
      max_model_len: number;
      /** @description Their numbers in the model's vocabulary. */
      tokens: number[];
    };
    /** @description A token and how likely it was: the natural logarithm of the model's own probability. */
    Told: {
      bytes: number[];
      /** Format: float */
      logprob: number;
      token: string;
    };
    /** @description A call the model made. */
    ToolCall: {
      function: components["schemas"]["CalledFunction"];
      id: string;
      type: string;
    };
    /** @description Whether the model must call. */
    ToolChoice: {
      /** @description Whether one answer may call only once. */
      disable_parallel_tool_use?: boolean | null;
      /** @description For `tool`: which. */
      name?: string | null;
      /** @description `auto`, `any`, `tool` or `none`. */
      type: string;
    };
    /** @description A code of the app. */
    TotpCode: {
      /** @description Six digits. */
      code: string;
    };
    /** @description An authenticator app. */
    TotpRow: {
      created_at: string;
    };
    /** @description What to put into an authenticator app. */
    TotpSetup: {
      /** @description For a camera: a picture (SVG). */
      qr_svg: string;
      /** @description For typing, in groups of four. */
      secret: string;
      /** @description For apps on this device. */
      uri: string;
    };
    /** @description What a policy would have answered to the questions of a period. */
    Trial: {
      /**
       * Format: int64
       * @description How many decisions would have stayed as they were: allowed.
       */
      allowed: number;
      /** @description From this day on (its first instant, UTC). */
      from: string;
      /** @description The others: one entry for each purpose, place and class, with the rule that would have refused. */
      refused: Record<string, unknown>[];
      to: string;
    };
    /** @description A trial of a policy that is not proposed yet, with what it would change. */
    Tried: components["schemas"]["Trial"] & {
      /** @description What becomes of the policy in force. */
      changes: Record<string, unknown>[];
      /** @description Whether it allows anything that the policy in force does not. */
      loosens: boolean;
    };
    /** @description What lay in the two envelopes, and why they were opened. */
    UnlockRequest: {
      /** @description The first half; hyphens, blanks and case do not count. */
      first_half: string;
      /** @description Why, for the audit log: 10 to 500 characters. */
      reason: string;
      /** @description The second half. */
      second_half: string;
      /** @description The tenant's name. */
      tenant: string;
    };
    /** @description A user of the tenant. */
    User: {
      created_at: string;
      display_name: string;
      email: string;
      /** @description What a provisioning system calls it. */
      external_id?: string | null;
      /** @description Whether they sign in at another tenant and act here as its guest. */
      guest: boolean;
      id: string;
      /** @description `person`, `service` or `break_glass`. */
      kind: string;
      last_login_at?: string | null;
      /** @description Whether the next sign-in begins with choosing a password. */
      must_change_password: boolean;
      /** @description Who keeps the account: `local`, `scim` or the id of an identity provider. */
      origin: string;
      /** @description What is held directly; groups may add to it. */
      roles: string[];
      status: string;
    };
    /** @description What to change; absent fields stay. */
    UserPatch: {
      /** @description The name for people from now on. */
      display_name?: string | null;
      /** @description The roles from now on. */
      roles?: string[] | null;
      /** @description `active` or `disabled`; disabling ends sessions, keys and running answers at once. */
      status?: string | null;
    };
    /** @description A vector as it was asked for. */
    Vector: number[] | string;
    /** @description A policy there has been, or is. */
    Version: {
      approvals?: string[];
      effective_at?: string | null;
      enacted_at?: string | null;
      hash: string;
      policy: Record<string, unknown>;
      proposed_by?: string | null;
      reason?: string | null;
      /** @description The hash of the one before. This and all below is absent for the first, which nobody proposed. */
      replaces?: string | null;
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
