-- Charges, deposit holds and refunds, and the webhook deliveries already seen.
CREATE TABLE payments (
    id           INTEGER PRIMARY KEY,
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    user_id      INTEGER NOT NULL REFERENCES users (id),
    kind         TEXT NOT NULL CHECK (kind IN ('charge', 'deposit', 'late_fee')),
    status       TEXT NOT NULL
                 CHECK (status IN ('captured', 'held', 'released', 'refunded', 'disputed')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    gateway      TEXT NOT NULL,
    gateway_ref  TEXT NOT NULL,
    created_at   TEXT NOT NULL
);

CREATE INDEX payments_by_order ON payments (order_id);
CREATE INDEX payments_by_ref ON payments (gateway_ref);

CREATE TABLE refunds (
    id           INTEGER PRIMARY KEY,
    payment_id   INTEGER NOT NULL REFERENCES payments (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    reason       TEXT NOT NULL,
    gateway_ref  TEXT NOT NULL,
    created_at   TEXT NOT NULL
);

CREATE TABLE webhook_events (
    event_id    TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    received_at TEXT NOT NULL
);
