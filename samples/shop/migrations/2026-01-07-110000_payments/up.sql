-- Charges, refunds and the webhook deliveries already seen.
CREATE TABLE payments (
    id           INTEGER NOT NULL PRIMARY KEY,
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    user_id      INTEGER NOT NULL REFERENCES users (id),
    provider     TEXT NOT NULL,
    reference    TEXT NOT NULL UNIQUE,
    status       TEXT NOT NULL CHECK (status IN ('pending', 'captured', 'refunded', 'disputed')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents >= 0),
    created_at   TIMESTAMP NOT NULL
);

CREATE INDEX payments_by_order ON payments (order_id);

CREATE TABLE refunds (
    id           INTEGER NOT NULL PRIMARY KEY,
    payment_id   INTEGER NOT NULL REFERENCES payments (id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    reason       TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL
);

CREATE TABLE webhook_deliveries (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL
);
