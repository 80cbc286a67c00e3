"use strict";

const js = require("@eslint/js");
const globals = require("globals");
const aura = require("@salesforce/eslint-plugin-aura");
const locker = require("@locker/eslint-plugin-locker");
const lockerConfig = require("@locker/eslint-config-locker/recommended");
const lockerBase = require("@locker/eslint-config-locker/base");

// Salesforce's Locker plugin has a configuration in ESLint's older form only: these are its rules.
const lockerRules = {
  plugins: { "@locker/locker": locker },
  rules: { ...lockerBase.rules, ...lockerConfig.rules },
};

const lightning = [...aura.configs.recommended, ...aura.configs.locker, lockerRules];

function only(files, configs) {
  return configs.map((config) => ({ ...config, files }));
}

module.exports = [
  // A copy of partner/holdline_partner.js, which is linted.
  { ignores: ["force-app/main/default/staticresources/**", "partner/src/**"] },

  ...only(["force-app/**/aura/**/*.js"], lightning),
  {
    files: ["force-app/**/aura/**/*.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    // Every Aura file is one object in parentheses.
    rules: { "no-unused-expressions": "off" },
  },

  ...only(["partner/holdline_partner.js"], lightning),
  {
    files: ["partner/holdline_partner.js"],
    languageOptions: { ecmaVersion: 2020, sourceType: "script", globals: { globalThis: "readonly" } },
  },

  ...only(["*.js", "scripts/**/*.js", "test/**/*.js", "testing/**/*.js"], [js.configs.recommended]),
  {
    files: ["*.js", "scripts/**/*.js", "test/**/*.js", "testing/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "commonjs", globals: globals.node },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
];
