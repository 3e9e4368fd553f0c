DROP TABLE addresses;
DROP TABLE sessions;
DROP TABLE users;
