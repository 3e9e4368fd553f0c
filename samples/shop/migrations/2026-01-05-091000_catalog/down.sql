DROP TABLE reviews;
DROP TABLE stock_levels;
DROP TABLE products;
DROP TABLE categories;
