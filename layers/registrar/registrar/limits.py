"""Every limit, with its unit and source.

Imports nothing. Tests compare the documented table of limits and the template's numbers with this file, so each line
keeps the form `NAME: Final = value  # unit, qualifiers · source`.
"""

from typing import Final

# ── Zoom (zoom-api.md) ───────────────────────────────────────────────────────────────────────────────────────────────
REGISTRANTS_PER_CALL: Final = 30  # registrants · Zoom, batch registration
REGISTRANTS_PER_PAGE: Final = 300  # registrants · Zoom, listing registrants
ATTEMPTS_PER_DAY: Final = 3  # calls per registrant, webinar and UTC day · Zoom, rate limits
EMAIL_CHARACTERS: Final = 128  # characters · Zoom, single registration
NAME_CHARACTERS: Final = 64  # characters · Zoom, single registration
ANSWER_CHARACTERS: Final = 128  # characters of an answer to a question, cut · Zoom, single registration
STANDARD_FIELD_CHARACTERS: Final = 1_000  # characters of an address, comment and so on, cut · ours: Zoom states none
QUESTION_CHARACTERS: Final = 1_000  # characters of a question's title · ours: Zoom states none
ZOOM_ID_CHARACTERS: Final = 64  # characters of the id of an occurrence or tracking source · ours: Zoom uses 13
WEBINAR_ID_DIGITS_MIN: Final = 9  # digits · Zoom
WEBINAR_ID_DIGITS_MAX: Final = 15  # digits · ours: Zoom uses up to 12 today
BUDGET_HEADROOM: Final = 0.97  # share of the calls per second that is used · ours: clocks and networks jitter
ZOOM_CONNECT_SECONDS: Final = 3.0  # seconds · ours
ZOOM_CALL_SECONDS: Final = 25.0  # seconds, until the response is read to its end · ours
ZOOM_RESPONSE_BYTES: Final = 1_048_576  # bytes · ours: thirty join URLs take less than 30 KB
ZOOM_PAGE_BYTES: Final = 8_388_608  # bytes · ours: 300 registrants with long answers to custom questions
ZOOM_RESPONSE_SECONDS: Final = 1.0  # seconds, response time assumed before the first response · ours
BREAKER_CALLS: Final = 3  # consecutive calls without a response · ours
REFUSAL_SECONDS: Final = 60  # seconds for which Zoom's refusal of a webinar, or its end, is not asked for again · ours
PER_SECOND_RETRIES: Final = 5  # retries of a call that met the per-second limit · ours
PATIENCE_CALLS: Final = 4  # calls per other waiting webinar that may pass one over before it goes next · ours
SCARCE_SHARE: Final = 0.1  # share of the daily calls, below which incomplete calls wait to be filled · ours
SCARCE_WAIT_SECONDS: Final = 60  # seconds, at most, that an incomplete call waits to be filled · ours

# ── AcceptSubmission (contract 2 and 3) ──────────────────────────────────────────────────────────────────────────────
FORM_BYTES: Final = 16_384  # bytes, decoded · contract 2
FORM_PARTS: Final = 1_000  # parts of a multipart form · ours: browsers and Jotform send some dozens
NEXT_URL_CHARACTERS: Final = 2_000  # characters of `_next`, escaped · ours: API Gateway allows 10,240 bytes of headers
TURNSTILE_TOKEN_CHARACTERS: Final = 2_048  # characters · Cloudflare
TURNSTILE_SECONDS: Final = 2.5  # seconds, to connect and again to be answered · ours: a visitor waits
TURNSTILE_TRIES: Final = 2  # tries to have a token verified, including the first · ours
TURNSTILE_SECRET_SECONDS: Final = 60  # seconds for which the secret is cached · ours: as those of forms
SUBMISSION_DAYS: Final = 30  # days · contract 2
RETRY_AFTER_SECONDS: Final = 5  # seconds, sent with a 503 · ours
CLAIM_SECONDS: Final = 2.0  # seconds in which a delivery is sent, or has crashed · ours: it takes some 20 ms
CLAIM_POLL_SECONDS: Final = 0.1  # seconds between two looks at a delivery that is being sent · ours

# ── AcceptForm (contract 10) ─────────────────────────────────────────────────────────────────────────────────────────
WEBHOOK_BYTES: Final = 262_144  # bytes, 256 KiB, decoded · contract 10
FORM_CACHE_SECONDS: Final = 60  # seconds for which a form and the secrets are cached · contract 10
FORM_DAILY_CEILING: Final = 20_000  # submissions per form and UTC day, unless FormTable has another · contract 10

# ── Forms of providers (contract 10) ─────────────────────────────────────────────────────────────────────────────────
FORM_FIELDS: Final = 20_000  # answered fields that are read of one delivery · ours: about a second of work
FORM_NESTING: Final = 8  # objects and lists inside each other that are read · ours: the deepest provider has 5
SIGNATURE_SECONDS: Final = 300  # seconds between a signature's time and now · Standard Webhooks, HubSpot, Webflow
SET_ASIDE_BYTES: Final = 61_440  # bytes, the body of a dead letter `unmapped_form` · contract 10
SET_ASIDE_NAME_CHARACTERS: Final = 256  # characters of a key, label or type in it · ours: titles of questions

# ── The pages (contract 11) ──────────────────────────────────────────────────────────────────────────────────────────
ACCEPT_LANGUAGE_CHARACTERS: Final = 1_024  # characters of the header that are read · ours: browsers send fewer than 200
EMBED_SCRIPT_BYTES: Final = 2_047  # bytes · ours: it loads with every page that shows the form

# ── The queue (aws-notes.md) ─────────────────────────────────────────────────────────────────────────────────────────
MESSAGES_PER_CALL: Final = 10  # messages · SQS
CONSUMERS: Final = 2  # concurrent execution environments · template, MaximumConcurrency
MAX_IN_FLIGHT: Final = 5_000  # registrants per invocation · ours
WORKER_THREADS: Final = 64  # threads per execution environment · ours: bounds connections and memory
RECEIVERS: Final = 4  # concurrent receives · ours: more than Zoom takes at 40 calls per second
POLL_SECONDS: Final = 0.2  # seconds between polls of an empty queue while tasks are running · ours
LULL_SECONDS: Final = 2.0  # seconds without a half-full receive, after which receiving ends · ours
ABANDONED_PER_THREAD: Final = 100  # messages that one thread returns to the queue · ours
VISIBILITY_MARGIN_SECONDS: Final = 30  # seconds beyond the end of the invocation · ours
DEFERRAL_FIRST_SECONDS: Final = 40  # seconds, before jitter · ours
DEFERRAL_LONGEST_SECONDS: Final = 900  # seconds · ours: registration resumes soon after Zoom is back
DEFERRAL_JITTER: Final = 0.2  # share by which a deferral may be shorter · ours
VISIBILITY_LONGEST_SECONDS: Final = 39_600  # seconds, 11 h · SQS refuses more than 12 h counted from the receive
RETRY_AFTER_LONGEST_SECONDS: Final = 86_400  # seconds · Zoom: its longest limit ends with the UTC day
NEXT_DAY_SPREAD_SECONDS: Final = 1_200  # seconds after 00:00 UTC · ours
AGE_LIMIT_SECONDS: Final = 345_600  # seconds, 96 h after the message was first sent · contract 6
ACCOUNT_LIMIT_DEFERRAL_SECONDS: Final = 3_600  # seconds, once · contract 6, account_attendee_limit
OPTIONAL_FIELDS_BYTES: Final = 57_344  # bytes of JSON, so that a message fits the queue's 64 KiB · ours, contract 3

# ── Storage (aws-notes.md) ───────────────────────────────────────────────────────────────────────────────────────────
ROWS_PER_READ: Final = 100  # rows · DynamoDB, BatchGetItem
ROWS_PER_WRITE: Final = 25  # rows · DynamoDB, BatchWriteItem
OTHER_MESSAGES: Final = 5  # ids of a registrant's other messages that the row keeps · ours: it stays below 1 KB
DETAIL_CHARACTERS: Final = 256  # characters · contract 5
FUNCTION_SECONDS: Final = 300  # seconds, the timeout, so the longest time from a reservation to its call · template
STORE_SECONDS: Final = 15  # seconds reserved for storing the outcomes of a call · ours
AWS_CONNECT_SECONDS: Final = 1.0  # seconds · ours
AWS_READ_SECONDS: Final = 3.0  # seconds · ours
AWS_TRIES: Final = 2  # tries of an AWS call, including the first · ours
CONFLICT_TRIES: Final = 4  # tries of a row that others change at the same moment · ours
THROTTLED_FIRST_SECONDS: Final = 0.05  # seconds, before jitter, until a throttled call is tried again · ours
THROTTLED_LONGEST_SECONDS: Final = 1.0  # seconds · ours
THROTTLED_JITTER: Final = 0.5  # share by which such a wait may be shorter · ours
PAUSE_CHECK_SECONDS: Final = 3.0  # seconds between two reads of the pause flag · ours

# ── What Zoom says about a webinar (contract 11) ─────────────────────────────────────────────────────────────────────
FACTS_FRESH_SECONDS: Final = 900  # seconds for which the facts of a webinar are not looked up again · ours
FACTS_FRESH_DAY_SECONDS: Final = 300  # seconds, within a day before its start · ours
FACTS_FRESH_HOUR_SECONDS: Final = 60  # seconds, from an hour before its start until its end · ours
LOOKUP_SECONDS: Final = 4.0  # seconds, all calls of a lookup to Zoom together · ours: a page waits for it
LOOKUP_WAIT_SECONDS: Final = 6.0  # seconds that a page waits for a lookup · ours: a visitor waits for the page
LOOKUP_AGAIN_SECONDS: Final = 30  # seconds from the start of a failed lookup of a webinar to the next · ours
LOOKUPS_PER_SECOND: Final = 4  # lookups, of 1 to 4 Light and Medium calls · ours: half of a Pro plan's 30 Light calls
EMBED_SECONDS: Final = 3_600  # seconds for which browsers keep the script that embeds the form · ours
FULL_SECONDS: Final = 3_600  # seconds after a refusal for want of seats, if Zoom does not say how many are left · ours
WEBINAR_DAYS: Final = 30  # days after the last lookup · ours: as long as a submission
UNKNOWN_WEBINAR_DAYS: Final = 1  # days for which an id is kept that Zoom does not know · ours

# ── Logs and metrics ─────────────────────────────────────────────────────────────────────────────────────────────────
IDS_PER_LINE: Final = 100  # message ids per log line · ours: 4 KB
VALUES_PER_METRIC: Final = 99  # values of a metric per line · CloudWatch, 100: Powertools begins a new line there

# ── The token ────────────────────────────────────────────────────────────────────────────────────────────────────────
TOKEN_CACHE_SECONDS: Final = 300  # seconds for which a token is cached · ours
TOKEN_NEAR_END_SECONDS: Final = 300  # seconds before its expiry from which a token is replaced · ours
TOKEN_CALL_SECONDS: Final = 10.0  # seconds, Zoom's response to a token request · ours
REFRESH_CALL_SECONDS: Final = 35.0  # seconds, the consumer's wait for RefreshToken · above that function's timeout
MINT_FIRST_SECONDS: Final = 60  # seconds between two mints · contract 8
MINT_RETRY_SECONDS: Final = 50  # seconds from a failed mint to the next · below Lambda's minute before its first retry
MINT_LONGEST_SECONDS: Final = 1_800  # seconds between two mints while Zoom keeps refusing tokens · ours
MINT_LEASE_SECONDS: Final = 60  # seconds, lease for minting · above the function's timeout, not below MINT_FIRST
