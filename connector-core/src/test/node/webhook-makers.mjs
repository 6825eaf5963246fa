// Makers' own libraries: POST /<maker>/verify answers whether the library accepts a delivery, POST /<maker>/sign signs one.
// Both take {secret, url, method, headers, query, body (Base64), now (ms), key}, and sign returns headers or a new body.
import { createServer } from "node:http";
import { createHmac, createPrivateKey, sign } from "node:crypto";
import https from "node:https";
import querystring from "node:querystring";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

let now = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now] : given));
  }
  static now() {
    return now;
  }
};
console.warn = () => {};

const github = await import("@octokit/webhooks-methods");
const { default: Stripe } = await import("stripe");
const { verifySlackRequest } = require("@slack/bolt");
const { Webhook: Standard } = require("standardwebhooks");
const { Webhook: Svix } = require("svix");
const twilio = require("twilio");
const { EventWebhook } = require("@sendgrid/eventwebhook");
const discord = require("discord-interactions");
const { Paddle } = require("@paddle/paddle-node-sdk");
const contentful = require("@contentful/node-apps-toolkit");
const braintree = require("braintree");
const notion = require("@notionhq/client");
const { LinearWebhookClient } = await import("@linear/sdk/webhooks");
const { WorkOS } = await import("@workos-inc/node");
const SnsValidator = require("sns-validator");

const stripe = new Stripe("sk_test_invented");
const seconds = () => Math.floor(now / 1000).toString();
const hmac = (algorithm, key, text, encoding) => createHmac(algorithm, key).update(text).digest(encoding);
const privateKey = (d) => createPrivateKey({ key: Buffer.from(d.secret, "base64"), format: "der", type: "pkcs8" });
const fields = (d) => querystring.parse(d.text);
const gateway = (d) =>
  new braintree.BraintreeGateway({
    environment: braintree.Environment.Sandbox,
    merchantId: "invented",
    publicKey: d.key,
    privateKey: d.secret,
  });
const svixHeaders = (webhook, d, name) => ({
  [`${name}-id`]: "msg_1",
  [`${name}-timestamp`]: seconds(),
  [`${name}-signature`]: webhook.sign("msg_1", new Date(now), d.text),
});
const contentfulRequest = (d, headers) => ({
  method: d.method,
  path: new URL(d.url).pathname,
  headers,
  body: d.text,
});

const makers = {
  github: {
    verify: (d) => github.verify(d.secret, d.text, d.headers["x-hub-signature-256"]),
    sign: async (d) => ({ "x-hub-signature-256": await github.sign(d.secret, d.text) }),
  },
  stripe: {
    verify: (d) => stripe.webhooks.constructEvent(d.bytes, d.headers["stripe-signature"], d.secret),
    sign: (d) => ({
      "stripe-signature": stripe.webhooks.generateTestHeaderString({
        payload: d.text,
        secret: d.secret,
        timestamp: Number(seconds()),
      }),
    }),
  },
  slack: {
    verify: (d) =>
      verifySlackRequest({ signingSecret: d.secret, body: d.text, headers: d.headers, nowMilliseconds: now }) ?? true,
    sign: (d) => ({
      "x-slack-request-timestamp": seconds(),
      "x-slack-signature": "v0=" + hmac("sha256", d.secret, `v0:${seconds()}:${d.text}`, "hex"),
    }),
  },
  standard: {
    verify: (d) => new Standard(d.secret).verify(d.text, d.headers),
    sign: (d) => svixHeaders(new Standard(d.secret), d, "webhook"),
  },
  svix: {
    verify: (d) => new Svix(d.secret).verify(d.text, d.headers) ?? true,
    sign: (d) => svixHeaders(new Svix(d.secret), d, "svix"),
  },
  twilio: {
    verify: (d) => {
      const algorithm = twilio.getSignatureAlgorithm?.(d.headers["x-twilio-webhooks-signature-settings"]);
      const signature = d.headers["x-twilio-signature"];
      return d.called.includes("bodySHA256")
        ? twilio.validateRequestWithBody(d.secret, signature, d.called, d.text)
        : twilio.validateRequest(d.secret, signature, d.called, fields(d), algorithm);
    },
    sign: (d) => ({
      "x-twilio-signature": hmac(
        "sha1",
        d.secret,
        Object.entries(fields(d))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .reduce((text, [name, value]) => text + name + value, d.url),
        "base64",
      ),
    }),
  },
  sendgrid: {
    verify: (d) => {
      const webhook = new EventWebhook();
      return webhook.verifySignature(
        webhook.convertPublicKeyToECDSA(d.key),
        d.text,
        d.headers["x-twilio-email-event-webhook-signature"],
        d.headers["x-twilio-email-event-webhook-timestamp"],
      );
    },
    sign: (d) => ({
      "x-twilio-email-event-webhook-timestamp": seconds(),
      "x-twilio-email-event-webhook-signature": sign(
        "sha256",
        Buffer.from(seconds() + d.text),
        privateKey(d),
      ).toString("base64"),
    }),
  },
  discord: {
    verify: (d) =>
      discord.verifyKey(d.bytes, d.headers["x-signature-ed25519"], d.headers["x-signature-timestamp"], d.key),
    sign: (d) => ({
      "x-signature-timestamp": seconds(),
      "x-signature-ed25519": sign(null, Buffer.from(seconds() + d.text), privateKey(d)).toString("hex"),
    }),
  },
  paddle: {
    verify: (d) =>
      new Paddle("invented").webhooks.isSignatureValid(d.text, d.secret, d.headers["paddle-signature"]),
    sign: (d) => ({
      "paddle-signature": `ts=${seconds()};h1=${hmac("sha256", d.secret, `${seconds()}:${d.text}`, "hex")}`,
    }),
  },
  contentful: {
    verify: (d) => contentful.verifyRequest(d.secret, contentfulRequest(d, d.headers)),
    sign: (d) => {
      const topic = { "x-contentful-topic": "Ping" };
      return { ...topic, ...contentful.signRequest(d.secret, contentfulRequest(d, topic), now) };
    },
  },
  braintree: {
    verify: async (d) => {
      const { bt_signature: signature, bt_payload: payload } = fields(d);
      return Boolean(await gateway(d).webhookNotification.parse(signature, payload));
    },
    sign: (d) =>
      gateway(d).webhookTesting.sampleNotification(braintree.WebhookNotification.Kind.Check, "1"),
    challenge: (d) => gateway(d).webhookNotification.verify(d.text),
  },
  notion: {
    verify: (d) =>
      notion.verifyWebhookSignature({
        body: d.text,
        signature: d.headers["x-notion-signature"],
        verificationToken: d.secret,
      }),
    sign: async (d) => ({
      "x-notion-signature": await notion.signWebhookPayload({ body: d.text, verificationToken: d.secret }),
    }),
  },
  linear: {
    verify: (d) => new LinearWebhookClient(d.secret).verify(d.bytes, d.headers["linear-signature"]),
    sign: (d) => ({ "linear-signature": hmac("sha256", d.secret, d.bytes, "hex") }),
  },
  workos: {
    verify: (d) =>
      new WorkOS("sk_invented").webhooks.verifyHeader({
        payload: JSON.parse(d.text),
        sigHeader: d.headers["workos-signature"],
        secret: d.secret,
      }),
    sign: (d) => ({
      "workos-signature": `t=${now}, v1=${hmac("sha256", d.secret, `${now}.${d.text}`, "hex")}`,
    }),
  },
  sns: {
    verify: (d) => {
      https.get = (url, answered) => {
        const answer = Object.assign(new EventEmitter(), { statusCode: 200 });
        answered(answer);
        answer.emit("data", d.key);
        answer.emit("end");
        return new EventEmitter();
      };
      return new Promise((resolve) => new SnsValidator().validate(d.text, (error) => resolve(!error)));
    },
    sign: (d) => {
      const names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
      const message = JSON.parse(d.text);
      const text = names
        .filter((name) => name in message)
        .map((name) => `${name}\n${message[name]}\n`)
        .join("");
      const algorithm = message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
      return { body: { ...message, Signature: sign(algorithm, Buffer.from(text), privateKey(d)).toString("base64") } };
    },
  },
};

async function answer(path, delivery) {
  const [maker, what] = path.slice(1).split("/");
  now = delivery.now;
  const bytes = Buffer.from(delivery.body, "base64");
  const base = delivery.url.split("?")[0];
  const called = delivery.query ? `${base}?${delivery.query}` : base;
  return makers[maker][what]({ ...delivery, bytes, text: bytes.toString(), called });
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  let result;
  try {
    result = { result: await answer(request.url, JSON.parse(Buffer.concat(chunks))) };
  } catch (error) {
    result = { result: false, error: String(error?.message ?? error) };
  }
  response.setHeader("content-type", "application/json").end(JSON.stringify(result));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
