/**
 * The tables, a migration a version: a migration that has been published is never edited, another follows it.
 * Portable SQL but for STRICT and WITHOUT ROWID, which another database leaves out.
 *
 * An entry's id is its place: shard * 2^40 + journal number. An authorization and a transaction have the id of the entry
 * that made them; of an authorization `approved` is the first amount, and increments are follow-ups, which have the id of
 * their own entry as well. Amounts are minor units; times end in _ms (milliseconds since 1970, UTC); business time unless
 * the name says wall.
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
  `
  -- kind: 1 commit, 2 authorization, 3 reversal, 4 backfill, 5 advice, 6 financial, 7 expiry.
  -- available, held: what the entry adds to the account's free and held money, negative where it takes; what both have
  -- lost together goes to the other side: 1 external bank, or a network's number * 10^8 + its settlement day.
  DROP VIEW postings;
  ALTER TABLE entries RENAME TO entries_before;
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    account INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    available INTEGER NOT NULL,
    held INTEGER NOT NULL,
    other INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  INSERT INTO entries
    SELECT id, kind, account, currency, CASE kind WHEN 2 THEN -amount ELSE amount END,
      CASE kind WHEN 2 THEN amount WHEN 3 THEN -amount ELSE 0 END, CASE WHEN kind = 1 THEN 1 ELSE 0 END, bytes
    FROM entries_before;
  DROP TABLE entries_before;

  CREATE VIEW postings (entry, shard, account, ledger_account, currency, amount) AS
    SELECT id, id / 1099511627776, account, 'available', currency, available FROM entries WHERE available <> 0
    UNION ALL
    SELECT id, id / 1099511627776, account, 'held', currency, held FROM entries WHERE held <> 0
    UNION ALL
    SELECT id, id / 1099511627776, 0, CASE WHEN other = 1 THEN 'external_bank' ELSE 'network_payable:' ||
        CASE other / 100000000 WHEN 1 THEN 'visa' WHEN 2 THEN 'mastercard' ELSE 'generic' END || ':' || (other % 100000000)
      END, currency, -available - held
    FROM entries WHERE available + held <> 0;

  -- kind: that of the entry; a hold of an advice (5) and a request that posts at once (6) have a row here too.
  -- original_id: the decline beside which an advice has put this hold. expires_ms: when the hold ends by itself; 0: never.
  ALTER TABLE authorizations ADD COLUMN kind INTEGER NOT NULL DEFAULT 2;
  ALTER TABLE authorizations ADD COLUMN purpose INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE authorizations ADD COLUMN expires_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE authorizations ADD COLUMN original_id INTEGER NOT NULL DEFAULT 0;
  UPDATE authorizations SET expires_ms = created_ms + CASE
      WHEN mcc BETWEEN 3351 AND 3999 OR mcc IN (4411, 7011, 7512, 7513, 7519) THEN 2678400000 ELSE 604800000 END
    WHERE status = 'pending';
  CREATE INDEX authorizations_due ON authorizations (expires_ms) WHERE status = 'pending';

  -- What single messages have posted. amount: what the account has got, negative where it has paid; reversible: what can
  -- still be posted back. original_id: the hold that was captured, or the message to which it is linked.
  -- settlement_day: 20261122.
  CREATE TABLE transactions (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    card INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    cardholder INTEGER NOT NULL,
    network INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    reversible INTEGER NOT NULL,
    transaction_currency INTEGER NOT NULL,
    transaction_amount INTEGER NOT NULL,
    mcc INTEGER NOT NULL,
    counted_mcc INTEGER NOT NULL,
    settlement_day INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    original_id INTEGER NOT NULL,
    stan INTEGER NOT NULL,
    rrn TEXT NOT NULL,
    authorization_code INTEGER NOT NULL,
    merchant_key BLOB NOT NULL
  ) STRICT;
  CREATE INDEX transactions_card ON transactions (card);
  CREATE INDEX transactions_cardholder ON transactions (cardholder);
  CREATE INDEX transactions_original ON transactions (original_id);

  -- Later messages of a hold or of a posting, and its expiry: what each has added to what remains, or taken from it.
  CREATE TABLE follow_ups (
    id INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL,
    amount INTEGER NOT NULL
  ) STRICT;
  INSERT INTO follow_ups SELECT id, authorization_id, -amount FROM releases;
  CREATE INDEX follow_ups_target ON follow_ups (target_id);

  -- What limits were charged on a UTC day (days since 1970), or given back, but for what an authorization of kind 2 has
  -- charged on its own day.
  CREATE TABLE charges (
    id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    cardholder INTEGER NOT NULL,
    mcc INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (id, day)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO charges
    SELECT r.id, a.created_ms / 86400000, a.chain, a.cardholder, a.mcc, -r.amount
    FROM releases r JOIN authorizations a ON a.id = r.authorization_id WHERE r.amount > 0;
  CREATE INDEX charges_chain ON charges (chain);
  CREATE INDEX charges_cardholder ON charges (cardholder);
  DROP TABLE releases;

  -- What a person has to look at, by the id of its entry.
  CREATE TABLE exceptions (
    id INTEGER PRIMARY KEY,
    cause TEXT NOT NULL
  ) STRICT;
  INSERT INTO exceptions
    SELECT 1099511627776 * shard + no, 'unknown_pan' FROM objects
    WHERE type = 'exception';
  `,
  `
  -- The entries that have written an object, so that it can be read as of any of them. object: as in objects.id.
  CREATE TABLE object_versions (
    object INTEGER NOT NULL,
    no INTEGER NOT NULL,
    PRIMARY KEY (object, no)
  ) STRICT, WITHOUT ROWID;

  -- Objects that something becomes of by itself, by business time.
  CREATE TABLE object_dues (
    object INTEGER PRIMARY KEY,
    due_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX object_dues_time ON object_dues (due_ms);

  -- What happened to an account, in order: its events and its balance transactions are parts of entries. 2.5 µs of CPU an
  -- entry, where the projector needs 40.
  CREATE INDEX entries_account ON entries (account, id);

  DROP VIEW postings;
  CREATE VIEW postings (entry, shard, account, ledger_account, currency, amount) AS
    SELECT id, id / 1099511627776, account, 'available', currency, available FROM entries WHERE available <> 0
    UNION ALL
    SELECT id, id / 1099511627776, account, 'held', currency, held FROM entries WHERE held <> 0
    UNION ALL
    SELECT id, id / 1099511627776, 0, CASE other WHEN 1 THEN 'external_bank' WHEN 2 THEN 'in_transit' WHEN 3 THEN 'disputes'
        ELSE 'network_payable:' ||
        CASE other / 100000000 WHEN 1 THEN 'visa' WHEN 2 THEN 'mastercard' ELSE 'generic' END || ':' || (other % 100000000)
      END, currency, -available - held
    FROM entries WHERE available + held <> 0;
  `,
  `
  -- A transaction names its dispute. It costs nothing but where a dispute is written.
  CREATE INDEX objects_dispute ON objects (json_extract(body, '$.transaction')) WHERE type = 'dispute';
  `,
  `
  -- kind, besides: 8 clearing, 9 answer. status, besides: reserved.
  -- Messages that wait for the program's endpoint, by the id of their entry, and the wall time at which that ends.
  CREATE TABLE asked (
    id INTEGER PRIMARY KEY,
    deadline_wall_ms INTEGER NOT NULL
  ) STRICT;
  `,
];
