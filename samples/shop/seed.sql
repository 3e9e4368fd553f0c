-- Demonstration data around 15 June 2026; run the server with SHOP_NOW=2026-06-15T09:00:00Z to see
-- it the way the tests do.
--
--   staff@shop.example  admin-password-1  token session-of-the-staff  (staff)
--   lena@example.org    correct-horse-9   token session-of-lena
--   tom@example.org     correct-horse-9   token session-of-tom

INSERT INTO users (id, email, name, password_hash, role, newsletter, created_at) VALUES
    (1, 'staff@shop.example', 'The Staff',
     '$argon2id$v=19$m=19456,t=2,p=1$oBmEYqzQGiXq09iYyK19EQ$lTbgfnEiAYW79GEye+N/WU5mPkdg8f3Xl8lAH5izZwA',
     'staff', FALSE, '2026-01-05 08:00:00'),
    (2, 'lena@example.org', 'Lena',
     '$argon2id$v=19$m=19456,t=2,p=1$MfBFoj3ADTf5FkpsN+OyFg$wd8FzdpSqLLlqbEEJLaSSutkJe+SDDYdc4MkKGcr/uk',
     'customer', TRUE, '2026-02-11 17:20:00'),
    (3, 'tom@example.org', 'Tom',
     '$argon2id$v=19$m=19456,t=2,p=1$MfBFoj3ADTf5FkpsN+OyFg$wd8FzdpSqLLlqbEEJLaSSutkJe+SDDYdc4MkKGcr/uk',
     'customer', FALSE, '2026-03-01 10:05:00');

-- SHA-256 of the tokens above; the last session has ended.
INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES
    ('4ca3eacf26e61b609d1d5229af9bc806beef02580c932345b15d5a2fa65ee7db', 1,
     '2026-06-01 08:00:00', '2099-01-01 00:00:00'),
    ('116ca40957f54b3f80f76fb52e4da76336b09497222eba5a71c292efca1cf6fe', 2,
     '2026-06-01 08:00:00', '2099-01-01 00:00:00'),
    ('86b1e295565fad1520d39960d9b29b874f69d458f5c3b8bd87f5560d8da3214a', 3,
     '2026-06-01 08:00:00', '2099-01-01 00:00:00'),
    ('2700ce01babb08a4a2e220bfe6fff91c26b2bbc782699488c6e9a3a0f5394f71', 3,
     '2026-05-31 08:00:00', '2026-06-14 08:00:00');

INSERT INTO addresses (id, user_id, label, street, postcode, city, country) VALUES
    (1, 2, 'Home', 'Harbour Lane 4', '10115', 'Oldport', 'DE'),
    (2, 2, 'Office', 'Mill Yard 12', '10245', 'Oldport', 'DE'),
    (3, 3, 'Home', 'Station Road 71', '20095', 'Newhaven', 'DE');

INSERT INTO categories (id, parent_id, slug, name, position) VALUES
    (1, NULL, 'tea', 'Tea', 10),
    (2, 1, 'green', 'Green tea', 20),
    (3, 1, 'black', 'Black tea', 30),
    (4, NULL, 'ware', 'Teaware', 40);

INSERT INTO products (id, category_id, sku, name, description, price_cents, active, created_at) VALUES
    (1, 2, 'G-1', 'Sencha', 'Japan, steamed, grassy', 990, TRUE, '2026-01-10 09:00:00'),
    (2, 2, 'G-2', 'Dragon Well', 'China, pan-fired, chestnut', 1490, TRUE, '2026-01-10 09:05:00'),
    (3, 3, 'B-1', 'Assam', 'India, malty, for milk', 790, TRUE, '2026-01-11 09:00:00'),
    (4, 3, 'B-2', 'Keemun', 'China, cocoa, light smoke', 1190, TRUE, '2026-01-11 09:05:00'),
    (5, 4, 'W-1', 'Iron pot', 'One litre, with sieve', 6900, TRUE, '2026-01-12 09:00:00'),
    (6, 4, 'W-2', 'Glass cup', 'No longer sold', 590, FALSE, '2026-01-12 09:05:00');

INSERT INTO stock_levels (product_id, on_hand, updated_at) VALUES
    (1, 40, '2026-06-01 08:00:00'),
    (2, 2, '2026-06-01 08:00:00'),
    (3, 100, '2026-06-01 08:00:00'),
    (4, 0, '2026-06-01 08:00:00'),
    (5, 7, '2026-06-01 08:00:00');

INSERT INTO reviews (id, product_id, user_id, rating, body, created_at) VALUES
    (1, 1, 2, 5, 'Tastes of spring', '2026-05-20 18:00:00'),
    (2, 1, 3, 4, 'Fine with lunch', '2026-05-22 12:30:00');

-- Lena's cart has been waiting for days, Tom's since this morning.
INSERT INTO carts (id, user_id, updated_at) VALUES
    (1, 2, '2026-06-12 20:00:00'),
    (2, 3, '2026-06-15 08:30:00');

INSERT INTO cart_lines (cart_id, product_id, quantity, added_at) VALUES
    (1, 1, 2, '2026-06-12 19:58:00'),
    (1, 3, 1, '2026-06-12 20:00:00'),
    (2, 5, 1, '2026-06-15 08:30:00');

INSERT INTO vouchers (code, percent, uses_left, valid_until) VALUES
    ('SPRING', 10, 5, '2026-06-30 23:59:59'),
    ('WINTER', 20, 5, '2026-02-28 23:59:59'),
    ('GONE', 50, 0, '2026-12-31 23:59:59');

INSERT INTO orders (id, user_id, address_id, status, subtotal_cents, discount_cents, shipping_cents,
                    total_cents, voucher_code, placed_at, shipped_at) VALUES
    (1, 2, 1, 'shipped', 1980, 0, 490, 2470, NULL, '2026-05-10 12:00:00', '2026-05-11 09:00:00'),
    (2, 3, 3, 'shipped', 7890, 789, 0, 7101, 'SPRING', '2026-05-14 09:45:00', '2026-05-15 09:00:00'),
    (3, 2, 2, 'paid', 2380, 0, 490, 2870, NULL, '2026-06-14 19:30:00', NULL),
    (4, 3, 3, 'cancelled', 790, 0, 490, 1280, NULL, '2026-06-02 07:55:00', NULL);

INSERT INTO order_lines (order_id, product_id, product_name, quantity, price_cents) VALUES
    (1, 1, 'Sencha', 2, 990),
    (2, 1, 'Sencha', 1, 990),
    (2, 5, 'Iron pot', 1, 6900),
    (3, 4, 'Keemun', 2, 1190),
    (4, 3, 'Assam', 1, 790);

INSERT INTO payments (id, order_id, user_id, provider, reference, status, amount_cents, created_at) VALUES
    (1, 1, 2, 'card', 'card_seed0001', 'captured', 2470, '2026-05-10 12:00:00'),
    (2, 2, 3, 'card', 'card_seed0002', 'captured', 7101, '2026-05-14 09:45:00'),
    (3, 3, 2, 'card', 'card_seed0003', 'captured', 2870, '2026-06-14 19:30:00'),
    (4, 4, 3, 'card', 'card_seed0004', 'refunded', 1280, '2026-06-02 07:55:00');

INSERT INTO refunds (id, payment_id, amount_cents, reason, created_at) VALUES
    (1, 4, 1280, 'order cancelled', '2026-06-02 09:00:00'),
    (2, 2, 700, 'dented pot', '2026-05-18 10:00:00');

INSERT INTO product_interest (product_id, times_added, last_added_at) VALUES
    (1, 9, '2026-06-12 19:58:00'),
    (5, 4, '2026-06-15 08:30:00'),
    (3, 4, '2026-06-12 20:00:00'),
    (6, 3, '2026-04-01 10:00:00');

INSERT INTO interest_events (id, user_id, product_id, quantity, at) VALUES
    (1, 2, 1, 2, '2026-06-12 19:58:00'),
    (2, 2, 3, 1, '2026-06-12 20:00:00'),
    (3, 3, 5, 1, '2026-06-15 08:30:00');
