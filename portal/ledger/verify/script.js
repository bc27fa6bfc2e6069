"use strict";
// Verifies a receipt with its proof: the same checks, in the same order, as
// ledger.Bundle.Verify. Nothing is fetched and nothing is sent: the policy above
// forbids it.

const utf8 = new TextEncoder();

// Wrong is a check that failed; Unable is one that this browser cannot make.
class Wrong extends Error {}
class Unable extends Error {}

function demand(condition, what) {
  if (!condition) throw new Wrong(what);
}

function bytes(base64) {
  demand(/^[A-Za-z0-9+/]*={0,2}$/.test(base64), "ce n’est pas du base64");
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

function urlBytes(base64url) {
  demand(/^[A-Za-z0-9_-]+$/.test(base64url), "ce n’est pas du base64url");
  return bytes(base64url.replaceAll("-", "+").replaceAll("_", "/"));
}

function parse(text, what) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Wrong(what + " : ce n’est pas du JSON");
  }
}

function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
  return out;
}

const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const hex = (data) => Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

// receipt checks the signature (RFC 7515, ES256) and returns the claims.
async function receipt(jws, jwks, issuer) {
  const parts = String(jws).split(".");
  demand(parts.length === 3, "ce n’est pas un JWS");
  const text = (part) => new TextDecoder("utf-8", { fatal: true }).decode(urlBytes(part));
  const header = parse(text(parts[0]), "l’en-tête");
  demand(header.alg === "ES256" && header.typ === "consent-receipt+jwt" && header.crit === undefined, "ce n’est pas un récapitulatif");
  const known = (jwks.keys || []).find((k) => k.kid === header.kid && k.kty === "EC" && k.crv === "P-256");
  demand(known, "cette clé n’est pas une clé du portail");
  const key = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: known.x, y: known.y }, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const good = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, urlBytes(parts[2]), utf8.encode(parts[0] + "." + parts[1]));
  demand(good, "la signature n’est pas la bonne");
  const claims = parse(text(parts[1]), "le contenu");
  demand(claims.iss === issuer, "il vient de " + claims.iss);
  const record = claims.consent_receipt;
  demand(claims.jti && record && record.record_id === claims.jti && record.event?.length > 0, "il n’est pas complet");
  return record;
}

// answers checks that the entry is about the row, and that the row says what the
// receipt says.
async function answers(bundle, record) {
  const entry = parse(bundle.entry, "l’inscription"), row = parse(bundle.fact, "la ligne");
  demand(entry.kind === "decision", "l’inscription n’est pas celle d’un choix");
  demand(entry.fact === hex(await sha256(utf8.encode(bundle.fact))), "l’inscription parle d’une autre ligne");
  demand(entry.ref === row.id && entry.subject === row.subject && entry.client === row.client && row.id === record.record_id, "l’inscription parle d’un autre choix");
  const event = record.event[0], notice = record.privacy_notice || {}, processing = record.pii_processing || [];
  demand(event.event_state === (row.allowed ? "dpv:ConsentGiven" : "dpv:ConsentRefused"), "le choix n’est pas celui qui est inscrit");
  demand(event.event_time === Math.floor(Date.parse(row.at.slice(0, 19) + "Z") / 1000), "l’heure n’est pas celle qui est inscrite");
  demand(entry.text_hash === row.text && row.text === notice.sha256 && row.version === notice.version, "le texte lu n’est pas celui qui est inscrit");
  demand(processing.length === 1 && same(row.groups, processing[0].pii_information), "les données ne sont pas celles qui sont inscrites");
  demand((row.ends_on || "") === (processing[0].consent_expiry || ""), "la date de fin n’est pas celle qui est inscrite");
}

// noteKey reads a verifier key of signed notes: name, four bytes of its hash, Ed25519.
async function noteKey(text) {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim());
  demand(found, "la clé du journal n’en est pas une");
  const raw = bytes(found[3]);
  const hash = (await sha256(join(utf8.encode(found[1] + "\n"), raw))).slice(0, 4);
  demand(raw.length === 33 && raw[0] === 1 && hex(hash) === found[2], "la clé du journal n’en est pas une");
  return { name: found[1], hash, raw: raw.slice(1) };
}

// note takes a checkpoint apart (C2SP tlog-checkpoint): what it says, and the
// signature of the key of that name.
function note(checkpoint, key) {
  const cut = checkpoint.lastIndexOf("\n\n") + 1;
  const text = checkpoint.slice(0, cut), lines = text.split("\n");
  demand(cut > 0 && lines[0] === key.name && /^\d{1,15}$/.test(lines[1]) && lines[2], "ce n’est pas un point de contrôle de ce journal");
  for (const line of checkpoint.slice(cut + 1).split("\n")) {
    const [dash, name, signature] = line.split(" ");
    if (dash !== "—" || name !== key.name) continue;
    const raw = bytes(signature || "");
    if (same(raw.slice(0, 4), key.hash)) return { text, size: Number(lines[1]), root: bytes(lines[2]), signature: raw.slice(4) };
  }
  throw new Wrong("cette clé ne l’a pas signé");
}

async function signed(point, key) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Unable("ce navigateur ne connaît pas les signatures Ed25519");
  }
  demand(await crypto.subtle.verify({ name: "Ed25519" }, imported, point.signature, utf8.encode(point.text)), "la signature n’est pas la bonne");
}

// included follows the path from the leaf to the root (RFC 9162 section 2.1.3.2).
async function included(bundle, point) {
  const { index, hashes } = bundle.proof || {};
  demand(Number.isSafeInteger(index) && index >= 0 && index < point.size, "cette place n’existe pas");
  let at = index, last = point.size - 1;
  let node = await sha256(join([0], utf8.encode(bundle.entry)));
  const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); };
  for (const hash of hashes || []) {
    demand(last > 0, "le chemin est trop long");
    if (at % 2 === 1 || at === last) {
      node = await sha256(join([1], bytes(hash), node));
      while (at % 2 === 0 && at !== 0) up();
    } else {
      node = await sha256(join([1], node, bytes(hash)));
    }
    up();
  }
  demand(last === 0 && same(node, point.root), "le chemin ne mène pas à ce point de contrôle");
}

// verify makes the checks one after the other, and stops at the first that fails.
async function verify(files, issuer, told) {
  const check = async (name, what) => {
    try {
      const out = await what();
      told(name, "Vrai", "");
      return out;
    } catch (e) {
      if (e instanceof Unable) return told(name, "Non vérifié", e.message);
      told(name, "Faux", e instanceof Wrong ? e.message : "illisible");
      throw e;
    }
  };
  demand(globalThis.crypto?.subtle, "ce navigateur ne sait pas calculer ici : ouvrez le fichier enregistré");
  const bundle = await check("Le fichier est une preuve", async () => {
    const b = parse(files.bundle, "la preuve");
    demand([b?.receipt, b?.fact, b?.entry, b?.checkpoint].every((x) => typeof x === "string"), "il manque une partie");
    return b;
  });
  const record = await check("Le récapitulatif est signé par le portail", () => receipt(bundle.receipt, parse(files.jwks, "les clés"), issuer));
  await check("Il dit ce qui est inscrit au journal", () => answers(bundle, record));
  let key, point;
  await check("Le point de contrôle est signé par le journal", async () => {
    key = await noteKey(files.key);
    point = note(bundle.checkpoint, key);
    await signed(point, key);
  });
  await check("L’inscription est dans le journal", () => included(bundle, point));
  return record;
}

const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

// facts are what the receipt says, for its reader.
function facts(record) {
  const list = document.createElement("dl");
  const add = (name, value) => list.append(element("dt", name), element("dd", value));
  const event = record.event[0], processing = record.pii_processing[0];
  add("Choix", event.event_state === "dpv:ConsentGiven" ? "Partage autorisé" : "Partage refusé");
  add("Quand", new Date(event.event_time * 1000).toISOString());
  for (const party of record.party_identification || []) add("Qui reçoit les données", party.party_name + " (" + party.party_id + ")");
  add("Données", processing.pii_information.join(", ") || "aucune");
  add("Finalité", processing.purpose);
  return list;
}

async function submitted(event) {
  event.preventDefault();
  const result = document.getElementById("result"), list = document.createElement("ul");
  const states = [];
  const told = (name, state, why) => {
    states.push(state);
    list.append(element("li", state + " : " + name + (why ? " (" + why + ")" : "")));
  };
  let verdict = "Ce récapitulatif est prouvé.", record;
  try {
    const files = {};
    for (const name of ["bundle", "jwks", "key"]) files[name] = await document.getElementById(name).files[0].text();
    record = await verify(files, document.getElementById("issuer").value.trim().replace(/\/$/, ""), told);
    if (states.includes("Non vérifié")) verdict = "La vérification n’est pas complète.";
  } catch (e) {
    verdict = "Ce récapitulatif n’est pas prouvé.";
    if (states.length === 0 && e instanceof Wrong) told("La vérification", "Faux", e.message);
  }
  result.replaceChildren(element("h2", verdict), list);
  if (record) result.append(facts(record));
}

document.getElementById("form").addEventListener("submit", submitted);
