// Stand-ins of the Google services that the script uses, with the state that a test reads at the end.
const crypto = require("node:crypto");

const log = [];
const sent = [];
const sleeps = [];
const stored = { ...given.properties };
let triggers = [...(given.triggers || [])];
const statuses = [...(given.statuses || [])];
Date.now = () => 1790000000000;
console.warn = console.error = (text) => log.push(text);

// Bytes are signed in Apps Script: -128 to 127.
const signed = (bytes) => [...bytes].map((one) => (one << 24) >> 24);
const Utilities = {
  sleep: (ms) => sleeps.push(ms),
  base64Decode: (text) => signed(Buffer.from(text, "base64")),
  base64Encode: (bytes) => Buffer.from(Int8Array.from(bytes)).toString("base64"),
  newBlob: (text) => ({ getBytes: () => signed(Buffer.from(text, "utf8")) }),
  computeHmacSha256Signature: (value, key) => {
    if (!Array.isArray(value) || !Array.isArray(key)) throw new Error("bytes are expected");
    const hmac = crypto.createHmac("sha256", Buffer.from(Int8Array.from(key)));
    return signed(hmac.update(Buffer.from(Int8Array.from(value))).digest());
  },
};
const UrlFetchApp = {
  fetch: (url, options) => {
    sent.push({ url, ...options });
    const status = statuses.length ? statuses.shift() : 200;
    if (status === 0) throw new Error("Address unavailable");
    return { getResponseCode: () => status };
  },
};
const PropertiesService = {
  getScriptProperties: () => ({
    getProperties: () => ({ ...stored }),
    setProperty: (name, value) => (stored[name] = value),
    deleteProperty: (name) => delete stored[name],
  }),
};
const responseOf = ({ id, email, items }) => ({
  getId: () => id,
  getRespondentEmail: () => email || "",
  getItemResponses: () =>
    items.map(([itemId, title, type, answer]) => ({
      getItem: () => ({ getId: () => itemId, getTitle: () => title, getType: () => ({ toString: () => type }) }),
      getResponse: () => answer,
    })),
});
const responses = (given.responses || []).map(responseOf);
const FormApp = {
  getActiveForm: () => ({
    getResponse: (id) => {
      const found = responses.find((one) => one.getId() === id);
      if (!found) throw new Error("No such response");
      return found;
    },
  }),
};
const ScriptApp = {
  getProjectTriggers: () => triggers.map((one) => ({ one, getHandlerFunction: () => one[0] })),
  deleteTrigger: (trigger) => (triggers = triggers.filter((one) => one !== trigger.one)),
  newTrigger: (name) => ({
    forForm: () => ({ onFormSubmit: () => ({ create: () => triggers.push([name, "form", "onFormSubmit"]) }) }),
    timeBased: () => ({ everyMinutes: (minutes) => ({ create: () => triggers.push([name, "clock", minutes]) }) }),
  }),
};
const event = () => (responses.length ? { response: responses[0] } : {});
const report = () =>
  process.stdout.write(JSON.stringify({ log, sent, sleeps, properties: stored, triggers }));
