-- What can be rented. An item is a catalogue entry, a unit is the piece on the shelf.
CREATE TABLE categories (
    id         INTEGER PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    sort_order INTEGER NOT NULL DEFAULT 100
);

CREATE TABLE items (
    id               INTEGER PRIMARY KEY,
    category_id      INTEGER NOT NULL REFERENCES categories (id),
    slug             TEXT NOT NULL UNIQUE,
    name             TEXT NOT NULL,
    brand            TEXT NOT NULL,
    mount            TEXT,
    description      TEXT NOT NULL DEFAULT '',
    daily_rate_cents INTEGER NOT NULL CHECK (daily_rate_cents > 0),
    deposit_cents    INTEGER NOT NULL CHECK (deposit_cents >= 0),
    active           INTEGER NOT NULL DEFAULT 1,
    created_at       TEXT NOT NULL
);

CREATE INDEX items_by_category ON items (category_id);

CREATE TABLE units (
    id      INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id),
    serial  TEXT NOT NULL UNIQUE,
    grade   TEXT NOT NULL DEFAULT 'good' CHECK (grade IN ('new', 'good', 'worn')),
    status  TEXT NOT NULL DEFAULT 'in_stock'
            CHECK (status IN ('in_stock', 'out', 'maintenance', 'retired'))
);

CREATE INDEX units_by_item ON units (item_id);

CREATE TABLE maintenance_jobs (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES units (id),
    reason      TEXT NOT NULL,
    starts_on   TEXT NOT NULL,
    ends_on     TEXT NOT NULL,
    finished_at TEXT
);
