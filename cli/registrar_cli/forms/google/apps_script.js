/**
 * Zoom registrar: sends every response of this form to its webhook.
 *
 * Written by `registrar forms add google`. Paste it into the form's Apps Script (not the spreadsheet's), choose the
 * function `install` and press Run. The script runs as the person who installs it: if they leave, it stops.
 */
const ENDPOINT = "REGISTRAR_ENDPOINT";
const SECRET = "REGISTRAR_SECRET";

const TRIES = 3;
const FIRST_WAIT_MS = 2000;
const SWEEP_MINUTES = 10;
const KEPT = "kept."; // prefix of the properties that name responses which could not be sent
const KEPT_DAYS = 14;
const OF_THE_RESPONSE = [400, 413, 415]; // statuses that say something about one response; others are about the webhook

/** Install the triggers: for each response, and for those that could not be sent. Run again, it changes nothing. */
function install() {
  uninstall();
  ScriptApp.newTrigger("onResponse").forForm(FormApp.getActiveForm()).onFormSubmit().create();
  ScriptApp.newTrigger("sendKept").timeBased().everyMinutes(SWEEP_MINUTES).create();
}

/** Remove these triggers, and no others: run it after `registrar forms remove`. */
function uninstall() {
  ScriptApp.getProjectTriggers()
    .filter((trigger) => ["onResponse", "sendKept"].includes(trigger.getHandlerFunction()))
    .forEach((trigger) => ScriptApp.deleteTrigger(trigger));
}

/** Send a response; keep its id if that fails. */
function onResponse(event) {
  const response = event && event.response;
  if (!response || !emailOf(response)) {
    console.warn("An event without an e-mail is not sent.");
    return;
  }
  for (let number = 0; number < TRIES; number++) {
    if (number > 0) Utilities.sleep(FIRST_WAIT_MS * 4 ** (number - 1));
    const status = send(response);
    if (status === 200) return;
    if (isFinal(status)) break;
  }
  properties().setProperty(KEPT + response.getId(), String(Date.now()));
}

/** Send what could not be sent, the oldest first, until the webhook fails or refuses again. */
function sendKept() {
  const kept = Object.entries(properties().getProperties()).filter(([name]) => name.startsWith(KEPT));
  kept.sort((one, other) => Number(one[1]) - Number(other[1]));
  for (const [name, since] of kept) {
    const response = responseWith(name.slice(KEPT.length));
    const status = response ? send(response) : 0;
    const isGivenUp = Date.now() - Number(since) > KEPT_DAYS * 86400000;
    if (status !== 200 && isGivenUp) console.error("After " + KEPT_DAYS + " days, a response is given up.");
    if (status === 200 || isGivenUp) properties().deleteProperty(name);
    else if (response && !OF_THE_RESPONSE.includes(status)) return; // the next sweep goes on
  }
}

/** Post a response, and return the status; 0 without an answer. */
function send(response) {
  const body = bodyOf(response);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const options = {
    method: "post",
    contentType: "application/json",
    payload: body,
    headers: {
      "webhook-id": response.getId(),
      "webhook-timestamp": timestamp,
      "webhook-signature": signatureOf(response.getId(), timestamp, body),
    },
    muteHttpExceptions: true,
    followRedirects: false,
  };
  try {
    const status = UrlFetchApp.fetch(ENDPOINT, options).getResponseCode();
    if (status !== 200) console.warn("The webhook answered with status " + status + ".");
    return status;
  } catch (error) {
    console.warn("The webhook did not answer.");
    return 0;
  }
}

/** Return the answers as JSON, in ASCII: its characters are the bytes that are signed. */
function bodyOf(response) {
  const items = response.getItemResponses().map((answer) => ({
    id: String(answer.getItem().getId()),
    title: answer.getItem().getTitle(),
    type: String(answer.getItem().getType()),
    value: textsOf(answer.getResponse()),
  }));
  const email = response.getRespondentEmail(); // collected by the form itself
  if (email) items.unshift({ id: "respondent_email", title: "Email", type: "EMAIL", value: email });
  const text = JSON.stringify({ response_id: response.getId(), items: items.filter((item) => item.value.length) });
  return text.replace(/[\u007f-\uffff]/g, (one) => "\\u" + one.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** Return an answer as text or as a list of texts; the rows of a grid are lists themselves. */
function textsOf(answer) {
  if (!Array.isArray(answer)) return answer === null ? "" : String(answer);
  return answer.map((one) => (Array.isArray(one) ? one.join(", ") : one === null ? "" : String(one)));
}

/** Sign as Standard Webhooks do. */
function signatureOf(id, timestamp, body) {
  const key = Utilities.base64Decode(SECRET.replace(/^whsec_/, ""));
  const signed = Utilities.newBlob(id + "." + timestamp + "." + body).getBytes();
  return "v1," + Utilities.base64Encode(Utilities.computeHmacSha256Signature(signed, key));
}

/** Return the e-mail that the form collects or that is one of the answers; empty if there is none. */
function emailOf(response) {
  const answers = response.getItemResponses().map((answer) => answer.getResponse());
  const found = [response.getRespondentEmail(), ...answers].find((one) => /^\s*[^\s@]+@[^\s@]+\s*$/.test(String(one)));
  return found || "";
}

/** Return whether the same request would be refused again. */
function isFinal(status) {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Return a response; null if it was deleted from the form, or Google Forms does not return it now. */
function responseWith(id) {
  try {
    return FormApp.getActiveForm().getResponse(id);
  } catch (error) {
    return null;
  }
}

function properties() {
  return PropertiesService.getScriptProperties();
}
