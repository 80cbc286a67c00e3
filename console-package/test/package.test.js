"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const { ComponentSet, MetadataConverter, registry } = require("@salesforce/source-deploy-retrieve");
const { XMLValidator } = require("fast-xml-parser");

const { faults } = require("../testing/metadata_types.js");
const { PACKAGE, SOURCE, files, metadata, portsOf, text } = require("../testing/tree.js");

const XML = files().filter((file) => /(\.xml|\.cmp|\.design)$/.test(file));
const META = files().filter((file) => file.endsWith("-meta.xml"));

/** The members of a package.xml, by type. */
function membersOf(manifest) {
  const members = {};
  for (const [, block] of manifest.matchAll(/<types>([\s\S]*?)<\/types>/g)) {
    const [, type] = /<name>(.*?)<\/name>/.exec(block);
    members[type] = [...block.matchAll(/<members>(.*?)<\/members>/g)].map(([, member]) => member).sort();
  }
  return members;
}

test("the tree converts to the Metadata API's format, and is all of what the package is to bring", async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdline-package-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const set = ComponentSet.fromSource(SOURCE);
  set.sourceApiVersion = JSON.parse(fs.readFileSync(path.join(PACKAGE, "sfdx-project.json"), "utf8")).sourceApiVersion;
  await new MetadataConverter().convert(set, "metadata", { type: "directory", outputDirectory: folder,
    genUniqueDir: false });

  const written = fs.readdirSync(folder, { recursive: true }).map((file) => file.split(path.sep).join("/"));
  assert.ok(written.includes("aura/holdlinePartner/holdlinePartner.cmp"));
  assert.ok(written.includes("staticresources/holdlinePartner.resource"));
  assert.ok(written.includes("cspTrustedSites/Holdline_47810.cspTrustedSite"));
  const members = membersOf(fs.readFileSync(path.join(folder, "package.xml"), "utf8"));
  assert.deepEqual(Object.keys(members).sort(), [
    "ApexClass", "AuraDefinitionBundle", "CspTrustedSite", "CustomLabel", "CustomLabels", "ExternalClientApplication",
    "ExtlClntAppConfigurablePolicies", "ExtlClntAppGlobalOauthSettings", "ExtlClntAppOauthConfigurablePolicies",
    "ExtlClntAppOauthSettings", "PermissionSet", "StaticResource",
  ]);
  assert.deepEqual(members.PermissionSet, ["Holdline_Admin", "Holdline_Developer_Names", "Holdline_Rep"]);
});

test("a deployment puts the org's own contact into the app, and does not begin without one", async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdline-contact-"));
  t.after(() => {
    fs.rmSync(folder, { recursive: true });
    delete process.env.SF_APPLY_REPLACEMENTS_ON_CONVERT;
    delete process.env.HOLDLINE_CONTACT_EMAIL;
  });
  // Salesforce's CLI replaces when it deploys; this has the library do the same here.
  process.env.SF_APPLY_REPLACEMENTS_ON_CONVERT = "true";
  const convert = async () => {
    const set = ComponentSet.fromSource(path.join(SOURCE, "externalClientApps"));
    set.projectDirectory = PACKAGE;
    await new MetadataConverter().convert(set, "metadata", { type: "directory", outputDirectory: folder,
      genUniqueDir: false });
    return fs.readFileSync(path.join(folder, "externalClientApps/Holdline.eca"), "utf8");
  };
  delete process.env.HOLDLINE_CONTACT_EMAIL;
  await assert.rejects(convert, /HOLDLINE_CONTACT_EMAIL/);
  process.env.HOLDLINE_CONTACT_EMAIL = "it@acme.example";
  assert.match(await convert(), /<contactEmail>it@acme.example<\/contactEmail>/);
});

test("every file belongs to a component of a type that Salesforce knows", () => {
  const known = new Set();
  for (const component of ComponentSet.fromSource(SOURCE).getSourceComponents()) {
    assert.ok(registry.types[component.type.id], component.type.name);
    for (const file of [component.xml, ...component.walkContent()]) known.add(path.relative(SOURCE, file));
  }
  assert.deepEqual(files().filter((file) => !known.has(file)), []);
});

test("what is installed is what is uninstalled", () => {
  const all = [...ComponentSet.fromSource(SOURCE).getSourceComponents()];
  const expected = {};
  for (const component of all) (expected[component.type.name] ||= []).push(component.fullName);
  // The file of all labels is one component; each label is another, and goes.
  delete expected.CustomLabels;
  const gone = membersOf(fs.readFileSync(path.join(PACKAGE, "uninstall/destructiveChanges.xml"), "utf8"));
  for (const type of Object.keys(expected)) assert.deepEqual(gone[type], expected[type].sort(), type);
  assert.deepEqual(Object.keys(gone).sort(), Object.keys(expected).sort());
});

for (const file of XML) {
  test(`${file} is well-formed`, () => {
    assert.equal(XMLValidator.validate(text(file)), true);
  });
}

for (const file of META) {
  test(`${file} says what its type may say`, () => {
    const { type, element } = metadata(file);
    assert.deepEqual(faults(type, element), []);
  });
}

test("a fault in a metadata file would be seen", () => {
  const { type, element } = metadata("cspTrustedSites/Holdline_47810.cspTrustedSite-meta.xml");
  assert.equal(faults(type, { ...element, isAplicableToConnectSrc: "true" }).length, 1);
  assert.equal(faults(type, { ...element, context: "Lightning" }).length, 1);
  assert.equal(faults(type, { ...element, isActive: "yes" }).length, 1);
  const { endpointUrl, ...rest } = element;
  assert.ok(endpointUrl);
  assert.equal(faults(type, rest).length, 1);
  assert.equal(faults("CspTrustedPlace", element).length, 1);
});

test("each of Holdline's ports is a CSP Trusted Site, for connections only", () => {
  const sites = files().filter((file) => file.endsWith(".cspTrustedSite-meta.xml")).map((file) => metadata(file).element);
  assert.deepEqual(sites.map((site) => site.endpointUrl),
    portsOf("DEFAULT_PORTS").map((port) => `http://localhost:${port}`));
  for (const site of sites) {
    assert.equal(site.context, "LEX");
    const sources = Object.entries(site).filter(([name, value]) => name.startsWith("isApplicable") && value === "true");
    assert.deepEqual(sources, [["isApplicableToConnectSrc", "true"]]);
  }
});

test("the utility item looks on the ports where Holdline is", () => {
  const [, ports] = /name="ports"[^>]*?default="([\d,]+)"/s.exec(text("aura/holdlinePartner/holdlinePartner.cmp"));
  assert.deepEqual(ports.split(",").map(Number), portsOf("DEFAULT_PORTS"));
});

test("the External Client App has PKCE, Holdline's redirects and scopes, and no secret", () => {
  const { element: global } = metadata("extlClntAppGlobalOauthSets/Holdline_glbloauth.ecaGlblOauth-meta.xml");
  assert.deepEqual(global.callbackUrl.split(/\s+/),
    portsOf("DEFAULT_OAUTH_PORTS").map((port) => `http://localhost:${port}/OauthRedirect`));
  assert.equal(global.isPkceRequired, "true");
  assert.equal(global.isConsumerSecretOptional, "true");
  assert.equal(global.isSecretRequiredForRefreshToken, "false");
  assert.equal(global.consumerSecret, undefined);
  assert.equal(global.consumerKey, undefined);
  const { element: oauth } = metadata("extlClntAppOauthSettings/Holdline_oauth.ecaOauth-meta.xml");
  assert.equal(oauth.commaSeparatedOauthScopes, "Api, Basic, OpenID, RefreshToken");
  const { element: policy } = metadata("extlClntAppOauthPolicies/Holdline_oauthPlcy.ecaOauthPlcy-meta.xml");
  assert.equal(policy.permittedUsersPolicyType, "AdminApprovedPreAuthorized");
  assert.equal(policy.commaSeparatedPermissionSet, "Holdline_Rep");
});

test("a rep is given nothing but what the admin guide lists", () => {
  const { element } = metadata("permissionsets/Holdline_Rep.permissionset-meta.xml");
  assert.deepEqual(Object.keys(element).sort(),
    ["classAccesses", "description", "hasActivationRequired", "label", "objectPermissions", "userPermissions"]);
  assert.deepEqual(element.classAccesses, { apexClass: "HoldlineSetup", enabled: "true" });
  assert.deepEqual(element.userPermissions, { enabled: "true", name: "ApiEnabled" });
  assert.deepEqual(Object.entries(element.objectPermissions).filter(([, value]) => value !== "false"),
    [["allowRead", "true"], ["object", "PushTopic"]]);
});
