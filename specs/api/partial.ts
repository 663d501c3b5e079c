/** Operations that are served for a part of what Stripe does, and which part; by the SDK's name. */
export const partialOperations: Readonly<Record<string, string>> = {
  "accountLinks.create": "The link leads back to the platform at once: there is nothing left to ask.",
  "accounts.createLoginLink": "The link leads to a page that says that there is no Express Dashboard.",
  "accounts.create": "What is said of a business and its people is kept; nobody verifies it.",
  "accounts.update": "What is said of a business and its people is kept; nobody verifies it.",
  "balanceSettings.update":
    "Nothing is paid out by itself, so that rules by currency and the start of a day are refused.",
  "countrySpecs.list": "Of the countries where an account can be here; no payments are taken, and nothing is asked.",
  "countrySpecs.retrieve":
    "Of the countries where an account can be here; no payments are taken, and nothing is asked.",
  "ephemeralKeys.create": "For an Issuing card and its nonce; customers and verification sessions are unknown.",
  "files.create": "An upload has at most 8 MiB, where Stripe takes 16 MB of some documents.",
  "issuing.tokens.list": "Always empty: no wallet provisions a card.",
  "issuing.tokens.retrieve": "Always 404: no wallet provisions a card.",
  "issuing.tokens.update": "Always 404: no wallet provisions a card.",
};
