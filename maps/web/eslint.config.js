import js from "@eslint/js";
import globals from "globals";

/** What would let text become markup or code. */
const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc", "setHTMLUnsafe", "createContextualFragment"];

export default [
  { ignores: ["**/dist/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      camelcase: ["error", { properties: "never", ignoreDestructuring: true }],
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        ...MARKUP.map((property) => ({ property, message: "Text must stay text: build elements with h() of ui/dom.js." })),
        { object: "document", property: "write", message: "Text must stay text." },
        { object: "document", property: "writeln", message: "Text must stay text." },
      ],
    },
  },
  { files: ["**/src/**"], languageOptions: { globals: globals.browser } },
  {
    files: ["**/src/core/**"],
    languageOptions: { globals: { ...globals["shared-node-browser"], DecompressionStream: "readonly" } },
    rules: { "no-restricted-globals": ["error", "window", "document", "navigator", "localStorage"] },
  },
  { files: ["**/*.mjs", "**/tests/web/**"], languageOptions: { globals: globals.node } },
];
