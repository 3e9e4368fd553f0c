-- Accounts, login sessions and delivery addresses.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    display_name  TEXT NOT NULL,
    phone         TEXT,
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'admin')),
    created_at    TEXT NOT NULL
);

-- Only the SHA-256 of a token is kept; the token itself stays with the client.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE addresses (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label      TEXT NOT NULL,
    line1      TEXT NOT NULL,
    line2      TEXT,
    postcode   TEXT NOT NULL,
    city       TEXT NOT NULL,
    country    TEXT NOT NULL,
    is_default INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX addresses_by_user ON addresses (user_id);
