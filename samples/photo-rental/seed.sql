-- Demonstration data around 15 June 2026; run the server with RENTAL_NOW=2026-06-15T09:00:00Z to
-- see it the way the tests do.
--
--   desk@rental.example  admin-password-1  token session-of-the-desk  (staff)
--   mira@example.org     correct-horse-9   token session-of-mira
--   jonas@example.org    correct-horse-9   token session-of-jonas

INSERT INTO users (id, email, display_name, phone, password_hash, role, created_at) VALUES
    (1, 'desk@rental.example', 'Front Desk', NULL,
     '$argon2id$v=19$m=19456,t=2,p=1$oBmEYqzQGiXq09iYyK19EQ$lTbgfnEiAYW79GEye+N/WU5mPkdg8f3Xl8lAH5izZwA',
     'admin', '2026-01-02T08:00:00Z'),
    (2, 'mira@example.org', 'Mira', '+00 100 200',
     '$argon2id$v=19$m=19456,t=2,p=1$MfBFoj3ADTf5FkpsN+OyFg$wd8FzdpSqLLlqbEEJLaSSutkJe+SDDYdc4MkKGcr/uk',
     'customer', '2026-03-11T17:20:00Z'),
    (3, 'jonas@example.org', 'Jonas', NULL,
     '$argon2id$v=19$m=19456,t=2,p=1$MfBFoj3ADTf5FkpsN+OyFg$wd8FzdpSqLLlqbEEJLaSSutkJe+SDDYdc4MkKGcr/uk',
     'customer', '2026-04-01T10:05:00Z');

-- SHA-256 of the tokens above; the last one has expired.
INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES
    ('f19f5ba3174c917506dcdda63eaf214dca2c009e3312f76ebdced47c311df0d0', 1,
     '2026-06-01T08:00:00Z', '2099-01-01T00:00:00Z'),
    ('d5b73c252533e6fde01337e0df659c68d93c8b9b25ed6c80ef1fe2fd88d619d0', 2,
     '2026-06-01T08:00:00Z', '2099-01-01T00:00:00Z'),
    ('29d958be2c31431a48909c72c54095316171da89ea7324dbcba4192979b3a5b8', 3,
     '2026-06-01T08:00:00Z', '2099-01-01T00:00:00Z'),
    ('ca92d20ae7ef20f3c15399b2a2de9b50e2f2e6b727b9a7bc199233c4d86810cc', 3,
     '2026-04-01T10:05:00Z', '2026-05-01T10:05:00Z');

INSERT INTO addresses (id, user_id, label, line1, line2, postcode, city, country, is_default) VALUES
    (1, 2, 'Home', 'Harbour Lane 4', NULL, '10115', 'Oldport', 'DE', 1),
    (2, 2, 'Studio', 'Mill Yard 12', 'Second floor', '10245', 'Oldport', 'DE', 0),
    (3, 3, 'Home', 'Station Road 71', NULL, '20095', 'Newhaven', 'DE', 1);

INSERT INTO categories (id, slug, name, sort_order) VALUES
    (1, 'cameras', 'Cameras', 10),
    (2, 'lenses', 'Lenses', 20),
    (3, 'lights', 'Lights', 30),
    (4, 'support', 'Tripods and support', 40);

INSERT INTO items (id, category_id, slug, name, brand, mount, description,
                   daily_rate_cents, deposit_cents, active, created_at) VALUES
    (1, 1, 'kestrel-k5-body', 'K5 Body', 'Kestrel', 'KX',
     'Mirrorless body, 33 megapixels, two card slots', 4500, 60000, 1, '2026-01-10T09:00:00Z'),
    (2, 1, 'kestrel-k9-cinema', 'K9 Cinema', 'Kestrel', 'KX',
     'Cinema camera, 6K raw, built-in filters', 12000, 150000, 1, '2026-01-10T09:05:00Z'),
    (3, 2, 'nordlys-50mm-f-1-4', '50mm f/1.4', 'Nordlys', 'KX',
     'Standard prime for portraits and low light', 1500, 20000, 1, '2026-01-11T09:00:00Z'),
    (4, 2, 'nordlys-24-70mm-f-2-8', '24-70mm f/2.8', 'Nordlys', 'KX',
     'The zoom for weddings, 100% sharp', 2500, 35000, 1, '2026-01-11T09:05:00Z'),
    (5, 2, 'nordlys-85mm-f-1-8', '85mm f/1.8', 'Nordlys', 'NM',
     'Portrait prime', 1800, 25000, 1, '2026-01-11T09:10:00Z'),
    (6, 3, 'ambra-panel-60', 'Panel 60', 'Ambra', NULL,
     'LED panel, two colours, with battery plate', 1200, 15000, 1, '2026-01-12T09:00:00Z'),
    (7, 3, 'ambra-fresnel-300', 'Fresnel 300', 'Ambra', NULL,
     'Spot light with Fresnel lens', 3000, 40000, 1, '2026-01-12T09:05:00Z'),
    (8, 4, 'strut-tripod-3', 'Tripod 3', 'Strut', NULL,
     'Carbon tripod with fluid head', 700, 10000, 1, '2026-01-13T09:00:00Z'),
    (9, 1, 'kestrel-k1-body', 'K1 Body', 'Kestrel', 'KX',
     'No longer offered', 2000, 30000, 0, '2025-01-10T09:00:00Z');

INSERT INTO units (id, item_id, serial, grade, status) VALUES
    (1, 1, 'K5-0001', 'worn', 'in_stock'),
    (2, 1, 'K5-0002', 'good', 'in_stock'),
    (3, 1, 'K5-0003', 'new', 'in_stock'),
    (4, 2, 'K9-0001', 'good', 'out'),
    (5, 3, 'N50-0001', 'good', 'in_stock'),
    (6, 3, 'N50-0002', 'good', 'in_stock'),
    (7, 3, 'N50-0003', 'new', 'in_stock'),
    (8, 4, 'N2470-0001', 'good', 'in_stock'),
    (9, 4, 'N2470-0002', 'worn', 'in_stock'),
    (10, 5, 'N85-0001', 'good', 'in_stock'),
    (11, 6, 'P60-0001', 'good', 'in_stock'),
    (12, 6, 'P60-0002', 'good', 'in_stock'),
    (13, 6, 'P60-0003', 'worn', 'in_stock'),
    (14, 6, 'P60-0004', 'worn', 'retired'),
    (15, 7, 'F300-0001', 'good', 'in_stock'),
    (16, 7, 'F300-0002', 'good', 'maintenance'),
    (17, 8, 'T3-0001', 'good', 'in_stock'),
    (18, 8, 'T3-0002', 'good', 'in_stock');

INSERT INTO maintenance_jobs (id, unit_id, reason, starts_on, ends_on, finished_at) VALUES
    (1, 1, 'Sensor cleaning', '2026-04-01', '2026-04-02', '2026-04-02T16:00:00Z'),
    (2, 16, 'Fan is noisy', '2026-06-10', '2026-06-24', NULL);

INSERT INTO orders (id, user_id, address_id, status, starts_on, ends_on, subtotal_cents,
                    discount_cents, deposit_cents, total_cents, late_fee_cents,
                    placed_at, picked_up_at, returned_at) VALUES
    (1, 2, 1, 'returned', '2026-05-04', '2026-05-06', 18000, 1800, 80000, 16200, 0,
     '2026-04-28T12:00:00Z', '2026-05-04T08:30:00Z', '2026-05-06T17:10:00Z'),
    (2, 3, 3, 'returned', '2026-05-20', '2026-05-21', 14400, 0, 95000, 14400, 0,
     '2026-05-18T09:45:00Z', '2026-05-20T08:05:00Z', '2026-05-21T16:40:00Z'),
    (3, 2, 2, 'picked_up', '2026-06-08', '2026-06-12', 60000, 6000, 150000, 54000, 0,
     '2026-06-02T19:30:00Z', '2026-06-08T08:15:00Z', NULL),
    (4, 3, NULL, 'placed', '2026-06-20', '2026-06-22', 15000, 1500, 70000, 13500, 0,
     '2026-06-10T07:55:00Z', NULL, NULL),
    (5, 2, 1, 'cancelled', '2026-06-01', '2026-06-02', 1400, 0, 10000, 1400, 0,
     '2026-05-25T11:00:00Z', NULL, NULL),
    (6, 2, 1, 'placed', '2026-06-15', '2026-06-16', 3600, 0, 25000, 3600, 0,
     '2026-06-12T20:15:00Z', NULL, NULL);

INSERT INTO order_lines (order_id, item_id, item_name, quantity, daily_rate_cents,
                         line_total_cents) VALUES
    (1, 1, 'K5 Body', 1, 4500, 13500),
    (1, 3, '50mm f/1.4', 1, 1500, 4500),
    (2, 1, 'K5 Body', 1, 4500, 9000),
    (2, 3, '50mm f/1.4', 1, 1500, 3000),
    (2, 6, 'Panel 60', 1, 1200, 2400),
    (3, 2, 'K9 Cinema', 1, 12000, 60000),
    (4, 4, '24-70mm f/2.8', 2, 2500, 15000),
    (5, 8, 'Tripod 3', 1, 700, 1400),
    (6, 5, '85mm f/1.8', 1, 1800, 3600);

INSERT INTO order_events (order_id, kind, detail, created_at) VALUES
    (1, 'placed', '2026-05-04 to 2026-05-06', '2026-04-28T12:00:00Z'),
    (1, 'picked_up', '2 units handed out', '2026-05-04T08:30:00Z'),
    (1, 'returned', 'late fee 0.00 EUR', '2026-05-06T17:10:00Z'),
    (2, 'placed', '2026-05-20 to 2026-05-21', '2026-05-18T09:45:00Z'),
    (2, 'picked_up', '3 units handed out', '2026-05-20T08:05:00Z'),
    (2, 'returned', 'late fee 0.00 EUR', '2026-05-21T16:40:00Z'),
    (3, 'placed', '2026-06-08 to 2026-06-12', '2026-06-02T19:30:00Z'),
    (3, 'picked_up', '1 units handed out', '2026-06-08T08:15:00Z'),
    (4, 'placed', '2026-06-20 to 2026-06-22', '2026-06-10T07:55:00Z'),
    (5, 'placed', '2026-06-01 to 2026-06-02', '2026-05-25T11:00:00Z'),
    (5, 'cancelled', 'refunded 14.00 EUR', '2026-05-26T13:00:00Z'),
    (6, 'placed', '2026-06-15 to 2026-06-16', '2026-06-12T20:15:00Z');

INSERT INTO reservations (unit_id, order_id, starts_on, ends_on, status) VALUES
    (1, 1, '2026-05-04', '2026-05-06', 'released'),
    (5, 1, '2026-05-04', '2026-05-06', 'released'),
    (1, 2, '2026-05-20', '2026-05-21', 'released'),
    (5, 2, '2026-05-20', '2026-05-21', 'released'),
    (13, 2, '2026-05-20', '2026-05-21', 'released'),
    (4, 3, '2026-06-08', '2026-06-12', 'out'),
    (9, 4, '2026-06-20', '2026-06-22', 'held'),
    (8, 4, '2026-06-20', '2026-06-22', 'held'),
    (17, 5, '2026-06-01', '2026-06-02', 'released'),
    (10, 6, '2026-06-15', '2026-06-16', 'held');

INSERT INTO payments (id, order_id, user_id, kind, status, amount_cents, gateway, gateway_ref,
                      created_at) VALUES
    (1, 1, 2, 'charge', 'captured', 16200, 'sandbox', 'ch_seed0001', '2026-04-28T12:00:00Z'),
    (2, 1, 2, 'deposit', 'released', 80000, 'sandbox', 'ho_seed0001', '2026-04-28T12:00:00Z'),
    (3, 2, 3, 'charge', 'captured', 14400, 'sandbox', 'ch_seed0002', '2026-05-18T09:45:00Z'),
    (4, 2, 3, 'deposit', 'released', 95000, 'sandbox', 'ho_seed0002', '2026-05-18T09:45:00Z'),
    (5, 3, 2, 'charge', 'captured', 54000, 'sandbox', 'ch_seed0003', '2026-06-02T19:30:00Z'),
    (6, 3, 2, 'deposit', 'held', 150000, 'sandbox', 'ho_seed0003', '2026-06-02T19:30:00Z'),
    (7, 4, 3, 'charge', 'captured', 13500, 'sandbox', 'ch_seed0004', '2026-06-10T07:55:00Z'),
    (8, 4, 3, 'deposit', 'held', 70000, 'sandbox', 'ho_seed0004', '2026-06-10T07:55:00Z'),
    (9, 5, 2, 'charge', 'refunded', 1400, 'sandbox', 'ch_seed0005', '2026-05-25T11:00:00Z'),
    (10, 5, 2, 'deposit', 'released', 10000, 'sandbox', 'ho_seed0005', '2026-05-25T11:00:00Z'),
    (11, 6, 2, 'charge', 'captured', 3600, 'sandbox', 'ch_seed0006', '2026-06-12T20:15:00Z'),
    (12, 6, 2, 'deposit', 'held', 25000, 'sandbox', 'ho_seed0006', '2026-06-12T20:15:00Z');

INSERT INTO refunds (id, payment_id, amount_cents, reason, gateway_ref, created_at) VALUES
    (1, 9, 1400, 'order cancelled', 're_seed0005', '2026-05-26T13:00:00Z');

INSERT INTO cart_items (user_id, item_id, quantity) VALUES
    (3, 1, 1),
    (3, 6, 2);

INSERT INTO rental_history (order_id, user_id, item_id, rented_on) VALUES
    (1, 2, 1, '2026-05-06'),
    (1, 2, 3, '2026-05-06'),
    (2, 3, 1, '2026-05-21'),
    (2, 3, 3, '2026-05-21'),
    (2, 3, 6, '2026-05-21');

INSERT INTO item_popularity (item_id, rentals, last_rented_on) VALUES
    (1, 2, '2026-05-21'),
    (3, 2, '2026-05-21'),
    (6, 1, '2026-05-21');

INSERT INTO item_affinity (item_id, other_item_id, score) VALUES
    (1, 3, 2),
    (1, 6, 1),
    (3, 1, 2),
    (3, 6, 1),
    (6, 1, 1),
    (6, 3, 1);

INSERT INTO daily_reports (day, orders_placed, orders_returned, orders_cancelled, revenue_cents,
                           refunds_cents, deposits_held_cents, utilisation_permille,
                           generated_at) VALUES
    ('2026-06-10', 1, 0, 0, 13500, 0, 220000, 58, '2026-06-11T02:15:00Z'),
    ('2026-06-11', 0, 0, 0, 0, 0, 220000, 58, '2026-06-12T02:15:00Z'),
    ('2026-06-12', 1, 0, 0, 3600, 0, 245000, 58, '2026-06-13T02:15:00Z'),
    ('2026-06-13', 0, 0, 0, 0, 0, 245000, 0, '2026-06-14T02:15:00Z');
