// Kinds of credentials: what of each is typed in, and how it is sent.
import type { JsonObject } from "./wire.js";

export interface Part { name: string; label: string; secret?: boolean; optional?: boolean }
export interface Kind { label: string; parts: Part[]; note?: string }
export interface Scheme { name: string; type: string; kinds: string[]; scopes: string[] }

const CLIENT: Part[] = [{ name: "client_id", label: "Client id" }, { name: "client_secret", label: "Client secret", secret: true }];
const PUBLIC: Part[] = CLIENT.map((part) => ({ ...part, optional: part.secret ?? false }));
const TOKEN_URL: Part = { name: "token_url", label: "Token address", optional: true };
const SCOPES: Part = { name: "scopes", label: "Scopes, with spaces between", optional: true };

export const KINDS: Record<string, Kind> = {
  api_key: { label: "API key", parts: [{ name: "value", label: "Key", secret: true }] },
  bearer: { label: "Bearer token", parts: [{ name: "token", label: "Token", secret: true }] },
  basic: { label: "User name and password", parts: [{ name: "username", label: "User name" }, { name: "password", label: "Password", secret: true }] },
  client_credentials: { label: "OAuth2 client credentials", parts: [...CLIENT, TOKEN_URL, SCOPES] },
  authorization_code: {
    label: "OAuth2 sign-in of each customer",
    parts: [...PUBLIC, { name: "authorization_url", label: "Authorization address", optional: true }, TOKEN_URL, SCOPES],
    note: "Every customer signs in for himself. Register this server's address with /v1/oauth/callback as the redirect address of the client.",
  },
  token_exchange: {
    label: "OAuth2 token exchange",
    parts: [
      ...PUBLIC.map((part) => ({ ...part, optional: true })), { name: "subject_token", label: "Token to exchange", secret: true, optional: true },
      { name: "audience", label: "Audience", optional: true }, TOKEN_URL, SCOPES,
    ],
    note: "The client of all. A customer's own token comes with his own connection.",
  },
  none: { label: "None", parts: [] },
};

export function kindsFor(scheme: Scheme | undefined): string[] {
  return scheme ? scheme.kinds.filter((kind) => kind in KINDS) : Object.keys(KINDS);
}

export function credentialOf(kind: string, typed: FormData): JsonObject {
  const credential: JsonObject = { type: kind };
  for (const part of KINDS[kind]?.parts ?? []) {
    const value = String(typed.get(part.name) ?? "");
    if (value) credential[part.name] = part.name === "scopes" ? value.split(/\s+/).filter(Boolean) : part.secret ? value : value.trim();
  }
  return credential;
}

// What a connection signs in with, for people.
export function told(connection: { type: string; schemes?: Record<string, string>; base_url: string | null }): string {
  const schemes = Object.entries(connection.schemes ?? {});
  const named = schemes.map(([name, kind]) => `${name}: ${KINDS[kind]?.label ?? kind}`);
  const plain = connection.type === "none" && named.length ? [] : [KINDS[connection.type]?.label ?? connection.type];
  return [...plain, ...named, ...(connection.base_url ? [connection.base_url] : [])].join(", ");
}

// The schemes one has to sign in for; "" stands for the only one.
export function toSignInFor(connection: { type: string; schemes?: Record<string, string> }): string[] {
  const named = Object.entries(connection.schemes ?? {}).filter(([, kind]) => kind === "authorization_code").map(([name]) => name);
  return connection.type === "authorization_code" ? ["", ...named] : named;
}
