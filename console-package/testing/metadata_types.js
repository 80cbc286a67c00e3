"use strict";

// What a metadata file may say, by the types of @salesforce/types, which Salesforce makes from the Metadata
// API's WSDL: which elements a type has, which it must have, and what values they take.

const fs = require("node:fs");

const DECLARATIONS = fs.readFileSync(require.resolve("@salesforce/types/metadata").replace(/js$/, "d.ts"), "utf8");

/** `{objects: Map of name to {bases, fields}, values: Map of name to texts}`. */
const TYPES = read(DECLARATIONS);

function read(text) {
  const objects = new Map();
  const values = new Map();
  for (const [, name, bases, body] of text.matchAll(/^export type (\w+) = ((?:\w+ & )*)\{\n([\s\S]*?)^\};/gm)) {
    const fields = new Map();
    for (const [, field, optional, type, list] of body.matchAll(/^ {4}(\w+)(\??): ([\w.]+)(\[\])?;/gm)) {
      fields.set(field, { type, list: Boolean(list), required: !optional && !list });
    }
    objects.set(name, { bases: bases.split(" & ").filter(Boolean), fields });
  }
  for (const [, name, body] of text.matchAll(/^export type (\w+) = ('[^;{]*');/gm)) {
    values.set(name, [...body.matchAll(/'([^']*)'/g)].map(([, value]) => value));
  }
  return { objects, values };
}

function fieldsOf(name) {
  const object = TYPES.objects.get(name);
  if (!object) return new Map();
  return new Map([...object.bases.flatMap((base) => [...fieldsOf(base)]), ...object.fields]);
}

/**
 * What is wrong with a parsed element of this type, each with its path; empty when nothing is.
 *
 * @param {string} type the name of a metadata type
 * @param {object} element as fast-xml-parser gives it
 */
function faults(type, element, path = type) {
  if (!TYPES.objects.has(type)) return [`${path}: there is no type ${type}`];
  const fields = fieldsOf(type);
  const found = [];
  for (const [name, given] of Object.entries(element)) {
    const field = fields.get(name);
    if (!field) {
      found.push(`${path}.${name}: ${type} has no such element`);
      continue;
    }
    const all = Array.isArray(given) ? given : [given];
    if (all.length > 1 && !field.list) found.push(`${path}.${name}: given ${all.length} times`);
    for (const one of all) found.push(...faultsOfValue(field.type, one, `${path}.${name}`));
  }
  for (const [name, field] of fields) {
    if (field.required && name !== "fullName" && !(name in element)) found.push(`${path}.${name}: is missing`);
  }
  return found;
}

function faultsOfValue(type, value, path) {
  if (TYPES.objects.has(type)) return faults(type, value, path);
  const allowed = type === "boolean" ? ["true", "false"] : TYPES.values.get(type);
  if (allowed && !allowed.includes(value)) return [`${path}: ${value} is none of ${allowed.join(", ")}`];
  if (type === "number" && !/^\d+(\.\d+)?$/.test(value)) return [`${path}: ${value} is no number`];
  return [];
}

module.exports = { TYPES, faults };
