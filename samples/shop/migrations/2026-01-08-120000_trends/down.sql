DROP TABLE interest_events;
DROP TABLE product_interest;
