-- What is sold. Categories form a tree of two levels.
CREATE TABLE categories (
    id        INTEGER NOT NULL PRIMARY KEY,
    parent_id INTEGER REFERENCES categories (id),
    slug      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    position  INTEGER NOT NULL DEFAULT 100
);

CREATE TABLE products (
    id          INTEGER NOT NULL PRIMARY KEY,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    sku         TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    price_cents BIGINT NOT NULL CHECK (price_cents > 0),
    active      BOOLEAN NOT NULL DEFAULT TRUE,
    created_at  TIMESTAMP NOT NULL
);

CREATE INDEX products_by_category ON products (category_id);

CREATE TABLE stock_levels (
    product_id INTEGER NOT NULL PRIMARY KEY REFERENCES products (id),
    on_hand    INTEGER NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    updated_at TIMESTAMP NOT NULL
);

-- The author is a customer, whom another domain knows.
CREATE TABLE reviews (
    id         INTEGER NOT NULL PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    rating     INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (product_id, user_id)
);
