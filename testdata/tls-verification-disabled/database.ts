import { Pool } from 'pg';

const isProduction = process.env.NODE_ENV === 'production';

export const hosted = new Pool({
  connectionString: process.env.DATABASE_URL,
  ssl: isProduction ? { rejectUnauthorized: false } : undefined, // finding: tls-verification-disabled
});

export const strict = new Pool({ ssl: isProduction ? { rejectUnauthorized: true } : false }); // ok: tls-verification-disabled
export const asked = new Pool({ ssl: { rejectUnauthorized: isProduction } }); // ok: tls-verification-disabled
