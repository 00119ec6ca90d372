/** Writes src/api/schema.ts from openapi.json, the gateway's own description (`leeward openapi`). */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { format, resolveConfig } from "prettier";

const target = new URL("src/api/schema.ts", import.meta.url);
const description = JSON.parse(await readFile(new URL("openapi.json", import.meta.url), "utf8"));

// The client goes by path and method. Without operation ids each operation's types stay at its path,
// so that two operations of one name cannot be taken for each other.
for (const methods of Object.values(description.paths)) {
  for (const operation of Object.values(methods)) delete operation.operationId;
}

const types = astToString(await openapiTS(description, { emptyObjectsUnknown: true }));
const head = "// Generated from openapi.json by `npm run generate`. Do not edit.\n\n";
const options = await resolveConfig(target);
await writeFile(target, await format(head + types, { ...options, parser: "typescript" }));
