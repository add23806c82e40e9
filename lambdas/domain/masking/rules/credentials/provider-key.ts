import type { Rule, Span } from "../../rule.ts";
import { looksRandom } from "../support/randomness.ts";
import { body, HEX } from "../support/sample.ts";

const PROVIDERS =
  "adafruit|algolia|amplitude|asana|atlassian|auth0|azure|beamer|bitbucket|bittrex|bugsnag|circleci|cloudflare|cloudinary|codecov|cohere|coinbase|confluent|contentful|datadog|deepseek|discord|dnkey|droneci|dropbox|elastic|etsy|facebook|fastly|finicity|finnhub|firebase|flickr|freshbooks|gitter|gitlab|github|google|gocardless|heroku|hubspot|intercom|jenkins|jfrog|jira|jumpcloud|kraken|kucoin|launchdarkly|linear|linkedin|lob|looker|mailchimp|mailgun|mapbox|mattermost|meraki|messagebird|microsoft|mistral|netlify|newrelic|new[_-]relic|nylas|nytimes|okta|openai|opsgenie|pagerduty|paypal|pinecone|plaid|privateai|pusher|rapidapi|rollbar|segment|sendbird|sendgrid|sentry|shippo|sidekiq|slack|snyk|splunk|spotify|square|squarespace|stripe|sumologic|sumo|sonarqube|sonar|telegram|together|travis|trello|twilio|twitch|twitter|vercel|weatherapi|yandex|zendesk|zoom";
const EXPRESSION = new RegExp(
  `(?<![A-Za-z])(${PROVIDERS})(?:(?![a-z])|(?=api|key|token|secret|auth|access|pass|prod|dev|stag|test|live|client|app|web|bot|admin|account))([A-Za-z0-9_. -]{0,24})["'\\\\\`\\]]{0,3}[ \\t]{0,3}(?:=>|:=|[=:,]|\\|\\|)[ \\t]{0,3}["'\\\\\`]{0,3}([A-Za-z0-9_=+/-]{15,120})(?![A-Za-z0-9_=+/.-])`,
  "gi",
);
/** What carries a provider's name and is public: addresses, ids, versions, checksums. */
const PUBLIC =
  /(?:id|ids|url|uri|host|endpoint|version|name|path|file|image|tag|sha|sha1|sha256|sha512|md5|hash|checksum|digest|commit|ref|branch|region|bucket|user|username|email|project|org|account|sid|integrity|resolved|public[_. -]?key|site[_. -]?key|pk|trace|span|request|module|package|actions?)[ "']{0,2}$/i;
const HINT = new RegExp(PROVIDERS, "i");
const HEX_KEY = body(32, HEX);

/**
 * Keys without a form of their own, by the provider's name before them: `datadog = 0a1b…`, `FASTLY_PROD: …`.
 *
 * @see https://github.com/gitleaks/gitleaks (its rules show which providers' keys have no form)
 */
export const providerKey: Rule = {
  kind: "PROVIDER_KEY",
  family: "credential",
  signs: PROVIDERS.split("|")
    .map((name) => name.replace("[_-]", ""))
    .flatMap((name) => (name === "newrelic" ? ["newrelic", "new_relic", "new-relic"] : [name])),
  examples: [
    { text: `twilio auth = "${HEX_KEY}"`, secret: HEX_KEY },
    { text: `DATADOG_PROD: ${HEX_KEY}`, secret: HEX_KEY },
    { text: `"cloudflare": "${body(40)}"`, secret: body(40) },
  ],
  counterExamples: [
    `google_project_id = "my-project-1234567"`,
    `github.com/actions/checkout@${body(40, HEX)}`,
    `sentry_trace_id=${HEX_KEY}`,
    `"stripe": "https://js.stripe.com/v3/"`,
    "the azure sky: unbelievablybeautiful",
  ],
  reach: 512,
  find: (text) => {
    if (!HINT.test(text)) return [];
    const spans: Span[] = [];
    for (const match of text.matchAll(EXPRESSION)) {
      const value = match[3] ?? "";
      const end = match.index + match[0].length;
      if (!PUBLIC.test(match[2] ?? "") && looksRandom(value) && !/^(?:[A-Za-z]+[-_/])+[A-Za-z0-9.]*$/.test(value))
        spans.push({ start: end - value.length, end });
    }
    return spans;
  },
};
