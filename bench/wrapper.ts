import { type LuaLibrary, assembleLibrary, readLuaSources } from "../src/store/library.ts";
import { Keyspace } from "../src/store/keys.ts";

/** A load program of one account and one cardholder a shard, whose cards are numbered from 1 in each shard. */
export interface BenchProgram {
  readonly namespace: string;
  readonly shardCount: number;
  readonly cardsPerShard: number;
}

/** Names of the functions that only a bench calls. */
export interface BenchLibrary {
  readonly library: LuaLibrary;
  /** Takes one random text and derives a whole authorization from it. */
  readonly authorize: string;
  /** Takes what `authorize` takes, and runs the same HMGETs, HSETs and XADD without deciding anything. */
  readonly sameCommands: string;
}

/**
 * redis-benchmark draws every `__rand_int__` of a command independently, so that a whole authorization has to be
 * derived from one of them.
 */
export function benchLibrary(program: BenchProgram): BenchLibrary {
  const keyspace = new Keyspace(program.namespace, program.shardCount);
  const shards = Array.from({ length: program.shardCount }, (_, shard) => {
    const chain = keyspace.chain(shard, 0).slice(0, -1);
    return `{ account = '${keyspace.account(shard, 1)}', chain = '${chain}', journal = '${keyspace.journal(shard)}' }`;
  });
  const source = wrapperSource
    .replace("@shards@", shards.join(", "))
    .replaceAll("@count@", String(program.shardCount))
    .replaceAll("@cards@", String(program.cardsPerShard));
  const library = assembleLibrary(readLuaSources(), source);
  const digest = library.name.slice("cardswitch_".length);
  return { library, authorize: `bench_authorize_${digest}`, sameCommands: `bench_same_commands_${digest}` };
}

const wrapperSource = `
local bench_shards = { @shards@ }
redis.register_function('bench_authorize_@digest@', function(_, argv)
  local random = tonumber(argv[1])
  local shard = bench_shards[random % @count@ + 1]
  local card = 1 + math.floor(random / @count@) % @cards@
  local keys = { shard.account, shard.chain .. int(card), shard.journal }
  local message_key = struct.pack('>I4I4', 1, random)
  local chain_key = struct.pack('>I4I4', 2, random)
  return authorize(keys, message_key, chain_key, message_key, 1795000000000, 1795000000000, 9995000000000, 1, 1, 1, 0,
    0, 0, 0, 0, card, 100, 100, 123456, 5411, 0, 'b840', 'p1', string.rep('e', 112), {})
end)
redis.register_function('bench_same_commands_@digest@', function(keys, argv)
  local message_field = 'm' .. string.sub(argv[1], 1, 8)
  redis.call('HMGET', keys[1], 'h', argv[2], argv[3])
  redis.call('HMGET', keys[2], 'v', message_field)
  local entry = argv[4] .. '123456789012345678901234567890'
  redis.call('XADD', keys[3], '0-*', 'e', entry)
  redis.call('HSET', keys[1], 'h', '123456789012345678901234567', argv[2], '12345678901234567')
  redis.call('HSET', keys[2], message_field, '123456789012345678901234567890123456789012345678901234567')
  return '123456789012345678'
end)
`;
