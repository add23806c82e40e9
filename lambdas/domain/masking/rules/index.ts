import type { Rule } from "../rule.ts";
import { plainly } from "../spelling.ts";
import { adobeSecret } from "./credentials/adobe-secret.ts";
import { ageSecretKey } from "./credentials/age-secret-key.ts";
import { airtableToken } from "./credentials/airtable-token.ts";
import { alibabaAccessKeyId } from "./credentials/alibaba-access-key-id.ts";
import { anthropicKey } from "./credentials/anthropic-key.ts";
import { artifactoryToken } from "./credentials/artifactory-token.ts";
import { asanaToken } from "./credentials/asana-token.ts";
import { atlassianToken } from "./credentials/atlassian-token.ts";
import { awsAccessKeyId } from "./credentials/aws-access-key-id.ts";
import { awsBedrockApiKey } from "./credentials/aws-bedrock-api-key.ts";
import { awsMwsToken } from "./credentials/aws-mws-token.ts";
import { awsSecretAccessKey } from "./credentials/aws-secret-access-key.ts";
import { awsSessionToken } from "./credentials/aws-session-token.ts";
import { azureClientSecret } from "./credentials/azure-client-secret.ts";
import { azureDevopsToken } from "./credentials/azure-devops-token.ts";
import { azureKey } from "./credentials/azure-key.ts";
import { azureSas } from "./credentials/azure-sas.ts";
import { basicAuth } from "./credentials/basic-auth.ts";
import { bearerToken } from "./credentials/bearer-token.ts";
import { brevoKey } from "./credentials/brevo-key.ts";
import { buildkiteToken } from "./credentials/buildkite-token.ts";
import { cerebrasKey } from "./credentials/cerebras-key.ts";
import { circleciToken } from "./credentials/circleci-token.ts";
import { clojarsToken } from "./credentials/clojars-token.ts";
import { cloudflareToken } from "./credentials/cloudflare-token.ts";
import { commandPassword } from "./credentials/command-password.ts";
import { contentfulToken } from "./credentials/contentful-token.ts";
import { cratesToken } from "./credentials/crates-token.ts";
import { databricksToken } from "./credentials/databricks-token.ts";
import { digitaloceanToken } from "./credentials/digitalocean-token.ts";
import { discordToken } from "./credentials/discord-token.ts";
import { dockerAuth } from "./credentials/docker-auth.ts";
import { dockerToken } from "./credentials/docker-token.ts";
import { dopplerToken } from "./credentials/doppler-token.ts";
import { dropboxToken } from "./credentials/dropbox-token.ts";
import { duffelToken } from "./credentials/duffel-token.ts";
import { dynatraceToken } from "./credentials/dynatrace-token.ts";
import { easypostKey } from "./credentials/easypost-key.ts";
import { elevenlabsKey } from "./credentials/elevenlabs-key.ts";
import { facebookToken } from "./credentials/facebook-token.ts";
import { figmaToken } from "./credentials/figma-token.ts";
import { firecrawlKey } from "./credentials/firecrawl-key.ts";
import { flutterwaveKey } from "./credentials/flutterwave-key.ts";
import { flyToken } from "./credentials/fly-token.ts";
import { githubToken } from "./credentials/github-token.ts";
import { gitlabToken } from "./credentials/gitlab-token.ts";
import { googleApiKey } from "./credentials/google-api-key.ts";
import { googleOauthClientSecret } from "./credentials/google-oauth-client-secret.ts";
import { googleOauthToken } from "./credentials/google-oauth-token.ts";
import { googleRefreshToken } from "./credentials/google-refresh-token.ts";
import { grafanaToken } from "./credentials/grafana-token.ts";
import { groqKey } from "./credentials/groq-key.ts";
import { harnessToken } from "./credentials/harness-token.ts";
import { herokuKey } from "./credentials/heroku-key.ts";
import { hubspotToken } from "./credentials/hubspot-token.ts";
import { huggingfaceToken } from "./credentials/huggingface-token.ts";
import { infracostKey } from "./credentials/infracost-key.ts";
import { jwt } from "./credentials/jwt.ts";
import { langfuseKey } from "./credentials/langfuse-key.ts";
import { langsmithKey } from "./credentials/langsmith-key.ts";
import { launchdarklyKey } from "./credentials/launchdarkly-key.ts";
import { linearKey } from "./credentials/linear-key.ts";
import { loginPair } from "./credentials/login-pair.ts";
import { mailchimpKey } from "./credentials/mailchimp-key.ts";
import { mailgunKey } from "./credentials/mailgun-key.ts";
import { mapboxToken } from "./credentials/mapbox-token.ts";
import { netlifyToken } from "./credentials/netlify-token.ts";
import { netrc } from "./credentials/netrc.ts";
import { newRelicKey } from "./credentials/new-relic-key.ts";
import { notionToken } from "./credentials/notion-token.ts";
import { npmToken } from "./credentials/npm-token.ts";
import { nugetKey } from "./credentials/nuget-key.ts";
import { nvidiaKey } from "./credentials/nvidia-key.ts";
import { octopusKey } from "./credentials/octopus-key.ts";
import { onepasswordToken } from "./credentials/onepassword-token.ts";
import { openaiKey } from "./credentials/openai-key.ts";
import { openrouterKey } from "./credentials/openrouter-key.ts";
import { openshiftToken } from "./credentials/openshift-token.ts";
import { otpSecret } from "./credentials/otp-secret.ts";
import { password } from "./credentials/password.ts";
import { passwordHash } from "./credentials/password-hash.ts";
import { paypalBraintreeToken } from "./credentials/paypal-braintree-token.ts";
import { perplexityKey } from "./credentials/perplexity-key.ts";
import { pgpass } from "./credentials/pgpass.ts";
import { pineconeKey } from "./credentials/pinecone-key.ts";
import { plaidToken } from "./credentials/plaid-token.ts";
import { planetscaleToken } from "./credentials/planetscale-token.ts";
import { posthogKey } from "./credentials/posthog-key.ts";
import { postmanKey } from "./credentials/postman-key.ts";
import { prefectKey } from "./credentials/prefect-key.ts";
import { presignedUrl } from "./credentials/presigned-url.ts";
import { privateKey } from "./credentials/private-key.ts";
import { providerKey } from "./credentials/provider-key.ts";
import { pulumiToken } from "./credentials/pulumi-token.ts";
import { pypiToken } from "./credentials/pypi-token.ts";
import { readmeKey } from "./credentials/readme-key.ts";
import { renderKey } from "./credentials/render-key.ts";
import { replicateToken } from "./credentials/replicate-token.ts";
import { resendKey } from "./credentials/resend-key.ts";
import { rubygemsKey } from "./credentials/rubygems-key.ts";
import { secret } from "./credentials/secret.ts";
import { secretArgument } from "./credentials/secret-argument.ts";
import { sendgridKey } from "./credentials/sendgrid-key.ts";
import { sentryToken } from "./credentials/sentry-token.ts";
import { serviceKey } from "./credentials/service-key.ts";
import { sessionCookie } from "./credentials/session-cookie.ts";
import { shopifyToken } from "./credentials/shopify-token.ts";
import { slackToken } from "./credentials/slack-token.ts";
import { sonarToken } from "./credentials/sonar-token.ts";
import { sourcegraphToken } from "./credentials/sourcegraph-token.ts";
import { squareToken } from "./credentials/square-token.ts";
import { stripeKey } from "./credentials/stripe-key.ts";
import { supabaseKey } from "./credentials/supabase-key.ts";
import { tailscaleKey } from "./credentials/tailscale-key.ts";
import { tavilyKey } from "./credentials/tavily-key.ts";
import { teamsWebhook } from "./credentials/teams-webhook.ts";
import { telegramBotToken } from "./credentials/telegram-bot-token.ts";
import { tencentSecretId } from "./credentials/tencent-secret-id.ts";
import { terraformToken } from "./credentials/terraform-token.ts";
import { twilioKey } from "./credentials/twilio-key.ts";
import { twitterToken } from "./credentials/twitter-token.ts";
import { typeformToken } from "./credentials/typeform-token.ts";
import { ubidotsToken } from "./credentials/ubidots-token.ts";
import { vaultToken } from "./credentials/vault-token.ts";
import { vercelToken } from "./credentials/vercel-token.ts";
import { xaiKey } from "./credentials/xai-key.ts";
import { yandexKey } from "./credentials/yandex-key.ts";
import { zapierWebhook } from "./credentials/zapier-webhook.ts";
import { atSvnr } from "./personal/at-svnr.ts";
import { auMedicare } from "./personal/au-medicare.ts";
import { auTfn } from "./personal/au-tfn.ts";
import { bankAccount } from "./personal/bank-account.ts";
import { beNationalNumber } from "./personal/be-national-number.ts";
import { brCnpj } from "./personal/br-cnpj.ts";
import { brCpf } from "./personal/br-cpf.ts";
import { caSin } from "./personal/ca-sin.ts";
import { cardNumber } from "./personal/card-number.ts";
import { chAhv } from "./personal/ch-ahv.ts";
import { cnResidentId } from "./personal/cn-resident-id.ts";
import { czBirthNumber } from "./personal/cz-birth-number.ts";
import { deTaxId } from "./personal/de-tax-id.ts";
import { dkCpr } from "./personal/dk-cpr.ts";
import { driverLicence } from "./personal/driver-licence.ts";
import { emailAddress } from "./personal/email-address.ts";
import { esDni } from "./personal/es-dni.ts";
import { fiHetu } from "./personal/fi-hetu.ts";
import { frNir } from "./personal/fr-nir.ts";
import { gbNhsNumber } from "./personal/gb-nhs-number.ts";
import { gbNino } from "./personal/gb-nino.ts";
import { hkId } from "./personal/hk-id.ts";
import { iban } from "./personal/iban.ts";
import { iePps } from "./personal/ie-pps.ts";
import { ilId } from "./personal/il-id.ts";
import { inAadhaar } from "./personal/in-aadhaar.ts";
import { inPan } from "./personal/in-pan.ts";
import { ipAddress } from "./personal/ip-address.ts";
import { itCodiceFiscale } from "./personal/it-codice-fiscale.ts";
import { jpMyNumber } from "./personal/jp-my-number.ts";
import { krRrn } from "./personal/kr-rrn.ts";
import { mrz } from "./personal/mrz.ts";
import { mxCurp } from "./personal/mx-curp.ts";
import { nlBsn } from "./personal/nl-bsn.ts";
import { noFodselsnummer } from "./personal/no-fodselsnummer.ts";
import { passportNumber } from "./personal/passport-number.ts";
import { phoneNumber } from "./personal/phone-number.ts";
import { plPesel } from "./personal/pl-pesel.ts";
import { ptNif } from "./personal/pt-nif.ts";
import { roCnp } from "./personal/ro-cnp.ts";
import { sePersonnummer } from "./personal/se-personnummer.ts";
import { sgNric } from "./personal/sg-nric.ts";
import { trKimlik } from "./personal/tr-kimlik.ts";
import { usItin } from "./personal/us-itin.ts";
import { usNpi } from "./personal/us-npi.ts";
import { usSsn } from "./personal/us-ssn.ts";
import { zaId } from "./personal/za-id.ts";

/** Credentials. Where two find the same span the earlier names it: forms before names, the telling before the general. */
const CREDENTIALS: readonly Rule[] = [
  awsAccessKeyId,
  awsSecretAccessKey,
  githubToken,
  slackToken,
  privateKey,
  jwt,
  anthropicKey,
  openrouterKey,
  adobeSecret,
  ageSecretKey,
  airtableToken,
  alibabaAccessKeyId,
  artifactoryToken,
  asanaToken,
  atlassianToken,
  awsBedrockApiKey,
  awsMwsToken,
  awsSessionToken,
  azureClientSecret,
  azureDevopsToken,
  azureKey,
  azureSas,
  brevoKey,
  buildkiteToken,
  circleciToken,
  clojarsToken,
  cloudflareToken,
  contentfulToken,
  cratesToken,
  databricksToken,
  digitaloceanToken,
  discordToken,
  dockerToken,
  dopplerToken,
  dropboxToken,
  duffelToken,
  dynatraceToken,
  easypostKey,
  facebookToken,
  figmaToken,
  flutterwaveKey,
  flyToken,
  gitlabToken,
  googleApiKey,
  googleOauthClientSecret,
  googleOauthToken,
  googleRefreshToken,
  grafanaToken,
  groqKey,
  harnessToken,
  herokuKey,
  hubspotToken,
  huggingfaceToken,
  infracostKey,
  langsmithKey,
  launchdarklyKey,
  linearKey,
  mailchimpKey,
  mailgunKey,
  mapboxToken,
  netlifyToken,
  newRelicKey,
  notionToken,
  npmToken,
  nugetKey,
  octopusKey,
  onepasswordToken,
  openaiKey,
  openshiftToken,
  paypalBraintreeToken,
  perplexityKey,
  plaidToken,
  planetscaleToken,
  postmanKey,
  prefectKey,
  presignedUrl,
  pulumiToken,
  pypiToken,
  readmeKey,
  replicateToken,
  rubygemsKey,
  sendgridKey,
  sentryToken,
  shopifyToken,
  sonarToken,
  sourcegraphToken,
  squareToken,
  stripeKey,
  supabaseKey,
  tailscaleKey,
  teamsWebhook,
  telegramBotToken,
  tencentSecretId,
  terraformToken,
  twilioKey,
  twitterToken,
  typeformToken,
  ubidotsToken,
  vaultToken,
  vercelToken,
  xaiKey,
  yandexKey,
  zapierWebhook,
  nvidiaKey,
  pineconeKey,
  posthogKey,
  tavilyKey,
  langfuseKey,
  elevenlabsKey,
  resendKey,
  renderKey,
  firecrawlKey,
  cerebrasKey,
  serviceKey,
  dockerAuth,
  basicAuth,
  bearerToken,
  sessionCookie,
  otpSecret,
  netrc,
  pgpass,
  passwordHash,
  password,
  providerKey,
  secret,
  secretArgument,
  commandPassword,
  loginPair,
];

/** Personal data: what has checks of its own before what goes by a word near it. */
const PERSONAL: readonly Rule[] = [
  cardNumber,
  emailAddress,
  iban,
  mrz,
  usSsn,
  usItin,
  ipAddress,
  atSvnr,
  auMedicare,
  auTfn,
  beNationalNumber,
  brCnpj,
  brCpf,
  caSin,
  chAhv,
  cnResidentId,
  czBirthNumber,
  deTaxId,
  dkCpr,
  esDni,
  fiHetu,
  frNir,
  gbNhsNumber,
  gbNino,
  hkId,
  iePps,
  ilId,
  inAadhaar,
  inPan,
  itCodiceFiscale,
  jpMyNumber,
  krRrn,
  mxCurp,
  nlBsn,
  noFodselsnummer,
  plPesel,
  ptNif,
  roCnp,
  sePersonnummer,
  sgNric,
  trKimlik,
  usNpi,
  zaId,
  phoneNumber,
  passportNumber,
  driverLicence,
  bankAccount,
];

/** People's numbers come with no-break blanks, long dashes and full-width digits: a rule reads them as ASCII. */
function inAnySpelling(rule: Rule): Rule {
  return {
    ...rule,
    find: (text) => rule.find(plainly(text)),
  };
}

/** Every rule that ships, in order of preference. */
export const RULES: readonly Rule[] = [...CREDENTIALS, ...PERSONAL.map(inAnySpelling)];

/** The kinds that `config/masking.yaml` may choose from. */
export const KINDS: readonly string[] = RULES.map((rule) => rule.kind);
