import type { MessageAuthorizer } from "../src/authorizer/authorizer.ts";
import type { AuthorizationDecision } from "../src/authorizer/decision.ts";
import type { AuthorizationRequest } from "../src/authorizer/request.ts";
import { minor } from "../src/kernel/money.ts";
import { type Redis, createClient } from "../src/store/client.ts";
import type { HotAddress } from "../src/store/hot-connection.ts";

/**
 * The design that one finds everywhere: a script of 14 calls over a key for each thing, controls as JSON, through
 * ioredis. It is the yardstick of `e2e_over_textbook` and serves nothing else.
 */
export async function openTextbook(address: HotAddress, pans: readonly string[]): Promise<MessageAuthorizer> {
  const client = createClient({ address, commandTimeoutMs: 30_000 });
  const digest = String(await client.call("SCRIPT", "LOAD", script));
  const pipeline = client.pipeline();
  for (const pan of pans) {
    const controls = JSON.stringify({ blocked_categories: ["betting"], allowed_countries: ["US"], daily: 1e12 });
    pipeline.hset(`tb:card:${pan}`, { status: "active", expiry: "4912", account: accountOf(pan), controls });
  }
  for (let account = 0; account < accounts; account++) {
    pipeline.hset(`tb:account:${account}`, { available: "100000000000000", held: "0" });
  }
  await pipeline.exec();
  return {
    authorize: (request, done) => void authorize(client, digest, request).then(done),
    advise: (_, done) => done({ outcome: "refused", cause: "the textbook knows no advices" }),
    post: (_, done) => done({ outcome: "refused", cause: "the textbook knows no single messages" }),
    reverse: (_, done) => done({ outcome: "refused", cause: "the textbook knows no reversals" }),
    flush: () => undefined,
  };
}

const accounts = 16;

function accountOf(pan: string): number {
  return Number(pan.slice(-6)) % accounts;
}

async function authorize(client: Redis, digest: string, request: AuthorizationRequest): Promise<AuthorizationDecision> {
  const id = `${request.network}:${request.acquirer}:${request.stan}:${request.rrn}`;
  const day = Math.floor(request.businessNowMs / 86_400_000);
  const keys = [
    `tb:idem:${id}`,
    `tb:card:${request.pan}`,
    `tb:account:${accountOf(request.pan)}`,
    `tb:spent:${request.pan}:${day}`,
    `tb:spent:${request.pan}:m${Math.floor(day / 30)}`,
    `tb:hold:${id}`,
    "tb:outbox",
  ];
  const entry = JSON.stringify({
    ...request,
    transactionAmount: Number(request.transactionAmount),
    cashbackAmount: Number(request.cashbackAmount),
  });
  const amount = String(request.transactionAmount);
  const reply = await client.evalsha(digest, keys.length, ...keys, amount, request.mcc, "US", id, entry);
  const approved = Array.isArray(reply) && reply[0] === "00";
  if (!approved) return { outcome: "refused", cause: "declined" };
  return {
    outcome: "approved",
    shard: 0,
    journalNo: 0,
    isDuplicate: false,
    approvedAmount: minor(request.transactionAmount),
    authorizationCode: "123456",
    availableAmount: null,
    ledgerAmount: null,
    balanceCurrency: null,
  };
}

const script = `
local seen = redis.call('GET', KEYS[1])
if seen then return cjson.decode(seen) end
local card = redis.call('HMGET', KEYS[2], 'status', 'expiry', 'account', 'controls')
if card[1] ~= 'active' then return { '62' } end
local controls = cjson.decode(card[4])
for _, category in ipairs(controls.blocked_categories) do if category == ARGV[2] then return { '57' } end end
local amount = tonumber(ARGV[1])
local available = tonumber(redis.call('HGET', KEYS[3], 'available'))
if available < amount then return { '51' } end
local spent = tonumber(redis.call('GET', KEYS[4]) or '0')
if spent + amount > controls.daily then return { '61' } end
redis.call('HINCRBY', KEYS[3], 'available', -amount)
redis.call('HINCRBY', KEYS[3], 'held', amount)
redis.call('INCRBY', KEYS[4], amount)
redis.call('EXPIRE', KEYS[4], 172800)
redis.call('INCRBY', KEYS[5], amount)
redis.call('HSET', KEYS[6], 'amount', amount, 'remaining', amount, 'mcc', ARGV[2], 'country', ARGV[3], 'state', 'open',
  'id', ARGV[4], 'account', card[3], 'at', '1795000000')
redis.call('EXPIRE', KEYS[6], 604800)
redis.call('XADD', KEYS[7], 'MAXLEN', '~', '1000000', '*', 'entry', ARGV[5])
redis.call('SET', KEYS[1], cjson.encode({ '00', ARGV[4] }), 'EX', 86400)
return { '00', ARGV[4] }
`;
