// The connector API's documents, by the tools that other people read them with; and every example in them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import SwaggerParser from "@apidevtools/swagger-parser";
import { Parser } from "@asyncapi/parser";
import Ajv from "ajv/dist/2020.js";

const at = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = async (name) => JSON.parse(await readFile(at(name), "utf8"));

/** Compiles schemas of a document, wherever they refer to. */
function schemasOf(document) {
  const ajv = new Ajv({ strict: false, formats: { int64: true, uint32: true, uint64: true } });
  ajv.addSchema({ $id: "document", ...document });
  return (pointer) => ajv.compile({ $ref: `document#${pointer}` });
}

function fits(check, example, where) {
  assert.ok(check(example), `${where}: ${JSON.stringify(check.errors)}`);
}

test("openapi.json is valid OpenAPI 3.1", async () => {
  const api = await SwaggerParser.validate(at("openapi.json"));
  assert.equal(api.openapi, "3.1.0");
});

test("every example in openapi.json fits its schema", async () => {
  const document = await read("openapi.json");
  const compile = schemasOf(document);
  let examples = 0;
  const look = (value) => {
    if (value === null || typeof value !== "object") return;
    if ("example" in value && value.schema?.$ref) {
      fits(compile(value.schema.$ref.slice(1)), value.example, value.schema.$ref);
      examples += 1;
    }
    Object.values(value).forEach(look);
  };
  look(document.paths);
  assert.ok(examples >= 5, `${examples} examples`);
});

test("asyncapi.json is valid AsyncAPI 3, examples included", async () => {
  const { document, diagnostics } = await new Parser().parse(await readFile(at("asyncapi.json"), "utf8"));
  const errors = diagnostics.filter(({ severity }) => severity === 0);
  assert.deepEqual(errors, []);
  assert.equal(document.version(), "3.0.0");
});

test("every example frame in asyncapi.json fits its message and the frames of its side", async () => {
  const { channels, operations, components } = await read("asyncapi.json");
  const compile = schemasOf({ components });
  for (const [side, schema] of [["fromPhone", "FromPhone"], ["toPhone", "ToPhone"]]) {
    const frame = compile(`/components/schemas/${schema}`);
    for (const { $ref } of operations[side].messages) {
      const name = $ref.split("/").pop();
      assert.ok(channels.connector.messages[name], name);
      const { payload } = components.messages[name].examples[0];
      fits(compile(`/components/messages/${name}/payload`), payload, name);
      fits(frame, payload, `${name} as ${schema}`);
    }
  }
});
