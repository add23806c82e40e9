import { looksRandom } from "../support/randomness.ts";
import { body, DIGITS, HEX, LOWER, UPPER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

const SMALL = `${LOWER}${DIGITS}`;
const CAPITALS = `${UPPER}${DIGITS}`;
const UUID = `${body(8, HEX)}-${body(4, HEX)}-4${body(3, HEX)}-8${body(3, HEX)}-${body(12, HEX)}`;
/** What each service's keys look like, by its documentation. */
const FORMS = [
  // https://docs.apify.com/api/v2
  "apify_api_[A-Za-z0-9]{30,}",
  // https://jina.ai/api-dashboard
  "jina_[A-Za-z0-9_-]{48,}",
  // https://docs.runpod.io/get-started/api-keys
  "rpa_[A-Z0-9]{36}[A-Za-z0-9]*",
  // https://e2b.dev/docs/api-key
  "e2b_[0-9a-f]{40}",
  // https://docs.together.ai/docs/quickstart
  "tgp_v1_[A-Za-z0-9_-]{40,}",
  // https://docs.anyscale.com/
  "esecret_[a-z0-9]{24,}",
  // https://www.kaggle.com/docs/api
  "KGAT_[0-9a-f]{32}",
  // https://docs.wandb.ai/
  "wandb_v1_[A-Za-z0-9_]{40,}",
  // https://docs.n8n.io/api/authentication/
  "n8n_api_[A-Za-z0-9]{32,}",
  // https://context7.com/
  "ctx7sk-[0-9a-f-]{32,40}",
  // https://docs.deno.com/deploy/
  "dd[pwo]_[A-Za-z0-9]{36}",
  // https://neon.tech/docs/manage/api-keys
  "napi_[a-z0-9]{60,}",
  // https://xata.io/docs
  "xau_[A-Za-z0-9]{40,}",
  // https://docs.netbird.io/api/guides/authentication
  "nbp_[A-Za-z0-9]{36}",
  // https://trigger.dev/docs/apikeys
  "tr_(?:dev|prod|stg|preview)_[A-Za-z0-9]{20,}",
  // https://docs.goshippo.com/
  "shippo_(?:live|test)_[0-9a-f]{40}",
  // https://developer.frame.io/
  "fio-u-[A-Za-z0-9_=-]{64}",
  // https://developers.scalingo.com/
  "tk-us-[A-Za-z0-9_-]{48}",
  // https://api.intra.42.fr/apidoc
  "s-s4t2(?:ud|af)-[0-9a-f]{64}",
  // https://console.settlemint.com/documentation/
  "sm_(?:aat|pat|sat)_[A-Za-z0-9]{16}",
  // https://docs.defined.net/
  "dnkey-[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}",
  // https://support.maxmind.com/
  "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
  // https://clickhouse.com/docs/cloud/manage/openapi
  "4b1d[A-Za-z0-9]{38}",
  // https://docs.honeycomb.io/
  "hc[abx]ik_[a-z0-9]{50,}",
  // https://axiom.co/docs/reference/tokens
  "xa[ap]t-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
  // https://developer.brex.com/
  "bxt_[A-Za-z0-9]{36,}",
  // https://docs.mercury.com/
  "secret-token:mercury_(?:production|sandbox)_[a-z]{2,6}_[A-Za-z0-9_]{20,}",
  // https://developer.paddle.com/
  "pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}",
  // https://docs.polar.sh/
  "polar_(?:oat|pat)_[A-Za-z0-9]{32,}",
  // https://stytch.com/docs
  "secret-(?:live|test)-[A-Za-z0-9_-]{35,}=?",
  // https://docs.socket.dev/
  "sktsec_[A-Za-z0-9_-]{30,}",
  // https://docs.rootly.com/
  "rootly_[0-9a-f]{64}",
  // https://docs.val.town/
  "vtwn_[A-Za-z0-9]{20,}",
  // https://docs.cursor.com/
  "crsr_[0-9a-f]{60,}",
  // https://docs.helicone.ai/
  "sk-helicone-[a-z0-9-]{24,}",
  // https://authress.io/knowledge-base/
  "(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
  // https://docs.fireworks.ai/
  "fw_[A-Za-z0-9]{22,24}(?![A-Za-z0-9_])",
  // https://razorpay.com/docs/api/authentication/
  "rzp_live_[A-Za-z0-9]{14}",
];

/** Keys of services that mark them, and of which nobody needs to know more than that: one kind for all. */
export const serviceKey = tokenRule({
  kind: "SERVICE_KEY",
  signs: [
    "apify_api_",
    "jina_",
    "rpa_",
    "e2b_",
    "tgp_v1_",
    "esecret_",
    "KGAT_",
    "wandb_v1_",
    "n8n_api_",
    "ctx7sk-",
    "ddp_",
    "ddw_",
    "ddo_",
    "napi_",
    "xau_",
    "nbp_",
    "tr_dev_",
    "tr_prod_",
    "tr_stg_",
    "tr_preview_",
    "shippo_live_",
    "shippo_test_",
    "fio-u-",
    "tk-us-",
    "s-s4t2ud-",
    "s-s4t2af-",
    "sm_aat_",
    "sm_pat_",
    "sm_sat_",
    "dnkey-",
    "_mmk",
    "4b1d",
    "hcaik_",
    "hcbik_",
    "hcxik_",
    "xaat-",
    "xapt-",
    "bxt_",
    "secret-token:mercury",
    "pdl_",
    "polar_oat_",
    "polar_pat_",
    "secret-live-",
    "secret-test-",
    "sktsec_",
    "rootly_",
    "vtwn_",
    "crsr_",
    "sk-helicone-",
    ".acc_",
    ".acc-",
    "fw_",
    "rzp_live_",
  ],
  expression: new RegExp(`(?<![A-Za-z0-9_])(?:${FORMS.join("|")})(?![A-Za-z0-9])`, "g"),
  isToken: (value) => looksRandom(value),
  examples: [
    `apify_api_${body(36)}`,
    `jina_${body(60)}`,
    `rpa_${body(46, CAPITALS)}`,
    `e2b_${body(40, HEX)}`,
    `tgp_v1_${body(43)}`,
    `esecret_${body(26, SMALL)}`,
    `KGAT_${body(32, HEX)}`,
    `wandb_v1_${body(70)}`,
    `n8n_api_${body(80, HEX)}`,
    `ctx7sk-${body(36, HEX)}`,
    `ddp_${body(36)}`,
    `ddw_${body(36)}`,
    `napi_${body(64, SMALL)}`,
    `xau_${body(44)}`,
    `nbp_${body(36)}`,
    `tr_dev_${body(20)}`,
    `tr_prod_${body(20)}`,
    `shippo_live_${body(40, HEX)}`,
    `shippo_test_${body(40, HEX)}`,
    `fio-u-${body(64)}`,
    `tk-us-${body(48)}`,
    `s-s4t2ud-${body(64, HEX)}`,
    `sm_aat_${body(16)}`,
    `sm_pat_${body(16)}`,
    `dnkey-${body(26)}-${body(52)}`,
    `${body(6)}_${body(29)}_mmk`,
    `4b1d${body(38)}`,
    `hcaik_${body(58, SMALL)}`,
    `xaat-${UUID}`,
    `xapt-${UUID}`,
    `bxt_${body(40)}`,
    `secret-token:mercury_production_wma_${body(44)}`,
    `pdl_live_apikey_${body(26, SMALL)}_${body(22)}_${body(3)}`,
    `polar_oat_${body(43)}`,
    `secret-live-${body(36)}=`,
    `sktsec_${body(44)}_api`,
    `rootly_${body(64, HEX)}`,
    `vtwn_${body(28)}`,
    `crsr_${body(64, HEX)}`,
    `sk-helicone-${body(30, SMALL)}`,
    `sc_${body(8)}.${body(4)}.acc_${body(12)}.${body(40)}`,
    `fw_${body(24)}`,
    `rzp_live_${body(14)}`,
  ],
  counterExamples: [
    "fw_version",
    "jina_embeddings_v2_base_en_multilingual_and_more_words_of_it",
    "xau_usd",
    "rpa_",
    `4b1d${body(8)}`,
  ],
});
