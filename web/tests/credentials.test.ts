import { expect, test } from "vitest";
import { credentialOf, KINDS, kindsFor, told, toSignInFor } from "../src/credentials.js";

const typed = (values: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
};

test("a credential has what was typed: secrets as they are, the rest without its spaces, scopes one by one", () => {
  const values = { client_id: " app ", client_secret: " s3 ", token_url: "", scopes: " read  write ", other: "x" };
  expect(credentialOf("client_credentials", typed(values))).toEqual({ type: "client_credentials", client_id: "app", client_secret: " s3 ", scopes: ["read", "write"] });
  expect(credentialOf("authorization_code", typed({ client_id: "app", client_secret: "" }))).toEqual({ type: "authorization_code", client_id: "app" });
});

test("a scheme offers the kinds that fit it, and of those only what can be typed in", () => {
  const scheme = { name: "s", type: "oauth2", kinds: ["authorization_code", "of another version", "bearer"], scopes: [] };
  expect(kindsFor(scheme)).toEqual(["authorization_code", "bearer"]);
  expect(kindsFor(undefined)).toEqual(Object.keys(KINDS));
});

test("a connection is told by its schemes, and by what one has to sign in for", () => {
  const several = { type: "none", schemes: { app: "api_key", login: "authorization_code" }, base_url: "https://a.test" };
  expect(told(several)).toBe("app: API key, login: OAuth2 sign-in of each customer, https://a.test");
  expect(toSignInFor(several)).toEqual(["login"]);
  expect(told({ type: "authorization_code", base_url: null })).toBe("OAuth2 sign-in of each customer");
  expect(toSignInFor({ type: "authorization_code" })).toEqual([""]);
  expect(toSignInFor({ type: "bearer", schemes: {} })).toEqual([]);
});
