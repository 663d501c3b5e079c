/**
 * The tables, a migration a version: a migration that has been published is never edited, another follows it.
 * Portable SQL but for STRICT and WITHOUT ROWID, which another database leaves out.
 *
 * An entry's id is its place: shard * 2^40 + journal number. An authorization has the id of the entry that decided it,
 * a release the id of the reversal that made it. Amounts are minor units; times end in _ms (milliseconds since 1970,
 * UTC); business time unless the name says wall.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE checkpoints (
    shard INTEGER PRIMARY KEY,
    no INTEGER NOT NULL
  ) STRICT;

  -- kind: 1 commit, 2 authorization, 3 reversal, 4 backfill.
  -- amount: approved, released, or moved by a commit; 0 where no money moved.
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    account INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  -- chain_hash: 16 hex digits over every entry of the account, as in the account's head in Redis.
  CREATE TABLE accounts (
    shard INTEGER NOT NULL,
    account INTEGER NOT NULL,
    last_no INTEGER NOT NULL,
    chain_hash TEXT NOT NULL,
    business_ms INTEGER NOT NULL,
    PRIMARY KEY (shard, account)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE balances (
    shard INTEGER NOT NULL,
    account INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    available INTEGER NOT NULL,
    held INTEGER NOT NULL,
    PRIMARY KEY (shard, account, currency)
  ) STRICT, WITHOUT ROWID;

  -- The newest state of everything that a commit writes. id: number of the type * 2^48 + shard * 2^40 + no.
  CREATE TABLE objects (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    shard INTEGER NOT NULL,
    no INTEGER NOT NULL,
    version INTEGER NOT NULL,
    account INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX objects_account ON objects (account);

  -- status: pending (held), closed, reversed. The request whole stands in the entry with the same id.
  CREATE TABLE authorizations (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    card INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    cardholder INTEGER NOT NULL,
    network INTEGER NOT NULL,
    status TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    transaction_currency INTEGER NOT NULL,
    transaction_amount INTEGER NOT NULL,
    mcc INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    stan INTEGER NOT NULL,
    rrn TEXT NOT NULL,
    authorization_code INTEGER NOT NULL,
    merchant_key BLOB NOT NULL
  ) STRICT;
  CREATE INDEX authorizations_card ON authorizations (card);
  CREATE INDEX authorizations_chain ON authorizations (chain);
  CREATE INDEX authorizations_cardholder ON authorizations (cardholder);

  CREATE TABLE releases (
    id INTEGER PRIMARY KEY,
    authorization_id INTEGER NOT NULL,
    amount INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX releases_authorization ON releases (authorization_id);

  CREATE TABLE merchants (
    key BLOB PRIMARY KEY,
    terminal TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    name_location TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Chains of cards with stored answers to forget, by wall time.
  CREATE TABLE purges (
    shard INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    due_wall_ms INTEGER NOT NULL,
    PRIMARY KEY (shard, chain)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX purges_due ON purges (due_wall_ms);

  -- Double entry: what an entry does to the account's own side and to the other side. Each entry's postings sum to zero.
  CREATE VIEW postings (entry, shard, account, ledger_account, currency, amount) AS
    SELECT id, id / 1099511627776, account, 'available', currency, CASE kind WHEN 2 THEN -amount ELSE amount END
    FROM entries WHERE amount <> 0
    UNION ALL
    SELECT id, id / 1099511627776, account, 'held', currency, CASE kind WHEN 2 THEN amount ELSE -amount END
    FROM entries WHERE amount <> 0 AND kind IN (2, 3)
    UNION ALL
    SELECT id, id / 1099511627776, 0, 'external_bank', currency, -amount
    FROM entries WHERE amount <> 0 AND kind NOT IN (2, 3);
  `,
  `
  -- Counters that a commit made and nobody has filled yet with what was spent before. as_of: the commit's journal number.
  -- interval: its letter; categories: a JSON list, or NULL for all.
  CREATE TABLE waiting_counters (
    shard INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    field TEXT NOT NULL,
    account INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    cardholder INTEGER NOT NULL,
    interval TEXT NOT NULL,
    categories TEXT,
    business_ms INTEGER NOT NULL,
    PRIMARY KEY (shard, as_of, field)
  ) STRICT, WITHOUT ROWID;
  `,
];
