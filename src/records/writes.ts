/** Everything that the writer says to the database. */
export const writes = {
  entry: `INSERT INTO entries (id, kind, account, currency, available, held, other, bytes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  authorization: `INSERT INTO authorizations (id, kind, account, card, chain, cardholder, network, purpose, status,
      outcome, reason, currency, amount, approved, remaining, transaction_currency, transaction_amount, mcc, created_ms,
      wall_ms, expires_ms, original_id, stan, rrn, authorization_code, merchant_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  posted: `INSERT INTO transactions (id, account, card, chain, cardholder, network, purpose, outcome, currency, amount,
      reversible, transaction_currency, transaction_amount, mcc, counted_mcc, settlement_day, created_ms, wall_ms,
      original_id, stan, rrn, authorization_code, merchant_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  followUp: "INSERT INTO follow_ups (id, target_id, amount) VALUES (?, ?, ?)",
  held: "UPDATE authorizations SET remaining = remaining + ?, status = ? WHERE id = ?",
  reversible: "UPDATE transactions SET reversible = reversible + ? WHERE id = ?",
  lives: "UPDATE authorizations SET expires_ms = created_ms + ? WHERE id = ?",
  asked: "INSERT INTO asked (id, deadline_wall_ms) VALUES (?, ?)",
  answered: "DELETE FROM asked WHERE id = ?",
  charge: "INSERT INTO charges (id, day, chain, cardholder, mcc, amount) VALUES (?, ?, ?, ?, ?, ?)",
  holdSpender: "SELECT chain, cardholder, mcc FROM authorizations WHERE id = ?",
  postingSpender: "SELECT chain, cardholder, counted_mcc AS mcc FROM transactions WHERE id = ?",
  exception: "INSERT INTO exceptions (id, cause) VALUES (?, ?)",
  exceptionIfCaptured: `INSERT INTO exceptions (id, cause)
    SELECT ?1, ?2 FROM authorizations WHERE id = ?3 AND status = 'closed' AND kind <> 6
    UNION ALL SELECT ?1, ?2 FROM transactions WHERE id = ?3 AND reversible > 0`,
  object: `INSERT INTO objects (id, type, shard, no, version, account, created_ms, updated_ms, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, account = excluded.account,
      updated_ms = excluded.updated_ms, body = excluded.body`,
  objectVersion: "INSERT INTO object_versions (object, no) VALUES (?, ?)",
  objectDue: `INSERT INTO object_dues (object, due_ms) VALUES (?, ?)
    ON CONFLICT (object) DO UPDATE SET due_ms = excluded.due_ms`,
  objectNotDue: "DELETE FROM object_dues WHERE object = ?",
  merchant: `INSERT INTO merchants (key, terminal, merchant_id, name_location) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO NOTHING`,
  account: `INSERT INTO accounts (shard, account, last_no, chain_hash, business_ms) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (shard, account) DO UPDATE SET last_no = excluded.last_no, chain_hash = excluded.chain_hash,
      business_ms = excluded.business_ms`,
  balance: `INSERT INTO balances (shard, account, currency, available, held) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (shard, account, currency) DO UPDATE SET available = excluded.available, held = excluded.held`,
  waitingCounter: `INSERT INTO waiting_counters
      (shard, as_of, field, account, chain, cardholder, interval, categories, business_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  counterFilled: "DELETE FROM waiting_counters WHERE shard = ? AND as_of = ? AND field = ?",
  checkpoint: "INSERT INTO checkpoints (shard, no) VALUES (?, ?) ON CONFLICT (shard) DO UPDATE SET no = excluded.no",
  purgeDue: `INSERT INTO purges (shard, chain, due_wall_ms) VALUES (?, ?, ?)
    ON CONFLICT (shard, chain) DO UPDATE SET due_wall_ms = excluded.due_wall_ms
    WHERE excluded.due_wall_ms < purges.due_wall_ms`,
  purgeSettled: `INSERT INTO purges (shard, chain, due_wall_ms) VALUES (?, ?, ?)
    ON CONFLICT (shard, chain) DO UPDATE SET due_wall_ms = excluded.due_wall_ms`,
  purgeGone: "DELETE FROM purges WHERE shard = ? AND chain = ?",
} as const;
