// oidc-provider's storage on PostgreSQL: one table, prepared statements.
import pg from 'pg';

const schema = `
  CREATE TABLE IF NOT EXISTS peer_entry (
    kind text NOT NULL, id text NOT NULL, payload jsonb NOT NULL, grant_id text, uid text, expires_at timestamptz, consumed_at timestamptz,
    PRIMARY KEY (kind, id)
  );
  CREATE INDEX IF NOT EXISTS peer_entry_grant ON peer_entry (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS peer_entry_uid ON peer_entry (uid) WHERE uid IS NOT NULL;`;

const found = ({ rows: [row] }) => row && { ...row.payload, ...(row.consumed_at && { consumed: Math.floor(row.consumed_at / 1000) }) };

// adapterOn is an adapter class for one database.
export const adapterOn = async (database, max) => {
  const pool = new pg.Pool({ ...database, max });
  await pool.query(schema);
  const run = (name, text, values) => pool.query({ name, text, values });
  return class {
    constructor(kind) { this.kind = kind; }

    async upsert(id, payload, seconds) {
      const expires = seconds ? new Date(Date.now() + seconds * 1000) : null;
      await run('upsert', `INSERT INTO peer_entry (kind, id, payload, grant_id, uid, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (kind, id) DO UPDATE SET payload = EXCLUDED.payload, grant_id = EXCLUDED.grant_id, uid = EXCLUDED.uid, expires_at = EXCLUDED.expires_at`,
      [this.kind, id, payload, payload.grantId ?? null, payload.uid ?? null, expires]);
    }

    async find(id) {
      return found(await run('find', 'SELECT payload, consumed_at FROM peer_entry WHERE kind = $1 AND id = $2 AND (expires_at IS NULL OR expires_at > now())', [this.kind, id]));
    }

    async findByUid(uid) {
      return found(await run('uid', 'SELECT payload, consumed_at FROM peer_entry WHERE kind = $1 AND uid = $2 AND (expires_at IS NULL OR expires_at > now())', [this.kind, uid]));
    }

    async consume(id) { await run('consume', 'UPDATE peer_entry SET consumed_at = now() WHERE kind = $1 AND id = $2', [this.kind, id]); }

    async destroy(id) { await run('destroy', 'DELETE FROM peer_entry WHERE kind = $1 AND id = $2', [this.kind, id]); }

    async revokeByGrantId(id) { await run('revoke', 'DELETE FROM peer_entry WHERE kind = $1 AND grant_id = $2', [this.kind, id]); }
  };
};
