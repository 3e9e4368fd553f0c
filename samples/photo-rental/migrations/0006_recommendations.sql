-- Learned from returned rentals; written by the consumer of `rental.returned`.
CREATE TABLE item_popularity (
    item_id        INTEGER PRIMARY KEY REFERENCES items (id),
    rentals        INTEGER NOT NULL DEFAULT 0,
    last_rented_on TEXT NOT NULL
);

-- Both directions of a pair are stored, so that a look-up needs one index only.
CREATE TABLE item_affinity (
    item_id       INTEGER NOT NULL REFERENCES items (id),
    other_item_id INTEGER NOT NULL REFERENCES items (id),
    score         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, other_item_id)
);

CREATE TABLE rental_history (
    order_id  INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    item_id   INTEGER NOT NULL,
    rented_on TEXT NOT NULL,
    PRIMARY KEY (order_id, item_id)
);

CREATE INDEX rental_history_by_user ON rental_history (user_id);

CREATE TABLE recommendation_log (
    id       INTEGER PRIMARY KEY,
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    item_id  INTEGER NOT NULL REFERENCES items (id),
    position INTEGER NOT NULL,
    shown_on TEXT NOT NULL
);
