// An independent look at a credential: Node's own crypto, nothing of this project.
// Usage: node verify_credential.mjs TOKEN KEYS_JSON. Prints the payload, or fails with a word why.
import { createPublicKey, verify } from "node:crypto";

const [token, keys] = process.argv.slice(2);
const [head, body, signature] = token.split(".");
const header = JSON.parse(Buffer.from(head, "base64url"));
if (header.alg !== "EdDSA") throw new Error("algorithm");
const jwk = JSON.parse(keys).keys.find((one) => one.kid === header.kid);
if (!jwk) throw new Error("no such key");
const key = createPublicKey({ key: jwk, format: "jwk" });
const signed = Buffer.from(`${head}.${body}`);
if (!verify(null, signed, key, Buffer.from(signature, "base64url"))) throw new Error("signature");
console.log(Buffer.from(body, "base64url").toString());
