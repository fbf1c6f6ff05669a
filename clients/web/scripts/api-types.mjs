// Writes src/api/schema.ts from the service's own description, docs/openapi.json; `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";

const DESCRIPTION = new URL("../../../docs/openapi.json", import.meta.url);
const FILE = new URL("../src/api/schema.ts", import.meta.url);

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  switch (schema.type) {
    case "array": {
      const item = typeOf(schema.items ?? {});
      return item.includes("|") ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      return `Record<string, ${typeOf(Object(schema.additionalProperties))}>`;
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    default:
      return "unknown";
  }
}

function declaration([name, schema]) {
  const comment = schema.description ? `/** ${schema.description.replaceAll("\n", " ")} */\n` : "";
  if (!schema.properties) return `${comment}export type ${name} = ${typeOf(schema)};\n`;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(
    ([field, type]) => `  ${field}${required.has(field) ? "" : "?"}: ${typeOf(type)};\n`,
  );
  return `${comment}export interface ${name} {\n${fields.join("")}}\n`;
}

const schemas = JSON.parse(readFileSync(DESCRIPTION, "utf8")).components.schemas;
const text = `// Made by scripts/api-types.mjs from docs/openapi.json; change it there.\n\n${Object.entries(schemas)
  .map(declaration)
  .join("\n")}`;
if (!process.argv.includes("--check")) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, "utf8") !== text) {
  console.error("src/api/schema.ts is not what docs/openapi.json says: npm run types");
  process.exit(1);
}
